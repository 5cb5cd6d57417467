"""JSON Lines: a question a line, with the path of its document."""

from __future__ import annotations

from dsqa.exporters import dumped
from dsqa.exporters.contract import Export


def write(data: Export) -> str:
    rows = (
        {"version": data.version, "path": document.path, **question.model_dump(mode="python")}
        for document in data.documents
        for question in document.questions
    )
    return "".join(dumped(row) + "\n" for row in rows)
