"""How fast dsqa is, beside other tools, and how its time and memory grow with its input.

    python benchmarks/speed.py

It installs dsqa and the other tools into a temporary folder and writes the files to check there.
With `--small` it measures the dsqa at hand alone, looks only at what does not depend on the speed
of the machine, and ends with 1 if a time grows faster than it may.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import peers, questions, timing
from benchmarks.peers import Tools
from benchmarks.questions import ANCHORS, WORDS, Kind
from benchmarks.timing import Command, Runs, Took, in_turn, ratio

ROOT = Path(__file__).resolve().parents[1]
FILE = "questions.md"
USUAL, MANY = 19, 6000
"""How many questions a usual file has, and the large one."""
SIZES = (750, 1500, 3000, 6000, 12_000)
"""As many questions as make 1.25 to 20 MB."""
SMALL_SIZES = (75, 150, 300)
SMALL_ROUNDS = 2
EXPONENT, SMALL_EXPONENT = 1.15, 1.35
"""With what power of the size a time may grow; less exactly where it is measured in a minute."""

FLOOR = "python -I -c pass"
VERSION = "dsqa --version"
DSQA = "dsqa check"
AGAIN = "dsqa check, again"
CHANGED = "dsqa check, one file changed"
ONE_PROCESSOR = "dsqa check, on one processor"
DOUBTFUL = "dsqa check, of a file in doubt"
BROKEN = "-broken"
JYTHON = "org"
"""What `copy` of Python's own library tries to import, and fails."""
INPUTS = {
    "one": "33 KB file",
    "eight": "8 files",
    "thousand": "1,000 files",
    "anchors": "10 MB, anchors",
    "words": "10 MB, words",
    f"anchors{BROKEN}": "10 MB, anchors, all broken",
    f"words{BROKEN}": "10 MB, words, all broken",
}
ALL_FILES = ("eight", "thousand")


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


GROWING = (
    Series(("check",), ANCHORS, 0),
    Series(("check",), WORDS, 0),
    Series(("check",), WORDS, 1),
    Series(("fix", "--diff"), WORDS, 1),
    Series(("fix",), WORDS, 1),
    Series(("export",), WORDS, 1),
)
SMALL_GROWING = tuple(series for series in GROWING if series.broken)


@dataclass(frozen=True)
class Promise:
    """Something measured, and what it must not be above, or below."""

    what: str
    value: float | None
    most: float = math.inf
    least: float = 0

    @property
    def told(self) -> tuple[str, str, str, str]:
        bound = f"≤ {self.most:g}" if self.most < math.inf else f"≥ {self.least:g}"
        if self.value is None:
            return self.what, bound, "–", "not known"
        kept = self.least <= self.value <= self.most
        return self.what, bound, f"{self.value:.2f}", "yes" if kept else "**no**"


def written(folder: Path, files: dict[str, Kind]) -> None:
    """Write the files in a process of its own.

    The peak memory of a command begins with that of the process that starts it.
    """
    process = multiprocessing.Process(target=questions.write, args=(folder, files))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"the files could not be written: {process.exitcode}")


def inputs() -> dict[str, Kind]:
    """All files that the tools are compared on."""
    usual = Kind(USUAL)
    files = {f"one/{FILE}": usual, f"doubtful/{FILE}": replace(usual, doubtful=True)}
    files |= {f"eight/{path}": kind for path, kind in questions.many(8, USUAL)}
    files |= {f"thousand/{path}": kind for path, kind in questions.many(1000, USUAL - 1)}
    for index in (ANCHORS, WORDS):
        files[f"{index}/{FILE}"] = Kind(MANY, index)
        files[f"{index}{BROKEN}/{FILE}"] = Kind(MANY, index, broken=1)
    return files


def growing(series: Iterable[Series], sizes: Iterable[int]) -> dict[str, Kind]:
    sizes = (1, *sizes)
    return {one.path(size): Kind(size, one.index, one.broken) for one in series for size in sizes}


def cold(name: str, words: Sequence[str], folder: Path, cache: Path) -> Command:
    """A command of dsqa that remembers nothing."""
    forget = partial(shutil.rmtree, cache, ignore_errors=True)
    return Command(name, words, folder, forget, {"XDG_CACHE_HOME": str(cache)})


