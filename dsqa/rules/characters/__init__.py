"""Characters that look like others, or like nothing."""
