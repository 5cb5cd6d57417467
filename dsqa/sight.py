"""What a run looks at on the disk, so that one can tell later whether it would see the same.

It is imported at every start, so it imports nothing that the interpreter has not yet.
"""

from __future__ import annotations

import os
import time

MOST_PLACES = 50_000
TICK = 100_000_000
"""Nanoseconds within which two changes of a file may bear the same time."""
COARSE_TICK = 2_000_000_000
SECOND = 1_000_000_000
GIT = ".git"
"""A folder in which git looks for nothing that people made."""
GONE = ""
"""The state of a place where nothing is."""
ASTRAY = "a link to nothing"


class Sight:
    """The places that were looked at, each with its state before the first look.

    It is `blurred` if a place had changed just then, so that one more change might not show in its
    state, or if there are too many places to look at them all again.
    """

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self.blurred = False

    def note(self, place: str) -> None:
        if place not in self.states and not self.blurred:
            self.states[place] = seen = state(place)
            self.blurred = len(self.states) > MOST_PLACES or _is_young(seen)

    def add(self, other: Sight) -> None:
        """Know also what another process has seen that knew what this one knew."""
        self.states = {**other.states, **self.states}
        self.blurred = self.blurred or other.blurred


_seen: list[Sight] = []
"""One, while somebody wants to know; none in a program that only uses the library."""


def begin() -> Sight:
    """What is looked at from now on."""
    _seen[:] = [Sight()]
    return _seen[0]


def so_far() -> Sight | None:
    """What was looked at, if somebody wants to know."""
    return next(iter(_seen), None)


def look(*places: str | os.PathLike[str]) -> None:
    """Say that the run rests on what is at the places, or on nothing being there.

    It has to be said before the look. What is in a folder is told by the folder's own state, but
    not what is in the files and folders inside it.
    """
    for seen in _seen:
        for place in places:
            seen.note(os.fspath(place))


def look_below(folder: str, *files: str, without: frozenset[str] = frozenset()) -> None:
    """Say that the run rests on which names there are in the folder and in all folders below it.

    And on what is in the files of these names. `without` are folders that do not count; nor does
    what git keeps for itself.
    """
    for seen in _seen:
        for place, folders, names in os.walk(folder):
            for name in ("", *(name for name in names if name in files)):
                seen.note(os.path.join(place, name))
            places = {name: os.path.join(place, name) for name in folders if name != GIT}
            folders[:] = [name for name, below in places.items() if below not in without]
            if seen.blurred:
                return


def state(place: str) -> str:
    """What changes whenever what is at the place does: times of its last changes, size, number.

    Nobody can set the time of the last change of the status, or choose the number of a file.
    """
    try:
        found = os.stat(place)
    except (OSError, ValueError):
        return ASTRAY if os.path.islink(place) else GONE
    changed = f"{found.st_mtime_ns} {found.st_ctime_ns}"
    return f"{changed} {found.st_size} {found.st_ino} {found.st_mode}"


def _is_young(state: str) -> bool:
    if state in (GONE, ASTRAY):
        return False
    now = time.time_ns()
    changes = map(int, state.split()[:2])
    return any(now - change < (TICK if change % SECOND else COARSE_TICK) for change in changes)
