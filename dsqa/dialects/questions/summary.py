"""A question is what one unfolds an answer below: `<summary>What is recall?</summary>`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.dialects import marker as markers
from dsqa.dialects.sheet import Asked, Reading, Sheet, next_line
from dsqa.dialects.wording import likeness
from dsqa.document import Fold
from dsqa.source import Span

KEYS = ("summary",)
LEAST_LIKENESS = 0.5
DEEPEST = 10
"""Who unfolds so often has found a question long ago."""
NOTHING_ON_THE_LINE = re.compile(r"(?:[^\S\r\n]|<br>)*+(?=[\r\n]|\Z)")


def readings(sheet: Sheet) -> Iterator[Reading]:
    depths = {fold.depth for fold in sheet.read.folds}
    for depth in sorted(depths.intersection(range(DEEPEST))):
        asked = tuple(_asked(sheet, fold) for fold in sheet.read.folds if fold.depth == depth)
        # the same words again and again invite to unfold
        titles = [one.title for one in asked]
        various = len(set(titles)) / len(titles)
        like = likeness(titles)
        weight = like if like >= LEAST_LIKENESS and various >= LEAST_LIKENESS else 0.0
        what = "the summaries of what one unfolds"
        yield Reading(f"summary-{depth}" if depth else "summary", what, asked, weight)


def _asked(sheet: Sheet, fold: Fold) -> Asked:
    heading, source = fold.heading, sheet.source
    marker = markers.read_marker(source, heading.text_span)
    title = markers.words_after(marker, heading.text) if marker else heading.text
    words = Span(marker.span.end if marker else heading.text_span.start, heading.text_span.end)
    alone = NOTHING_ON_THE_LINE.match(source.text, heading.span.end)
    until = next_line(source, heading.span.end) if alone else heading.span.end
    until = min(until, fold.span.end)
    return Asked(heading, marker, title.strip(), words, until, fold.span.end)
