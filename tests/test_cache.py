"""What is remembered of addresses, whatever becomes of the file and whoever else writes to it."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import pytest

from dsqa.network.cache import (
    FILE,
    MOST_ADDRESSES,
    MOST_BYTES,
    Cache,
    trusted,
    with_history,
)
from dsqa.network.cache import _digest as digest
from dsqa.outside import Answer, Hop, Outcome

NOW = 1_800_000_000
HOUR, DAY = 3_600, 86_400
PAGE = "https://example.org/terms"
FULL = Answer(
    Outcome.DEAD,
    "404 Not Found \u2192 \u00e9 \ud800",
    NOW - HOUR,
    404,
    (Hop(301, "https://example.org/a"), Hop(302, "https://example.org/b")),
    "https://example.org/new",
    NOW - DAY,
    True,
    "text/html",
    False,
    {"recall": True, ":~:text=a": False, "/b": None},
)


def dead(asked: int, first: int | None = None, *, confirmed: bool = False) -> Answer:
    first = asked if first is None else first
    return Answer(Outcome.DEAD, "404 Not Found", asked, 404, first_dead=first, confirmed=confirmed)


def alive(asked: int) -> Answer:
    return Answer(Outcome.ALIVE, "200 OK", asked, 200)


def unsure(asked: int, first: int | None = None) -> Answer:
    return Answer(Outcome.UNVERIFIED, "503 Service Unavailable", asked, 503, first_dead=first)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "caches" / "dsqa"


def opened(folder: Path, *, patience: float = 5.0, now: int = NOW) -> Cache:
    return Cache.open(folder, patience=patience, clock=lambda: now)


def kept(folder: Path, *rounds: dict[str, Answer], now: int = NOW) -> list[str]:
    """The notes of a run that keeps the answers, one round after the other."""
    cache = opened(folder, now=now)
    for answers in rounds:
        cache.keep(answers)
    cache.close()
    return cache.notes


def recalled(folder: Path, *keys: str, now: int = NOW) -> dict[str, Answer]:
    cache = opened(folder, now=now)
    found = cache.recalled(keys)
    cache.close()
    assert cache.notes == []
    return found


def test_an_answer_is_remembered_whole(folder: Path) -> None:
    answer = replace(FULL, reason="404 Not Found \u2192 \u00e9")
    assert kept(folder, {PAGE: answer, "b": alive(NOW)}) == []
    assert recalled(folder, PAGE, "b", "c") == {PAGE: answer, "b": alive(NOW)}
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("key", ["", "a\0b", "\u00e9", "\ud800", "'; DROP TABLE addresses; --"])
def test_any_key_will_do(folder: Path, key: str) -> None:
    kept(folder, {key: alive(NOW), key + "/": alive(NOW - 1)})
    assert recalled(folder, key) == {key: alive(NOW)}


def test_what_is_no_text_is_forgotten(folder: Path) -> None:
    assert kept(folder, {PAGE: FULL, "b": alive(NOW)}) == []
    assert recalled(folder, PAGE, "b") == {"b": alive(NOW)}


@pytest.mark.parametrize(
    ("outcome", "seconds"),
    [
        pytest.param(Outcome.ALIVE, 20 * HOUR, id="alive"),
        pytest.param(Outcome.MOVED, 20 * HOUR, id="moved"),
        pytest.param(Outcome.DEAD, HOUR, id="dead"),
        pytest.param(Outcome.UNVERIFIED, 600, id="unverified"),
        pytest.param(Outcome.REFUSED, 0, id="refused"),
    ],
)
def test_how_long_an_answer_is_trusted(outcome: Outcome, seconds: int) -> None:
    answer = Answer(outcome, "", NOW)
    assert trusted(answer, NOW) is (seconds > 0)
    assert trusted(answer, NOW + seconds - 1) is (seconds > 0)
    assert not trusted(answer, NOW + seconds)
    assert not trusted(answer, NOW - HOUR)


@pytest.mark.parametrize(
    ("answer", "former", "expected"),
    [
        pytest.param(dead(NOW), None, dead(NOW), id="dead for the first time"),
        pytest.param(dead(NOW), alive(NOW - DAY), dead(NOW), id="alive before"),
        pytest.param(
            dead(NOW),
            dead(NOW - DAY),
            dead(NOW, NOW - DAY, confirmed=True),
            id="dead the day before",
        ),
        pytest.param(
            dead(NOW), dead(NOW - 9), dead(NOW, NOW - 9), id="dead only some seconds before"
        ),
        pytest.param(
            dead(NOW),
            dead(NOW - 9, NOW - DAY),
            dead(NOW, NOW - DAY, confirmed=True),
            id="dead again and again",
        ),
        pytest.param(
            dead(NOW),
            unsure(NOW - HOUR, NOW - DAY),
            dead(NOW, NOW - DAY, confirmed=True),
            id="nobody could tell in between",
        ),
        pytest.param(dead(NOW), unsure(NOW - DAY), dead(NOW), id="nobody could tell before"),
        pytest.param(
            unsure(NOW), dead(NOW - DAY), unsure(NOW, NOW - DAY), id="nobody can tell now"
        ),
        pytest.param(alive(NOW), dead(NOW - DAY), alive(NOW), id="alive after all"),
        pytest.param(
            dead(NOW), dead(NOW - 91 * DAY), dead(NOW), id="not asked for a quarter of a year"
        ),
        pytest.param(dead(NOW), dead(NOW + DAY, NOW - DAY), dead(NOW), id="a clock was wrong"),
        pytest.param(
            replace(unsure(NOW), outcome=Outcome.REFUSED),
            dead(NOW - DAY),
            replace(unsure(NOW, NOW - DAY), outcome=Outcome.REFUSED),
            id="not asked now",
        ),
    ],
)
def test_history(answer: Answer, former: Answer | None, expected: Answer) -> None:
    untold = replace(answer, first_dead=None)
    assert with_history(untold, former, confirm_after=6 * HOUR) == expected


def test_a_death_can_be_believed_at_once() -> None:
    assert with_history(dead(NOW), None, confirm_after=0) == dead(NOW, confirmed=True)
    assert with_history(unsure(NOW), dead(NOW - DAY), confirm_after=0) == unsure(NOW, NOW - DAY)


@pytest.mark.parametrize(
    ("stored", "answer", "expected"),
    [
        pytest.param(alive(NOW - 9), dead(NOW), dead(NOW), id="newer"),
        pytest.param(dead(NOW), alive(NOW - 9), dead(NOW), id="older"),
        pytest.param(alive(NOW), dead(NOW), alive(NOW), id="at the same time, alive"),
        pytest.param(dead(NOW), alive(NOW), alive(NOW), id="at the same time, alive, then stored"),
        pytest.param(
            dead(NOW - 9, NOW - DAY), dead(NOW), dead(NOW, NOW - DAY), id="the longer history"
        ),
        pytest.param(
            dead(NOW), dead(NOW - 9, NOW - DAY), dead(NOW, NOW - DAY), id="of the older one"
        ),
        pytest.param(
            alive(NOW - 9),
            dead(NOW, NOW - DAY, confirmed=True),
            dead(NOW),
            id="alive since it was found dead",
        ),
        pytest.param(
            dead(NOW, NOW - DAY, confirmed=True),
            alive(NOW - 9),
            dead(NOW),
            id="alive since it was found dead, and stored later",
        ),
        pytest.param(
            alive(NOW - 2 * DAY),
            dead(NOW, NOW - DAY, confirmed=True),
            dead(NOW, NOW - DAY, confirmed=True),
            id="alive before it was found dead",
        ),
        pytest.param(alive(NOW - 9), unsure(NOW, NOW - DAY), unsure(NOW), id="alive, then unsure"),
        pytest.param(dead(NOW - 9), unsure(NOW), unsure(NOW, NOW - 9), id="dead, then unsure"),
        pytest.param(
            unsure(NOW, NOW - DAY), dead(NOW - 9), unsure(NOW, NOW - DAY), id="unsure, then dead"
        ),
    ],
)
def test_two_runs_store_the_same_address(
    folder: Path, stored: Answer, answer: Answer, expected: Answer
) -> None:
    first, second = opened(folder), opened(folder)
    first.keep({PAGE: stored})
    second.keep({PAGE: answer})
    assert first.recalled([PAGE]) == {PAGE: expected}
    first.close()
    second.close()


# The file


def garbage(file: Path) -> None:
    file.write_bytes(b"Dear diary, " * 1_000)


def another_version(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()


def of_another_program(file: Path) -> None:
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE addresses (street, town)")
        connection.execute("INSERT INTO addresses VALUES ('Elm Street', 'Springwood')")
    connection.close()


def with_a_trap(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(
            "CREATE TRIGGER trap AFTER INSERT ON addresses BEGIN DELETE FROM addresses; END"
        )
    connection.close()


def cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def broken_inside(file: Path) -> None:
    written = bytearray(file.read_bytes())
    written[4096:] = bytes(len(written) - 4096)
    file.write_bytes(written)


@pytest.mark.parametrize(
    "spoil",
    [garbage, another_version, of_another_program, with_a_trap, cut_in_half, broken_inside],
)
def test_what_is_no_cache_of_ours_is_begun_anew(
    folder: Path, spoil: Callable[[Path], None]
) -> None:
    many = {f"{PAGE}/{number}": alive(NOW) for number in range(300)}
    kept(folder, many)
    spoil(folder / FILE)
    cache = opened(folder)
    found = cache.recalled(many)
    cache.keep({PAGE: alive(NOW)})
    cache.close()
    (note,) = cache.notes
    assert note.startswith(f"{folder / FILE} is begun anew: ")
    assert found.items() <= many.items()
    assert recalled(folder, PAGE) == {PAGE: alive(NOW)}


def test_an_empty_file_is_no_trouble(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / FILE).touch()
    assert kept(folder, {PAGE: alive(NOW)}) == []
    assert recalled(folder, PAGE) == {PAGE: alive(NOW)}


def test_damage_that_is_only_found_when_it_is_written(folder: Path) -> None:
    many = {f"{PAGE}/{number}": alive(NOW) for number in range(300)}
    kept(folder, many)
    cache = opened(folder)
    broken_inside(folder / FILE)
    cache.keep({PAGE: alive(NOW)})
    cache.close()
    assert len(cache.notes) == 1
    assert recalled(folder, PAGE) == {PAGE: alive(NOW)}


def test_another_run_began_it_anew_meanwhile(folder: Path) -> None:
    kept(folder, {"a": alive(NOW)})
    cache = opened(folder)
    (folder / FILE).unlink()
    kept(folder, {"b": alive(NOW)})
    cache.keep({"c": alive(NOW)})
    cache.close()
    assert len(cache.notes) == 1
    assert recalled(folder, "b", "c") == {"b": alive(NOW), "c": alive(NOW)}


def folder_in_its_place(folder: Path) -> None:
    (folder / FILE).mkdir(parents=True)


def file_in_place_of_the_folder(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.touch()


def file_in_place_of_its_parent(folder: Path) -> None:
    folder.parent.touch()


@pytest.mark.parametrize(
    "spoil", [folder_in_its_place, file_in_place_of_the_folder, file_in_place_of_its_parent]
)
def test_what_cannot_be_used_is_not_used(folder: Path, spoil: Callable[[Path], None]) -> None:
    spoil(folder)
    cache = opened(folder)
    cache.keep({PAGE: alive(NOW)})
    assert cache.recalled([PAGE]) == {}
    cache.close()
    (note,) = cache.notes
    assert note.startswith(f"{folder / FILE} is not used, all addresses are asked: ")


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that a user without rights can reach."""
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("NOT TESTED: only root can run as somebody else")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


