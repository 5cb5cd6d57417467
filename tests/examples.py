"""The world in which the examples of the rules stand."""

from __future__ import annotations

from collections.abc import Mapping

from dsqa.standing import Repository
from dsqa.workspace import Memory, Workspace

PATH = "qa.md"
REPOSITORY = Repository("own/qa", ("own/notes",), "main", authoritative=True)


def workspace(markdown: str, files: Mapping[str, str] | None = None) -> Workspace:
    """A repository that holds the Markdown, as `qa.md`, and the files."""
    return Workspace(Memory({PATH: markdown, **(files or {})}), REPOSITORY)