def comparison(tools: Tools, given: Path, of: str, *, alone: bool) -> list[Command]:
    """What is run on one of the inputs, by dsqa alone or by all tools.

    The large file is given to the slower ones only once, with an index of anchors.
    """
    path = "." if of in ALL_FILES else FILE
    folder = given / of
    check = [tools.dsqa, "check", path]
    cache = given / "cache"
    lasting = {"XDG_CACHE_HOME": str(given / "lasting-cache")}
    ours = [Command(FLOOR, [tools.python, "-I", "-c", "pass"], folder)]
    if of == "one":
        ours.append(Command(VERSION, [tools.dsqa, "--version"], folder))
        ours.append(cold(DOUBTFUL, check, given / "doubtful", cache))
    ours.append(cold(DSQA, check, folder, cache))
    if of in ("one", "thousand"):
        ours.append(Command(AGAIN, check, folder, environment=lasting))
    if of == "thousand":
        changed = partial(change, folder / next(questions.many(1, 1))[0])
        ours.append(Command(CHANGED, check, folder, changed, lasting))
        ours.append(cold(ONE_PROCESSOR, ["taskset", "--cpu-list", "0", *check], folder, cache))
    if alone:
        return ours
    others = [Command(name, words, folder) for name, words in peers.commands(tools, path)]
    if of == "thousand":
        others.append(Command(*peers.warm(tools, path), folder))
    if of.startswith(WORDS) or of.endswith(BROKEN):
        others = [other for other in others if other.name in (peers.RUMDL, peers.RUMDL_NEAR)]
    return [*ours, *others]


def change(place: Path) -> None:
    """Add a line to the file."""
    with place.open("a", encoding="utf-8") as file:
        file.write("\nAnd one line more.\n")


def copy(place: Path, to: Path) -> None:
    shutil.copyfile(place, to)


def compared(tools: Tools, given: Path, *, alone: bool) -> dict[str, dict[str, Runs]]:
    """What was taken, by input and command.

    A tool that did not finish one of the inputs is not asked about those that follow.
    """
    done: dict[str, dict[str, Runs]] = {}
    late: set[str] = set()
    for of, told in INPUTS.items():
        sys.stderr.write(f"{told} …\n")
        commands = comparison(tools, given, of, alone=alone)
        commands = [command for command in commands if command.name not in late]
        for command in commands:
            if command.name in (AGAIN, peers.RUMDL_WARM):
                timing.run(command)  # which fills its cache
        done[of] = in_turn(commands, rounds=11 if of == "one" else 7)
        late |= {name for name, runs in done[of].items() if not all(runs)}
        sys.stderr.write(comparison_table({of: done[of]}) + "\n")
    return done


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


def seconds(took: Took) -> float:
    return took.seconds


def working(took: Took) -> float:
    return took.working


def cell(runs: Runs | None) -> str:
    """Seconds, those of the processor, and megabytes."""
    if not runs:
        return "–"
    finished = [took for took in runs if took]
    if len(finished) < len(runs):
        return f"> {timing.LIMIT:.0f} s"
    middle = [statistics.median(map(what, finished)) for what in (seconds, working)]
    peak = max(took.megabytes for took in finished)
    return f"{middle[0]:.3g} s ({middle[1]:.3g}), {peak:.0f} MB"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def comparison_table(done: Mapping[str, Mapping[str, Runs]]) -> str:
    names = dict.fromkeys(name for runs in done.values() for name in runs)
    rows = ([name, *(cell(runs.get(name)) for runs in done.values())] for name in names)
    return table(["command", *(INPUTS[of] for of in done)], rows)


def growth_table(
    series: Sequence[Series],
    sizes: Sequence[int],
    took: Growth,
    given: Path,
) -> str:
    """The seconds of the processor at each size, and the exponent."""
    rows = []
    for one in series:
        times = [fastest(took[one, size]) for size in (1, *sizes)]
        power = growth(one, sizes, took, given)
        told = [f"> {timing.LIMIT:.0f}" if math.isnan(time) else f"{time:.2f}" for time in times]
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


def start_promises(done: Mapping[str, Mapping[str, Runs]]) -> list[Promise]:
    one = done["one"]
    floors = {name: ratio(runs, one[FLOOR], seconds) for name, runs in one.items()}
    told = [
        Promise("`dsqa --version`, in floors", floors[VERSION], most=1.6),
        Promise("33 KB, again, in floors", floors[AGAIN], most=2),
        Promise("33 KB, nothing in doubt, in floors", floors[DSQA], most=4),
        Promise("33 KB, in doubt, in floors", floors[DOUBTFUL], most=8),
    ]
    others = {
        peers.MARKDOWNLINT_NEAR: 10,
        peers.REMARK: 10,
        peers.PYMARKDOWN_NEAR: 10,
        peers.MDFORMAT: 3,
    }
    return told + [
        Promise(f"33 KB: {name}, in times of dsqa", times(one, name, DSQA), least=least)
        for name, least in others.items()
    ]


def times(
    runs: Mapping[str, Runs], one: str, other: str, what: Callable[[Took], float] = seconds
) -> float | None:
    """How much more the one took than the other, if both were run."""
    return ratio(runs[one], runs[other], what) if {one, other} <= runs.keys() else None


