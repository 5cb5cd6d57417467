"""Files are read and judged by as many processes as pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from dsqa.config import Config
from dsqa.discovery import File
from dsqa.facts import Facts
from dsqa.finding import Finding
from dsqa.processes import processors, shared
from dsqa.rule import Rule
from dsqa.run import Reading, found_in, read
from dsqa.sight import Sight, so_far
from dsqa.source import Source

WORTH_A_PROCESS = 256 * 1024
"""Bytes to read and judge for which a process of their own pays."""


class Judged(NamedTuple):
    """What was found in a document, what is to be known of it, and its text."""

    findings: Sequence[Finding]
    facts: Facts
    source: Source


class Told(NamedTuple):
    """What a process tells of its share of the files: what it found in each, and what it looked at.

    Not `complete` if dsqa itself failed at something.
    """

    judged: Mapping[File, Judged]
    seen: Sight | None
    complete: bool


def read_and_judge(
    files: Sequence[File],
    folder: Path,
    config: Config,
    chosen: Sequence[Rule],
    trees: frozenset[Path],
) -> Reading:
    """Read the files; and judge them, if there is so much of them that it is shared."""
    shares = shares_of(files)
    if len(shares) < 2:
        return read(files, folder, config, trees=trees)

    def work(share: Sequence[File]) -> Told:
        reading = read(share, folder, config, beside=files)
        judged = {
            item.file: Judged(found_in(item, config, chosen), item.facts, item.document.source)
            for item in reading.items
        }
        failed = any(item.workspace.failed for item in reading.items)
        return Told(judged, so_far(), complete=not failed)

    seen, judged = so_far(), dict[File, Judged]()
    for told in shared(work, shares):
        if told is None or not told.complete:
            return read(files, folder, config, trees=trees)
        judged |= told.judged
        if seen and told.seen:
            seen.add(told.seen)
    texts = {file.place: one.source for file, one in judged.items()}
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
