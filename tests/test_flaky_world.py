"""In a world that is often broken for a moment, only what stays dead turns a run red."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from dsqa.config import Config, chosen_rules
from dsqa.discovery import discover
from dsqa.finding import Severity
from dsqa.network.errand import Manners
from dsqa.online import HOUR, Terms, outside
from dsqa.outside import Outcome
from dsqa.rules.network.dead_link import DeadLink
from dsqa.run import all_found, read
from tests.faults.fault import End, Fault, Pause, Pieces, Request, respond
from tests.faults.server import serving

RUNS = 50
APART = 12 * HOUR
FLAKINESS = 0.05
LIVING = [f"/living/{number}" for number in range(60)]
DYING = {f"/dies-before-run/{run}": run for run in range(3, 43, 4)}
"""Pages that are gone for good from this run on."""
AWAY = {f"/away-in-run/{run}": run for run in range(2, 42, 4)}
"""Pages that are gone in one run alone."""
HURRY = Manners(workers=32, per_host=32, seconds=0.5, back_off=0.01)
PAGE = re.compile(r"/world(?P<path>/[a-z-]+/[0-9]+)")


@dataclass
class World:
    """Its pages at the time of the run; each request may go wrong, always in the same way."""

    run: int = 0
    requests: int = 0
    mishaps: int = 0

    def gone(self, path: str) -> bool:
        return self.run >= DYING.get(path, RUNS) or self.run == AWAY.get(path)

    def serve(self, request: Request) -> Pieces:
        path = request.path.removeprefix("/world")
        chance = Random(f"{path} {self.run} {request.method} {request.number}")
        self.requests += 1
        if chance.random() < FLAKINESS:
            self.mishaps += 1
            yield from self.mishap(request, chance)
        elif self.gone(path):
            yield respond(request, "404 Not Found")
        else:
            yield respond(request, "200 OK")

    def mishap(self, request: Request, chance: Random) -> Pieces:
        match chance.choice(("status", "reset", "silence")):
            case "status":
                yield respond(request, chance.choice(("500 Oops", "502 Bad", "503 Busy")))
            case "reset":
                yield End.RESET
            case _:
                yield Pause(3600.0)


@dataclass
class History:
    """By page, in which runs it was said to be dead, and in which of them that was an error."""

    dead: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    red: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, History]:
    """Fifty runs with one cache, twelve hours apart by their clock, which ends at our time."""
    folder = tmp_path_factory.mktemp("flaky")
    world, history = World(), History()
    start = int(time.time()) - RUNS * APART
    fault = Fault("world", world.serve, Outcome.ALIVE, "")
    with serving([fault], None) as servers:
        here = f"http://127.0.0.1:{servers.port(fault)}/world"
        lines = [f"- [page]({here}{path})" for path in (*LIVING, *DYING, *AWAY)]
        text = "## Q1: Where?\n\n" + "\n".join(lines) + "\n"
        (folder / "qa.md").write_text(text, encoding="utf-8")
        for world.run in range(RUNS):
            for path, severity in deaths(folder, start + world.run * APART):
                history.dead[path].append(world.run)
                if severity is Severity.ERROR:
                    history.red[path].append(world.run)
    return world, history


def deaths(folder: Path, now: int) -> Iterator[tuple[str, Severity]]:
    """The pages that a run at this time calls dead, and how grave it finds that."""
    config = Config(folder)
    chosen = chosen_rules(config, online=True)
    reading = read(discover([], folder, config), folder, config)
    terms = Terms(allowed=("127.0.0.1",), manners=HURRY, cache=folder / "cache")
    told = outside(reading, config, chosen, terms, now=lambda: now)
    assert all("not asked again" in note for note in told.notes)
    for finding, _ in all_found(reading.knowing(told.answers), config, chosen):
        if finding.code == DeadLink.code and (page := PAGE.search(finding.message)):
            yield page["path"], finding.severity


def test_the_world_was_flaky(lived: tuple[World, History]) -> None:
    world, _ = lived
    assert world.requests > RUNS * len(LIVING) / 2
    assert 0.03 < world.mishaps / world.requests < 0.07


def test_no_run_turns_red_for_a_page_that_lives(lived: tuple[World, History]) -> None:
    _, history = lived
    assert {path: runs for path, runs in history.dead.items() if path in LIVING} == {}


def test_no_run_turns_red_for_a_page_that_was_away_once(lived: tuple[World, History]) -> None:
    _, history = lived
    assert {path: runs for path, runs in history.red.items() if path in AWAY} == {}
    assert any(path in AWAY for path in history.dead)


@pytest.mark.parametrize(("path", "died"), DYING.items())
def test_a_page_that_died_is_red_by_the_second_run_that_finds_it_dead(
    path: str, died: int, lived: tuple[World, History]
) -> None:
    _, history = lived
    first, second, *_ = history.dead[path]
    assert first >= died
    assert history.red[path] == history.dead[path][1:]
    assert second <= died + 4
