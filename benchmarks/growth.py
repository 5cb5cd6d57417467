"""How the time and the memory of a command grow with its input."""

from __future__ import annotations

import math
import shutil
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import timing
from benchmarks.questions import Kind
from benchmarks.timing import Command, Runs, Took, table

FILE = "questions.md"
EXPONENT = 1.15
"""With what power of the size the time may grow."""


@dataclass(frozen=True)
class Series:
    """A command whose time is watched while its input grows."""

    words: Sequence[str]
    index: str
    broken: float

    @property
    def name(self) -> str:
        state = "all broken" if self.broken else "all right"
        return f"`{' '.join(self.words)}`, {self.index}, {state}"

    def path(self, size: int) -> str:
        return f"{self.index}-{self.broken:g}-{size}.md"


def growing(series: Iterable[Series], sizes: Iterable[int]) -> dict[str, Kind]:
    sizes = (1, *sizes)
    return {one.path(size): Kind(size, one.index, one.broken) for one in series for size in sizes}


Growth = Mapping[tuple[Series, int], Runs]
"""What each series took at each size, and at one question, which is its start."""


def grown(
    dsqa: Sequence[str], given: Path, series: Sequence[Series], sizes: Sequence[int], rounds: int
) -> Growth:
    """Run all series at all sizes in turn, but none at more than it could not finish."""
    done: dict[tuple[Series, int], list[Took | None]] = {}
    for _ in range(rounds):
        for size in (1, *sizes):
            for one in series:
                smaller = [runs for (other, _), runs in done.items() if other == one]
                runs = done.setdefault((one, size), [])
                if any(None in runs for runs in smaller):
                    runs.append(None)
                elif timing.time_left(runs):
                    runs.append(timing.run(growing_command(dsqa, given, one, size)))
    return done


def growing_command(dsqa: Sequence[str], given: Path, one: Series, size: int) -> Command:
    copied = partial(copy, given / one.path(size), given / FILE)
    cache = {"XDG_CACHE_HOME": str(given / "cache")}
    return Command(one.name, [*dsqa, *one.words, FILE], given, copied, cache)


def copy(place: Path, to: Path) -> None:
    shutil.copyfile(place, to)


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float | None:
    """With what power of the size the time grows: the slope of the straight line through both."""
    if len(sizes) < 3 or min(times) <= 0:
        return None
    slope, _ = statistics.linear_regression([*map(math.log, sizes)], [*map(math.log, times)])
    return slope


def growth(one: Series, sizes: Sequence[int], took: Growth, given: Path) -> float | None:
    """The exponent of a series, of the seconds of the processor beyond those of its start."""
    start = fastest(took[one, 1])
    finished = [size for size in sizes if all(took[one, size])]
    lengths = [(given / one.path(size)).stat().st_size for size in finished]
    return exponent(lengths, [fastest(took[one, size]) - start for size in finished])


def proven(one: Series, sizes: Sequence[int], took: Growth, given: Path) -> float | None:
    """The exponent, unless it would be praise for a series that was never finished."""
    power = growth(one, sizes, took, given)
    finished = all(all(took[one, size]) for size in sizes)
    return power if finished or (power and power > EXPONENT) else None


def fastest(runs: Runs) -> float:
    """The run that was disturbed least."""
    return min((took.working for took in runs if took), default=math.nan)


def growth_table(series: Sequence[Series], sizes: Sequence[int], took: Growth, given: Path) -> str:
    """The seconds of the processor at each size, and the exponent."""
    rows = []
    for one in series:
        times = [fastest(took[one, size]) for size in (1, *sizes)]
        power = growth(one, sizes, took, given)
        told = ["not finished" if math.isnan(time) else f"{time:.2f}" for time in times]
        rows.append([one.name, *told, "not known" if power is None else f"{power:.2f}"])
    megabytes = ((given / series[0].path(size)).stat().st_size / 1e6 for size in sizes)
    head = ["command", "1 question", *(f"{size:.3g} MB" for size in megabytes), "exponent"]
    return table(head, rows)


def memory(one: Series, sizes: Sequence[int], took: Growth, given: Path) -> float | None:
    """The megabytes beyond those of the start for each megabyte of the largest input."""
    finished = [size for size in sizes if all(took[one, size])]
    if not finished:
        return None
    start, peak = (max(t.megabytes for t in took[one, n] if t) for n in (1, finished[-1]))
    return (peak - start) / ((given / one.path(finished[-1])).stat().st_size / 2**20)
