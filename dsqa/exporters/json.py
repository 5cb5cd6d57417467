"""One JSON value that holds everything."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.exporters import indented
from dsqa.exporters.contract import DocumentData, Export, QuestionData

OTHERS = {"documents", "questions"}
"""What is made into plain data part by part: all of it at once takes three times the memory."""


def write(data: Export) -> Iterator[str]:
    plain = data.model_dump(mode="python", exclude=OTHERS)
    yield from indented({**plain, "documents": _Documents(data.documents)})
    yield "\n"


class _Documents(list[DocumentData]):
    """Documents that become plain data when they are written."""

    def __iter__(self) -> Iterator[dict[str, object]]:  # type: ignore[override]
        for document in super().__iter__():
            plain = document.model_dump(mode="python", exclude=OTHERS)
            yield {**plain, "questions": _Questions(document.questions)}


class _Questions(list[QuestionData]):
    """The same for the questions of a document."""

    def __iter__(self) -> Iterator[dict[str, object]]:  # type: ignore[override]
        return (question.model_dump(mode="python") for question in super().__iter__())
