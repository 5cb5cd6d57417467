"""What is printed, and where: the output, complaints, and what may be wrong with either."""

from __future__ import annotations

import os
import stat
import sys
from typing import TextIO

from dsqa.reporters import disarmed, printable

WIDTH_OF_PIPES = 100
OBEDIENT = ("CI", "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION", "JENKINS_URL")
"""What is set where the log of a build obeys what is printed."""


class Unprinted(Exception):
    """The output could not be written; the message says why. `broken` is a pipe nobody reads."""

    def __init__(self, error: OSError) -> None:
        super().__init__((error.strerror or str(error)).lower())
        self.broken = isinstance(error, BrokenPipeError)


def open_streams() -> None:
    """Let the three streams be there, in UTF-8; what was closed takes no file of ours for its own.

    What is written to an output that was closed is an error, what is complained of to one is not.
    """
    for number, way in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, way)  # this takes the lowest number that is free
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def silence(stream: TextIO) -> None:
    """Let nothing more be written to it, not even at the end of the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def appearance(color: str) -> tuple[bool, int]:
    """Whether to use colour, and how wide to write (https://no-color.org, https://force-color.org)."""
    from shutil import get_terminal_size

    terminal = sys.stdout.isatty()
    wanted = terminal and os.environ.get("TERM") != "dumb"
    if os.environ.get("FORCE_COLOR"):
        wanted = True
    if os.environ.get("NO_COLOR"):
        wanted = False
    if color != "auto":
        wanted = color == "always"
    return wanted, get_terminal_size((WIDTH_OF_PIPES, 24)).columns


def goes_to_a_log() -> bool:
    """Whether what is printed may end in a log that obeys it; what goes into a file does not."""
    if not any(map(os.environ.get, OBEDIENT)):
        return False
    try:
        return not stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except OSError:
        return True


def put(content: str | bytes) -> None:
    """Print it as it is; raises Unprinted."""
    if not content:
        return  # even nothing finds no room on a device that is full
    try:
        if isinstance(content, bytes):
            sys.stdout.buffer.write(content)
        else:
            sys.stdout.write(content)
        sys.stdout.flush()
    except OSError as error:
        raise Unprinted(error) from None


def say(text: str) -> None:
    """Print what a person reads, made of printable parts; raises Unprinted."""
    put(disarmed(text))


def complain(text: str) -> None:
    complain_plainly(f"dsqa: {printable(text)}\n")


def complain_plainly(text: str) -> None:
    try:
        sys.stderr.write(disarmed(text))
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)
