"""A dsqa that dies, or whose system fails, at a chosen one of the calls that touch files.

A small library in C stands between Python and the system (`between.c`), so that no call is missed,
whoever makes it. The program is loaded once, and every run is a process of its own that starts
from there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).resolve().parent


class Way(IntEnum):
    """What happens at the call; the numbers are those of `between.c`."""

    NOTHING = 0
    KILL_BEFORE = 1
    KILL_AFTER = 2
    KILL_HALFWAY = 3
    FAIL = 4
    FAIL_ON = 5
    SHORT = 6
    SIGNAL = 7


class Ended(NamedTuple):
    """How a run ended: its exit code, or a signal below 0; what it printed; its calls, if told."""

    code: int
    out: str
    err: str
    calls: tuple[str, ...]


class Program:
    """The loaded program."""

    def __init__(self, scratch: Path) -> None:
        compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
        if not sys.platform.startswith("linux") or not compiler:
            pytest.skip("NOT MEASURED: this needs Linux and a compiler of C")
        library = scratch / "between.so"
        source = HERE / "between.c"
        subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        self._logs = scratch / "logs"
        self._logs.mkdir()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.calls.forking", str(library)],
            cwd=HERE.parents[1],
            env={**os.environ, "LD_PRELOAD": str(library), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        folder: Path,
        arguments: Sequence[str],
        choice: tuple[Way, int, int, bool],
        *,
        state: Path,
        user: int,
    ) -> Ended:
        """Run the command as a user.

        The choice is what happens, at which call, with which error or signal, and whether calls
        count, too, that open files only to read them.
        """
        job = {
            "folder": str(folder),
            "state": str(state),
            "logs": str(self._logs),
            "arguments": list(arguments),
            "user": user,
            "choice": list(map(int, choice)),
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        out, err, calls = (
            (self._logs / name).read_text(encoding="utf-8") for name in ("out", "err", "calls")
        )
        return Ended(code, out, err, tuple(calls.split()))

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
