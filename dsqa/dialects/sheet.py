"""What stands in a source, as the ways of reading look at it, and what they find there."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from dsqa.document import Fold, Heading, ItemList, Link, ListItem, Marker, Table
from dsqa.markdown import Markdown
from dsqa.source import Source, Span

T = TypeVar("T", Fold, Heading, ItemList, Link, Table)
DEEPEST_LEVEL = 6
FOLDING = r"<summary>[^<>]{0,200}</summary>|</?(?:details|[ou]l|li)[^<>]{0,100}>|<br[ ]?/?>|</?p>"
"""What may stand around links, to list them or to hide the list, and says nothing."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A source and all that stands in it; its headings have anchors."""

    source: Source
    read: Markdown
    headings: tuple[Heading, ...]
    anchors: Mapping[str, Span]

    @cached_property
    def outer_headings(self) -> tuple[Heading, ...]:
        """The headings that stand in no list and no quotation."""
        return tuple(heading for heading in self.headings if not heading.nested)

    @cached_property
    def outer_lists(self) -> tuple[ItemList, ...]:
        return tuple(each for each in self.read.lists if not each.depth)

    @cached_property
    def listed(self) -> Collection[int]:
        """Where the headings begin to which a link leads that stands before them."""
        starts = (
            (link.span.start, self.anchors.get(link.href.rpartition("#")[2]))
            for link in self.read.links
            if "#" in link.href
        )
        return frozenset(to.start for start, to in starts if to and start < to.start)

    @cached_property
    def index_headings(self) -> Collection[int]:
        """Where the headings begin below which nothing stands but links to other headings."""
        return frozenset(_index_headings(self))

    def line_end(self, offset: int) -> int:
        """Where the line of the offset ends."""
        return self.source.line_span(self.source.line_of(offset)).end

    def heading_before(self, offset: int) -> Heading | None:
        """The last heading that begins at or before the offset."""
        place = bisect.bisect_right(self.headings, offset, key=lambda heading: heading.span.start)
        return self.headings[place - 1] if place else None

    def in_list(self, offset: int) -> bool:
        """Whether a list holds the character at the offset."""
        lists = self.outer_lists
        place = bisect.bisect(lists, offset, key=lambda each: each.span.start)
        return place > 0 and offset < lists[place - 1].span.end

    def links_in(self, span: Span) -> Sequence[Link]:
        """The links that begin inside the span."""
        return _beginning_in(self.read.links, span)

    def headings_in(self, span: Span) -> Sequence[Heading]:
        return _beginning_in(self.headings, span)

    def folds_in(self, span: Span) -> Sequence[Fold]:
        return _beginning_in(self.read.folds, span)

    def lists_in(self, span: Span) -> Sequence[ItemList]:
        return _beginning_in(self.read.lists, span)

    def heading_above(self, offset: int) -> Heading | None:
        """The last outer heading that begins before the offset."""
        headings = self.outer_headings
        place = bisect.bisect_left(headings, offset, key=lambda heading: heading.span.start)
        return headings[place - 1] if place else None


def _beginning_in(things: Sequence[T], span: Span) -> Sequence[T]:
    first, last = (
        bisect.bisect_left(things, offset, key=lambda thing: thing.span.start)
        for offset in (span.start, span.end)
    )
    return things[first:last]


def _index_headings(sheet: Sheet) -> Iterator[int]:
    headings = sheet.outer_headings
    ends = [*(heading.span.start for heading in headings), len(sheet.source.text)][1:]
    for heading, end in zip(headings, ends, strict=True):
        below = Span(heading.span.end, max(end, heading.span.end))
        links = sheet.links_in(below)
        if not links or not links[0].href.startswith("#"):
            continue
        lists = [each for each in sheet.lists_in(below) if each.items and each.items[0].links]
        downwards = sum(sheet.anchors.get(link.href[1:], below) > below for link in links)
        if not lists and not (len(links) > 1 and 2 * downwards > len(links)):
            continue  # what leads back to the top, or on to the next question
        parts = [each.span for each in lists] + [link.span for link in links]
        parts += [table.span for table in _beginning_in(sheet.read.tables, below)]
        rest = _without(sheet.source.text, below, parts)
        if not re.sub(FOLDING, "", rest).strip("\r\n \t-*_|•·"):
            yield heading.span.start