Sent = tuple[dict[str, Answer], dict[str, Answer], list[str]]


def keep_without_rights(folder: Path, sent: SimpleQueue[Sent]) -> None:
    os.setgid(65_534)
    os.setuid(65_534)
    cache = opened(folder)
    before = cache.recalled([PAGE])
    cache.keep({PAGE: dead(NOW)})
    after = cache.recalled([PAGE])
    cache.close()
    sent.put((before, after, cache.notes))


@pytest.mark.parametrize(
    ("writable", "found"),
    [
        pytest.param(False, {PAGE: alive(NOW)}, id="a file that may be read"),
        pytest.param(True, {}, id="a folder that may not be written"),
    ],
)
def test_a_file_of_somebody_else(
    open_to_all: Path, writable: bool, found: dict[str, Answer]
) -> None:
    if not writable:
        kept(open_to_all, {PAGE: alive(NOW)})
    sent: SimpleQueue[Sent] = multiprocessing.SimpleQueue()
    child = multiprocessing.Process(target=keep_without_rights, args=(open_to_all, sent))
    child.start()
    before, after, notes = sent.get()
    child.join()
    assert (before, after) == (found, {})
    assert len(notes) == 1
    assert " is not used, all addresses are asked: " in notes[0]


def test_another_run_keeps_it_to_itself(folder: Path) -> None:
    kept(folder, {PAGE: alive(NOW)})
    other = sqlite3.connect(folder / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    start = time.monotonic()
    cache = opened(folder, patience=0.3)
    assert cache.recalled([PAGE]) == {}
    cache.close()
    assert 0.2 < time.monotonic() - start < 3
    assert cache.notes == [
        f"{folder / FILE} is not used, all addresses are asked: database is locked"
    ]
    other.execute("COMMIT")
    other.close()
    assert recalled(folder, PAGE) == {PAGE: alive(NOW)}


def test_another_run_keeps_it_to_itself_for_a_moment(folder: Path) -> None:
    kept(folder, {PAGE: alive(NOW)})
    other = sqlite3.connect(folder / FILE, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    leaving = threading.Timer(0.3, other.execute, ["COMMIT"])
    leaving.start()
    assert recalled(folder, PAGE) == {PAGE: alive(NOW)}
    leaving.join()
    other.close()


# Other runs at the same time

RUNS = 16


def keep_again_and_again(folder: Path, number: int, sent: SimpleQueue[str]) -> None:
    cache = opened(folder, patience=60)
    for time_ in range(25):
        asked = NOW - 10_000 + 25 * time_ + number
        cache.keep({f"{number}/{time_}": alive(asked), PAGE: dead(asked, asked - number)})
        cache.recalled([PAGE, f"{RUNS - number}/{time_}"])
    cache.close()
    sent.put(json.dumps(cache.notes))


@pytest.mark.parametrize("spoil", [None, garbage], ids=["from nothing", "from garbage"])
def test_many_runs_at_once(folder: Path, spoil: Callable[[Path], None] | None) -> None:
    if spoil:
        folder.mkdir(parents=True)
        spoil(folder / FILE)
    sent: SimpleQueue[str] = multiprocessing.SimpleQueue()
    runs = [
        multiprocessing.Process(target=keep_again_and_again, args=(folder, number, sent))
        for number in range(RUNS)
    ]
    for run in runs:
        run.start()
    notes = [note for _ in runs for note in json.loads(sent.get())]
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0] * RUNS
    assert all(" is begun anew: " in note or " is not used, " in note for note in notes)
    found = recalled(
        folder, PAGE, *(f"{run}/{time_}" for run in range(RUNS) for time_ in range(25))
    )
    last = NOW - 10_000 + 25 * 24 + RUNS - 1
    assert found[PAGE].asked == last
    if not spoil:
        assert notes == []
        assert len(found) == 1 + RUNS * 25
        assert found[PAGE].first_dead == NOW - 10_000


def keep_for_ever(folder: Path) -> None:
    cache = opened(folder)
    for number in range(1_000_000):
        cache.keep({f"{number % 50}/{each}": dead(NOW - 99 + number % 99) for each in range(40)})


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed there")
def test_a_run_is_killed(folder: Path) -> None:
    chance = random.Random(7)
    for _ in range(12):
        child = multiprocessing.Process(target=keep_for_ever, args=(folder,))
        child.start()
        time.sleep(0.05 + chance.random() / 5)
        assert child.pid
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        found = recalled(folder, *(f"0/{each}" for each in range(40)))
        assert len(found) in (0, 40)
        assert len({answer.asked for answer in found.values()}) <= 1


# What is wrong in a row

GOOD_ROW: dict[str, object] = {
    "outcome": "dead",
    "reason": "404 Not Found",
    "asked": NOW - DAY,
    "status": 404,
    "hops": [],
    "first_dead": NOW - DAY,
    "confirmed": True,
}


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(json.dumps(GOOD_ROW | {"outcome": "gone"}), id="an unknown outcome"),
        pytest.param(json.dumps(GOOD_ROW | {"asked": str(NOW)}), id="a time in letters"),
        pytest.param(json.dumps(GOOD_ROW | {"asked": True}), id="a time that is none"),
        pytest.param(json.dumps(GOOD_ROW | {"asked": NOW + 0.5}), id="a part of a second"),
        pytest.param(json.dumps(GOOD_ROW | {"asked": NOW + HOUR}), id="asked in the future"),
        pytest.param(json.dumps(GOOD_ROW | {"first_dead": NOW}), id="dead after it was asked"),
        pytest.param(json.dumps(GOOD_ROW | {"first_dead": -1}), id="dead before all time"),
        pytest.param(json.dumps(GOOD_ROW | {"first_dead": None}), id="confirmed, but not dead"),
        pytest.param(json.dumps(GOOD_ROW | {"outcome": "alive"}), id="confirmed, but alive"),
        pytest.param(json.dumps(GOOD_ROW | {"status": "404"}), id="a status in letters"),
        pytest.param(json.dumps(GOOD_ROW | {"hops": [[301]]}), id="half a redirect"),
        pytest.param(json.dumps(GOOD_ROW | {"hops": {}}), id="no redirects"),
        pytest.param(json.dumps(GOOD_ROW | {"fragments": {"a": 1}}), id="a place that is none"),
        pytest.param(json.dumps(GOOD_ROW | {"reason": "a" * 200_000}), id="too long"),
        pytest.param(json.dumps(GOOD_ROW)[:-1], id="half of it"),
        pytest.param("[" * 90_000, id="deep"),
        pytest.param('{"asked":' + "1" * 9_000 + "}", id="a large number"),
        pytest.param("null", id="nothing"),
        pytest.param("\ud800", id="no text"),
    ],
)
def test_a_poisoned_row_is_dropped(folder: Path, written: str) -> None:
    row = written.encode("utf-8", "surrogatepass")
    kept(folder, {PAGE: alive(NOW - 9)})
    connection = sqlite3.connect(folder / FILE)
    for text, count in ((json.dumps(GOOD_ROW).encode(), 1), (row, 0)):
        values = (PAGE.encode(), NOW, text, digest(PAGE.encode(), text))
        connection.execute("REPLACE INTO addresses VALUES (?, ?, ?, ?)", values)
        connection.commit()
        assert len(recalled(folder, PAGE)) == count
    connection.close()
    assert kept(folder, {PAGE: alive(NOW)}) == []
    assert recalled(folder, PAGE) == {PAGE: alive(NOW)}


