"""What is remembered of addresses from run to run: the last answer, and since when one is dead."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from enum import Enum
from hashlib import blake2b
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from dsqa.outside import Answer, Hop, Outcome

FILE = "addresses.sqlite3"
LOCK = "addresses.lock"
"""Held by a run while it begins the file anew."""
VERSION = 1
SCHEMA = (
    "CREATE INDEX by_age ON addresses (asked)",
    "CREATE TABLE addresses (address BLOB PRIMARY KEY, asked INTEGER NOT NULL,"
    " answer BLOB NOT NULL, digest BLOB NOT NULL)",
)
MOST_ADDRESSES = 50_000
MOST_BYTES = 50 << 20
LONGEST_ANSWER = 100_000
"""Bytes; a longer one is not remembered."""
PATIENCE = 5.0
"""Seconds that another run may keep the file to itself."""

HOUR = 3_600
DAY = 24 * HOUR
# less than a day, so that who asks every day at one time does ask
TRUSTED_FOR = {
    Outcome.ALIVE: 20 * HOUR,
    Outcome.MOVED: 20 * HOUR,
    Outcome.DEAD: HOUR,
    Outcome.UNVERIFIED: HOUR // 6,
}
FORGOTTEN_AFTER = 90 * DAY
SKEW = 60
"""Seconds by which two clocks may differ."""

LIVING = frozenset({Outcome.ALIVE, Outcome.MOVED})
ANSWERS: TypeAdapter[Answer] = TypeAdapter(Answer)

UNUSABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)
"""Troubles that a new file would not have less of; all others are those of a damaged file."""


class Foreign(Exception):
    """The file is not one of ours, or one of another version."""


TROUBLES = (Foreign, OSError, sqlite3.Error, UnicodeDecodeError)
"""What may come of a file; the last where an error of SQLite quotes what is damaged."""


def trusted(answer: Answer, now: int) -> bool:
    """Whether the answer is young enough to be given again without asking."""
    age, most = now - answer.asked, TRUSTED_FOR.get(answer.outcome)
    return most is not None and -SKEW <= age < most


def with_history(answer: Answer, former: Answer | None, *, confirm_after: int) -> Answer:
    """The answer with what the one before it tells: since when the address is dead.

    A death is believed when the address was already found dead `confirm_after` seconds ago, and
    never alive since. An answer that tells neither way keeps the time, and confirms nothing.
    """
    first = _first_dead(answer, former)
    confirmed = answer.outcome is Outcome.DEAD and (
        first is not None and answer.asked - first >= confirm_after
    )
    return replace(answer, first_dead=first, confirmed=confirmed)


def _first_dead(answer: Answer, former: Answer | None) -> int | None:
    """When the address was first found dead, as far as the two answers know."""
    if answer.outcome in LIVING:
        return None
    own = answer.asked if answer.outcome is Outcome.DEAD else None
    if former is None or former.outcome in LIVING or former.first_dead is None:
        return own
    if not -SKEW <= answer.asked - former.asked <= FORGOTTEN_AFTER:
        return own
    return min(former.first_dead, answer.asked)


def _merged(one: Answer, other: Answer) -> Answer:
    """The newer of two answers, with the history that both tell."""
    older, newer = sorted((one, other), key=lambda each: (each.asked, each.outcome in LIVING))
    if newer.outcome in LIVING or newer.asked - older.asked > FORGOTTEN_AFTER:
        return newer
    first = newer.first_dead
    if older.outcome in LIVING:
        if first is None or first > older.asked:
            return newer
        return with_history(newer, None, confirm_after=1)
    if older.first_dead is not None and (first is None or older.first_dead < first):
        return replace(newer, first_dead=older.first_dead)
    return newer


class Cache:
    """The file, as long as it is open; to be used by one thread.

    Whatever is wrong with the file, all goes on without what it knows, and `notes` say so. What is
    damaged is thrown away and begun anew.
    """

    def __init__(self, file: Path, patience: float, clock: Callable[[], float]) -> None:
        self.notes: list[str] = []
        self._file = file
        self._patience = patience
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None

    @classmethod
    def open(
        cls, folder: Path, *, patience: float = PATIENCE, clock: Callable[[], float] = time.time
    ) -> Cache:
        """The cache in the folder, which is made if it is not there."""
        cache = cls(folder / FILE, patience, clock)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in (FILE, LOCK):
                if (folder / name).is_symlink():
                    raise OSError(0, f"{name} is a symbolic link")
            cache._connect()
        except TROUBLES as error:
            cache._recover(error)
        return cache

    def recalled(self, keys: Iterable[str]) -> dict[str, Answer]:
        """The answers that are remembered, trusted or not, by their keys."""
        found: dict[str, Answer] = {}

        def recall(connection: sqlite3.Connection) -> None:
            for key in keys:
                if answer := self._stored(connection, key):
                    found[key] = answer

        self._use(recall)
        return found

    def keep(self, answers: Mapping[str, Answer]) -> None:
        """Remembers the answers, beside those that other runs stored meanwhile."""

        def store(connection: sqlite3.Connection) -> None:
            with _writing(connection):
                for key, answer in answers.items():
                    stored = self._stored(connection, key)
                    _store(connection, key, _merged(answer, stored) if stored else answer)
                _forget(connection, int(self._clock()))

        if not self._use(store):
            self._use(store)

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _use(self, use: Callable[[sqlite3.Connection], None]) -> bool:
        """Whether the file could be used; if not, there may be a new one by now."""
        if not self._connection:
            return False
        try:
            use(self._connection)
        except sqlite3.ProgrammingError:
            raise
        except (sqlite3.Error, UnicodeDecodeError) as error:
            self._recover(error)
            return False
        return True

    def _recover(self, error: Exception) -> None:
        """Begins the file anew if that helps, and else goes on without it."""
        if not _is_unusable(error):
            self.notes.append(f"{self._file} is begun anew: {error}")
            try:
                self._begin_anew()
                return
            except TROUBLES as another:
                error = another
        self.close()
        self.notes.append(f"{self._file} is not used, all addresses are asked: {error}")

    def _begin_anew(self) -> None:
        """Puts an empty file in the place of this one, unless another run did that already.

        As long as this one is open, a new one cannot have its identity. A journal may belong to
        another run; SQLite removes one beside an empty file.
        """
        lock = sqlite3.connect(self._file.with_name(LOCK), timeout=self._patience)
        with contextlib.closing(lock):
            lock.execute("BEGIN EXCLUSIVE")
            if self._identity and self._identity == _identity(self._file):
                try:
                    self._file.unlink()
                except PermissionError:  # Windows removes no file that is open
                    self.close()
                    self._file.unlink()
            self.close()
            self._connect()

    def _connect(self) -> None:
        # asked before it is opened, lest it be that of a new one in its place
        identity = _identity(self._file)
        connection = sqlite3.connect(self._file, timeout=self._patience, isolation_level=None)
        self._connection = connection
        self._identity = identity or _identity(self._file)
        connection.text_factory = bytes
        connection.execute("PRAGMA trusted_schema = OFF")
        if not _is_ours(connection):
            with _writing(connection):
                _make(connection)

    def _stored(self, connection: sqlite3.Connection, key: str) -> Answer | None:
        """The answer that is stored, unless something is wrong with it."""
        name = _octets(key)
        query = "SELECT answer, digest FROM addresses WHERE address = ? AND length(answer) <= ?"
        row = connection.execute(query, (name, LONGEST_ANSWER)).fetchone()
        if not row or not isinstance(row[0], bytes) or row[1] != _digest(name, row[0]):
            return None
        try:
            answer = ANSWERS.validate_json(row[0], strict=True)
        except ValidationError:
            return None
        first = answer.asked if answer.first_dead is None else answer.first_dead
        dead = answer.outcome is Outcome.DEAD and answer.first_dead is not None
        right = 0 <= first <= answer.asked <= self._clock() + SKEW
        return answer if right and (dead or not answer.confirmed) else None


def _identity(file: Path) -> tuple[int, int] | None:
    """What tells the file from another one in its place; None if none is there."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _is_unusable(error: Exception) -> bool:
    """Whether a new file would have the same trouble."""
    if not isinstance(error, sqlite3.Error):
        return isinstance(error, OSError)
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF in UNUSABLE and code != sqlite3.SQLITE_READONLY_DBMOVED


