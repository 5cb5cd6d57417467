"""STR009."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dsqa.dialects.marker import read_marker
from dsqa.document import Document
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

LINE_START = r"(?:^|(?<=[\r\n]))"
WRITTEN_HEADING = re.compile(LINE_START + r" {0,3}\#{1,6}[ \t]+(?P<words>[^\r\n]+)")
CONFLICT = re.compile(LINE_START + r"(?P<mark><{7}|={7}|>{7})(?:[ ][^\r\n]*)?(?=[\r\n]|$)")
FENCE = re.compile(LINE_START + r"[ \t>]*(?P<fence>`{3,}|~{3,})(?P<info>[^`\r\n]*)(?=[\r\n]|$)")
COMMENT = re.compile(r"(?P<opening><!--)|-->")
RAW_TEXT = re.compile(
    r"(?P<opening><(?:pre|script|style|textarea)\b)|</(?:pre|script|style|textarea)>", re.I
)


class UnparseableRegion(Rule):
    """A part of the document is not read as it was meant, and questions are lost in it.

    Code or a comment that is never closed goes on to the end of the file, and raw HTML to the next
    blank line; headings in there are none. Where a merge left its marks, two versions stand one
    below the other. Until this is mended, all that is said of the rest is uncertain.
    """

    code = "STR009"
    severity = Severity.ERROR
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
                f"What begins here is never closed, and {count} lost in it",
                related=[Related(document.path, headings[0], "this heading is read as none")],
            )


def _conflicts(document: Document) -> Iterator[Span]:
    """Where the first mark of a merge stands that the two others follow."""
    begun, seen = Span(0, 0), ""
    for match in CONFLICT.finditer(document.source.text):
        seen = match["mark"][0] if match["mark"][0] == "<" else seen + match["mark"][0]
        if seen == "<":
            begun = Span(*match.span())
        elif seen == "<=>" and not document.in_code(begun):
            yield begun


def _lost_headings(document: Document) -> Iterator[tuple[Span, Span]]:
    """What is written like the heading of a question but not read so, and what swallows it.

    That is the mark which opens code or a comment, or the heading itself where it is raw HTML. What
    is meant as code or as a comment is left out.
    """
    source = document.source
    read = {heading.span.start for heading in document.headings}
    comments, raw = _regions(document, COMMENT), _regions(document, RAW_TEXT)
    opened: dict[Span, Span | None] = {}
    for match in WRITTEN_HEADING.finditer(source.text):
        if match.start() in read or not read_marker(source, Span(*match.span("words"))):
            continue
        heading = document.trimmed(Span(*match.span()))
        if code := document.code_at(heading.start):
            if code not in opened:
                opened[code] = _open_fence(document, code)
            place = opened[code]
        elif comment := _around(comments, heading):
            place = None if comment.closed else comment.mark
        else:
            place = None if _around(raw, heading) else heading
        if place:
            yield heading, place


@dataclass(frozen=True, slots=True)
class Region:
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


def _open_fence(document: Document, code: Span) -> Span | None:
    """The mark that opens the code, if nothing closes it.

    Where another fence names a language before the end, the end is that of another code.
    """
    fences = list(FENCE.finditer(document.source.text, code.start, code.end))
    if not fences or fences[0].start() != code.start:
        return None
    opening = fences[0]["fence"]
    alike = [fence for fence in fences[1:] if fence["fence"].startswith(opening)]
    last = document.source.line_span(document.source.line_of(max(code.end - 1, 0)))
    closed = alike and alike[-1].end() == last.end and not alike[-1]["info"].strip()
    if closed and not any(fence["info"].strip() for fence in alike):
        return None
    return Span(fences[0].start("fence"), fences[0].end())
