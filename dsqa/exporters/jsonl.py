"""JSON Lines: a question a line, with the path of its document."""

from __future__ import annotations

import json

from dsqa.exporters.contract import Export


def write(data: Export) -> str:
    rows = (
        {"version": data.version, "path": document.path, **question.model_dump(mode="json")}
        for document in data.documents
        for question in document.questions
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
