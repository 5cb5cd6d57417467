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

    `young` are those that had changed just then, so that one more change might not show in their
    state. `listed` are the names in folders; parts of a run rest on these alone, which stay the
    same where a file takes the place of another. As a context it sees what is looked at inside, if
    there is a run that wants to know.
    """

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self.young: set[str] = set()
        self.listed: dict[str, str] = {}

    @property
    def blurred(self) -> bool:
        """Whether one cannot rest on it: something was young, or there is too much of it."""
        return bool(self.young) or len(self.states) > MOST_PLACES

    def note(self, place: str) -> None:
        if place not in self.states:
            self.states[place] = seen = state(place)
            if _is_young(seen):
                self.young.add(place)

    def names(self, folder: str) -> str:
        """The names in the folder, as short as they can be told."""
        if folder not in self.listed:
            self.listed[folder] = _names(folder)
        return self.listed[folder]

    def add(self, other: Sight) -> None:
        """Know also what another has seen, unless this one knows it already."""
        self.states = {**other.states, **self.states}
        self.listed = {**other.listed, **self.listed}
        self.young |= other.young

    def __enter__(self) -> Sight:
        if _looking:
            _looking.append(self)
        return self

    def __exit__(self, *error: object) -> None:
        if _looking:
            _looking.pop()


class Aside:
    """A context in which the whole run looks at something, but no part of it."""

    def __enter__(self) -> None:
        self.parts = _looking[1:]
        del _looking[1:]

    def __exit__(self, *error: object) -> None:
        _looking.extend(self.parts)


_looking: list[Sight] = []
"""The sight of the run, if it wants to know, and those of its parts; none for a mere library."""


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
    if not _looking:
        return
    whole, *parts = _looking
    for place in places:
        name = os.fspath(place)
        whole.note(name)
        for part in parts:
            part.states[name] = whole.states[name]
            if name in whole.young:
                part.young.add(name)


def look_at_names(folder: str) -> None:
    """Say that the run rests on what there is in the folder: names, and which of them are folders.

    In the sight of parts it is told by its path with a separator behind it.
    """
    if _looking:
        whole, *parts = _looking
        whole.note(folder)
        for part in parts:
            part.states[f"{folder}{os.sep}"] = whole.names(folder)


def look_again(seen: Sight) -> None:
    """Say that what follows rests on what another part of the run has seen."""
    for part in _looking[1:]:
        part.states |= seen.states
        part.young |= seen.young


def rest_on(name: str, answer: str = "") -> None:
    """Say that a part of the run rests on an answer, and not on all the places that gave it."""
    for part in _looking[1:]:
        part.states[name] = answer


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


def _names(folder: str) -> str:
    from hashlib import blake2b

    try:
        with os.scandir(folder) as entries:
            told = sorted(f"{entry.name}/{_is_folder(entry)}" for entry in entries)
    except OSError:
        return GONE
    return blake2b(os.fsencode("/".join(told)), digest_size=16).hexdigest()


def _is_young(state: str) -> bool:
    if state in (ASTRAY, GONE):
        return False
    now = time.time_ns()
    changes = map(int, state.split()[:2])
    return any(now - change < (TICK if change % SECOND else COARSE_TICK) for change in changes)
