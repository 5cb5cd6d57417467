"""The fix that gives questions other numbers, in their headings and wherever a link names them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from dsqa.coupling import followers
from dsqa.document import Document, Question
from dsqa.finding import Edit, Fix
from dsqa.numbering import Misnumbering, misnumberings, renumbered
from dsqa.rule import shared
from dsqa.source import Span
from dsqa.unmarked import unmarked_lines
from dsqa.workspace import Workspace

ADDRESSES = ("bare", "autolink")
"""Links whose label is their address."""
PLAIN_NUMBER = re.compile(r"[0-9]{1,9}")
MOST_LINES_TOLD = 3
MOST_NUMBERS = 100
"""So many numbers of a label are looked at, to find that of the question to which it leads."""
MOST_READ = 1_000_000
"""Characters that are looked through for what follows; each run of numbers takes the whole text."""


@lru_cache(maxsize=8)
def renumberings(
    document: Document, workspace: Workspace
) -> Sequence[tuple[Misnumbering, Fix | None]]:
    """Where the numbers go wrong, each with the fix that mends it.

    A run that goes wrong in several places is mended by one fix for all of them. None where a
    number is written in another way, or where the index or a line that is no heading has the
    missing number: then a question is missing, and not a number.
    """
    told: list[tuple[Misnumbering, Fix | None]] = []
    promised = [entry.number for entry in document.entries if not entry.question]
    promised += [line.marker.number for line in unmarked_lines(document)]
    numbers = sorted(filter(None, promised))
    patience = 1 + MOST_READ // max(len(document.source.text), 1)
    for run, wrong in misnumberings(document.questions):
        free = not any(within(numbers, hole) for one in wrong for hole in one.missing)
        fix = None
        if free and patience:
            patience -= 1
            fix = _renumbering(document, workspace, renumbered(run, wrong))
        told += zip(wrong, shared(fix, len(wrong)), strict=True)
    return tuple(told)


def within(numbers: Sequence[int], hole: range) -> int:
    """How many of the numbers, which are sorted, lie in the hole."""
    return bisect.bisect_left(numbers, hole.stop) - bisect.bisect_left(numbers, hole.start)


def _renumbering(
    document: Document, workspace: Workspace, numbers: Mapping[Question, int]
) -> Fix | None:
    """The fix that gives the questions these numbers.

    Headings, index lines, the labels of links and the links themselves follow in all documents.
    What running text calls by a number stays: only its author knows what it means.
    """
    written = {q: document.source[q.marker.number_span] for q in numbers if q.marker}
    if not written or not all(map(PLAIN_NUMBER.fullmatch, written.values())):
        return None
    numerals = (document.source[q.marker.number_span] for q in document.questions if q.marker)
    width = max((len(one) for one in numerals if one[0] == "0"), default=0)
    new = {question: str(number).zfill(width) for question, number in numbers.items()}
    texts = {
        question.heading: question.heading.text.replace(written[question], text, 1)
        for question, text in new.items()
        if question.marker and question.marker.number_span in question.heading.text_span
    }
    edits = set(_names(document, workspace, new)) | set(followers(document, workspace, texts))
    said, note = _said(document, new), _old_numbers(document, new)
    return Fix(tuple(sorted(edits)), False, f"{said}; {note}" if note else said, note)


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
        linked = by_anchor.get(landing.anchor)
        listed_here = source is document and link in document.entry_of_link
        if linked and link.style not in ADDRESSES and not listed_here:
            start = link.text_span.start
            for first, last in _names_in(source.source[link.text_span], linked):
                yield Edit(source.path, Span(start + first, start + last), new[linked])


def _names_in(label: str, question: Question) -> Iterator[tuple[int, int]]:
    """Where the label of a link first has the number of the question, however it names it."""
    number = str(question.number).lstrip("0")
    found = {
        match.span(1)
        for form in _forms(question.marker.label if question.marker else "")
        for match in islice(form.finditer(label), MOST_NUMBERS)
        if match[1].lstrip("0") == number
    }
    yield from sorted(found)[:1]


@lru_cache(maxsize=64)
def _forms(named: str) -> Sequence[re.Pattern[str]]:
    """How the label of a link names the number of a question that is named so, if it is."""
    number = r"([0-9]+)(?!\w)"
    names = "|".join([*([re.escape(named)] if named else ()), "question", r"no\.?", r"nr\.?"])
    forms = [
        rf"(?<!\w)(?:{names})[ \t]*\#?[ \t]*{number}",
        rf"\A[ \t*_]*[\#№]?{number}[ \t*_]*\Z",
        *(() if named else [rf"\A[ \t*_]*[\#№(\[]?{number}(?=[ \t]*[.:)\]])"]),
    ]
    return [re.compile(form, re.IGNORECASE) for form in forms]


def _said(document: Document, new: Mapping[Question, str]) -> str:
    """What becomes of the numbers."""
    first, last = min(new, key=lambda q: q.span.start), max(new, key=lambda q: q.span.start)
    said = f"`{first.name}` becomes number {new[first]}"
    return (
        said if len(new) == 1 else f"{said}, and so on to `{last.name}`, which becomes {new[last]}"
    )


def _old_numbers(document: Document, new: Mapping[Question, str]) -> str:
    """Where running text still says the old numbers."""
    source, labels = document.source, {q.marker.label for q in new if q.marker}
    if not all(labels):
        return ""
    numbers = {question.number for question in new}
    names = "|".join(map(re.escape, sorted(labels)))
    mentions = re.compile(rf"(?<!\w)(?:{names})[ \t]?([0-9]{{1,9}})(?!\w)", re.IGNORECASE)
    lines = sorted(
        {
            source.line_of(match.start())
            for match in mentions.finditer(source.text)
            if int(match[1]) in numbers and _in_running_text(document, Span(*match.span()))
        }
    )
    if not lines:
        return ""
    more = " …" if len(lines) > MOST_LINES_TOLD else ""
    told = ", ".join(map(str, lines[:MOST_LINES_TOLD]))
    return f"running text still has old numbers on line{'s' * (len(lines) > 1)} {told}{more}"


def _in_running_text(document: Document, place: Span) -> bool:
    """Whether it is no part of a heading, an index line, a link or code."""
    before = bisect.bisect(document.links, place.start, key=lambda link: link.span.start) - 1
    linked = before >= 0 and place in document.links[before].span
    listed = document.heading_at(place.start) or document.entry_at(place.start)
    return not (linked or listed or document.in_code(place))
