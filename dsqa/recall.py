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
    from collections.abc import Iterator, Sequence

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


def question(arguments: Sequence[str]) -> bytes:
    """What was asked, where it was asked, and what else its answer may depend on."""
    terminal = os.get_terminal_size(1) if os.isatty(1) else ""
    settled = sorted(item for item in os.environ.items() if item[0].startswith(ENVIRONMENT))
    told = (*map("=".join, settled), "", *arguments)
    return os.fsencode(
        "\0".join((FORM, __version__, sys.version, os.getcwd(), str(terminal), *told))
    )


def recalled(question: bytes) -> tuple[int, bytes] | None:
    """The exit code and the output that the same question had; None if it may have others now."""
    try:
        with open(_place(question), "rb") as file:
            head, _, rest = file.read(LARGEST).partition(b"\n")
    except OSError:
        return None
    numbers = head.split()
    if len(numbers) != 4 or not all(map(bytes.isdigit, numbers)):
        return None
    checksum, code, asked, places = map(int, numbers)
    if crc32(rest, code) != checksum or rest[:asked] != question:
        return None
    parts = os.fsdecode(rest[asked : asked + places]).split("\0")
    # a stranger may have laid the file there, but knows the state of nothing on this machine
    if parts[0] != __file__ or len(parts) % 2:
        return None
    states = zip(parts[::2], parts[1::2], strict=True)
    if any(sight.state(place) != state for place, state in states):
        return None
    return code, rest[asked + places :]


def remember(question: bytes, seen: sight.Sight, code: int, output: bytes) -> None:
    """Keep the answer, unless what it rests on was not seen clearly, or it cannot be kept."""
    from contextlib import suppress

    own = sight.Sight()
    for place in _program():
        own.note(place)
    states = {**own.states, **seen.states}
    places = os.fsencode("\0".join(part for pair in states.items() for part in pair))
    rest = question + places + output
    head = b"%d %d %d %d\n" % (crc32(rest, code), code, len(question), len(places))
    if own.blurred or seen.blurred or len(head) + len(rest) > LARGEST:
        return
    place = _place(question)
    beside = f"{place}.{os.getpid()}"
    with suppress(OSError):
        os.makedirs(os.path.dirname(place), 0o700, exist_ok=True)
        try:
            with open(beside, "xb") as file:
                file.write(head + rest)
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


def _place(question: bytes) -> str:
    return os.path.join(folder(), str(crc32(question) % SLOTS))


def _program() -> Iterator[str]:
    """The folders of this program and of what it uses, and its files where somebody works on them.

    What is installed changes by files that take the place of others, which its folders tell; and
    Python itself is told by its version.
    """
    yield __file__
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and name.partition(".")[0] not in sys.stdlib_module_names:
            yield from getattr(module, "__path__", ())
            if not any(part in file for part in INSTALLED):
                yield file
