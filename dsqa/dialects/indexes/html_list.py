"""An index is a list in HTML: `<li><a href="#recall">What is recall?</a></li>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from dsqa.dialects.sheet import Listing, Row, Sheet
from dsqa.document import Link
from dsqa.source import Span

NAME = "html-list"
ITEM = r"(?i)<li\b[^<>]{0,200}>\s*\Z"
BEFORE = 250
"""Characters before a link among which the tag of its item is."""


def listings(sheet: Sheet) -> Iterator[Listing]:
    links = [link for link in sheet.read.links if link.style == "html" and _is_item(sheet, link)]
    for _, group in groupby(links, key=lambda link: sheet.heading_above(link.span.start)):
        rows = [Row(link.span, link.text, link.text_span, (link,)) for link in group]
        yield Listing(NAME, Span(rows[0].span.start, rows[-1].span.end), tuple(rows))


def _is_item(sheet: Sheet, link: Link) -> bool:
    start = max(link.span.start - BEFORE, 0)
    return re.search(ITEM, sheet.source.text[start : link.span.start]) is not None
