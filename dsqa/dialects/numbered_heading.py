"""A question is a heading that begins with its number: `### Q7: What is recall? ###`.

Headings may change their level on the way. A question ends where the next one begins, or at a
heading of its own level or a higher one, which begins a group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dsqa.dialects.marker import read_marker, words_after_marker
from dsqa.document import Heading, Marker
from dsqa.source import Source, Span

NAME = "numbered headings"
DEEPEST_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Section:
    """A question's heading, and the span below it that is its answer."""

    heading: Heading
    marker: Marker
    title: str
    title_span: Span
    body: Span
    group: str


def sections(source: Source, headings: Sequence[Heading]) -> Iterator[Section]:
    """The questions that the headings ask, in order."""
    headings = [heading for heading in headings if not heading.nested]
    markers = [read_marker(source, heading.text_span) for heading in headings]
    group, level = "", DEEPEST_LEVEL
    for index, (heading, marker) in enumerate(zip(headings, markers, strict=True)):
        if not marker:
            group = heading.text.strip() if heading.level <= level else group
            continue
        level = heading.level
        ends = (
            headings[after].span.start
            for after in range(index + 1, len(headings))
            if markers[after] or headings[after].level <= heading.level
        )
        end = next(ends, len(source.text))
        end = source.line_span(source.line_of(end)).start if end < len(source.text) else end
        first_line = source.line_of(max(heading.span.end - 1, heading.span.start)) + 1
        start = source.line_span(first_line).start if first_line <= source.line_count else end
        yield Section(
            heading=heading,
            marker=marker,
            title=words_after_marker(heading.text).strip(),
            title_span=Span(marker.span.end, heading.text_span.end),
            body=Span(min(start, end), end),
            group=group,
        )
