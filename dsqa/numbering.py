"""Whether the questions are numbered 1, 2, 3 …, and where their numbers go wrong."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from dsqa.document import Question

LENGTH = 1 << 32
"""What a number more weighs against a step from one number to the very next."""


class Slip(Enum):
    """In which way a number is wrong."""

    GAP = "gap"
    DUPLICATE = "duplicate"
    ORDER = "order"


Slipped = tuple[Slip, int, int | None, tuple[range, ...]]
"""A slip, its place, the other place, and what is missing."""


class Misnumbering(NamedTuple):
    """A question at which the numbering goes wrong.

    `other` is the one before a gap, the one that has the same number, or the one behind which it
    belongs; None if there is no such. `missing` are the numbers that a gap lacks.
    """

    slip: Slip
    question: Question
    other: Question | None
    missing: tuple[range, ...] = ()


def misnumberings(
    questions: Sequence[Question],
) -> Iterator[tuple[Sequence[Question], Sequence[Misnumbering]]]:
    """The runs of questions whose numbers go wrong, each with where they do, each defect once."""
    for run in runs(questions):
        numbers = [question.number for question in run if question.number is not None]
        wrong = [
            Misnumbering(slip, run[place], None if other is None else run[other], missing)
            for slip, place, other, missing in slips(numbers)
        ]
        if wrong:
            yield run, wrong


def renumbered(run: Sequence[Question], wrong: Sequence[Misnumbering]) -> Mapping[Question, int]:
    """The new numbers that mend the run, of all questions whose number changes by that.

    One gap is closed by what stands behind it. Of two questions of one number the first takes the
    one before if that is missing there, or else the second takes the next one and pushes the
    following as far as it must. Where that does not do, or where the run goes wrong in several
    places, all count upwards in the order in which they stand.
    """
    numbers = [question.number for question in run if question.number is not None]
    new = _mended(run, numbers, wrong[0]) if len(wrong) == 1 else numbers
    if list(slips(new)):
        first = min(numbers) if min(numbers) > 2 else 1
        new = list(range(first, first + len(numbers)))
    return {q: n for q, n in zip(run, new, strict=True) if n != q.number}


def _mended(run: Sequence[Question], numbers: list[int], wrong: Misnumbering) -> list[int]:
    """The numbers without the one slip that they have."""
    place, size = run.index(wrong.question), sum(map(len, wrong.missing))
    if wrong.slip is Slip.GAP:
        behind = [number - size if number >= numbers[place] else number for number in numbers]
        return [*numbers[:place], *behind[place:]]
    if wrong.other and _has_room_before(numbers, one := min(place, run.index(wrong.other))):
        return [*numbers[:one], numbers[one] - 1, *numbers[one + 1 :]]
    new = numbers[:place]
    for number in [0, *numbers[place + 1 :]]:
        new.append(max(number, new[-1] + 1 if new else 1))
    return new


def _has_room_before(numbers: Sequence[int], place: int) -> bool:
    """Whether the number at the place stands twice in a row, and the one before it is missing."""
    before = numbers[place - 1] if place else 0
    return numbers[place : place + 2] == [numbers[place]] * 2 and before == numbers[place] - 2


def runs(questions: Sequence[Question]) -> Iterator[list[Question]]:
    """The questions that are counted together: a new group may begin again at 1.

    Where some have numbers of several parts, `2-1`, the others are not counted by themselves.
    """
    run: list[Question] = []
    if any(question.marker and question.number is None for question in questions):
        return
    for question in questions:
        if question.number is None or (question.heading.style == "item" and not question.labelled):
            continue
        if run and question.number == 1 and question.group != run[-1].group:
            yield run
            run = []
        run.append(question)
    yield run


def slips(numbers: Sequence[int]) -> Iterator[Slipped]:
    """What is wrong with the numbers of a run.

    As many numbers as possible are taken to be right; those between them are duplicates if they
    occur elsewhere, else out of order. Both fill the gap in which they stand: somebody wrote
    another number instead of the next one.
    """
    kept = longest_rise(numbers)
    right = [numbers[place] for place in kept]
    first: dict[int, int] = {numbers[place]: place for place in kept}
    strays = sorted(set(range(len(numbers))).difference(kept))
    for place in strays:
        number = numbers[place]
        if number in first:
            yield Slip.DUPLICATE, place, first[number], ()
        else:
            first[number] = place
            before = bisect.bisect_left(right, number) - 1
            yield Slip.ORDER, place, kept[before] if before >= 0 else None, ()
    # a file may well go on from another one, but none begins with the second question
    if right and right[0] == 2 and 1 not in first:
        yield Slip.GAP, kept[0], None, (range(1, 2),)
    known = sorted(first)
    for before, after in itertools.pairwise(kept):
        stand_ins = bisect.bisect(strays, after) - bisect.bisect(strays, before)
        missing = tuple(_holes(known, numbers[before], numbers[after], stand_ins))
        if missing:
            yield Slip.GAP, after, before, missing


def _holes(known: Sequence[int], low: int, high: int, stand_ins: int) -> Iterator[range]:
    """The numbers between the two that are not known, without those that have a stand-in."""
    present = known[bisect.bisect(known, low) - 1 : bisect.bisect(known, high)]
    for one, next_one in itertools.pairwise(present):
        hole = range(one + 1, next_one)
        filled = min(stand_ins, len(hole))
        stand_ins -= filled
        if hole[filled:]:
            yield hole[filled:]


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """The places of as many numbers as possible that rise; of several choices the smoothest one."""
    values: list[int] = []
    weights: list[int] = []
    places: list[int] = []
    heaviest: dict[int, tuple[int, int]] = {}
    earlier: list[int | None] = []
    for place, number in enumerate(numbers):
        at = bisect.bisect_left(values, number)
        weight, before = (weights[at - 1] + LENGTH, places[at - 1]) if at else (LENGTH, None)
        if number - 1 in heaviest:
            stepped, neighbour = heaviest[number - 1]
            if stepped + LENGTH + 1 >= weight:
                weight, before = stepped + LENGTH + 1, neighbour
        earlier.append(before)
        if number in heaviest and heaviest[number][0] >= weight:
            continue
        heaviest[number] = weight, place
        lighter = bisect.bisect_right(weights, weight, lo=at)
        values[at:lighter], weights[at:lighter], places[at:lighter] = [number], [weight], [place]
    rise = []
    last = places[-1] if places else None
    while last is not None:
        rise.append(last)
        last = earlier[last]
    return rise[::-1]
