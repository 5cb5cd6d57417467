"""STR009."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from dsqa.dialects.marker import read_marker
from dsqa.document import Document, Link
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.target import decode
from dsqa.words import fold
from dsqa.workspace import Workspace

LINE_START = r"(?:^|(?<=[\r\n]))"
WRITTEN_HEADING = re.compile(r"\#{1,6}[ \t]+(?P<words>[^\r\n]+)")
INDENTS = ("", " ", "  ", "   ")
CONFLICT = re.compile(LINE_START + r"(?P<mark><{7}|={7}|>{7})(?:[ ][^\r\n]*)?(?=[\r\n]|$)")
BEGUN = "<" * 7
FENCE = re.compile(LINE_START + r"[ \t>]*(?P<fence>`{3,}+|~{3,}+)(?P<info>[^`\r\n]*+)(?=[\r\n]|$)")
MARKDOWN = ("markdown", "md")
DIGITS = "0123456789.) "
COMMENT = re.compile(r"(?P<opening><!--)|-->")
RAW_TEXT = re.compile(
    r"(?P<opening><(?:pre|script|style|textarea)\b)|</(?:pre|script|style|textarea)>", re.I
)


MOST_WRITTEN = 100_000
"""Lines that are written like headings; of more than that not all can be looked at."""


class UnparseableRegion(Rule):
    """A part of the document is not read as it was meant, and questions are lost in it.

    Code or a comment that is never closed goes on to the end of the file, and raw HTML to the next
    blank line; headings in there are none. Where a merge left its marks, two versions stand one
    below the other. Until this is mended, all that is said of the rest is uncertain.
    """

    code = "STR009"
    severity = Severity.ERROR
    prevents_fixes = True
    examples = (
        Good("## Q1: What is printed?\n\n```python\nprint(1)\n```\n\n## Q2: What is recall?\n"),
        Bad(
            "## Q1: What is printed?\n\n```python\nprint(1)\n\n## Q2: What is recall?\n",
            under=["```python"],
        ),
        Bad(
            "## Q1: What is printed?\n\n```python\nprint(1)\n\n"
            "## Q2: What is shown?\n\n```python\nplot(1)\n```\n",
            under=["```python"],
        ),
        Bad(
            "## Q1: What is recall?\n\nA share. \n\n<!-- Who knows more?\n\n## Q2: What is bias?\n",
            under=["<!--"],
        ),
        Bad(
            "<details>\nA share.\n</details>\n## Q2: What is bias?\n",
            under=["## Q2: What is bias?"],
        ),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "<<<<<<< main\nThe share that was found.\n=======\nA share.\n>>>>>>> draft\n",
            under=["<<<<<<< main"],
        ),
        Bad(
            "## Q1: What is printed?\n\n```\n1\n\n"
            "## Q2: What is shown?\n\n```\n2\n```\n\n"
            "## Q3: What is read?\n\n```\n\n"
            "## Q4: What is recall?\n",
            under=["```", "```"],
        ),
        Bad(
            "* [What is printed?](#what-is-printed)\n"
            "* [What is shown?](#what-is-shown)\n"
            "* [What is read?](#what-is-read)\n"
            "* [What is recall?](#what-is-recall)\n"
            "\n"
            "## What is printed?\n\n```python\nprint(1)\n\n"
            "## What is shown?\n\n```python\nplot(1)\n```\n\n"
            "## What is read?\n\nA line.\n\n"
            "## What is recall?\n\nA share.\n",
            under=["```python"],
        ),
        Bad(
            "* [What is printed?](#what-is-printed)\n"
            "* [What is shown?](#what-is-shown)\n"
            "\n"
            "## 1. What is printed?\n\n```\nprint(1)\n\n"
            "## 2. What is shown?\n\nA curve.\n",
            under=["```"],
        ),
        Good("````markdown\n## Q1: What is recall?\n\n```\nfound / all\n```\n````\n"),
        Good("<!--\n## Q1: What is recall?\n-->\n\n<pre>\n## Q2: What is bias?\n</pre>\n"),
        Good("## Q1: What does a conflict look like?\n\n```\n<<<<<<< a\n=======\n>>>>>>> b\n```\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for place in _conflicts(document):
            yield self.finding(document, place, "A merge has left its marks here")
        lost: dict[Span, list[Span]] = {}
        for heading, place in _lost_headings(document):
            lost.setdefault(place, []).append(heading)
        for place, headings in lost.items():
            if place == headings[0]:
                yield self.finding(
                    document,
                    place,
                    "This heading is read as a part of the HTML above it",
                    reason="raw HTML goes on to the next blank line",
                )
                continue
            count = f"{len(headings)} questions are" if len(headings) > 1 else "a question is"
            yield self.finding(
                document,
                place,
                f"What begins here ends too late or never, and {count} lost in it",
                related=[Related(document.path, headings[0], "this heading is read as none")],
            )


def _conflicts(document: Document) -> Iterator[Span]:
    """Where the first mark of a merge stands that the two others follow."""
    begun, parted = None, False
    text = document.source.text
    for match in CONFLICT.finditer(text) if BEGUN in text else ():
        mark = match["mark"][0]
        if mark == ">" and begun and parted and not document.in_code(begun):
            yield begun
        parted = mark == "="
        begun = Span(*match.span()) if mark == "<" else begun if parted else None


def _lost_headings(document: Document) -> Iterator[tuple[Span, Span]]:
    """What is written like the heading of a question but not read so, and what swallows it.

    That is the mark which opens code or a comment, or the heading itself where it is raw HTML. What
    is meant as code or as a comment is left out.
    """
    unread = list(_unread(document))
    if not unread:
        return
    comments, raw = _regions(document, COMMENT), _regions(document, RAW_TEXT)
    fences: dict[Span, Region | None] = {}
    for heading, missing in unread:
        if code := document.code_at(heading.start):
            if code not in fences:
                fences[code] = _fenced(document, code)
            region = fences[code]
        else:
            region, missing = _around(comments, heading), False
        if region and (missing or not region.closed):
            yield heading, region.mark
        elif not code and not region and not _around(raw, heading):
            yield heading, heading


def _unread(document: Document) -> Iterator[tuple[Span, bool]]:
    """What is written like the heading of a question but not read so, and whether that is missing.

    It has a label and a number, or is a question that the index names.
    """
    source = document.source
    read = {heading.span.start for heading in document.headings}
    numbers = {question.number for question in document.questions if question.number is not None}
    within = range(min(numbers, default=0), max(numbers, default=0))
    promised = {fold(entry.label) for entry in document.entries if not entry.question}
    promised |= {fold(link.text) for link in document.links if _is_dead(link, document)}
    promised.discard("")
    for match in islice(WRITTEN_HEADING.finditer(source.text), MOST_WRITTEN):
        start = source.line_starts[source.line_of(match.start()) - 1]
        if start in read or source.text[start : match.start()] not in INDENTS:
            continue
        place = document.trimmed(Span(start, match.end()))
        words = fold(match["words"].rstrip("# \t")) if promised else ""
        if words in promised or words.lstrip(DIGITS) in promised:
            yield place, True
        elif marker := read_marker(source, Span(*match.span("words"))):
            yield place, _is_missing(marker.number, numbers, within)


def _is_dead(link: Link, document: Document) -> bool:
    """Whether it leads to no place of the document, but was to."""
    return link.href.startswith("#") and decode(link.href[1:]) not in document.anchors


def _is_missing(number: int | None, numbers: set[int], within: range) -> bool:
    """Whether there is a gap among the numbers that it closes at one end."""
    if number is None or number not in within:
        return False
    return number not in numbers and not numbers.isdisjoint((number - 1, number + 1))


class Region(NamedTuple):
    """What lies between two marks.

    `mark` is the first one; `closed` says that the second is its own.
    """

    span: Span
    mark: Span
    closed: bool


def _around(regions: Sequence[Region], heading: Span) -> Region | None:
    """The region that holds the heading."""
    place = bisect.bisect(regions, heading.start, key=lambda region: region.span.start)
    return regions[place - 1] if place and heading in regions[place - 1].span else None


def _regions(document: Document, marks: re.Pattern[str]) -> list[Region]:
    """What lies between opening and closing marks; one that holds another opening is not closed."""
    found, opening, closed = [], None, True
    for match in marks.finditer(document.source.text):
        mark = Span(*match.span())
        if document.in_code(mark):
            continue
        if match["opening"]:
            opening, closed = opening or mark, opening is None
        elif opening:
            found.append(Region(Span(opening.start, mark.end), opening, closed))
            opening = None
    if opening:
        found.append(Region(Span(opening.start, len(document.source.text)), opening, False))
    return found


def _fenced(document: Document, code: Span) -> Region | None:
    """Where code is marked by fences; none where it is marked otherwise, or shows Markdown.

    Where another fence names a language before the end, the end is that of another code.
    """
    fences = list(FENCE.finditer(document.source.text, code.start, code.end))
    if not fences or fences[0].start() != code.start:
        return None
    alike = [fence for fence in fences[1:] if fence["fence"].startswith(fences[0]["fence"])]
    last = document.source.line_span(document.source.line_of(max(code.end - 1, 0)))
    ended = bool(alike) and alike[-1].end() == last.end and not alike[-1]["info"].strip()
    closed = ended and not any(fence["info"].strip() for fence in alike)
    if closed and fences[0]["info"].strip().lower() in MARKDOWN:
        return None
    return Region(code, Span(fences[0].start("fence"), fences[0].end()), closed)