def _without(text: str, span: Span, parts: Sequence[Span]) -> str:
    """What the text has at the span, without those parts of it."""
    pieces, place = [], span.start
    for part in sorted(parts):
        pieces.append(text[place : max(part.start, place)])
        place = max(part.end, place)
    return "".join([*pieces, text[place : span.end]])


class Asked(NamedTuple):
    """A place that asks: what stands there, and where the answer begins and ends at the latest."""

    heading: Heading
    marker: Marker | None
    title: str
    title_span: Span
    asked_until: int
    ends: int | None = None


class Reading(NamedTuple):
    """One way of reading the questions of a sheet.

    `key` is how the settings name it, `what` how a person is told. `weight` says how much speaks
    for each of its questions: 1 where they ask, and look as nothing else does. A reading of no
    weight needs other files that are read so. `least` is the number of questions that it takes to
    be believed.
    """

    key: str
    what: str
    asked: tuple[Asked, ...]
    weight: float
    least: int = 3

    @property
    def score(self) -> float:
        return len(self.asked) * self.weight


class Row(NamedTuple):
    """What may name a question in an index: an item of a list, a cell, a line."""

    span: Span
    text: str
    text_span: Span
    links: tuple[Link, ...]


class Listing(NamedTuple):
    """What may be an index: rows of one kind."""

    kind: str
    span: Span
    rows: tuple[Row, ...]


class Section(NamedTuple):
    """A question with its answer, and the heading of the group that it stands in."""

    asked: Asked
    body: Span
    group: str


def sections(sheet: Sheet, asked: Sequence[Asked]) -> Iterator[Section]:
    """The questions in order, each with what stands below it.

    An answer ends where the next question begins, or at a heading that begins a group: one that is
    as high as the question's own, or as the one that the question stands under. Behind that one
    others may follow that part the group, down to the level of the question.
    """
    source, headings = sheet.source, sheet.outer_headings
    asking = {one.heading.span for one in asked}
    group, level, place = "", DEEPEST_LEVEL, 0
    for index, one in enumerate(asked):
        start = one.heading.span.start
        levelled = bool(one.heading.level) and not one.heading.nested
        own = one.heading.level if levelled else DEEPEST_LEVEL
        lowest = level if index else own
        while place < len(headings) and headings[place].span.start < start:
            heading = headings[place]
            if heading.span not in asking and heading.level <= lowest:
                group, level, lowest = heading.group, heading.level, own
            place += 1
        if levelled:
            level = own
        end = asked[index + 1].heading.span.start if index + 1 < len(asked) else len(source.text)
        if one.ends is not None:
            end = min(end, one.ends)
        after = place
        while after < len(headings) and headings[after].span.start < end:
            heading = headings[after]
            if heading.level <= level and heading.span.start >= one.asked_until:
                end = heading.span.start
            after += 1
        if one.ends is None or end < one.ends:
            end = line_start(source, end)
        yield Section(one, Span(min(one.asked_until, end), end), group)


def line_start(source: Source, offset: int) -> int:
    """Where the line of the offset begins; the end of the text stays as it is."""
    if offset >= len(source.text):
        return len(source.text)
    return source.line_span(source.line_of(offset)).start


def next_line(source: Source, offset: int) -> int:
    """Where the line behind the one of the offset begins."""
    line = source.line_of(max(offset - 1, 0)) + 1
    return source.line_span(line).start if line <= source.line_count else len(source.text)


def items_by_line(sheet: Sheet) -> Mapping[int, tuple[ItemList, ListItem]]:
    """The items by where their lines begin; of several on one line the innermost."""
    return {item.span.start: (each, item) for each in sheet.read.lists for item in each.items}
