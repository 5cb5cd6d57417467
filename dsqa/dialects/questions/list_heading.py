"""A question is a heading in an item of a numbered list: `7. ### What is recall?`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dsqa.dialects.sheet import Asked, Reading, Sheet, items_by_line, next_line
from dsqa.dialects.wording import likeness
from dsqa.document import Heading, ListItem, Marker
from dsqa.source import Span

LEAST_LIKENESS = 0.3


def readings(sheet: Sheet) -> Iterator[Reading]:
    items = items_by_line(sheet)
    found = [
        (heading, items[heading.span.start][1])
        for heading in sheet.headings
        if heading.nested and heading.span.start in items
    ]
    numbered = [(heading, item) for heading, item in found if item.ordinal is not None]
    numbered.sort(key=lambda pair: pair[0].level)
    for level, same in groupby(numbered, key=lambda pair: pair[0].level):
        asked = tuple(_asked(sheet, heading, item) for heading, item in same)
        like = likeness([one.title for one in asked])
        what = f"headings of level {level} in the items of numbered lists"
        weight = like if like >= LEAST_LIKENESS else 0.0
        yield Reading(f"list-heading-{level}", what, asked, weight)


def _asked(sheet: Sheet, heading: Heading, item: ListItem) -> Asked:
    number = Span(item.mark_span.start, item.mark_span.end - len(item.mark))
    marker = Marker(
        text=f"{item.ordinal}{item.mark} ",
        label="",
        numeral=str(item.ordinal),
        number=item.ordinal,
        span=Span(item.mark_span.start, heading.text_span.start),
        number_span=number,
        name_span=number,
    )
    until = next_line(sheet.source, heading.span.end)
    return Asked(heading, marker, heading.text.strip(), heading.text_span, until)
