"""Files are replaced whole or not at all; only what several programs write to is appended to."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from dsqa.source import Unreadable
from dsqa.workspace import read_bytes


class Unwritten(Exception):
    """The file at the place was left as it was; the message says why, in one line."""

    def __init__(self, place: Path, why: str) -> None:
        super().__init__(why)
        self.place = place


def write_file(place: Path, content: bytes) -> None:
    """Put the content at a place where there may be nothing yet; raises Unwritten."""
    real = Path(os.path.realpath(place))
    try:
        mode = os.stat(real).st_mode & 0o7777 if real.exists() else 0o666 & ~_umask()
        if real.exists() and not real.is_file():
            real.write_bytes(content)
            return
        temporary = _stage(real, content, mode)
        try:
            os.replace(temporary, real)
        finally:
            _discard(temporary)
    except OSError as error:
        raise Unwritten(place, _reason(error)) from None


def append_file(place: Path, content: bytes) -> None:
    """Put the content behind what others have written there; raises Unwritten."""
    try:
        with open(place, "ab", buffering=0) as file:
            file.write(content)
    except OSError as error:
        raise Unwritten(place, _reason(error)) from None


def replace_files(changes: Sequence[tuple[Path, bytes, bytes]]) -> None:
    """Put the new content of each place, the last of its three, where the old one stands.

    Each file is at every moment either the old one or the new one, and keeps its mode; a link is
    followed. All new ones are laid beside the old ones before the first is put in its place, and
    those that were put there are taken back if a later one fails. Raises Unwritten, also if a file
    no longer holds what it held when it was read.
    """
    staged: list[tuple[str, str]] = []
    done = 0
    place = Path()
    try:
        for place, old, new in changes:
            _check(place, old)
            real = Path(os.path.realpath(place))
            staged.append((_stage(real, new), _stage(real, old)))
        for (place, old, _), (temporary, _) in zip(changes, staged, strict=True):
            _check(place, old)
            os.replace(temporary, os.path.realpath(place))
            done += 1
    except BaseException as error:
        kept = [_taken_back(changes[n], staged[n][1]) for n in reversed(range(done))]
        if isinstance(error, (OSError, Unreadable)):
            changed = ", ".join(filter(None, kept))
            but = f"; already changed, and not taken back: {changed}" if changed else ""
            raise Unwritten(place, f"{_reason(error)}{but}") from None
        raise
    finally:
        for temporary in (name for names in staged for name in names):
            _discard(temporary)


def _taken_back(change: tuple[Path, bytes, bytes], former: str) -> str:
    """Put the former file back, unless somebody changed the new one; its name if that fails."""
    place, _, new = change
    try:
        _check(place, new)
        os.replace(former, os.path.realpath(place))
    except (OSError, Unreadable):
        return place.name
    return ""


def _check(place: Path, content: bytes) -> None:
    if read_bytes(os.path.realpath(place)) != content:
        raise Unreadable("changed while it was being repaired")


def _reason(error: OSError | Unreadable) -> str:
    strerror = error.strerror if isinstance(error, OSError) else str(error)
    return (strerror or "cannot be written").lower()


def _stage(place: Path, content: bytes, mode: int | None = None) -> str:
    """Write the content into a file beside the place, with the mode of what stands there.

    To rename it later is one step, so that nobody ever sees half a file. The path of the file.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=".dsqa-", suffix=".tmp", dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), os.stat(place).st_mode & 0o7777 if mode is None else mode)
            os.fsync(file.fileno())
    except BaseException:
        _discard(temporary)
        raise
    return temporary


def _discard(temporary: str) -> None:
    """Take the file away, if it was not put in its place."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
