"""Lints, repairs and exports Markdown that asks questions and answers them."""
