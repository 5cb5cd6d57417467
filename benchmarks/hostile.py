"""What dsqa takes for texts that were made to be slow: `python benchmarks/hostile.py SHAPES`.

The shapes are a file of JSON, as `tests/shapes.py` reads them. Each is made 1.25, 2.5 and 5 MB
long: by as much of itself as dsqa reads before it says that it is too much, and by words.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import timing
from benchmarks.timing import Command, Took, table
from tests.shapes import Shape, densest, read

SIZES = (1_250_000, 2_500_000, 5_000_000)
"""Characters."""
RATIO = 2.6
"""How much more twice the text may take."""
SECONDS = 10.0
START, EACH = 60, 20
"""The megabytes that a run may take, and those for each of the text."""
CODES = (0, 1, 2, 3)
ASKED = "## Q1: What is it?\n\n"
"""Stands before each, which is an answer then, so that all rules look at it."""
FILE = "hostile.md"


def measured(
    words: Sequence[str], shape: Shape, sizes: Sequence[int]
) -> tuple[list[Took | None], int]:
    """What the command takes for the text of the shape at each size, until it does not finish.

    With the bytes of the last text: some have many for each character.
    """
    took: list[Took | None] = []
    written = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / FILE
        command = Command(" ".join(words), [*words, FILE], Path(folder), codes=CODES)
        for size in sizes:
            # in a process of its own: what this one takes, those that it starts seem to take
            writer = multiprocessing.get_context("fork").Process(
                target=write, args=(place, shape, size)
            )
            writer.start()
            writer.join()
            written = place.stat().st_size
            took.append(timing.run(command))
            if took[-1] is None:
                break
    return took, written


def write(place: Path, shape: Shape, size: int) -> None:
    """Write the text of the shape that has as much of it as is read."""
    place.write_text(densest(shape, size, ASKED), encoding="utf-8", newline="")


def row(
    name: str, took: Sequence[Took | None], sizes: Sequence[int], written: int
) -> tuple[list[str], bool]:
    """A line of the table, and whether all in it is as promised."""
    times = [math.nan if one is None else one.working for one in took]
    peaks = [math.nan if one is None else one.megabytes for one in took]
    growth = times[-1] / times[-2] if len(times) > 1 else math.nan
    least = [
        times[-1] <= SECONDS * sizes[-1] / SIZES[-1],
        growth <= RATIO or times[-1] < 0.5,
        peaks[-1] <= START + EACH * written / 2**20,
    ]
    said = [f"{time:.2f}" for time in times] + ["not finished"] * (len(sizes) - len(times))
    failed = " ".join(
        word for word, kept in zip(("slow", "grows", "memory"), least, strict=True) if not kept
    )
    return [name, *said, f"{growth:.2f}", f"{peaks[-1]:.0f}", failed], all(least)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", type=Path)
    parser.add_argument("--only", nargs="*", help="names of shapes, or parts of them")
    parser.add_argument("--size", type=int, default=SIZES[-1], help="characters of the longest")
    parser.add_argument("--command", default="check --no-cache")
    parser.add_argument("--step", type=int, nargs=2, default=(1, 0), help="every so many, from")
    given = parser.parse_args()
    words = [sys.executable, "-m", "dsqa", *given.command.split()]
    sizes = [given.size // 4, given.size // 2, given.size]
    kept, rows = True, []
    each, first = given.step
    for number, (name, shape) in enumerate(read(given.shapes)):
        if number % each != first or (given.only and not any(one in name for one in given.only)):
            continue
        took, written = measured(words, shape, sizes)
        line, good = row(name, took, sizes, written)
        kept = kept and good
        rows.append(line)
        sys.stderr.write("\t".join(line) + "\n")
    head = ["shape", *(f"{size / 1e6:.3g} MB" for size in sizes), "last : before", "MiB", ""]
    sys.stdout.write(table(head, rows))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
