"""A question is a bold line of its own, `**What is recall?**`, or one that begins `**7)**`."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.dialects import marker as markers
from dsqa.dialects.marked_answer import MARKER
from dsqa.dialects.sheet import Asked, Reading, Sheet, next_line
from dsqa.dialects.wording import likeness, marked
from dsqa.document import Heading, Line, Marker
from dsqa.source import Span

KEYS = ("bold", "line-label", "line-number")
LEAST_LIKENESS = 0.6
LEAST_MARKED = 0.3
LONG = 10
STEADY = 0.8


def readings(sheet: Sheet) -> Iterator[Reading]:
    lines = sheet.read.lines
    bold = [line for line in lines if line.bold and not MARKER.fullmatch(line.text)]
    if bold:
        asked = tuple(_asked(sheet, line, None, "bold") for line in bold)
        like = likeness([one.title for one in asked])
        clear = marked([one.title for one in asked]) >= LEAST_MARKED
        weight = like if like >= LEAST_LIKENESS and clear else 0.0
        yield Reading("bold", "bold lines", asked, 0.9 * weight)
    for key, what, read in (
        ("label", "a label and a number", markers.read_marker),
        ("number", "a bold number", markers.read_number),
    ):
        found = [
            (line, marker)
            for line in lines
            if (line.begins_bold or key == "label") and (marker := read(sheet.source, line.span))
        ]
        if not found:
            continue
        asked = tuple(_asked(sheet, line, marker, "line") for line, marker in found)
        like = likeness([one.title for one in asked])
        steady = markers.steadiness([marker for _, marker in found])
        told = key == "label" or like >= LEAST_LIKENESS
        counted = len(asked) >= LONG and steady >= STEADY
        weight = steady * max(like, 0.7) if told or counted else 0.0
        yield Reading(f"line-{key}", f"lines that begin with {what}", asked, weight)


def _asked(sheet: Sheet, line: Line, marker: Marker | None, style: str) -> Asked:
    title = markers.words_after(marker, line.text) if marker else line.text
    start = marker.span.end if marker else line.text_span.start
    words = Span(start, max(line.text_span.end, start))
    heading = Heading(line.span, 0, line.text, line.text_span, "", style=style)
    until = next_line(sheet.source, line.span.end)
    return Asked(heading, marker, title.strip(), words, until)
