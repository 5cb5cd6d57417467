"""Talks to the internet, and only when asked to: nothing else does."""
