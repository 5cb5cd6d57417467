"""Which listings are an index of the questions, and which of their rows name one."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dsqa.dialects import marker as markers
from dsqa.dialects import ways_to_list
from dsqa.dialects.sheet import Listing, Row, Sheet
from dsqa.dialects.wording import Wording, wording
from dsqa.document import Entry, Link, Marker, Question
from dsqa.html import TAGS_ONLY
from dsqa.source import Span
from dsqa.target import decode
from dsqa.words import fold

BRACKETS = re.compile(r"\[(?P<label>[^\[\]]{1,1000})(?:\](?=\s*(?:\(|\Z))|\Z)")
"""What was to be a link, but has no address, or one that is none, or goes on in another block."""
LEAST_SHARE = 0.5
"""A listing is an index if at least so many of its rows name a question."""
NEARLY_ALL = 0.9
BETWEEN_NAME_AND_HEADING = re.compile(TAGS_ONLY)


@dataclass(frozen=True, eq=False)
class Asking:
    """The questions of a sheet, and how a row may name one: by label, words or address."""

    sheet: Sheet
    questions: Sequence[Question]

    @cached_property
    def starts(self) -> Sequence[int]:
        return [question.heading.span.start for question in self.questions]

    @cached_property
    def bodies(self) -> Sequence[Span]:
        return [question.answer.span for question in self.questions]

    @cached_property
    def titles(self) -> Collection[str]:
        return frozenset(fold(question.title) for question in self.questions)

    @cached_property
    def bare(self) -> bool:
        """Whether the headings of some have a number without a label."""
        return any(q.marker and not q.labelled and q.heading.genuine for q in self.questions)

    @cached_property
    def anchors(self) -> Mapping[str, str]:
        """The names in the sheet by what they are without letter case."""
        return {anchor.casefold(): anchor for anchor in reversed(tuple(self.sheet.anchors))}

    def leads_to(self, link: Link | None) -> Question | None:
        """The question to which a link inside the sheet leads."""
        name = self.anchor(link)
        if not name:
            return None
        place = self.sheet.anchors[name].start
        gap = BETWEEN_NAME_AND_HEADING.match(self.sheet.source.text, place)
        above = self.sheet.heading_before(place)
        titled = above is not None and place < above.span.end
        for start in (place, gap.end() if gap and not titled else place):
            at = bisect.bisect_right(self.starts, start) - 1
            if at >= 0 and start < self.questions[at].heading.span.end:
                return self.questions[at]
        return None

    def anchor(self, link: Link | None) -> str | None:
        """The name in the sheet to which the link leads, whatever its letter case."""
        if not link or not link.href.startswith("#"):
            return None
        name = decode(link.href[1:])
        return name if name in self.sheet.anchors else self.anchors.get(name.casefold())

    def answers(self, span: Span) -> bool:
        """Whether the span lies in an answer."""
        at = bisect.bisect_right(self.bodies, span.start, key=lambda body: body.start) - 1
        return at >= 0 and span in self.bodies[at]

    def asked_in(self, span: Span) -> bool:
        """Whether a question is asked in the span."""
        at = bisect.bisect_left(self.starts, span.start)
        return at < len(self.starts) and self.starts[at] < span.end


def entry_listings(
    sheet: Sheet, questions: Sequence[Question]
) -> Iterator[tuple[Listing, tuple[Entry, ...]]]:
    """The listings outside the answers that name questions, each with its entries."""
    asking = Asking(sheet, questions)
    for read in ways_to_list():
        for listing in read(sheet):
            if not listing.rows or asking.answers(listing.span) or asking.asked_in(listing.span):
                continue
            entries = tuple(_named(asking, listing))
            if entries:
                yield listing, entries


def _named(asking: Asking, listing: Listing) -> Iterator[Entry]:
    """The entries of a listing; none if too few of its rows name a question."""
    above = asking.sheet.heading_before(listing.span.start)
    group = above.group if above else ""
    found = [list(_entries(asking, row, group, listing)) for row in listing.rows]
    naming = [[entry for entry in row if _names(asking, entry)] for row in found]
    told = any(e.marker or e.link for row in naming for e in row if _tells(asking, e))
    if not (told or sum(map(len, naming)) > 1) or sum(map(bool, naming)) < LEAST_SHARE * len(
        listing.rows
    ):
        return
    mostly = sum(map(bool, naming)) >= NEARLY_ALL * len(listing.rows)
    for row in found:
        for entry in row:
            if _names(asking, entry) or _is_lost(asking, entry, mostly=mostly):
                yield entry


def _names(asking: Asking, entry: Entry) -> bool:
    return _tells(asking, entry) or asking.leads_to(entry.link) is not None


def _tells(asking: Asking, entry: Entry) -> bool:
    """Whether the label and the words alone say which question is meant."""
    labelled = entry.marker is not None and bool(entry.marker.label)
    return labelled or fold(entry.title) in asking.titles


def _is_lost(asking: Asking, entry: Entry, *, mostly: bool) -> bool:
    """Whether the entry asks, or stands among those that do, but leads nowhere in the sheet."""
    link = entry.link
    if link is None or link.text != entry.label or not link.href.startswith("#"):
        return link is not None and link.text == entry.label and not link.href
    asks = mostly or entry.marker is not None or wording(entry.title) is not Wording.NONE
    return asks and asking.anchor(link) is None


def _entries(asking: Asking, row: Row, group: str, listing: Listing) -> Iterator[Entry]:
    """What the row names: one question, or each of its links one."""
    source = asking.sheet.source
    links = [link for link in row.links if markers.read_marker(source, link.text_span)]
    if len(links) > 1:
        for one in links:
            yield _entry(asking, row, group, listing, one, one.text, one.text_span)
    elif row.text.strip():
        link = next(iter(row.links), None)
        label, span = row.text, row.text_span
        if link is not None and 2 * len(link.text.strip()) >= len(row.text.strip()):
            label, span = link.text, link.text_span
        brackets = BRACKETS.match(source.text, span.start, span.end)
        if link is None and brackets:
            span = Span(*brackets.span("label"))
            label = source[span]
        yield _entry(asking, row, group, listing, link, label, span)


def _entry(
    asking: Asking,
    row: Row,
    group: str,
    listing: Listing,
    link: Link | None,
    label: str,
    span: Span,
) -> Entry:
    marker, title = _marked(asking, label, span)
    return Entry(row.span, label, span, marker, title, link, group, listing=listing.span)


def _marked(asking: Asking, label: str, span: Span) -> tuple[Marker | None, str]:
    """The number in the label, and the words; a bare number counts where questions have them."""
    source = asking.sheet.source
    if marker := markers.read_marker(source, span):
        return marker, markers.words_after_marker(label)
    marker = markers.read_number(source, span)
    if not marker or fold(label) in asking.titles:
        return None, label
    words = markers.words_after(marker, label)
    known = asking.bare or fold(words) in asking.titles
    return (marker, words) if known else (None, label)
