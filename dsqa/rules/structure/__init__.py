"""Structure: how the document is parted, and what its reader and its tools make of that."""
