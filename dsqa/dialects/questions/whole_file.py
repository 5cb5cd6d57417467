"""A question is a file: its first heading asks, and all the rest is the answer."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.dialects.marked_answer import HEADINGS
from dsqa.dialects.sheet import Asked, Reading, Sheet, next_line
from dsqa.words import fold

KEYS = ("file",)
SURE = 20.0
"""A heading for the answer, right below the only other one, says more than many lists that ask."""


def readings(sheet: Sheet) -> Iterator[Reading]:
    headings = sheet.outer_headings
    if not headings:
        return
    first, *others = headings
    before = any(line.span.start < first.span.start for line in sheet.read.lines)
    alone = not before and all(other.level > first.level for other in others)
    if not alone:
        return
    answers = [other for other in others if fold(other.text) in HEADINGS]
    weight = SURE if len(answers) == 1 and answers[0] is others[0] else 0.0
    until = next_line(sheet.source, first.span.end)
    asked = Asked(first, None, first.text.strip(), first.text_span, until)
    yield Reading("file", "the first heading of the file", (asked,), weight, least=1)
