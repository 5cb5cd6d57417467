"""Streams that are closed, full or left, and signals: a code of the contract, no traceback."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
DSQA = (sys.executable, "-m", "dsqa")
QUESTIONS = "# T\n\n* [Q1: Why?](#none)\n\n## Q1: Why?\n\nTODO\n\n## Q2: What?\n\nIt is so.\n"


class Command(NamedTuple):
    """A command, its exit code where nothing is wrong, and whether it prints to the output."""

    words: tuple[str, ...]
    code: int
    prints: bool = True


COMMANDS: Mapping[str, Command] = {
    "check": Command(("check",), 1),
    "check as lines": Command(("check", "--format", "jsonl"), 1),
    "check without findings": Command(("check", "--format", "jsonl", "--select", "LNK"), 0, False),
    "check of the input": Command(("check", "-"), 3),
    "fix": Command(("fix",), 1),
    "fix of the input": Command(("fix", "--allow-no-questions", "-"), 0, False),
    "difference": Command(("fix", "--diff"), 1),
    "explain a file": Command(("explain", "qa.md"), 0),
    "explain a rule": Command(("explain", "ANC001"), 0),
    "status": Command(("status",), 0),
    "status as data": Command(("status", "--format", "json"), 0),
    "export": Command(("export",), 0),
    "export to a file": Command(("export", "-o", "out.json"), 0, False),
    "schema": Command(("export", "--schema"), 0),
    "baseline": Command(("baseline",), 0, False),
    "rules": Command(("rules",), 0),
    "help": Command(("--help",), 0),
    "help of a command": Command(("check", "--help"), 0),
    "version": Command(("--version",), 0),
    "version of a command": Command(("--version", "check"), 0),
    "a misspelt option": Command(("check", "--slect", "ANC"), 2, False),
    "an unknown rule": Command(("check", "--select", "nope"), 2, False),
    "nothing at all": Command(("check", "nowhere.md"), 2),
}
FEW = ("check", "fix of the input", "export", "help", "version", "a misspelt option")
FAULTS = {
    "closed output": ">&-",
    "full output": ">/dev/full",
    "no input": "<&-",
    "closed complaints": "2>&-",
    "full complaints": "2>/dev/full",
    "all closed": "<&- >&- 2>&-",
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "command" in metafunc.fixturenames:
        metafunc.parametrize("command", COMMANDS if metafunc.config.getoption("--long") else FEW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qa.md").write_text(QUESTIONS, encoding="utf-8")
    return tmp_path


def asked(*words: str, folder: Path, **streams: Any) -> tuple[int, str]:
    """The exit code of the words, and what is complained of."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **streams}
    with subprocess.Popen(
        words, stderr=subprocess.PIPE, cwd=folder, env=environment, **streams
    ) as process:
        _, complaints = process.communicate(timeout=60)
    return process.returncode, complaints.decode()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_stream_is_closed_or_full(command: str, fault: str, folder: Path) -> None:
    words, usual, prints = COMMANDS[command]
    shell = f'exec "$@" {FAULTS[fault]}'
    code, complaints = asked("sh", "-c", shell, "sh", *DSQA, *words, folder=folder)
    reads = "-" in words and ("input" in fault or fault == "all closed")
    lost = prints and fault in {"closed output", "full output", "all closed"}
    assert "Traceback" not in complaints
    assert "Exception" not in complaints
    assert code == (2 if lost or reads else usual)
    if lost and fault != "all closed":
        assert complaints.splitlines()[-1].startswith("dsqa: the output cannot be written: ")


def test_a_reader_has_left(command: str, folder: Path) -> None:
    words, usual, prints = COMMANDS[command]
    reading, writing = os.pipe()
    os.close(reading)
    code, complaints = asked(*DSQA, *words, folder=folder, stdout=writing)
    os.close(writing)
    assert (code, "Traceback" in complaints, "Exception" in complaints) == (
        141 if prints else usual,
        False,
        False,
    )


def test_who_listens_to_complaints_has_left(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [*DSQA, "check", "nowhere.md"],
        stdout=subprocess.DEVNULL,
        stderr=writing,
        cwd=folder,
        env=environment,
        check=False,
    )
    os.close(writing)
    assert result.returncode == 2


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--output-file", "json={}"),
        ("status", "--badge", "{}"),
        ("export", "-o", "{}"),
        ("baseline", "-o", "{}"),
    ],
    ids=lambda words: str(words[0]),
)
@pytest.mark.parametrize("place", ["/dev/full", "folder", "nowhere/x", "pipe"])
def test_a_file_cannot_be_written(words: tuple[str, ...], place: str, folder: Path) -> None:
    """Neither a pipe that nobody reads nor anything else is waited for."""
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    words = tuple(word.replace("{}", place) for word in words)
    code, complaints = asked(*DSQA, *words, folder=folder)
    assert code == 2
    assert complaints.startswith(f"dsqa: {place}: ")
    assert len(complaints.splitlines()) == 1


@pytest.mark.parametrize(
    ("stopping", "codes"),
    [(signal.SIGINT, {130, -signal.SIGINT}), (signal.SIGTERM, {-signal.SIGTERM})],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_a_check_is_stopped(
    stopping: signal.Signals, codes: set[int], folder: Path, *, long: bool
) -> None:
    """At any moment, with nothing said; a shell tells 130 and 143 of both ways to end."""
    for number in range(20):
        (folder / f"{number}.md").write_text(QUESTIONS * 20, encoding="utf-8")
    begun = time.monotonic()
    usual, _ = asked(*DSQA, "check", "--no-cache", folder=folder)
    longest = time.monotonic() - begun
    moments = random.Random(stopping)
    ended = []
    for _ in range(250 if long else 5):
        with subprocess.Popen(
            [*DSQA, "check", "--no-cache"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as process:
            time.sleep(moments.uniform(0, longest))
            process.send_signal(stopping)
            _, complaints = process.communicate(timeout=60)
        ended.append(process.returncode)
        # what Python itself does before it comes to us is not ours
        assert not complaints or b"dsqa" not in complaints
    assert set(ended) <= {*codes, usual}
    assert codes & set(ended)
