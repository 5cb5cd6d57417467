"""How the questions of a sheet are marked: of all ways to read it, the one that most speaks for."""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dsqa.dialects import ways_to_ask
from dsqa.dialects.sheet import Asked, Reading, Section, Sheet, sections
from dsqa.dialects.wording import likeness, marked
from dsqa.words import fold

LIKE_QUESTIONS = 0.6
"""So many of what stands beside the questions must ask to be questions of another form."""
FEWEST_BESIDE = 3
LEAST_MARKED = 0.3
THIN = 1.3
"""A reading that outweighs the next one by less than this is doubtful."""
HABIT = 0.5
"""A way that so large a share of the other files is written in is a habit."""
FEWEST_OF_HABIT = 2
VOTED = 0.9
COVERED = 0.6
LEAST_LIKENESS = 0.3
HOUSEKEEPING = re.compile(
    r"""
    (?: \A | / ) (?: \.github/ .* | (?: authors | changelog | changes | code[_-]of[_-]conduct
      | contribut(?: ing | ors ) | governance | history | licen[cs]e | maintainers | security
      | support | [a-z_-]* template ) (?: \b [^/]* )? ) \Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Files about the work itself: what asks in there is not for the reader to answer."""
LAST_RESORT = "item"
NEVER_BESIDE = ("item-label", "heading", "file")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person has settled about the reading of a file, by the names of the ways."""

    question: str = ""
    answer: str = ""
    index: str = ""


FREE = Choice()


class Detection(NamedTuple):
    """The readings that speak for themselves, the best one first, and what it comes to.

    `beside` are readings of what the best one leaves out. `open` says that other files may tell
    more: none is believed, or none clearly.
    """

    believed: tuple[Reading, ...]
    beside: tuple[Reading, ...]
    sections: tuple[Section, ...]
    open: bool
    voted: bool = False

    @property
    def best(self) -> Reading | None:
        return self.believed[0] if self.believed else None

    @property
    def margin(self) -> float:
        """How many times the best reading outweighs the next one."""
        if len(self.believed) < 2:
            return float("inf")
        return self.believed[0].score / self.believed[1].score


def detect(sheet: Sheet, habits: Mapping[str, int] | None = None, key: str = "") -> Detection:
    """The readings of the sheet.

    `habits` says how many of the other files are read by which key. A `key` is a person's choice.
    """
    candidates = [reading for read in ways_to_ask() for reading in read(sheet)]
    if habits:
        candidates = [_voted(sheet, reading, habits) for reading in candidates]
    believed = [r for r in candidates if r.weight > 0 and len(r.asked) >= r.least]
    if HOUSEKEEPING.search(sheet.source.path):
        believed = [reading for reading in believed if reading.weight > 1]
    believed.sort(key=lambda reading: (-reading.score, reading.key))
    if key:
        chosen = [reading for reading in candidates if reading.key == key]
        believed = [*chosen, *(one for one in believed if chosen and one.key != key)]
    return _detection(sheet, believed, candidates)._replace(voted=bool(habits))


def _detection(
    sheet: Sheet, believed: Sequence[Reading], candidates: Sequence[Reading]
) -> Detection:
    if not believed:
        hopeful = any(likeness([a.title for a in r.asked]) >= LIKE_QUESTIONS for r in candidates)
        listed = any(_covered(sheet, reading) >= COVERED for reading in candidates)
        return Detection((), (), (), hopeful or listed)
    best, *others = believed
    asked, beside = best.asked, []
    for other in (*others, *(one for one in candidates if one not in believed)):
        if left := _left_out(sheet, asked, other):
            asked = tuple(sorted((*asked, *left), key=lambda one: one.heading.span))
            beside.append(other._replace(asked=left))
    known = {one.key for one in beside}
    rivals = [one for one in others if one.key not in known and not _same(one, best)]
    thin = bool(rivals) and best.score < THIN * rivals[0].score
    thin = thin or best.key.startswith(LAST_RESORT)
    return Detection((best, *rivals), tuple(beside), tuple(sections(sheet, asked)), thin)


def _same(one: Reading, other: Reading) -> bool:
    """Whether both read mostly the same places."""
    places = {asked.heading.span for asked in other.asked}
    shared = sum(asked.heading.span in places for asked in one.asked)
    return 2 * shared >= min(len(one.asked), len(places))


def _left_out(sheet: Sheet, asked: Sequence[Asked], other: Reading) -> tuple[Asked, ...]:
    """What the other reading finds outside of all questions and answers, if that asks."""
    if other.key.startswith(NEVER_BESIDE):
        return ()
    covered = [(one.asked.heading.span.start, one.body.end) for one in sections(sheet, asked)]
    left = tuple(one for one in other.asked if not _inside(one, covered))
    titles = [one.title for one in left]
    known = {fold(one.title) for one in asked}
    if len(left) < FEWEST_BESIDE or any(fold(title) in known for title in titles):
        return ()
    asks = likeness(titles) >= LIKE_QUESTIONS and marked(titles) >= LEAST_MARKED
    return left if asks else ()


def _inside(one: Asked, covered: Sequence[tuple[int, int]]) -> bool:
    start = one.heading.span.start
    place = bisect.bisect_right(covered, (start, start)) - 1
    after = place + 1 < len(covered) and covered[place + 1][0] < one.heading.span.end
    return after or (place >= 0 and start < covered[place][1])


def _voted(sheet: Sheet, reading: Reading, habits: Mapping[str, int]) -> Reading:
    """The reading, believed if it is what the other files are used to."""
    share = habits.get(reading.key, 0) / sum(habits.values())
    titles = [one.title for one in reading.asked]
    many = share and (habits[reading.key] >= FEWEST_OF_HABIT or marked(titles) == 1.0)
    usual = share >= HABIT and many
    asks = likeness(titles) >= LEAST_LIKENESS
    if usual and (asks or _covered(sheet, reading) >= COVERED):
        return reading._replace(weight=max(reading.weight, VOTED), least=1)
    return reading


def _covered(sheet: Sheet, reading: Reading) -> float:
    """To how large a share of the headings a link leads that stands before them."""
    places = [one.heading.span.start for one in reading.asked if one.heading.genuine]
    return sum(place in sheet.listed for place in places) / max(len(places), 4)
