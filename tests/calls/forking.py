"""The program that `Program` loads: for each line of its input a process that runs dsqa once."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import io
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import platformdirs  # noqa: F401  # what is imported here is not imported by every run

from dsqa import cli
from dsqa.repair import repairing  # noqa: F401

WARMING = "* [Q1: one?]()\n\n## Q1: one?\n\nA.\n\n## Q3: two?\n\nB.\n"


def run(job: dict[str, Any], library: ctypes.CDLL) -> None:
    """Run dsqa in this process, and end it."""
    logs = Path(job["logs"])
    for number, name in ((1, "out"), (2, "err")):
        descriptor = os.open(logs / name, os.O_WRONLY | os.O_TRUNC | os.O_CREAT)
        os.dup2(descriptor, number)
        os.close(descriptor)
    told = os.open(logs / "calls", os.O_WRONLY)
    if job["user"] != os.geteuid():
        os.setgroups([])
        os.setgid(job["user"])
        os.setuid(job["user"])
    os.chdir(job["folder"])
    os.environ["XDG_STATE_HOME"] = job["state"]
    library.choose(*job["choice"])
    try:
        code = cli.main(job["arguments"])
        sys.stdout.flush()
    finally:
        os.write(told, library.seen())
    os._exit(code)


def forked(job: dict[str, Any], library: ctypes.CDLL) -> int:
    (Path(job["logs"]) / "calls").write_bytes(b"")
    child = os.fork()
    if not child:
        run(job, library)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where we run unwatched
    library = ctypes.CDLL(sys.argv[1])
    library.seen.restype = ctypes.c_char_p
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["XDG_STATE_HOME"] = scratch
        warm = Path(scratch) / "qa.md"
        warm.write_text(WARMING, encoding="utf-8")
        for options in (["--diff"], ["--unsafe"]):
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                cli.main(["fix", *options, str(warm)])
    gc.freeze()
    for line in sys.stdin:
        answers.write(f"{forked(json.loads(line), library)}\n")
        answers.flush()


if __name__ == "__main__":
    main()
