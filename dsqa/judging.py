"""Files are read and judged by as many processes as pay; and only those that have to be again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dsqa import cache
from dsqa.cache import Judged
from dsqa.config import Config
from dsqa.discovery import File
from dsqa.processes import processors, shared
from dsqa.rule import Rule
from dsqa.run import Reading, found_in, read, world_around
from dsqa.sight import Sight, so_far
from dsqa.source import Source
from dsqa.workspace import Workspace

WORTH_A_PROCESS = 256 * 1024
"""Bytes to read and judge for which a process of their own pays."""
WORTH_KEEPING = 12
"""So many files that it pays to keep what was found in each."""


class Told(NamedTuple):
    """What a process tells of its share of the files: what it found in each, and what it looked at.

    Not `complete` if dsqa itself failed at something.
    """

    judged: Mapping[File, tuple[Judged, Source]]
    seen: Sight | None
    complete: bool


def read_and_judge(
    files: Sequence[File],
    folder: Path,
    config: Config,
    chosen: Sequence[Rule],
    trees: frozenset[Path],
) -> Reading:
    """Read the files and judge them."""
    seen, worlds = so_far(), dict[Path, Workspace]()
    kept = None
    judged: dict[File, Judged] = {}
    if seen and len(files) >= WORTH_KEEPING:
        kept = cache.load(cache.question(config, chosen, files), seen)
        for file in files:
            worlds.setdefault(file.root, world_around(file, config, {}))
        judged = kept.judged(files, worlds)
    left = [file for file in files if file not in judged]
    shares = shares_of(left)
    if len(shares) < 2 and kept is None:
        return read(files, folder, config, trees=trees)

    def work(share: Sequence[File]) -> Told:
        found: dict[File, tuple[Judged, Source]] = {}
        for file in share:
            with Sight() as part:
                reading = read([file], folder, config, worlds=worlds)
                for item in reading.items:
                    findings = tuple(found_in(item, config, chosen))
                    facts, source = item.facts, item.document.source
            if reading.items:
                # what failed may do well the next time, or is to be told with its traceback
                lasting = not part.young and not any(one.unjudged for one in findings)
                found[file] = Judged(findings, facts, part.states, lasting), source
        failed = any(world.failed for world in worlds.values())
        return Told(found, so_far(), complete=not failed)

    texts: dict[Path, Source] = {}
    for told in shared(work, shares):
        if told is None or not told.complete:
            return read(files, folder, config, trees=trees)
        for file, (one, source) in told.judged.items():
            judged[file], texts[file.place] = one, source
        if seen and told.seen:
            seen.add(told.seen)
    if kept is not None and texts:
        kept.keep(judged, worlds)
    known = {file: one.facts for file, one in judged.items()}
    reading = read(files, folder, config, texts, trees, known=known)
    return reading._replace(judged={file: one.findings for file, one in judged.items()})


def shares_of(files: Iterable[File]) -> list[list[File]]:
    """The files in a share for each process that pays, with about as much to read in each."""
    sizes = {file: _size(file.place) for file in files}
    count = min(processors(), sum(sizes.values()) // WORTH_A_PROCESS, len(sizes))
    shares: list[list[File]] = [[] for _ in range(max(count, 1))]
    loads = [0] * len(shares)
    for file in sorted(sizes, key=lambda file: (-sizes[file], file)):
        least = loads.index(min(loads))
        shares[least].append(file)
        loads[least] += sizes[file]
    return shares


def _size(place: Path) -> int:
    try:
        return place.stat().st_size
    except (OSError, ValueError):
        return 0
