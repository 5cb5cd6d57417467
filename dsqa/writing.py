"""Files are replaced whole or not at all; only what several programs write to is appended to.

A file is laid beside the old one and renamed to its name, which is one step for all who look. What
is laid there is noted before, so that the next run removes what a killed one has left, and takes
back what it has only half written of files that change together (see `journal`).
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from enum import Enum
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from dsqa import journal
from dsqa.durable import create, fill, sync
from dsqa.journal import Bound, Laid, Note, Unnoted, digest
from dsqa.source import Unreadable
from dsqa.workspace import read_bytes

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
MEANWHILE = "a run was killed when it replaced this; what was written into it meanwhile is in"
CHANGED = "changed while it was being repaired"
KEPT_ATTRIBUTES = ("system.", "user.")
"""Rights and whatever people attach; the others are the system's, and about the content."""


class Unwritten(Exception):
    """The file at the place was left as it was, and the others with it; the message says why."""

    def __init__(self, place: Path, why: str, others: Iterable[Path] = ()) -> None:
        super().__init__(why)
        self.place = place
        self.others = tuple(others)


class Refused(Exception):
    """The file can be written to, but not so that all else stays as it was."""


class Change(NamedTuple):
    """What is to stand at a place instead of the old content; it must not lead out of the root."""

    place: Path
    root: Path
    old: bytes
    new: bytes


class State(Enum):
    """What a file of a note holds."""

    OLD = "old"
    NEW = "new"
    OTHER = "other"


class _Way(NamedTuple):
    """How a change is made."""

    change: Change
    laid: Laid


def write_file(place: Path, content: bytes) -> None:
    """Put the content at a place where there may be nothing yet; raises Unwritten."""
    real = os.path.realpath(place)
    there = os.path.exists(real)
    try:
        if there and not os.path.isfile(real):
            with open(real, "wb", opener=_unwaiting) as file:
                file.write(content)
            return
        laid = Laid(real, _temporary(real))
        with _noting([laid]), _uninterrupted():
            try:
                _lay(laid.fresh, content, like=real if there else None)
                os.replace(laid.fresh, real)
            finally:
                _clear(laid)
    except (OSError, Refused) as error:
        raise Unwritten(place, _reason(error)) from None


def append_file(place: Path, content: bytes) -> None:
    """Put the content behind what others have written there; raises Unwritten."""
    try:
        with open(place, "ab", buffering=0, opener=_unwaiting) as file:
            fill(file.fileno(), content)
    except OSError as error:
        raise Unwritten(place, _reason(error)) from None


def _unwaiting(path: str, flags: int) -> int:
    """Open it; a pipe that nobody reads is an error, and is not waited for."""
    descriptor = os.open(path, flags | os.O_NONBLOCK, 0o666)
    os.set_blocking(descriptor, True)
    return descriptor


def replace_files(
    together: Sequence[Change], alone: Sequence[Change], read: Iterable[Change]
) -> Iterator[Unwritten]:
    """Make all of the changes that belong together, or none, and each of the others by itself.

    Nothing is written if one of the files changed since that were `read` to find out what to write.
    What belongs together is laid beside the old files before the first of them is replaced. If a
    later one fails they are put back; if the run is killed in between, the next one does that.
    """
    ways = [_way(change) for change in (*together, *alone)]
    bound = [Bound(way.laid.real, way.change.old, way.change.new) for way in ways[: len(together)]]
    with _noting([way.laid for way in ways], bound) as unnoted:
        for change in read:
            try:
                _require(os.path.realpath(change.place), change.old)
            except Refused as error:
                others = [way.change.place for way in ways if way.change.place != change.place]
                yield Unwritten(change.place, str(error), others)
                return
        if bound and unnoted and sys.platform != "win32":
            why = f"{unnoted}, so that it cannot be noted which files change together"
            first, *others = (change.place for change in together)
            yield Unwritten(first, why, others)
            del ways[: len(together)]
            bound = []
        groups = [ways[: len(bound)], *([way] for way in ways[len(bound) :])]
        for group in filter(None, groups):
            try:
                _make(group, noted=not unnoted)
            except Unwritten as error:
                yield error


def recover(places: Iterable[Path]) -> list[Path]:
    """Take back what killed runs have half written of files that change together, these among them.

    The files that now are again what they were. Raises Unwritten where a person must look.
    """
    try:
        with journal.locked(anew=False) as folder:
            return _settle(folder, {os.path.realpath(place) for place in places})
    except (Unnoted, OSError):  # what cannot be read now is still noted then
        return []


