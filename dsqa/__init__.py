"""Lints, repairs and exports Markdown that asks questions and answers them.

document = parse(Source("qa.md", text))
findings = lint(document, Workspace(Memory({"qa.md": text})))
"""

from __future__ import annotations

TYPE_CHECKING = False
"""Type checkers take it for true; `typing` itself is as much to import as the rest of a start."""

if TYPE_CHECKING:
    from dsqa.document import Document
    from dsqa.finding import Finding
    from dsqa.linter import lint
    from dsqa.parser import parse
    from dsqa.repair.fixer import fix
    from dsqa.source import Source
    from dsqa.workspace import Disk, Memory, Workspace

__version__ = "0.1.0"

__all__ = ["Disk", "Document", "Finding", "Memory", "Source", "Workspace", "fix", "lint", "parse"]

HOMES = {
    "Disk": "workspace",
    "Document": "document",
    "Finding": "finding",
    "Memory": "workspace",
    "Source": "source",
    "Workspace": "workspace",
    "fix": "repair.fixer",
    "lint": "linter",
    "parse": "parser",
}


def __getattr__(name: str) -> object:
    """The public names, imported when they are first used: a command needs few of them."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
