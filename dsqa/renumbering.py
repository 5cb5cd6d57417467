"""The fix that gives questions other numbers, in their headings and wherever a link names them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping

from dsqa.coupling import followers
from dsqa.document import Document, Question
from dsqa.finding import Edit, Fix
from dsqa.numbering import Misnumbering, renumbered
from dsqa.source import Span
from dsqa.workspace import Workspace

PLAIN_NUMBER = re.compile(r"[0-9]{1,9}")
MOST_LINES_TOLD = 3


def renumbering(document: Document, workspace: Workspace, wrong: Misnumbering) -> Fix | None:
    """The fix that mends the misnumbering; None where a number is written in another way.

    Headings, index lines, the labels of links and the links themselves follow in all documents.
    What running text calls by a number stays: only its author knows what it means.
    """
    numbers = renumbered(document.questions, wrong)
    written = {q: document.source[q.marker.number_span] for q in numbers if q.marker}
    if not written or not all(map(PLAIN_NUMBER.fullmatch, written.values())):
        return None
    new = {question: str(number) for question, number in numbers.items()}
    new = {
        q: text.zfill(len(written[q])) if written[q][0] == "0" else text for q, text in new.items()
    }
    texts = {
        question.heading: question.heading.text.replace(written[question], text, 1)
        for question, text in new.items()
        if question.marker and question.marker.number_span in question.heading.text_span
    }
    edits = set(_names(document, workspace, new)) | set(followers(document, workspace, texts))
    return Fix(tuple(sorted(edits)), False, _summary(document, new))


def _names(document: Document, workspace: Workspace, new: Mapping[Question, str]) -> Iterator[Edit]:
    """The edits of the numbers in headings, in index lines and in the labels of links."""
    by_anchor = {question.heading.anchor: question for question in new if question.heading.anchor}
    for question in new:
        if question.marker:
            yield Edit(document.path, question.marker.number_span, new[question])
    for entry in document.entries:
        listed = entry.question
        if listed and listed in new and entry.marker and entry.number == listed.number:
            yield Edit(document.path, entry.marker.number_span, new[listed])
    for source, link, landing in workspace.arrivals(document.path):
        if linked := by_anchor.get(landing.anchor):
            for place, number in _mentions(source, link.text_span, new):
                if number == linked.number:
                    yield Edit(source.path, place, new[linked])


def _mentions(
    document: Document, span: Span, questions: Iterable[Question]
) -> Iterator[tuple[Span, int]]:
    """Where the words at the span call a question by its label and number: `see Q7`."""
    labels = {re.escape(question.marker.label) for question in questions if question.marker}
    if not all(labels):
        return
    name = rf"(?<!\w)(?:{'|'.join(sorted(labels))})[ \t]?([0-9]{{1,9}})(?!\w)"
    for match in re.compile(name, re.IGNORECASE).finditer(
        document.source.text, span.start, span.end
    ):
        yield Span(*match.span(1)), int(match[1])


def _summary(document: Document, new: Mapping[Question, str]) -> str:
    """What becomes of the numbers, and where running text still says the old ones."""
    source = document.source
    numbers = {question.number for question in new}
    first, last = min(new, key=lambda q: q.span.start), max(new, key=lambda q: q.span.start)
    said = f"`{first.name}` becomes number {new[first]}"
    if len(new) > 1:
        said += f", and so on to `{last.name}`, which becomes {new[last]}"
    lines = sorted(
        {
            source.line_of(place.start)
            for place, number in _mentions(document, Span(0, len(source.text)), new)
            if number in numbers and _in_running_text(document, place)
        }
    )
    if not lines:
        return said
    more = " …" if len(lines) > MOST_LINES_TOLD else ""
    told = ", ".join(map(str, lines[:MOST_LINES_TOLD]))
    return (
        f"{said}; running text still has old numbers on line{'s' * (len(lines) > 1)} {told}{more}"
    )


def _in_running_text(document: Document, place: Span) -> bool:
    """Whether it is no part of a heading, an index line, a link or code."""
    before = bisect.bisect(document.links, place.start, key=lambda link: link.span.start) - 1
    linked = before >= 0 and place in document.links[before].span
    listed = document.heading_at(place.start) or document.entry_at(place.start)
    return not (linked or listed or document.in_code(place))
