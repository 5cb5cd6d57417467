"""Whenever a run is killed, each file is the old one or the new one, and the next run settles it.

Killed means SIGKILL, right before or right after any call that touches files, or when a part of
what was to be written is. The calls are those of the C library, so that none is missed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.calls import Ended, Program, Way
from tests.test_cli import CLEAN, GAP, LINKING, UNFILLED

FEW = 9
"""How many points of each case are tried in reduced size."""
KILLED = -9


class Case(NamedTuple):
    """Files, a command that changes some of them, and what settles them if that is killed.

    `together` says that all of them change, or none.
    """

    files: Mapping[str, str]
    command: tuple[str, ...]
    settling: tuple[str, ...]
    together: bool = False


def coupled(count: int) -> Case:
    """A document of which a heading changes, and others in three folders that link to it."""
    links = {f"{n % 3}/{n}.md": LINKING.replace("qa.md", "../qa.md") for n in range(1, count)}
    files = {**links, "qa.md": GAP}
    return Case(files, ("fix", "--unsafe", *files), ("fix", *files), together=True)


def alone(text: str, *, count: int = 1) -> Case:
    files = {f"{n}.md": text for n in range(count)}
    return Case(files, ("fix", *files), ("fix", *files))


def output(*command: str, name: str = "told.txt", former: str = "before\n") -> Case:
    return Case({"qa.md": CLEAN, name: former}, command, command)


CASES = {
    "one file": alone(UNFILLED),
    "one file with a mark and CRLF": alone("\ufeff" + UNFILLED.replace("\n", "\r\n")),
    "one file of 200 KiB": alone(UNFILLED + "A share. " * 22_000 + "\n"),
    "three files": alone(UNFILLED, count=3),
    **{f"{count} files together": coupled(count) for count in (2, 3, 5, 8, 13)},
    "an export": output("export", "qa.md", "-o", "told.txt"),
    "a report": output("check", "--allow-no-questions", "--output-file=json=told.txt", "qa.md"),
    "a badge": output("status", "qa.md", "--badge", "told.txt"),
    "a baseline": output(
        *("baseline", "qa.md", "-o", "told.txt"), former='{"version": 1, "findings": []}\n'
    ),
}


class Place:
    """Where the files of a case are written, again for each point."""

    def __init__(self, scratch: Path, program: Program | None = None) -> None:
        self.folder, self.state = scratch / "work", scratch / "state"
        self._program = program

    def lay(self, files: Mapping[str, str]) -> None:
        for folder in (self.folder, self.state):
            shutil.rmtree(folder, ignore_errors=True)
        for name, text in files.items():
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode())
            place.chmod(0o640)

    def hashes(self) -> dict[str, str]:
        """What all files hold that are there, by their names."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        return {
            path.relative_to(self.folder).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in files
        }

    def run(
        self,
        command: tuple[str, ...],
        way: Way = Way.NOTHING,
        number: int = 0,
        *,
        error: int = 0,
        reading: bool = False,
        user: int | None = None,
    ) -> Ended:
        assert self._program
        return self._program.run(
            self.folder,
            command,
            (way, number, error, reading),
            state=self.state,
            user=os.geteuid() if user is None else user,
        )

    def notes(self) -> list[str]:
        """What is noted, beside the lock."""
        return [path.name for path in self.state.rglob("*") if path.is_file() and path.suffix]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("program"))
    yield program
    program.close()


@pytest.fixture
def place(tmp_path: Path, program: Program) -> Place:
    return Place(tmp_path, program)


def points(calls: tuple[str, ...], *, long: bool) -> list[tuple[int, Way]]:
    """The calls, each with the ways to be killed there; some of them, if that would be too long."""
    every = [
        (number, way)
        for number, call in enumerate(calls, 1)
        for way in (Way.KILL_BEFORE, Way.KILL_AFTER, Way.KILL_HALFWAY)
        if way is not Way.KILL_HALFWAY or call == "write"
    ]
    if long:
        return every
    renamed = [point for point in every if calls[point[0] - 1] == "rename"]
    return sorted({*every[:: len(every) // FEW + 1], *renamed[1:4]})


@pytest.mark.parametrize("name", CASES)
def test_a_run_that_is_killed_leaves_old_or_new_and_the_next_one_settles_it(
    name: str, place: Place, long: bool
) -> None:
    case = CASES[name]
    place.lay(case.files)
    old = place.hashes()
    whole = place.run(case.command)
    new = place.hashes()
    assert (whole.code, old.keys()) == (0, new.keys())
    assert old != new
    assert all((place.folder / path).stat().st_mode & 0o777 == 0o640 for path in new)
    chosen = points(whole.calls, long=long)
    torn = 0
    for number, way in chosen:
        at = f"killed at call {number} ({whole.calls[number - 1]}), {way.name}"
        place.lay(case.files)
        assert place.run(case.command, way, number).code == KILLED, at
        left = place.hashes()
        for path, digest in left.items():
            if path in old:
                assert digest in (old[path], new[path]), f"{path} is neither, {at}"
            else:
                assert Path(path).name.startswith(".dsqa-"), f"{path} is left, {at}"
                assert path.endswith(".tmp"), f"{path} is left, {at}"
        torn += {path: left[path] for path in old} not in (old, new)
        settled = place.run(case.settling)
        assert settled.code in (0, 1), f"{at}: {settled.err}"
        if case.together:
            assert place.hashes() in (old, new), at
        assert place.notes() == [], at
        assert place.run(case.command).code == 0, at
        assert place.hashes() == new, at
    assert torn > 0 or not case.together
    print(f"\n{name}: killed {len(chosen)} times, {torn} times between two files")


@pytest.mark.parametrize("count", [2, 5])
def test_a_run_that_is_killed_while_it_takes_back_is_taken_back_by_the_next(
    count: int, place: Place, long: bool
) -> None:
    case = coupled(count)
    place.lay(case.files)
    old = place.hashes()
    calls = place.run(case.command).calls
    new = place.hashes()
    renames = [number for number, call in enumerate(calls, 1) if call == "rename"]
    killed = 0
    for renamed in renames[:-1] if long else renames[-2:-1]:
        place.lay(case.files)
        place.run(case.command, Way.KILL_AFTER, renamed)
        assert place.hashes() not in (old, new)
        settling = place.run(case.settling)
        assert "taken back" in settling.err
        assert place.hashes() == old
        for number, way in points(settling.calls, long=long):
            at = f"killed at call {number} ({settling.calls[number - 1]}), {way.name}"
            place.lay(case.files)
            place.run(case.command, Way.KILL_AFTER, renamed)
            assert place.run(case.settling, way, number).code == KILLED
            left = place.hashes()
            assert all(left[path] in (old[path], new[path]) for path in old), at
            assert place.run(case.settling).code in (0, 1), at
            assert place.hashes() == old, at
            assert place.notes() == [], at
            killed += 1
    print(f"\n{count} files together: killed {killed} times while they were taken back")