def test_a_row_of_another_address_is_dropped(folder: Path) -> None:
    kept(folder, {"a": dead(NOW), "b": alive(NOW)})
    connection = sqlite3.connect(folder / FILE)
    connection.execute("DELETE FROM addresses WHERE address = ?", (b"b",))
    connection.execute("UPDATE addresses SET address = ?", (b"b",))
    connection.commit()
    connection.close()
    assert recalled(folder, "a", "b") == {}


def test_flipped_bits_never_make_a_death(folder: Path, tmp_path: Path) -> None:
    answers = {f"{PAGE}/{number}": alive(NOW - number) for number in range(60)}
    answers |= {f"{PAGE}/dead/{number}": dead(NOW - number) for number in range(60)}
    answers[PAGE] = replace(FULL, reason="404 Not Found")
    kept(folder, answers)
    whole = (folder / FILE).read_bytes()
    chance = random.Random(7)
    lost = 0
    for place in [*range(100), *(chance.randrange(len(whole)) for _ in range(900))]:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << chance.randrange(8)
        spoilt = tmp_path / "spoilt"
        spoilt.mkdir()
        (spoilt / FILE).write_bytes(flipped)
        cache = opened(spoilt, patience=0.1)
        found = cache.recalled(answers)
        cache.keep({"new": alive(NOW)})
        assert cache.recalled(["new"]) in ({"new": alive(NOW)}, {})
        cache.close()
        assert found.items() <= answers.items()
        lost += len(found) < len(answers)
        shutil.rmtree(spoilt)
    assert lost


