"""How an answer is told from its question: one file, one way. A new file is a new way."""
