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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import peers, questions, timing
from benchmarks.growth import (
    EXPONENT,
    FILE,
    Growth,
    Series,
    growing,
    grown,
    growth,
    growth_table,
    memory,
    proven,
)
from benchmarks.peers import Tools
from benchmarks.questions import ANCHORS, WORDS, Kind
from benchmarks.timing import Command, Runs, Took, in_turn, ratio, table

ROOT = Path(__file__).resolve().parents[1]
USUAL, MANY = 19, 6000
"""How many questions a usual file has, and the large one."""
SIZES = (750, 1500, 3000, 6000, 12_000)
"""As many questions as make 1.25 to 20 MB."""
SMALL_SIZES = (75, 150, 300)
SMALL_ROUNDS = 2
SMALL_EXPONENT = 1.35
"""With what power of the size a time may grow where it is measured in a minute only."""

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


def cold(name: str, words: Sequence[str], folder: Path, cache: Path) -> Command:
    """A command of dsqa that remembers nothing."""
    forget = partial(shutil.rmtree, cache, ignore_errors=True)
    return Command(name, words, folder, forget, {"XDG_CACHE_HOME": str(cache)})


def ours(tools: Tools, given: Path, of: str) -> list[Command]:
    """What dsqa is asked about one of the inputs, and the least that any program takes."""
    folder = given / of
    check = [tools.dsqa, "check", "." if of in ALL_FILES else FILE]
    cache = given / "cache"
    lasting = {"XDG_CACHE_HOME": str(given / "lasting-cache")}
    floor = Command(FLOOR, [tools.python, "-I", "-c", "pass"], folder)
    first = cold(DSQA, check, folder, cache)
    again = Command(AGAIN, check, folder, environment=lasting)
    if of == "one":
        version = Command(VERSION, [tools.dsqa, "--version"], folder)
        doubtful = cold(DOUBTFUL, check, given / "doubtful", cache)
        return [floor, version, first, again, doubtful]
    if of == "thousand":
        edited = partial(edit, folder / next(questions.many(1, 1))[0])
        changed = Command(CHANGED, check, folder, edited, lasting)
        pinned = ["taskset", "--cpu-list", "0", *check]
        return [floor, first, again, changed, cold(ONE_PROCESSOR, pinned, folder, cache)]
    return [floor, first]


def theirs(tools: Tools, given: Path, of: str) -> list[Command]:
    """What the others are asked; the slower ones get one of the large files only."""
    folder, path = given / of, "." if of in ALL_FILES else FILE
    commands = [Command(name, words, folder) for name, words in peers.commands(tools, path)]
    if of == "thousand":
        commands.append(Command(*peers.warm(tools, path), folder))
    if of.startswith(WORDS) or of.endswith(BROKEN):
        return [command for command in commands if command.name in peers.FAST]
    return commands


def edit(place: Path) -> None:
    """Add a line to the file."""
    with place.open("a", encoding="utf-8") as file:
        file.write("\nAnd one line more.\n")


def compared(
    tools: Tools, given: Path, only: Sequence[str], *, alone: bool
) -> dict[str, dict[str, Runs]]:
    """What was taken, by input and command, of some of the inputs.

    Another tool that did not finish one of the inputs is not asked about those that follow.
    """
    done: dict[str, dict[str, Runs]] = {}
    late: set[str] = set()
    for of, told in ((of, told) for of, told in INPUTS.items() if of in only):
        sys.stderr.write(f"{told} …\n")
        others = [] if alone else theirs(tools, given, of)
        others = [other for other in others if other.name not in late]
        commands = [*ours(tools, given, of), *others]
        for command in commands:
            if command.name in (AGAIN, peers.RUMDL_WARM):
                timing.run(command)  # which fills its cache
        done[of] = in_turn(commands, rounds=11 if of == "one" else 7)
        late |= {other.name for other in others if not all(done[of][other.name])}
        sys.stderr.write(comparison_table({of: done[of]}) + "\n")
    return done


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
        return "not finished"
    middle = [statistics.median(map(what, finished)) for what in (seconds, working)]
    peak = max(took.megabytes for took in finished)
    return f"{middle[0]:.3g} s ({middle[1]:.3g}), {peak:.0f} MB"


def comparison_table(done: Mapping[str, Mapping[str, Runs]]) -> str:
    names = dict.fromkeys(name for runs in done.values() for name in runs)
    rows = ([name, *(cell(runs.get(name)) for runs in done.values())] for name in names)
    return table(["command", *(INPUTS[of] for of in done)], rows)


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
        for of in done
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


def whole(only: Sequence[str], *, alone: bool) -> None:
    os.environ.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        tools = peers.install(place, ROOT, alone=alone)
        given, longer = place / "inputs", place / "growing"
        written(given, inputs())
        done = compared(tools, given, only, alone=alone)
        version, cores = platform.python_version(), os.cpu_count()
        say(f"{platform.system()}, Python {version}, {cores} processors")
        say(comparison_table(done))
        promises = start_promises(done) if "one" in done else []
        promises += many_promises(done) if "thousand" in done else []
        promises += large_promises(done)
        if len(done) == len(INPUTS):
            written(longer, growing(GROWING, SIZES))
            took = grown([tools.dsqa], longer, GROWING, SIZES, rounds=1)
            say(growth_table(GROWING, SIZES, took, longer))
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
    parser.add_argument(
        "--only",
        choices=tuple(INPUTS),
        nargs="+",
        default=tuple(INPUTS),
        help="some of the inputs; then growth is not measured",
    )
    arguments = parser.parse_args()
    if arguments.small:
        return small()
    whole(arguments.only, alone=arguments.alone)
    return 0


if __name__ == "__main__":
    sys.exit(main())
