"""An answer is the option that is ticked: `- [x] The share that was found`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.dialects.sheet import Sheet
from dsqa.source import Span

NAME = "ticked-option"
WHAT = "an option that is ticked"
OPTION = re.compile(r"\[(?P<tick>[ xX])\](?=\s)")


def introduction(sheet: Sheet, body: Span) -> Span | None:
    return next((place for place, ticked in options(sheet, body) if ticked), None)


def options(sheet: Sheet, body: Span) -> Iterator[tuple[Span, bool]]:
    """The options that one could tick, and whether each is."""
    for each in sheet.lists_in(body):
        for item in each.items:
            if match := OPTION.match(sheet.source.text, item.text_span.start, item.text_span.end):
                yield item.span, match["tick"] != " "
