"""A question is a heading that begins with its number: `### Q7: What is recall? ###`.

With a label before the number, headings may change their level on the way. A bare number may as
well count the steps of a tutorial or the parts of an answer; so those of one level belong together,
and they have to ask, and to count upwards for long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from dsqa.dialects import marker as markers
from dsqa.dialects.sheet import Asked, Reading, Sheet, next_line
from dsqa.dialects.wording import likeness, marked
from dsqa.document import Heading, Marker

KEYS = ("numbered-heading",)
LABELLED = 1.5
NUMBERED = 1.2
"""Who numbers headings means something by it; who labels them means questions."""
LEAST_LIKENESS = 0.3
MANY = 8
LEAST_MARKED = 0.3
LEAST_COVERED = 0.6
Marked = list[tuple[Heading, Marker]]


def readings(sheet: Sheet) -> Iterator[Reading]:
    headings = sheet.outer_headings
    labelled = _marked(sheet, headings, markers.read_marker)
    if labelled:
        what = "headings that begin with a label and a number"
        yield Reading("numbered-heading", what, _asked(sheet, labelled), LABELLED, least=1)
    known = {heading.span for heading, _ in labelled}
    others = [heading for heading in headings if heading.span not in known]
    lettered = _marked(sheet, others, markers.read_lettered)
    for letter in sorted({marker.label for _, marker in lettered}):
        same = [(heading, marker) for heading, marker in lettered if marker.label == letter]
        what = f"headings that begin with `{letter}` and a number"
        weight = markers.steadiness([marker for _, marker in same])
        weight *= likeness([markers.words_after(m, h.text) for h, m in same])
        yield Reading(f"numbered-heading-{letter.lower()}", what, _asked(sheet, same), weight)
    hashed = _marked(sheet, others, markers.read_hashed)
    if hashed:
        weight = NUMBERED * markers.steadiness([marker for _, marker in hashed])
        yield Reading(
            "numbered-heading-hash", "headings such as `#7`", _asked(sheet, hashed), weight
        )
    yield from _bare(sheet, _marked(sheet, others, markers.read_number))


def _bare(sheet: Sheet, numbered: Marked) -> Iterator[Reading]:
    """Headings with a bare number: those of each level, and all if they make one count."""
    by_level = sorted(numbered, key=lambda pair: pair[0].level)
    levels = {level: list(same) for level, same in groupby(by_level, lambda pair: pair[0].level)}
    for level, same in levels.items():
        what = f"headings of level {level} that begin with a number"
        yield _reading(sheet, f"numbered-heading-{level}", what, same)
    counted = [markers.parts(marker) for _, marker in numbered]
    rising = all(before < after for before, after in pairwise(counted))
    if len(levels) > 1 and rising:
        key = f"numbered-heading-{'-'.join(map(str, levels))}"
        yield _reading(sheet, key, "headings that begin with a number", numbered)


def _reading(sheet: Sheet, key: str, what: str, numbered: Marked) -> Reading:
    asked = _asked(sheet, numbered)
    like = likeness([one.title for one in asked])
    covered = sum(one.heading.span.start in sheet.listed for one in asked) / len(asked)
    weight = max(like, 0.8 if covered >= LEAST_COVERED and like >= LEAST_LIKENESS else 0.0)
    weight *= NUMBERED * markers.steadiness([marker for _, marker in numbered])
    asks = like >= LEAST_LIKENESS and (
        len(asked) >= MANY or marked([one.title for one in asked]) >= LEAST_MARKED
    )
    return Reading(key, what, asked, weight if asks else 0.0)


def _marked(sheet: Sheet, headings: Sequence[Heading], read: markers.Reader) -> Marked:
    found = ((heading, read(sheet.source, heading.text_span)) for heading in headings)
    return [(heading, marker) for heading, marker in found if marker]


def _asked(sheet: Sheet, marked: Marked) -> tuple[Asked, ...]:
    following = dict(zip(sheet.headings, sheet.headings[1:], strict=False))
    return tuple(_one(sheet, heading, marker, following.get(heading)) for heading, marker in marked)


def _one(sheet: Sheet, heading: Heading, marker: Marker, below: Heading | None) -> Asked:
    """What the heading asks; a number alone stands above the words, which are a lower heading."""
    words = markers.words_after(marker, heading.text).strip()
    place = heading.text_span.end
    if not words and below and below.level > heading.level:
        between = sheet.source.text[heading.span.end : below.span.start]
        if not between.strip():
            until = next_line(sheet.source, below.span.end)
            return Asked(heading, marker, below.text.strip(), below.text_span, until)
    span = type(heading.span)(min(marker.span.end, place), place)
    return Asked(heading, marker, words, span, next_line(sheet.source, heading.span.end))
