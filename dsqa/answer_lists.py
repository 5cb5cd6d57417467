"""Lists in answers that are none, or take in what was not meant to be in them."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dsqa.document import Document, ItemList
from dsqa.source import Span

LIKE_A_MARK = re.compile(
    r"""
    [ \t>]*
    (?P<mark>
      (?P<ordinal> [0-9]{1,2} ) (?: \)?\. | \) | [ ]?- (?= \s ) ) (?= \s* [^\W\d] )
      | (?P<letter> [A-Za-z] ) (?: \)\. | [.)-] ) (?= [ \t]+ \S )
    )
    """,
    re.VERBOSE,
)
NEW_SENTENCE = re.compile(r"[ \t]*[*_\"'“‘(\[]*(?P<first>[^\W_])")
OPEN_END = re.compile(r"(?: [ ]{2} | \\ | [,\-–—] )\Z", re.VERBOSE)
SENTENCE_END = re.compile(r"[.!?:;)\]”\"'*_。！？：；]\s*\Z")
SHORT_LINE = 60
"""Characters; a shorter line was not wrapped, it ends where its author wanted it to end."""


def swallowed_line(document: Document, each: ItemList) -> Span | None:
    """The first line below the list that its last item takes in, where the others take in none.

    Not a line that goes on with a sentence, and not one that is indented on purpose.
    """
    *others, last = each.items
    if not others or not last.lazy or any(item.lazy for item in others):
        return None
    source, line = document.source, last.lazy[0]
    text, above = source[line], source[source.line_span(source.line_of(line.start) - 1)]
    begun = NEW_SENTENCE.match(text)
    ended = (SENTENCE_END.search(above) or len(above) < SHORT_LINE) and not OPEN_END.search(above)
    within = len(text) - len(text.lstrip()) >= source.position(last.mark_span.start).column
    return line if begun and not begun["first"].islower() and ended and not within else None


class HandMadeMark(NamedTuple):
    """What looks like the mark of an item, but stands in running text: `b)` is the 2nd of `a`."""

    span: Span
    kind: str
    place: int


def hand_made_marks(document: Document, answer: Span, lists: Sequence[ItemList]) -> Iterator[Span]:
    """The marks that have a neighbour: one counts alone, or a list goes on where they end."""
    items = {item.text_span.start for each in lists for item in each.items}
    marks = (mark for mark in marks_in_text(document, answer) if mark.span.start not in items)
    numbered = [each for each in lists if each.ordered]
    starts = [each.span.start for each in numbered]
    for run in consecutive(marks):
        first, last = run[0], run[-1]
        following = bisect.bisect(starts, last.span.start)
        before = numbered[max(following - 1, 0) : following]
        after = numbered[following : following + 1]
        goes_on = any(each.items[0].ordinal == last.place + 1 for each in after)
        continues = any(each.items[-1].ordinal == first.place - 1 for each in before)
        if first.kind != "1":
            goes_on = continues = False
        if (first.place == 1 and (len(run) > 1 or goes_on)) or continues:
            yield from (mark.span for mark in run)


def consecutive(marks: Iterable[HandMadeMark]) -> Iterator[list[HandMadeMark]]:
    """The marks in runs that count upwards by one."""
    run: list[HandMadeMark] = []
    for mark in marks:
        if run and (mark.kind, mark.place) != (run[-1].kind, run[-1].place + 1):
            yield run
            run = []
        run.append(mark)
    if run:
        yield run


def marks_in_text(document: Document, answer: Span) -> Iterator[HandMadeMark]:
    """All that looks like a mark at the beginning of a line of a paragraph."""
    source = document.source
    for paragraph in document.paragraphs_in(answer):
        for line in range(source.line_of(paragraph.start), source.line_of(paragraph.end - 1) + 1):
            start = max(source.line_span(line).start, paragraph.start)
            match = LIKE_A_MARK.match(source.text, start, paragraph.end)
            if not match or document.in_code(Span(*match.span("mark"))):
                continue
            letter = match["letter"] or ""
            kind = "1" if not letter else "a" if letter.islower() else "A"
            place = ord(letter.lower()) - ord("a") + 1 if letter else int(match["ordinal"])
            yield HandMadeMark(Span(*match.span("mark")), kind, place)
