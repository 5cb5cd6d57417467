"""Text fragments: links that find their place by the words that stand there."""
