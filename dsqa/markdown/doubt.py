"""What is left to markdown-it, because it is not certain how it reads."""


class Doubt(Exception):
    """It takes more than a look to say how this is read."""
