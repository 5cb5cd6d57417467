"""How a question is marked: one file, one way. A new file is a new way."""
