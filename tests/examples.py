"""The world in which the examples of the rules stand."""

from __future__ import annotations

from collections.abc import Mapping

from dsqa.outside import Answer
from dsqa.standing import Repository
from dsqa.workspace import Memory, Workspace

PATH = "qa.md"
REPOSITORY = Repository("own/qa", ("own/notes",), "main", authoritative=True)


def workspace(
    markdown: str,
    files: Mapping[str, str] | None = None,
    outside: Mapping[str, Answer] | None = None,
) -> Workspace:
    """A repository that holds the Markdown, as `qa.md`, and the files; and the world outside."""
    files = {PATH: markdown, **(files or {})}
    return Workspace(Memory(files), REPOSITORY, outside=outside)
