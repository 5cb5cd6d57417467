"""One JSON value that holds everything."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.exporters import indented
from dsqa.exporters.contract import DocumentData, Export, QuestionData
from dsqa.reporters._data import Each

OTHERS = {"documents", "questions"}
"""What is made into plain data part by part: all of it at once takes three times the memory."""


def write(data: Export) -> Iterator[str]:
    plain = data.model_dump(mode="python", exclude=OTHERS)
    yield from indented({**plain, "documents": Each(_document, data.documents)})
    yield "\n"


def _document(document: DocumentData) -> dict[str, object]:
    plain = document.model_dump(mode="python", exclude=OTHERS)
    return {**plain, "questions": Each(QuestionData.model_dump, document.questions)}
