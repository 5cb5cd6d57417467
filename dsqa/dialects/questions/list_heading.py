"""A question is a heading in an item of a numbered list: `7. ### What is recall?`.

The headings have one level; all of them count if that mends the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from dsqa.dialects.sheet import Asked, Reading, Sheet, items_by_line, next_line
from dsqa.dialects.wording import likeness
from dsqa.document import Heading, ListItem, Marker
from dsqa.source import Span

KEYS = ("list-heading",)
LEAST_LIKENESS = 0.3


def readings(sheet: Sheet) -> Iterator[Reading]:
    items = items_by_line(sheet)
    found = [
        (heading, items[heading.span.start][1])
        for heading in sheet.headings
        if heading.nested and heading.span.start in items
    ]
    numbered = [(heading, item) for heading, item in found if item.ordinal is not None]
    every = [_asked(sheet, heading, item) for heading, item in numbered]
    where = "in the items of numbered lists"
    for level in sorted({one.heading.level for one in every}):
        same = [one for one in every if one.heading.level == level]
        yield _reading(f"list-heading-{level}", f"headings of level {level} {where}", same)
        if len(same) < len(every) and _breaks(every) <= _breaks(same):
            yield _reading("list-heading", f"headings {where}", every)


def _reading(key: str, what: str, asked: Sequence[Asked]) -> Reading:
    like = likeness([one.title for one in asked])
    return Reading(key, what, tuple(asked), like if like >= LEAST_LIKENESS else 0.0)


def _breaks(asked: Sequence[Asked]) -> int:
    """How often the numbers do not go on with the next one."""
    numbers = [one.marker.number or 0 for one in asked if one.marker]
    return sum(after != before + 1 for before, after in pairwise(numbers))


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
