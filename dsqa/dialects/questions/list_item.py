"""A question is an item of a list: `* What is recall?`, with or without an answer inside it.

A list is read so if its items ask, and none of them is a link to somewhere else: such a list is an
index. A numbered list may be interrupted by the answers, and goes on below them.
"""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.dialects import marker as markers
from dsqa.dialects.sheet import Asked, Reading, Sheet, next_line
from dsqa.dialects.wording import Wording, likeness, marked, wording
from dsqa.document import Heading, ItemList, ListItem, Marker
from dsqa.source import Span

KEYS = ("item", "item-label", "item-number")
LEAST_LIKENESS = 0.6
LEAST_MARKED = 0.3
LEAST_OF_LIST = 0.4
WEIGHT = 0.5
"""Any text may have lists of questions; so this is the last way to think of."""
ASKING = frozenset({Wording.MARKED, Wording.ASKING, Wording.TELLING})


def readings(sheet: Sheet) -> Iterator[Reading]:
    lists = [each for each in sheet.outer_lists if not _is_index(each)]
    labelled = tuple(
        asked
        for each in lists
        for item in each.items
        if (marker := markers.read_marker(sheet.source, item.text_span))
        for asked in [_asked(sheet, each, item, marker)]
    )
    if labelled:
        what = "the items of lists that begin with a label and a number"
        yield Reading("item-label", what, labelled, WEIGHT, least=2)
    for ordered, key in ((False, "item"), (True, "item-number")):
        chosen = [each for each in lists if each.ordered is ordered and _asks(each)]
        asked = tuple(
            _asked(sheet, each, item, _ordinal(item) if ordered else None)
            for each in chosen
            for item in each.items
            if item.text.strip()
        )
        if asked:
            titles = [one.title for one in asked]
            like = likeness(titles)
            steady = 1.0
            if ordered:
                steady = markers.steadiness([one.marker for one in asked if one.marker])
            what = "the items of numbered lists" if ordered else "the items of lists"
            asks = like >= LEAST_LIKENESS and marked(titles) >= LEAST_MARKED
            weight = WEIGHT * like * steady if asks else 0.0
            yield Reading(key, what, asked, weight, least=4)


def _is_index(each: ItemList) -> bool:
    """Whether most items are links and hardly anything else."""
    linked = [
        item
        for item in each.items
        if item.links and 2 * len(item.links[0].text.strip()) >= len(item.text.strip())
    ]
    return bool(linked)


def _asks(each: ItemList) -> bool:
    texts = [item.text for item in each.items]
    return sum(wording(text) in ASKING for text in texts) >= LEAST_OF_LIST * len(texts)


def _ordinal(item: ListItem) -> Marker | None:
    if item.ordinal is None:
        return None
    number = Span(item.mark_span.start, item.mark_span.end - len(item.mark))
    return Marker(
        text=f"{item.ordinal}{item.mark} ",
        label="",
        numeral=str(item.ordinal),
        number=item.ordinal,
        span=Span(item.mark_span.start, max(item.text_span.start, item.mark_span.end)),
        number_span=number,
        name_span=number,
    )


def _asked(sheet: Sheet, each: ItemList, item: ListItem, marker: Marker | None) -> Asked:
    source = sheet.source
    line = source.line_span(source.line_of(item.span.start))
    whole = Span(item.span.start, max(line.end, item.text_span.end))
    inside = bool(marker and marker.label)
    title = markers.words_after(marker, item.text) if marker and inside else item.text
    start = marker.span.end if marker and inside else item.text_span.start
    heading = Heading(whole, 0, item.text, item.text_span, "", nested=True, style="item")
    words = Span(start, max(item.text_span.end, start))
    until = next_line(source, whole.end)
    ends = None
    if len(each.items) > 1:
        ends = next_line(source, item.span.end)
        until = min(until, ends)
    return Asked(heading, marker, " ".join(title.split()), words, until, ends)