# How much is remembered


def test_the_longest_unasked_go_first(folder: Path) -> None:
    everything = {str(number): alive(NOW - number) for number in range(MOST_ADDRESSES + 100)}
    kept(folder, everything)
    found = recalled(folder, "0", str(MOST_ADDRESSES - 1), str(MOST_ADDRESSES), "100")
    assert sorted(found) == ["0", "100", str(MOST_ADDRESSES - 1)]


def test_long_answers_are_bounded_too(folder: Path) -> None:
    for part in reversed(range(10)):
        numbers = range(80 * part, 80 * part + 80)
        long = {str(each): replace(alive(NOW - each), reason="a" * 90_000) for each in numbers}
        kept(folder, long)
    assert (folder / FILE).stat().st_size < 1.3 * MOST_BYTES
    found = {int(key) for key in recalled(folder, *map(str, range(800)))}
    assert found == set(range(len(found)))
    assert 500 < len(found) < 600


def test_what_is_not_asked_for_long_is_forgotten(folder: Path) -> None:
    kept(folder, {"old": alive(NOW - 80 * DAY), PAGE: alive(NOW)})
    kept(folder, {"new": alive(NOW + 20 * DAY)}, now=NOW + 20 * DAY)
    found = recalled(folder, "old", "new", PAGE, now=NOW + 20 * DAY)
    assert sorted(found) == [PAGE, "new"]


def test_an_answer_that_is_too_long_is_not_remembered(folder: Path) -> None:
    kept(folder, {PAGE: replace(alive(NOW), reason="a" * 100_000), "b": alive(NOW)})
    assert recalled(folder, PAGE, "b") == {"b": alive(NOW)}
