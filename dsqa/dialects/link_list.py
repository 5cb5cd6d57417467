"""An index is a list, or several under headings, whose items name the questions: `* [Q7: …](…)`."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Iterator, Sequence

from dsqa.dialects.marker import read_marker, words_after_marker
from dsqa.document import Entry, Heading, ItemList, Link, ListItem
from dsqa.source import Source, Span
from dsqa.words import fold

NAME = "list of links"
BRACKETS = re.compile(r"\[(?P<label>[^\[\]]{1,1000})\](?=\s*(?:\(|\Z))")
"""What was to be a link, but has no address, or one that is none."""
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
        start = candidate.span.start
        asked = bisect.bisect_right(bodies, start, key=lambda body: body.start) - 1
        if asked >= 0 and candidate.span in bodies[asked]:
            continue
        above = bisect.bisect_right(headings, start, key=lambda heading: heading.span.start) - 1
        group = headings[above].text if above >= 0 else ""
        found = [tuple(_entries(source, item, group)) for item in candidate.items]
        named = [[e for e in each if e.marker or fold(e.title) in titles] for each in found]
        entries = tuple(entry for each in named for entry in each)
        told = len(entries) > 1 or any(entry.marker or entry.link for entry in entries)
        if told and sum(map(bool, named)) >= LEAST_SHARE * len(candidate.items):
            yield candidate, entries


def _entries(source: Source, item: ListItem, group: str) -> Iterator[Entry]:
    """What the item names: one question, or each of its links one."""
    links = [link for link in item.links if read_marker(source, link.text_span)]
    if len(links) > 1:
        yield from (_entry(source, item, group, link, link.text, link.text_span) for link in links)
    elif item.text.strip():
        link = item.links[0] if item.links else None
        whole = link is not None and 2 * len(link.text.strip()) >= len(item.text.strip())
        label, span = (link.text, link.text_span) if link and whole else (item.text, item.text_span)
        brackets = BRACKETS.match(source.text, span.start, span.end)
        if not link and brackets:
            span = Span(*brackets.span("label"))
            label = source[span]
        yield _entry(source, item, group, link, label, span)


def _entry(
    source: Source, item: ListItem, group: str, link: Link | None, label: str, span: Span
) -> Entry:
    line = source.line_span(source.line_of(item.span.start))
    return Entry(
        span=Span(item.span.start, max(line.end, item.text_span.end)),
        label=label,
        label_span=span,
        marker=read_marker(source, span),
        title=words_after_marker(label),
        link=link,
        group=group.strip(),
    )
