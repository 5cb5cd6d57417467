"""Paths become Markdown files, each with the root of the tree that it belongs to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from dsqa import git
from dsqa.config import Config, Misuse, matches
from dsqa.sight import look, walk
from dsqa.target import MARKDOWN_SUFFIXES
from dsqa.workspace import NOT_OURS


class File(NamedTuple):
    """A file to look at: where it lies, the root it belongs to, and its path below that root."""

    place: Path
    root: Path

    @property
    def path(self) -> str:
        return self.place.relative_to(self.root).as_posix()


def discover(
    paths: Sequence[str],
    folder: Path,
    config: Config,
    *,
    force_exclude: bool = False,
    staged: bool = False,
) -> tuple[File, ...]:
    """The files that the paths mean, seen from the folder; without paths, the folder itself.

    A file that is named is taken whatever it is called, and though it is excluded, unless
    `force_exclude`. Of a folder, the Markdown that git does not ignore, and links of such a name,
    wherever they lead. What is there under two names is taken once. What is only `staged`, and not
    on disk, counts where that is asked for.
    Raises Misuse for a path that is no path.
    """
    found: set[Path] = set()
    if not all(paths):
        raise Misuse("an empty path means nothing; the working folder is `.`")
    for path in paths or ["."]:
        place = Path(os.path.normpath(folder / path))
        look(place)
        if os.path.isdir(place) and _leads_inside(place, folder):
            files = _markdown(place, staged=staged)
            found.update(file for file in files if not excluded(file, config))
        elif not (force_exclude and excluded(place, config)):
            found.add(place)
    names = {os.path.realpath(file): file for file in sorted(found, key=_preference, reverse=True)}
    return tuple(File(file, root_of(file, folder)) for file in sorted(names.values()))


def _leads_inside(place: Path, folder: Path) -> bool:
    """Whether the folder at the place is one of the tree that the place is in."""
    top = os.path.realpath(root_of(place / "any", folder))
    return git.is_within(os.path.realpath(place), top)


def _preference(file: Path) -> tuple[bool, Path]:
    """Of several names of a file, the one that is no link is the least."""
    return os.path.islink(file), file


def root_of(place: Path, folder: Path) -> Path:
    """The top of the checkout that holds the file; without git the working folder, or its own."""
    for parent in place.parents:
        git.look_for_mark(parent)
        if os.path.exists(parent / git.MARK):
            return parent
    return folder if folder in place.parents else place.parent


def whole_trees(paths: Sequence[str], folder: Path, files: Iterable[File]) -> frozenset[Path]:
    """The roots of the files that were asked for with all that is below them."""
    asked = {Path(os.path.normpath(folder / path)) for path in paths or ["."]}
    return frozenset(
        root
        for root in {file.root for file in files}
        if root in asked or (os.path.exists(root / git.MARK) and not asked.isdisjoint(root.parents))
    )


def excluded(place: Path, config: Config) -> bool:
    """Whether the settings leave the place out."""
    if not place.is_relative_to(config.folder):
        return False
    path = place.relative_to(config.folder).as_posix()
    return any(matches(pattern, path) for pattern in config.exclude)


def _markdown(folder: Path, *, staged: bool) -> Iterator[Path]:
    names = git.not_ignored(folder)
    unseen: list[str] = []
    files = _walk(folder, unseen) if names is None else (folder / name for name in names)
    for file in files:
        if file.suffix.lower() in MARKDOWN_SUFFIXES and (staged or _is_there(file)):
            yield file
    yield from map(Path, unseen)


def _is_there(place: Path) -> bool:
    look(place)
    return os.path.isfile(place) or os.path.islink(place)


def _walk(folder: Path, unseen: list[str]) -> Iterator[Path]:
    """What is not hidden in the folder and those below it; `unseen` takes what cannot be listed."""
    for place, folders, names in walk(str(folder), unseen):
        look(place)
        # what a link leads to must not decide whether it is seen: that lies elsewhere
        linked = [name for name in folders if os.path.islink(os.path.join(place, name))]
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in NOT_OURS
        )
        yield from (Path(place, name) for name in sorted([*names, *linked]))
