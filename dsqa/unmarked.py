"""Lines of answers that read like questions of the document, but are no headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from dsqa.dialects.marker import NUMBER, read_marker, spelling
from dsqa.dialects.wording import Wording, wording
from dsqa.document import Document, Marker, Question
from dsqa.source import Span
from dsqa.words import fold

HASHES = re.compile(r"[ \t]*\#{1,6}(?=[^\#\s])")
"""What was to make a heading, and does not for want of a blank."""


class UnmarkedLine(NamedTuple):
    """A line with a label and a number as the question has them in whose answer it stands.

    `again` says that it asks the words of that very question; else it asks one that is missing.
    """

    span: Span
    marker: Marker
    within: Question
    again: bool


@lru_cache(maxsize=8)
def unmarked_lines(document: Document) -> Sequence[UnmarkedLine]:
    """The lines of answers that begin as the headings of questions begin."""
    return tuple(_unmarked(document))


def _unmarked(document: Document) -> Iterator[UnmarkedLine]:
    known = {question.number for question in document.questions}
    for question in document.questions:
        if not question.marker or not question.marker.label or not question.heading.genuine:
            continue
        last, form = question.number, spelling(question.marker).strip()
        for span in _lines(document, question):
            hashes = HASHES.match(document.source.text, span.start, span.end)
            words = Span(hashes.end() if hashes else span.start, span.end)
            marker = read_marker(document.source, words)
            if not marker or spelling(marker).strip() != form:
                continue
            title = document.source[Span(marker.span.end, span.end)]
            again = fold(title) == fold(question.title)
            asks = hashes is not None or wording(title) is not Wording.NONE
            follows = last is not None and marker.number == last + 1 and marker.number not in known
            if again or (asks and follows):
                last = last if again else marker.number
                yield UnmarkedLine(span, marker, question, again)


def _lines(document: Document, question: Question) -> Iterator[Span]:
    """The lines of those paragraphs of its answer that have a number, but for those of lists."""
    source = document.source
    for paragraph in document.paragraphs_in(question.answer.span):
        numbered = NUMBER.search(source.text, paragraph.start, paragraph.end)
        if not numbered or document.in_list(paragraph):
            continue
        for line in range(source.line_of(paragraph.start), source.line_of(paragraph.end - 1) + 1):
            span = source.line_span(line)
            yield Span(max(span.start, paragraph.start), min(span.end, paragraph.end))
