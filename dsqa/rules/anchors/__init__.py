"""Anchors: the names that headings give to places, and the links that use them."""
