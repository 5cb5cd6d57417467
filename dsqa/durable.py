"""Bytes that outlast a failure of power: a new file with all of them, and the name of a file."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

UNKNOWN_TO_THE_SYSTEM = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def create(
    place: str,
    content: bytes,
    *,
    mode: int = 0o600,
    finish: Callable[[int], None] = lambda descriptor: None,
) -> None:
    """Write the content to a place where nothing is, not even a link; raises OSError.

    `finish` is done to the file before it is told to last. What fails may leave a part of it.
    """
    descriptor = os.open(place, FLAGS, mode)
    try:
        fill(descriptor, content)
        finish(descriptor)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fill(descriptor: int, content: bytes) -> None:
    """Write all of the content, in as many parts as the system takes it; raises OSError."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def sync(folder: str) -> None:
    """Let last what was renamed and removed in the folder, where the system can; raises OSError."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:  # one may write to a folder that one may not read
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in UNKNOWN_TO_THE_SYSTEM:
            raise
    finally:
        os.close(descriptor)
