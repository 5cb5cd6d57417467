"""What a change did to files: which have another path now, and which of their lines are new."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dsqa.git import Checkout, Incomparable, answer, ask, unfiltered

HUNK = re.compile(
    rb"@@ -(?P<old>[0-9]+)(?:,(?P<olds>[0-9]+))? \+(?P<new>[0-9]+)(?:,(?P<news>[0-9]+))? @@"
)
HEADER = b"diff --git "
OPTIONS = (
    "--text",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--ignore-submodules",
    "-M",
    "-l1000",
)


@dataclass(frozen=True, slots=True, order=True)
class Hunk:
    """Lines in a row that were replaced by others; either may be none. Lines count from 1.

    Where there are none on a side, that side names the line above the place.
    """

    old: int
    olds: int
    new: int
    news: int


@dataclass(frozen=True)
class Change:
    """What became of a file; `former` is empty for a new one, `path` for one that is gone."""

    former: str
    path: str
    hunks: tuple[Hunk, ...] = field(default=())

    def touches(self, first: int, last: int) -> bool:
        """Whether one of the lines, as they are counted now, is new."""
        if not self.former:
            return True
        place = bisect.bisect_right(self.hunks, last, key=lambda hunk: hunk.new) - 1
        while place >= 0:
            hunk = self.hunks[place]
            if hunk.news:
                return hunk.new + hunk.news > first
            place -= 1
        return False

    def replaced(self, first: int, last: int) -> Sequence[Hunk]:
        """The hunks that begin at those lines of before."""
        start = bisect.bisect_left(self.hunks, first, key=lambda hunk: hunk.old)
        return self.hunks[start : bisect.bisect_right(self.hunks, last, key=lambda hunk: hunk.old)]

    def carried(self, line: int) -> tuple[int, bool]:
        """Where a line of before is now, or what stands in its place, and whether it changed."""
        place = bisect.bisect_right(self.hunks, line, key=lambda hunk: hunk.old) - 1
        if place < 0:
            return line, False
        hunk = self.hunks[place]
        if hunk.olds and line < hunk.old + hunk.olds:
            return hunk.new + min(line - hunk.old, max(hunk.news - 1, 0)), True
        return line - _end(hunk.old, hunk.olds) + _end(hunk.new, hunk.news), False


def _end(start: int, count: int) -> int:
    """The line behind those of a side of a hunk."""
    return start + count if count else start + 1


def changes(checkout: Checkout, base: str, *, staged: bool) -> Mapping[str, Change]:
    """What changed since the base, by the present path; by the former one for what is gone.

    Compared are the files on disk, or what is staged. Raises Incomparable.
    """
    before = () if staged else unfiltered(checkout.root)
    words = (*before, "diff", *OPTIONS, *(("--cached",) if staged else ()))
    index = checkout.index_in_making if staged else ""
    listed = ask(checkout.root, *words, "--raw", "-z", base, "--", index=index)
    text = answer(checkout.root, *words, "-U0", base, "--", index=index)
    paths = list(_paths(listed or ()))
    blocks = list(_hunks(text or b""))
    if listed is None or text is None or sum(parts for *_, parts in paths) != len(blocks):
        raise Incomparable("git cannot tell what changed; are there conflicts to be resolved?")
    following = iter(blocks)
    found = (
        Change(former, path, tuple(hunk for _ in range(parts) for hunk in next(following)))
        for former, path, parts in paths
    )
    return {change.path or change.former: change for change in found}


def _paths(listed: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """The former and the present path of each file that git names, and how often it tells of it.

    What was a file and is a link, or the reverse, is told as gone and as new.
    """
    parts = iter(listed)
    for about in parts:
        status = about.rpartition(" ")[2][:1]
        former = next(parts)
        path = next(parts) if status in "RC" else former
        times = 2 if status == "T" else 1
        yield ("" if status in "AC" else former, "" if status == "D" else path, times)


def _hunks(text: bytes) -> Iterator[list[Hunk]]:
    """The hunks of each file, in the order in which git tells of them."""
    hunks: list[Hunk] | None = None
    for line in text.split(b"\n"):
        if line.startswith(HEADER):
            if hunks is not None:
                yield hunks
            hunks = []
        elif hunks is not None and (match := HUNK.match(line)):
            counts = (int(match[name] or 1) for name in ("old", "olds", "new", "news"))
            hunks.append(Hunk(*counts))
    if hunks is not None:
        yield hunks