def many_promises(done: Mapping[str, Mapping[str, Runs]]) -> list[Promise]:
    runs = done["thousand"]
    mdformat = times(runs, peers.MDFORMAT, DSQA, working)
    markdownlint = times(runs, peers.MARKDOWNLINT_NEAR, DSQA)
    rumdl = times(runs, DSQA, peers.RUMDL)
    warm = times(runs, AGAIN, peers.RUMDL_WARM)
    both = times(runs, DSQA, ONE_PROCESSOR)
    return [
        Promise("1,000 files, in times of rumdl", rumdl, most=1),
        Promise("1,000 files: markdownlint-cli2, in times of dsqa", markdownlint, least=15),
        Promise("1,000 files: mdformat, of the processor, in times of dsqa", mdformat, least=10),
        Promise("1,000 files, again, in times of rumdl, again", warm, most=0.5),
        Promise("1,000 files, one changed, in times of again", times(runs, CHANGED, AGAIN), 1.3),
        Promise("1,000 files, on two processors, in times of one", both, most=0.65),
    ]


def large_promises(done: Mapping[str, Mapping[str, Runs]]) -> list[Promise]:
    return [
        Promise(
            f"{INPUTS[of]}, in times of rumdl",
            times(done[of], DSQA, peers.RUMDL),
            most=3 if of.endswith(BROKEN) else 1,
        )
        for of in INPUTS
        if of.startswith((ANCHORS, WORDS))
    ]


def growth_promises(took: Growth, given: Path) -> list[Promise]:
    return [
        *(
            Promise(f"{one.name}: exponent", proven(one, SIZES, took, given), most=EXPONENT)
            for one in GROWING
        ),
        *(
            Promise(
                f"{one.name}: memory, MB for a MB",
                memory(one, SIZES, took, given),
                most=6 if one.words == ("check",) else 12,
            )
            for one in GROWING
        ),
    ]


def imports_table(dsqa: Sequence[str], folder: Path) -> str:
    """How many modules each command imports beyond those that every program does, and of whom."""
    usual = imported([dsqa[0], "-c", "pass"], folder)
    rows = []
    for words in ("--version", "rules", "status", "check", "fix --diff", "export"):
        file = [] if words in ("--version", "rules") else [FILE]
        modules = imported([*dsqa, *words.split(), *file], folder) - usual
        packages = {module.partition(".")[0] for module in modules}
        named = packages - {*sys.stdlib_module_names, "dsqa", JYTHON}
        others = sorted(name for name in named if not name.startswith("_"))
        rows.append([f"`dsqa {words}`", str(len(modules)), ", ".join(others)])
    return table(["command", "modules", "packages of others"], rows)


def imported(command: Sequence[str], folder: Path) -> set[str]:
    """The modules that a command of Python imports."""
    words = [command[0], "-X", "importtime", *command[1:]]
    done = subprocess.run(words, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines[1:]}


def small() -> int:
    """What CI can hold: growth of the time of the processor, whatever that processor is."""
    dsqa = [sys.executable, "-m", "dsqa"]
    os.environ["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder)
        written(given, growing(SMALL_GROWING, SMALL_SIZES))
        took = grown(dsqa, given, SMALL_GROWING, SMALL_SIZES, SMALL_ROUNDS)
        say(growth_table(SMALL_GROWING, SMALL_SIZES, took, given))
        say(imports_table(dsqa, given))
        powers = [growth(one, SMALL_SIZES, took, given) for one in SMALL_GROWING]
    if any(power is None or power > SMALL_EXPONENT for power in powers):
        say(f"a time grows faster than with the power {SMALL_EXPONENT:g} of the size")
        return 1
    return 0


def whole(*, alone: bool) -> None:
    os.environ.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        tools = peers.install(place, ROOT, alone=alone)
        given, longer = place / "inputs", place / "growing"
        written(given, inputs())
        written(longer, growing(GROWING, SIZES))
        done = compared(tools, given, alone=alone)
        took = grown([tools.dsqa], longer, GROWING, SIZES, rounds=1)
        version, cores = platform.python_version(), os.cpu_count()
        say(f"{platform.system()}, Python {version}, {cores} processors")
        say(comparison_table(done))
        say(growth_table(GROWING, SIZES, took, longer))
        promises = start_promises(done) + many_promises(done) + large_promises(done)
        promises += growth_promises(took, longer)
        head = ("promise", "bound", "measured", "kept")
        say(table(head, (promise.told for promise in promises)))
        say(imports_table([tools.python, "-m", "dsqa"], given / "one"))


def say(text: str) -> None:
    sys.stdout.write(text.rstrip("\n") + "\n\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="what CI can hold, in a minute")
    parser.add_argument("--alone", action="store_true", help="measure dsqa without the others")
    arguments = parser.parse_args()
    if arguments.small:
        return small()
    whole(alone=arguments.alone)
    return 0


if __name__ == "__main__":
    sys.exit(main())
