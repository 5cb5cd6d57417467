"""Images: there, shown everywhere, and described."""
