"""What was answered before is answered again, as long as all that the answer rests on is the same.

That is the question, as it was asked; this program itself; and every place on the disk that the run
has looked at. To recall takes hardly longer than to start, because nothing is imported for it.
"""

from __future__ import annotations

import os
import sys
from zlib import crc32

from dsqa import __version__, sight

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENVIRONMENT = (
    *("COLUMNS", "FORCE_COLOR", "GIT", "HOME", "LANG", "LC_", "LINES", "NO_COLOR", "PATH"),
    *("PYTHON", "TERM", "XDG_"),
)
"""How the names of the variables begin on which an answer may depend."""
INSTALLED = ("site-packages", "dist-packages")
FORM = "1"
SLOTS = 64
"""So many answers are kept at the most; a new one takes the place of an old one."""
LARGEST = 4 * 1024 * 1024
"""Bytes; what is longer is not kept."""
FORMAT, REGULAR = 0o170000, 0o100000
"""Which part of a mode says what a file is, and what it says of a usual one (`stat`)."""


def question(arguments: Sequence[str]) -> bytes:
    """What was asked, where it was asked, and what else its answer may depend on."""
    terminal = os.get_terminal_size(1) if os.isatty(1) else ""
    settled = sorted(item for item in os.environ.items() if item[0].startswith(ENVIRONMENT))
    told = (*map("=".join, settled), "", *arguments)
    try:
        here = os.getcwd()
    except OSError:  # it was deleted
        here = ""
    parts = (FORM, __version__, sys.version, here, str(terminal), *told)
    return os.fsencode("\0".join(parts))


def recalled(question: bytes) -> tuple[int, bytes] | None:
    """The exit code and the output that the same question had; None if it may have others now."""
    head, _, rest = _content(_place(question)).partition(b"\n")
    numbers = head.split()
    if len(numbers) != 4 or not all(map(bytes.isdigit, numbers)):
        return None
    checksum, code, asked, places = map(int, numbers)
    if crc32(rest, code) != checksum or rest[:asked] != question:
        return None
    parts = os.fsdecode(rest[asked : asked + places]).split("\0")
    states = dict(zip(parts[::2], parts[1::2], strict=False))
    return (code, rest[asked + places :]) if is_ours(states) else None


def remember(question: bytes, seen: sight.Sight, code: int, output: bytes) -> None:
    """Keep the answer, unless what it rests on was not seen clearly, or it cannot be kept."""
    states = {**program(), **seen.states}
    places = os.fsencode("\0".join(part for pair in states.items() for part in pair))
    rest = question + places + output
    head = b"%d %d %d %d\n" % (crc32(rest, code), code, len(question), len(places))
    if not seen.blurred and len(head) + len(rest) <= LARGEST:
        lay(_place(question), head + rest)


def lay(place: str, content: bytes) -> None:
    """Put the content at the place in the cache, all of it or, where that fails, nothing."""
    from contextlib import suppress

    beside = f"{place}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(os.path.dirname(place), 0o700, exist_ok=True)
        try:
            with open(beside, "xb") as file:
                file.write(content)
            os.replace(beside, place)
        except OSError:
            os.unlink(beside)


def folder() -> str:
    """Where the answers are kept: in the user's cache, as the system has it."""
    if sys.platform in ("darwin", "win32"):
        from platformdirs import user_cache_dir

        return os.path.join(user_cache_dir("dsqa", appauthor=False), "answers")
    cache = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
    return os.path.join(cache, "dsqa", "answers")


def _content(place: str) -> bytes:
    """What is in a file of ours; nothing where there is none, but a link, a pipe or a device."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(place, flags | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return b""
    try:
        if os.fstat(descriptor).st_mode & FORMAT != REGULAR:
            return b""
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(LARGEST)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _place(question: bytes) -> str:
    return os.path.join(folder(), str(crc32(question) % SLOTS))


def is_ours(states: Mapping[str, str]) -> bool:
    """Whether the places, of this program and others, are in these states.

    A stranger may have laid a file among ours, but knows the state of nothing on this machine.
    """
    return __file__ in states and all(sight.state(place) == states[place] for place in states)


def program() -> dict[str, str]:
    """The folders of this program and of what it uses, and its files where somebody works on them.

    Each with its state. What is installed changes by files that take the place of others, which its
    folders tell; and Python itself is told by its version.
    """
    places = [__file__]
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and name.partition(".")[0] not in sys.stdlib_module_names:
            places += getattr(module, "__path__", ())
            if not any(part in file for part in INSTALLED):
                places.append(file)
    return {place: sight.state(place) for place in places}
