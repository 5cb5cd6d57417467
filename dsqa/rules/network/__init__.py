"""NET: The world outside, with `--online`"""
