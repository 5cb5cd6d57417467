"""What whole commands take, run in turn, so that a machine whose speed drifts is fair to all."""

from __future__ import annotations

import os
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LIMIT = 90.0
"""After so many seconds a command is stopped: it did not finish."""
BUDGET = 15.0
"""A command that took so many seconds in all is not run again."""


def nothing() -> None:
    """What most commands need done before each of their runs."""


@dataclass(frozen=True)
class Command:
    """A command, where it runs, and what is done before each run without being measured.

    The codes are those with which it ends when it has done its work.
    """

    name: str
    words: Sequence[str]
    folder: Path
    before: Callable[[], None] = nothing
    environment: Mapping[str, str] = field(default_factory=dict)
    codes: Sequence[int] = (0, 1)


@dataclass(frozen=True)
class Took:
    """The seconds of a run, those of the processor, and the peak of its largest process."""

    seconds: float
    working: float
    megabytes: float


def run(command: Command) -> Took | None:
    """One run of the command; nothing if it failed or did not finish in time. Linux only."""
    command.before()
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        process = subprocess.Popen(
            command.words,
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        watched = os.pidfd_open(process.pid)
        in_time, _, _ = select.select([watched], [], [], LIMIT)
        if not in_time:
            os.killpg(process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
        os.close(watched)
        process.returncode = os.waitstatus_to_exitcode(status)
        if not in_time:
            return None
        if process.returncode not in command.codes:
            said.seek(0)
            last = said.read().decode("utf-8", "replace")[-2000:]
            sys.stderr.write(f"{command.name} ended with {process.returncode}:\n{last}\n")
            return None
    return Took(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


Runs = Sequence[Took | None]
"""What a command took in each round in which it was run."""


def in_turn(commands: Sequence[Command], rounds: int) -> dict[str, Runs]:
    """Run each of the commands in each round, as long as it has time left; each runs once."""
    done: dict[str, list[Took | None]] = {command.name: [] for command in commands}
    for _ in range(rounds):
        for command in commands:
            if time_left(done[command.name]):
                done[command.name].append(run(command))
    return {name: tuple(runs) for name, runs in done.items()}


def time_left(runs: Runs) -> bool:
    """Whether a command that took so long may be run once more."""
    return all(runs) and sum(took.seconds for took in runs if took) < BUDGET


def ratio(runs: Runs, others: Runs, what: Callable[[Took], float]) -> float | None:
    """How much more the first took than the others, by the median of their pairs."""
    pairs = [(one, other) for one, other in zip(runs, others, strict=False) if one and other]
    if not pairs or not all((*runs, *others)):
        return None
    return statistics.median(what(one) / what(other) for one, other in pairs)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
