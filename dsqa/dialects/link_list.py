"""An index is a list, or several under headings, whose items name the questions: `* [Q7: …](…)`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from dsqa.dialects.marker import read_marker, words_after_marker
from dsqa.document import Entry, Heading, ItemList, ListItem
from dsqa.source import Source, Span
from dsqa.words import fold

NAME = "list of links"
LEAST_SHARE = 0.5
"""A list is an index if at least so many of its items name a question."""


def entry_lists(
    source: Source,
    lists: Sequence[ItemList],
    headings: Sequence[Heading],
    titles: Collection[str],
    bodies: Sequence[Span],
) -> Iterator[tuple[ItemList, tuple[Entry, ...]]]:
    """The lists outside the answers that name questions, each with its entries.

    `titles` are the folded words of the questions, `bodies` the spans of their answers.
    """
    for candidate in lists:
        if any(candidate.span in body for body in bodies):
            continue
        group = next((h.text for h in reversed(headings) if h.span.end <= candidate.span.start), "")
        entries = tuple(
            entry
            for item in candidate.items
            if (entry := _entry(source, item, group))
            and (entry.marker or fold(entry.title) in titles)
        )
        if entries and len(entries) >= LEAST_SHARE * len(candidate.items):
            yield candidate, entries


def _entry(source: Source, item: ListItem, group: str) -> Entry | None:
    if not item.text.strip():
        return None
    link = item.links[0] if item.links else None
    whole = link is not None and 2 * len(link.text.strip()) >= len(item.text.strip())
    label, span = (link.text, link.text_span) if link and whole else (item.text, item.text_span)
    marker = read_marker(source, span)
    line = source.line_span(source.line_of(item.span.start))
    return Entry(
        span=Span(item.span.start, max(line.end, item.text_span.end)),
        label=label,
        label_span=span,
        marker=marker,
        title=words_after_marker(label),
        link=link,
        group=group.strip(),
    )
