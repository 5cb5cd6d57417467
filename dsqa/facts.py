"""What is to be known of a document when it is gone."""

from __future__ import annotations

from typing import NamedTuple

from dsqa.coverage import Coverage, coverage
from dsqa.document import Document
from dsqa.workspace import Workspace


class Facts(NamedTuple):
    """What a report tells of a document, and what others ask about it, apart from its text.

    `shown` are the images that it shows.
    """

    coverage: Coverage
    indexes: int
    entries: int
    links: int
    images: int
    remarks: tuple[str, ...]
    shown: frozenset[str]


def facts(document: Document, workspace: Workspace) -> Facts:
    standing, said = workspace.standing(document), []
    if standing.inferred:
        names = "`, `".join(standing.repository.present)
        said.append(
            f"its own links say that it belongs to `{names}`; `repository` in the settings says it "
            "for sure"
        )
    if standing.aliases:
        paths = "`, `".join(sorted(standing.aliases))
        said.append(
            f"taken for `{paths}`, where its index leads; the other files of that repository are "
            "not here and were not judged"
        )
    return Facts(
        coverage("", document),
        indexes=len(document.indexes),
        entries=len(document.entries),
        links=len(document.links),
        images=len(document.images),
        remarks=tuple(said),
        shown=workspace.shown_by(document),
    )
