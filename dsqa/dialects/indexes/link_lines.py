"""An index is a run of lines, each of them a link: `[What is recall?](#what-is-recall)`.

They may stand in one paragraph or in one each; what parts them is blank, or a sign before the link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.dialects.sheet import Listing, Row, Sheet
from dsqa.document import Link
from dsqa.source import Span

NAME = "link-lines"
AROUND = r"(?:\s++|<br\s*/?>|[•·▪►➤✔|*_-]|\d{1,4}\\?[.)])*"
"""What may stand on the line beside the link."""


def listings(sheet: Sheet) -> Iterator[Listing]:
    rows: list[Row] = []
    for paragraph in sheet.read.paragraphs:
        if sheet.in_list(paragraph.start):
            continue
        found = list(_rows(sheet, paragraph))
        between = Span(rows[-1].span.end, paragraph.start) if rows and found else None
        if rows and (not between or not re.fullmatch(AROUND, sheet.source[between])):
            yield Listing(NAME, Span(rows[0].span.start, rows[-1].span.end), tuple(rows))
            rows = []
        rows += found
    if rows:
        yield Listing(NAME, Span(rows[0].span.start, rows[-1].span.end), tuple(rows))


def _rows(sheet: Sheet, paragraph: Span) -> Iterator[Row]:
    """The links of a paragraph that is nothing but links, each on its own line."""
    source, links = sheet.source, sheet.links_in(paragraph)
    lines = [source.line_of(link.span.start) for link in links]
    places = (paragraph.start, *(end for link in links for end in _ends(link)), paragraph.end)
    pieces = zip(places[::2], places[1::2], strict=True)
    if not links or len(set(lines)) < len(lines):
        return
    if all(re.fullmatch(AROUND, source[Span(start, max(end, start))]) for start, end in pieces):
        for line, link in zip(lines, links, strict=True):
            yield Row(source.line_span(line), link.text, link.text_span, (link,))


def _ends(link: Link) -> tuple[int, int]:
    return link.span.start, link.span.end
