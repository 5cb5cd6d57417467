"""JSON Lines: a question a line, with the path of its document."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.exporters import dumped
from dsqa.exporters.contract import Export


def write(data: Export) -> Iterator[str]:
    for document in data.documents:
        for question in document.questions:
            told = question.model_dump(mode="python")
            yield dumped({"version": data.version, "path": document.path, **told}) + "\n"