def _is_ours(connection: sqlite3.Connection) -> bool:
    """Whether the file is made as this version makes it, with nothing else in it."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    made = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
    return version == VERSION and [sql for (sql,) in made] == [sql.encode() for sql in SCHEMA]


def _make(connection: sqlite3.Connection) -> None:
    """Makes an empty file ours, if no other run was faster."""
    if _is_ours(connection):
        return
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (things,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if version or things:
        raise Foreign(f"it is of version {version}, and not {VERSION}")
    for sql in reversed(SCHEMA):
        connection.execute(sql)
    connection.execute(f"PRAGMA user_version = {VERSION}")


@contextlib.contextmanager
def _writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that no other run interrupts."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _store(connection: sqlite3.Connection, key: str, answer: Answer) -> None:
    name, written = _octets(key), json.dumps(answer, default=_plain).encode()
    if len(written) > LONGEST_ANSWER:  # what was known before is no longer so
        connection.execute("DELETE FROM addresses WHERE address = ?", (name,))
        return
    row = (name, answer.asked, written, _digest(name, written))
    connection.execute("REPLACE INTO addresses VALUES (?, ?, ?, ?)", row)


def _forget(connection: sqlite3.Connection, now: int) -> None:
    """Removes what nobody asked for a long time, and then the oldest of what is too much."""
    connection.execute("DELETE FROM addresses WHERE asked < ?", (now - FORGOTTEN_AFTER,))
    (count,) = connection.execute("SELECT count(*) FROM addresses").fetchone()
    surplus = max(count - MOST_ADDRESSES, 0)
    oldest = "SELECT address FROM addresses ORDER BY asked LIMIT ?"
    while surplus or (count > 0 and _size(connection) > MOST_BYTES):
        surplus = surplus or count // 20 + 1
        connection.execute(f"DELETE FROM addresses WHERE address IN ({oldest})", (surplus,))
        count, surplus = count - surplus, 0


def _size(connection: sqlite3.Connection) -> int:
    """The bytes of the file that are in use."""
    asked = ("page_count", "freelist_count", "page_size")
    pages, free, each = (connection.execute(f"PRAGMA {one}").fetchone()[0] for one in asked)
    return int((pages - free) * each)


def _plain(value: object) -> object:
    """The value as JSON knows it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    assert isinstance(value, (Answer, Hop))
    return {each.name: getattr(value, each.name) for each in fields(value)}


def _octets(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _digest(name: bytes, written: bytes) -> bytes:
    """What tells a row that was stored from one that was damaged since."""
    return blake2b(written, key=blake2b(name, digest_size=32).digest(), digest_size=16).digest()
