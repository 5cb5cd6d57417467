"""How an index is made: one file, one way. A new file is a new way."""
