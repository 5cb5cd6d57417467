"""The line around a span, cut to the width at hand, and the mark under it."""

from __future__ import annotations

import unicodedata
from itertools import accumulate
from typing import NamedTuple

from dsqa.reporters._printable import LOOKS_LIKE_A_SPACE, MARKED_COMMAND, escaped, printable
from dsqa.source import Source, Span

TAB = "    "
CUT = "…"


class Excerpt(NamedTuple):
    """Two lines of equal columns; `mark` is blank up to the place and `^` under it."""

    line: str
    mark: str


def cells(text: str) -> int:
    """How many columns a terminal gives to the printable text."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(character) in ("Mn", "Me")
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def excerpt(source: Source, span: Span, room: int) -> Excerpt | None:
    """The line where the span begins, in at most `room` columns; None where it is blank."""
    line = source.line_span(source.line_of(span.start))
    start = min(span.start, line.end)
    end = max(start, min(span.end, line.end))
    # a line can have a million characters: look only as far as can be shown
    near = Span(max(line.start, start - 4 * room), min(line.end, start + 4 * room))
    text = source[near]
    if not text.strip():
        return None
    first, last = start - near.start, min(end, near.end) - near.start
    if text.isascii() and text.isprintable() and not MARKED_COMMAND.search(text):
        shapes = list(text)
    else:
        shapes = [shape(text, at, marked=first <= at < last) for at in range(len(text))]
    columns = [0, *accumulate(map(cells, shapes))]
    left, right = window(columns, first, last, room)
    # an accent belongs to the letter before it
    while 0 < left < first and columns[left] == columns[left + 1]:
        left += 1
    before = CUT if near.start + left > line.start else ""
    after = CUT if near.start + right < line.end else ""
    blank = " " * (len(before) + columns[first] - columns[left])
    mark = "^" * max(1, columns[min(last, right)] - columns[first])
    return Excerpt(before + "".join(shapes[left:right]) + after, blank + mark)


def shape(text: str, at: int, *, marked: bool) -> str:
    """How the character is shown; one that looks like a space is told apart where it is meant."""
    character = text[at]
    if not marked and character == "\t":
        return TAB
    if not marked and LOOKS_LIKE_A_SPACE.match(character):
        return " "
    if MARKED_COMMAND.match(text, at):
        return escaped(character)
    return printable(character)


def window(columns: list[int], first: int, last: int, room: int) -> tuple[int, int]:
    """The characters to show, so that the marked ones and what surrounds them fit."""
    count = len(columns) - 1
    if columns[count] <= room:
        return 0, count
    room -= 2 * len(CUT)
    marked = columns[last] - columns[first]
    left = first
    if columns[last] <= room:
        left = 0
    else:
        ahead = (room - marked) // 2 if marked < room - 10 else room // 3
        while left > 0 and columns[first] - columns[left - 1] <= ahead:
            left -= 1
    right = left
    while right < count and columns[right + 1] - columns[left] <= room:
        right += 1
    while left > 0 and columns[right] - columns[left - 1] <= room:
        left -= 1
    return left, right