@contextmanager
def _noting(laid: Sequence[Laid], bound: Sequence[Bound] = ()) -> Iterator[str]:
    """Note what is about to be written, and forget it when all is settled; why that fails, if so.

    A file by itself is safe without.
    """
    with ExitStack() as stack:
        note, unnoted = None, ""
        try:
            folder = stack.enter_context(journal.locked())
            _settle(folder, frozenset())
            note = journal.write(folder, laid, bound)
        except Unnoted as error:
            unnoted = str(error)
        except OSError as error:
            unnoted = _reason(error)
        try:
            yield unnoted
        finally:
            if note and _is_settled(note):
                _forget(note)


def _settle(folder: str, wanted: Collection[str]) -> list[Path]:
    """Remove what dead runs have laid anywhere, and take back what they did to the wanted files.

    Files that nobody asked for may be on a disk that is not here now: their note is kept.
    """
    back: list[Path] = []
    for note in journal.notes(folder):
        for laid in note.laid:
            if not _clear(laid) and laid.real in wanted:
                journal.strike(note)
                raise Unwritten(Path(laid.real), f"{MEANWHILE} {os.path.basename(laid.former)}")
        asked = any(one.real in wanted for one in note.bound)
        if asked and not _is_settled(note):
            with _uninterrupted():
                back += _taken_back(note)
        if asked or _is_settled(note):
            _forget(note)
    return back


def _is_settled(note: Note) -> bool:
    """Whether all of the files that change together are old, or all are new."""
    return {_state(one) for one in note.bound} in (set(), {State.OLD}, {State.NEW})


def _forget(note: Note) -> None:
    """Strike the note, unless a file is left that could not be removed."""
    if any(os.path.lexists(name) for one in note.laid for name in (one.fresh, one.former)):
        return
    for folder in _folders(note.laid):
        with suppress(OSError):
            sync(folder)
    journal.strike(note)


def _state(one: Bound) -> State:
    if os.path.realpath(one.real) != one.real:
        return State.OTHER
    try:
        content = _content(one.real)
    except Refused:
        return State.OTHER
    return State.NEW if content == one.new else State.OLD if content == one.old else State.OTHER


def _taken_back(note: Note) -> list[Path]:
    """Put the old files back; raises Unwritten if somebody has changed one of them since."""
    found = list(zip(map(_state, note.bound), note.bound, note.laid, strict=False))
    changed = [Path(one.real) for state, one, _ in found if state is State.NEW]
    edited = [os.path.basename(one.real) for state, one, _ in found if state is State.OTHER]
    if changed and edited:
        journal.strike(note)
        why = f"a killed run had repaired this together with {', '.join(edited)}, which is neither"
        raise Unwritten(changed[0], f"{why} old nor new; see that they agree, and run again")
    for state, one, laid in found:
        if state is State.NEW:
            try:
                _lay(laid.fresh, one.old, like=one.real)
                os.replace(laid.fresh, one.real)
                sync(os.path.dirname(one.real))
            except (OSError, Refused) as error:
                why = "a killed run had repaired this and not all with it, and it cannot be taken"
                raise Unwritten(Path(one.real), f"{why} back: {_reason(error)}") from None
            finally:
                _discard(laid.fresh)
    return changed


def _way(change: Change) -> _Way:
    real = os.path.realpath(change.place)
    return _Way(change, Laid(real, _temporary(real), _temporary(real), digest(change.old)))


def _temporary(real: str) -> str:
    """A name beside the file that nobody can know before."""
    return os.path.join(os.path.dirname(real), f".dsqa-{os.urandom(16).hex()}.tmp")


def _folders(laid: Iterable[Laid]) -> list[str]:
    return sorted({os.path.dirname(one.real) for one in laid})


def _make(ways: Sequence[_Way], *, noted: bool) -> None:
    """Put all new files in their places, or none; raises Unwritten."""
    made: list[_Way] = []
    kept: list[_Way] = []
    way = ways[0]
    with _uninterrupted():
        try:
            for way in ways:
                _stage(way, noted=noted)
            for way in ways:
                _check(way)
                os.replace(way.laid.fresh, way.laid.real)
                made.append(way)
                _require(way.laid.former, way.change.old)  # it may be written to after it was read
            for folder in _folders(way.laid for way in ways):
                sync(folder)
        except (OSError, Refused) as error:
            kept = [one for one in reversed(made) if not _undone(one)]
            why, place = _reason(error), way.change.place
            if kept:
                names = ", ".join(one.change.place.name for one in kept)
                why += f"; already changed, and not taken back: {names}"
            others = [one.change.place for one in ways if one.change.place != place]
            raise Unwritten(place, why, others) from None
        finally:
            for way in ways:
                if way in kept:
                    _clear(way.laid)
                else:
                    _discard(way.laid.fresh)
                    _discard(way.laid.former)


