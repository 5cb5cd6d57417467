"""Numbers: each once, in order, written alike."""
