"""An index is a list, or several under headings, whose items name questions: `* [Q7: …](…)`."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.dialects.sheet import Listing, Row, Sheet
from dsqa.source import Span

NAME = "list"


def listings(sheet: Sheet) -> Iterator[Listing]:
    for each in sheet.read.lists:
        rows = (
            Row(
                Span(item.span.start, max(sheet.line_end(item.span.start), item.text_span.end)),
                item.text,
                item.text_span,
                item.links,
            )
            for item in each.items
        )
        yield Listing(NAME, each.span, tuple(rows))
