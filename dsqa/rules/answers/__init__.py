"""Answers: whether there is one."""