def _stage(way: _Way, *, noted: bool) -> None:
    """Lay the new file beside the old one, and keep the old one under a second name.

    A second name is the file itself, to which an editor may just write. It is given only if it is
    noted: who finds it later could not tell it from a name that somebody gave on purpose.
    """
    root = os.path.realpath(way.change.root)
    if not way.laid.real.startswith(root.rstrip(os.sep) + os.sep):
        raise Refused("leads out of the folder that is checked")
    _check(way)
    names = os.stat(way.laid.real).st_nlink
    if names > 1:
        raise Refused(f"it has {names} names (hard links), and a repair would part them")
    _lay(way.laid.fresh, way.change.new, like=way.laid.real)
    if noted:
        with suppress(OSError):
            os.link(way.laid.real, way.laid.former, follow_symlinks=False)
            return
    _lay(way.laid.former, way.change.old, like=way.laid.real)


def _check(way: _Way) -> None:
    """Raises Refused unless the place still leads to the file, and that holds what was read."""
    if os.path.realpath(way.change.place) != way.laid.real:
        raise Refused(CHANGED)
    _require(way.laid.real, way.change.old)


def _require(place: str, content: bytes) -> None:
    if _content(place) != content:
        raise Refused(CHANGED)


def _content(place: str) -> bytes:
    try:
        return read_bytes(place)
    except Unreadable as error:
        raise Refused(str(error)) from None


def _undone(way: _Way) -> bool:
    """Put the old file back, unless somebody changed the new one; whether that could be done."""
    try:
        _require(way.laid.real, way.change.new)
        os.replace(way.laid.former, way.laid.real)
    except (OSError, Refused):
        return False
    with suppress(OSError):
        sync(os.path.dirname(way.laid.real))
    return True


def _lay(place: str, content: bytes, *, like: str | None) -> None:
    """Write the content to a place where nothing is, with all rights of what is at another one."""
    if like is None:
        create(place, content, mode=0o666)
        return
    create(place, content, finish=partial(_dress, like=like))


def _dress(descriptor: int, like: str) -> None:
    """Give the file the owner, the attributes and the mode of the one that it is to replace.

    An owner that may not be given is ours, as git leaves it. A group or a list of rights that may
    not be given would let in whom the old one did not: then there is no new file, and neither is
    one in the place of a file that may not be written to.
    """
    if not os.access(like, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise Refused("permission denied")
    status = os.stat(like)
    mode = stat.S_IMODE(status.st_mode)
    if hasattr(os, "fchown"):
        mine = os.fstat(descriptor)
        if status.st_gid != mine.st_gid:
            try:
                os.fchown(descriptor, -1, status.st_gid)
            except PermissionError:
                raise Refused("its group cannot be kept") from None
        if status.st_uid != mine.st_uid:
            try:
                os.fchown(descriptor, status.st_uid, -1)
            except PermissionError:
                mode &= 0o777
    if hasattr(os, "listxattr"):
        _attach(descriptor, like)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)


def _attach(descriptor: int, like: str) -> None:
    """Give the file the attributes of the other one, and take away those that it does not have."""
    try:
        wanted = {name for name in os.listxattr(like) if name.startswith(KEPT_ATTRIBUTES)}
        given = {name for name in os.listxattr(descriptor) if name.startswith(KEPT_ATTRIBUTES)}
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return
    for name in sorted(given - wanted):
        os.removexattr(descriptor, name)
    for name in sorted(wanted):
        os.setxattr(descriptor, name, os.getxattr(like, name))


def _clear(laid: Laid) -> bool:
    """Take away what lies beside the file, unless it is nowhere else; whether all may go.

    What somebody has written into the old file in the very moment in which it was replaced may not.
    """
    _discard(laid.fresh)
    lost = os.path.lexists(laid.former) and not _is_one(laid)
    if lost and laid.old not in (_held(laid.former), _held(laid.real)):
        return False
    _discard(laid.former)
    return True


def _is_one(laid: Laid) -> bool:
    try:
        return os.path.samefile(laid.real, laid.former)
    except OSError:
        return False


def _held(place: str) -> str:
    """The digest of what the file holds, if it can be read."""
    try:
        return digest(_content(place))
    except Refused:
        return ""


def _discard(temporary: str) -> None:
    """Take the file away, if it is there. What cannot be removed is still noted."""
    with suppress(OSError):
        if stat.S_ISREG(os.lstat(temporary).st_mode):
            os.unlink(temporary)


def _reason(error: OSError | Refused) -> str:
    strerror = error.strerror if isinstance(error, OSError) else str(error)
    return (strerror or "cannot be written").lower()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """What ends the process waits until what is begun here is done.

    Only the main thread is told; in another one nothing is interrupted.
    """
    came: list[int] = []

    def wait(number: int, frame: FrameType | None) -> None:
        came.append(number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.getsignal(number) for number in ENDING}
    former = {n: handler for n, handler in former.items() if handler not in (None, signal.SIG_IGN)}
    for number in former:
        signal.signal(number, wait)
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])
