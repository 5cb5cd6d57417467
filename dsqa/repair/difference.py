"""How two texts differ, line by line, as a unified diff tells it.

What is found need not be the least difference, but takes a time that grows with the texts alone: a
repair changes single lines, so that the next lines that agree are never far.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

CONTEXT = 3
"""How many lines around a change are shown."""
REACH = 32
"""How many lines are looked at on both sides for one that agrees, before only unique lines are."""


class Change(NamedTuple):
    """Lines in a row that were replaced by others, counted from 0; either may be none."""

    old: range
    new: range


def hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The lines of the hunks of a unified diff, each with its end."""
    group: list[Change] = []
    for change in changes(old, new):
        if group and change.old.start - group[-1].old.stop > 2 * CONTEXT:
            yield from _hunk(group, old, new)
            group = []
        group.append(change)
    if group:
        yield from _hunk(group, old, new)


def _hunk(group: Sequence[Change], old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The changes with the lines around them."""
    first, last = group[0], group[-1]
    before = min(CONTEXT, first.old.start)
    after = min(CONTEXT, len(old) - last.old.stop)
    olds = range(first.old.start - before, last.old.stop + after)
    news = range(first.new.start - before, last.new.stop + after)
    yield f"@@ -{_counted(olds)} +{_counted(news)} @@\n"
    place = olds.start
    for change in group:
        yield from (f" {line}" for line in old[place : change.old.start])
        yield from (f"-{line}" for line in old[change.old.start : change.old.stop])
        yield from (f"+{line}" for line in new[change.new.start : change.new.stop])
        place = change.old.stop
    yield from (f" {line}" for line in old[place : olds.stop])


def _counted(lines: range) -> str:
    """The lines as a hunk names them: where they begin, and how many they are."""
    if len(lines) == 1:
        return str(lines.start + 1)
    return f"{lines.start + 1 if lines else lines.start},{len(lines)}"


def changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Where the lines differ, in order."""
    unique = {line for line, times in (Counter(old) + Counter(new)).items() if times == 2}
    places = {line: place for place, line in enumerate(new) if line in unique}
    one = other = 0
    while one < len(old) or other < len(new):
        if old[one : one + 1] == new[other : other + 1]:
            one, other = one + 1, other + 1
            continue
        there = _near(old, new, one, other) or _far(old, places, one, other)
        stop, end = there or (len(old), len(new))
        yield Change(range(one, stop), range(other, end))
        one, other = stop, end


def _near(old: Sequence[str], new: Sequence[str], one: int, other: int) -> tuple[int, int] | None:
    """The nearest lines behind the two that agree, or all that is left.

    That is the next line on both sides, or else two lines in a row: most single ones are blank.
    """
    if old[one + 1 : one + 2] == new[other + 1 : other + 2] != ["\n"]:
        return min(one + 1, len(old)), min(other + 1, len(new))
    for distance in range(1, 2 * REACH + 1):
        for gone in range(max(distance - REACH, 0), min(distance, REACH) + 1):
            stop, end = one + gone, other + distance - gone
            rest = old[stop : stop + 2]
            if stop <= len(old) and end <= len(new) and rest == new[end : end + 2]:
                return stop, end
    return None


def _far(
    old: Sequence[str], places: dict[str, int], one: int, other: int
) -> tuple[int, int] | None:
    """The next line behind the two that both texts have once."""
    found = ((place, places.get(old[place], -1)) for place in range(one, len(old)))
    return next((pair for pair in found if pair[1] >= other), None)
