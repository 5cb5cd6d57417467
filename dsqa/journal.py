"""What is about to be written, noted where no stranger writes, so that a killed run can be settled.

The notes lie in a folder of the user, never in a tree of documents: there a pull request may bring
any file of any name, here it cannot. Who writes holds the lock of that folder from the first note
to the last file, so that every note that is found under the lock is one that a dead run left.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from dsqa.durable import create, sync
from dsqa.git import MARK

LOCK = "lock"
SUFFIX = ".note"
VERSION = 1
PATIENCE = 10.0
"""Seconds that another run of the same user has to finish what it writes."""
PAUSE = 0.02


class Unnoted(Exception):
    """Nothing can be noted; the message says why, in one line."""


class Bound(NamedTuple):
    """A file that changes together with others: where it is, what it holds, what it is to hold."""

    real: str
    old: bytes
    new: bytes


class Laid(NamedTuple):
    """What lies beside a file while it is replaced: the new one, and the old one's second name.

    `old` is the digest of what the old one held when it was read. A report has no second name.
    """

    real: str
    fresh: str
    former: str = ""
    old: str = ""


class Note(NamedTuple):
    """What a run lays beside files, and which of them it changes together, in the same order."""

    place: str
    laid: Sequence[Laid] = ()
    bound: Sequence[Bound] = ()


@contextmanager
def locked(*, anew: bool = True) -> Iterator[str]:
    """The folder of the notes, as long as no other run has it; raises Unnoted.

    If there is none it is made, or there is nothing to lock unless one begins `anew`.
    """
    try:
        folder = _folder(anew=anew)
        lock = _lock(os.path.join(folder, LOCK))
    except (OSError, RuntimeError) as error:
        strerror = error.strerror if isinstance(error, OSError) else str(error)
        raise Unnoted((strerror or "no folder to note it").lower()) from None
    try:
        yield folder
    finally:
        with suppress(OSError):
            os.close(lock)


def _folder(*, anew: bool) -> str:
    """The folder; raises Unnoted where a stranger may have put it, or there is none."""
    from platformdirs import user_state_path

    if sys.platform == "win32":
        raise Unnoted("this system locks no files as others do")
    folder = user_state_path("dsqa", appauthor=False)
    if not folder.is_absolute():
        raise Unnoted("there is no home")
    if anew and not folder.is_dir():
        os.makedirs(folder, mode=0o700, exist_ok=True)
        for parent in folder.parents:
            with suppress(OSError):
                sync(str(parent))
    status = os.lstat(folder)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
        raise Unnoted(f"{folder} is not a folder of this user")
    if status.st_mode & 0o022:
        raise Unnoted(f"others may write to {folder}")
    real = Path(os.path.realpath(folder))
    if any((parent / MARK).exists() for parent in (real, *real.parents)):
        raise Unnoted(f"{folder} lies in a checkout")
    return str(real)


def _lock(place: str) -> int:
    import fcntl

    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    patience = PATIENCE
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if patience <= 0:
                    raise Unnoted("another run of dsqa is writing") from None
                time.sleep(PAUSE)
                patience -= PAUSE
            else:
                return descriptor
    except BaseException:
        os.close(descriptor)
        raise


def write(folder: str, laid: Sequence[Laid], bound: Sequence[Bound]) -> Note:
    """A note of what is begun now, which outlasts a failure of power; raises OSError."""
    import json

    text = json.dumps(
        {
            "version": VERSION,
            "laid": [one._asdict() for one in laid],
            "bound": [
                {"real": one.real, "old": _text(one.old), "new": _text(one.new)} for one in bound
            ],
        }
    ).encode()
    place = os.path.join(folder, f"{os.urandom(16).hex()}{SUFFIX}")
    try:
        create(place, digest(text).encode() + b"\n" + text)
        sync(folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(place)
        raise
    return Note(place, laid, bound)


def strike(note: Note) -> None:
    """Forget what is settled. Where that fails, the next run finds that nothing is left to do."""
    with suppress(OSError):
        os.unlink(note.place)
        sync(os.path.dirname(note.place))


def notes(folder: str) -> Iterator[Note]:
    """What runs have left that ended before they were done; raises OSError.

    Of one that is not whole nothing is known, and nothing was done: all is begun after its note.
    """
    for name in sorted(os.listdir(folder)):
        place = os.path.join(folder, name)
        content = _own(place) if name.endswith(SUFFIX) else None
        if content is not None and (note := _read(place, content)):
            yield note


def _own(place: str) -> bytes | None:
    """What stands in the note, if this user wrote it, and nobody else can read or write it."""
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        ours = status.st_uid == os.geteuid() and not status.st_mode & 0o077
        if not ours or not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            return None
        return file.read()


def _read(place: str, content: bytes) -> Note | None:
    """The note; None if another version of dsqa wrote it, which alone can settle it."""
    import json

    head, _, text = content.partition(b"\n")
    if head != digest(text).encode():
        return Note(place)
    data = json.loads(text)
    if data["version"] != VERSION:
        return None
    bound = [
        Bound(one["real"], b64decode(one["old"]), b64decode(one["new"])) for one in data["bound"]
    ]
    return Note(place, [Laid(**one) for one in data["laid"]], bound)


def digest(content: bytes) -> str:
    return blake2b(content, digest_size=32).hexdigest()


def _text(content: bytes) -> str:
    return b64encode(content).decode()
