"""Servers with defects, to ask on this machine: every defect has a name, and a verdict it earns."""
