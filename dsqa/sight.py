"""What a run looks at on the disk, so that one can tell later whether it would see the same.

It is imported at every start, so it imports nothing that the interpreter has not yet.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PLACES = 50_000
TICK = 100_000_000
"""Nanoseconds within which two changes of a file may bear the same time."""
COARSE_TICK = 2_000_000_000
SECOND = 1_000_000_000
GIT = ".git"
"""A folder in which git looks for nothing that people made."""
ASTRAY = "astray"
"""The state of a link that leads to nothing."""
GONE = ""
"""The state of a place where nothing is."""


class Sight:
    """The places that were looked at, each with its state before the first look.

    It is `blurred` if one cannot rest on it: because a place had changed just then, so that one
    more change might not show in its state; because one changed meanwhile; or because there are too
    many of them.
    """

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self.blurred = False

    def note(self, place: str) -> None:
        if place not in self.states:
            self.states[place] = seen = state(place)
            self.blurred = self.blurred or len(self.states) > MOST_PLACES or _is_young(seen)

    def add(self, other: Sight) -> None:
        """Know also what another process has seen of the same run."""
        both = self.states.keys() & other.states.keys()
        changed = any(self.states[place] != other.states[place] for place in both)
        self.blurred = self.blurred or other.blurred or changed
        self.states |= other.states


_looking: list[Sight] = []
"""One, while somebody wants to know; none in a program that only uses the library."""


def begin() -> Sight:
    """What is looked at from now on."""
    _looking[:] = [Sight()]
    return _looking[0]


def end() -> None:
    """Look at nothing any more."""
    _looking.clear()


def so_far() -> Sight | None:
    """What was looked at, if somebody wants to know."""
    return _looking[0] if _looking else None


def look(*places: str | os.PathLike[str]) -> None:
    """Say that the run rests on what is at the places, or on nothing being there.

    It has to be said before the look. What is in a folder is told by the folder's own state, but
    not what is in the files and folders inside it.
    """
    for seen in _looking:
        for place in places:
            seen.note(os.fspath(place))


def look_below(folder: str, *files: str, without: frozenset[str] = frozenset()) -> None:
    """Say that the run rests on which names there are in the folder and in all folders below it.

    And on what is in the files of these names. `without` are folders that do not count; nor does
    what git keeps for itself.
    """
    for place, folders, names in walk(folder) if _looking else ():
        look(place, *(os.path.join(place, name) for name in names if name in files))
        below = {name: os.path.join(place, name) for name in folders if name != GIT}
        folders[:] = [name for name, path in below.items() if path not in without]
        if len(_looking[0].states) > MOST_PLACES:
            return


def walk(
    folder: str, unseen: list[str] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """As os.walk, in trees of any depth; Python 3.11 calls itself for each folder of the way down.

    `unseen` takes the folders that cannot be listed.
    """
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        folders: list[str] = []
        names: list[str] = []
        links: set[str] = set()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    (folders if _is_folder(entry) else names).append(entry.name)
                    if entry.is_symlink():
                        links.add(entry.name)
        except OSError:
            if unseen is not None:
                unseen.append(place)
            continue
        yield place, folders, names
        waiting += [os.path.join(place, name) for name in reversed(folders) if name not in links]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


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
    if state in (ASTRAY, GONE):
        return False
    now = time.time_ns()
    changes = map(int, state.split()[:2])
    return any(now - change < (TICK if change % SECOND else COARSE_TICK) for change in changes)
