"""Findings become edits, each repair is proven, and only then files are written."""
