"""Lines of answers that read like questions of the document, but are no headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dsqa.dialects.marker import read_marker, spelling
from dsqa.dialects.wording import Wording, wording
from dsqa.document import Document, Marker, Question
from dsqa.source import Span
from dsqa.words import fold


@dataclass(frozen=True, slots=True)
class UnmarkedLine:
    """A line with a label and a number as the question has them in whose answer it stands.

    `again` says that it asks the words of that very question; else it asks one that is missing.
    """

    span: Span
    marker: Marker
    within: Question
    again: bool


def unmarked_lines(document: Document) -> Iterator[UnmarkedLine]:
    """The lines that begin a paragraph of an answer as the headings of questions begin."""
    known = {question.number for question in document.questions}
    for question in document.questions:
        if not question.marker or not question.marker.label or not question.heading.genuine:
            continue
        for paragraph in document.paragraphs_in(question.answer.span):
            line = document.source.line_span(document.source.line_of(paragraph.start))
            span = Span(paragraph.start, min(line.end, paragraph.end))
            marker = None if document.in_list(span) else read_marker(document.source, span)
            if not marker or spelling(marker).strip() != spelling(question.marker).strip():
                continue
            words = document.source[Span(marker.span.end, span.end)]
            again = fold(words) == fold(question.title)
            if again or (
                question.number is not None
                and marker.number == question.number + 1
                and marker.number not in known
                and wording(words) is not Wording.NONE
            ):
                yield UnmarkedLine(span, marker, question, again)
