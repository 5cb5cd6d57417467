"""Files are replaced whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from dsqa.source import Unreadable
from dsqa.workspace import read_bytes


class Unwritten(Exception):
    """The file was left as it was; the message says why, in one line."""


def write_file(place: Path, content: bytes) -> None:
    """Put the content at a place where there may be nothing yet; raises Unwritten."""
    real = Path(os.path.realpath(place))
    try:
        mode = os.stat(real).st_mode & 0o7777 if real.exists() else 0o666 & ~_umask()
        if real.exists() and not real.is_file():
            real.write_bytes(content)
            return
        _swap(real, content, mode)
    except OSError as error:
        raise Unwritten((error.strerror or "cannot be written").lower()) from None


def replace_file(place: Path, old: bytes, new: bytes) -> None:
    """Put the new content where the old one stands.

    The file is at every moment either the old one or the new one, and keeps its mode. A link is
    followed. Raises Unwritten, also if the file no longer holds what it held when it was read.
    """
    real = Path(os.path.realpath(place))

    def unchanged() -> None:
        if read_bytes(str(real)) != old:
            raise Unwritten("changed while it was being repaired")

    try:
        unchanged()
        _swap(real, new, os.stat(real).st_mode & 0o7777, unchanged)
    except Unreadable as error:
        raise Unwritten(str(error)) from None
    except OSError as error:
        raise Unwritten((error.strerror or "cannot be written").lower()) from None


def _swap(place: Path, content: bytes, mode: int, check: Callable[[], None] = lambda: None) -> None:
    """Write beside the place, check once more, and rename: nobody ever sees half a file."""
    descriptor, temporary = tempfile.mkstemp(prefix=".dsqa-", suffix=".tmp", dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        check()
        os.replace(temporary, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
