"""How questions, answers and indexes are written in the wild: one file, one way of writing."""
