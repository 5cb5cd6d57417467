"""The world in which the examples of the rules stand."""

from __future__ import annotations

from collections.abc import Mapping

from dsqa.outside import Answer
from dsqa.rule import EXAMPLE
from dsqa.standing import Repository
from dsqa.workspace import Memory, Workspace

PATH = EXAMPLE
REPOSITORY = Repository("own/qa", ("own/notes",), "main", authoritative=True)


def workspace(
    markdown: str,
    files: Mapping[str, str] | None = None,
    outside: Mapping[str, Answer] | None = None,
    path: str = PATH,
) -> Workspace:
    """A repository that holds the Markdown, at the path, and the files; and the world outside."""
    files = {path: markdown, **(files or {})}
    return Workspace(Memory(files), REPOSITORY, outside=outside)
