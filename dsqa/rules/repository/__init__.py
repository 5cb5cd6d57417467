"""Repository: what the documents of a folder say of each other."""
