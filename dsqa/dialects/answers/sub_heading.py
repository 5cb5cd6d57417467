"""An answer stands under a heading of its own: `#### Answer`."""

from __future__ import annotations

from dsqa.dialects.marked_answer import HEADINGS
from dsqa.dialects.sheet import Sheet
from dsqa.source import Span
from dsqa.words import fold

NAME = "sub-heading"
WHAT = "a heading such as `#### Answer`"


def introduction(sheet: Sheet, body: Span) -> Span | None:
    for heading in sheet.headings_in(body):
        if fold(heading.text.partition(":")[0]) in HEADINGS:
            return heading.span
    return None
