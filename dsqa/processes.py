"""Work that is shared among processes, each of which is forked from this one and ends with it."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

S = TypeVar("S")
R = TypeVar("R")


def processors() -> int:
    """How many processes can work at once; one where a process cannot be forked for sure."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def shared(work: Callable[[S], R], shares: Sequence[S]) -> list[R | None]:
    """What the work makes of each share, the first of which is done by this process itself.

    None for a share whose process failed; who does it again here will see why.
    """
    sys.stdout.flush()
    children: list[tuple[int, int]] = []

    def stop(number: int, frame: object) -> None:
        for child, _ in children:
            os.kill(child, signal.SIGKILL)
        signal.signal(number, former)
        os.kill(os.getpid(), number)

    former = signal.signal(signal.SIGTERM, stop)
    try:
        children += (_begun(work, share) for share in shares[1:])
        return [work(shares[0]), *(_told(pipe) for _, pipe in children)]
    finally:
        for child, pipe in children:
            os.close(pipe)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        signal.signal(signal.SIGTERM, former)


def _begun(work: Callable[[S], R], share: S) -> tuple[int, int]:
    """A process that does the work, and the end of the pipe through which it tells the result."""
    ours, its = os.pipe()
    child = os.fork()
    if child:
        os.close(its)
        return child, ours
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # who waits for the end of the output waits for the first process alone
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        with os.fdopen(its, "wb") as pipe:
            pickle.dump((work(share),), pipe)
    finally:
        # whatever happened: nothing that belongs to the first process is written or closed
        os._exit(0)


def _told(pipe: int) -> R | None:
    """The result; a process that fails has told nothing, or not all."""
    with os.fdopen(pipe, "rb", closefd=False) as file:
        content = file.read()
    try:
        told: tuple[R] = pickle.loads(content)
    except (EOFError, pickle.UnpicklingError):
        return None
    return told[0]
