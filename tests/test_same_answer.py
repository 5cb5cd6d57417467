"""The same files have the same answer, to the byte, wherever and with whatever Python one asks."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.hostile import ALL_AT_ONCE, documents

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = (
    ("check", "--select", "ALL", "--show", "info"),
    *(("check", "--format", name) for name in ("json", "sarif", "gitlab", "summary")),
    ("fix", "--unsafe", "--diff"),
    ("status",),
    ("export",),
)
SCRIPT = f"""
import os, random, sys
shuffled = random.Random(os.environ.get("SHUFFLED"))
if "SHUFFLED" in os.environ:
    def listdir(path=".", listed=os.listdir):
        names = listed(path)
        shuffled.shuffle(names)
        return names
    class Scan(list):
        def __enter__(self): return self
        def __exit__(self, *error): return None
        def __next__(self): return self.pop() if self else next(iter(()))
        def close(self): return None
    def scandir(path=".", scanned=os.scandir):
        with scanned(path) as entries:
            found = Scan(entries)
        shuffled.shuffle(found)
        return found
    os.listdir, os.scandir = listdir, scandir
from dsqa.cli import main
for words in {COMMANDS!r}:
    code = main([*words, *sys.argv[1:]])
    sys.stdout.write(f"{{code}}\\n")
"""
ANCHORS = """
import hashlib, sys
from dsqa.slug import slug
every = "".join(map(chr, range(sys.maxunicode + 1)))
print(hashlib.sha256(slug(every).encode("utf-8", "surrogatepass")).hexdigest())
"""
PATHS = ("drafts", "odd", "one.md", "two.md")


class Way(NamedTuple):
    """A way to ask: what is set, the Python, the order of the paths, and where the files lie."""

    environment: Mapping[str, str] = {}
    python: str = sys.executable
    paths: Sequence[str] = PATHS
    folder: str = "here"


WAYS = {
    "seed 1": Way({"PYTHONHASHSEED": "1"}),
    "seed 2": Way({"PYTHONHASHSEED": "2"}),
    "locale C": Way({"LC_ALL": "C"}),
    "locale POSIX without UTF-8": Way({"LC_ALL": "POSIX", "PYTHONUTF8": "0", "TZ": "Asia/Tokyo"}),
    "locale of Turkey, if there is one": Way({"LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "1"}),
    "printing ASCII": Way({"PYTHONIOENCODING": "ascii", "LANG": "C", "PYTHONHASHSEED": "3"}),
    "printing cp1252": Way({"PYTHONIOENCODING": "cp1252:strict", "TZ": "America/Anchorage"}),
    "files in another order": Way({"SHUFFLED": "1"}),
    "files in a third order": Way({"SHUFFLED": "2", "PYTHONHASHSEED": "4"}),
    "paths in another order": Way(paths=PATHS[::-1]),
    "paths more than once": Way(paths=(*PATHS, "odd", "./one.md", "drafts/../two.md")),
    "another folder": Way(folder="elsewhere/with a longer name"),
    "another terminal": Way({"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1", "HOME": "/"}),
}


def pythons() -> list[str]:
    """Pythons that can run dsqa: of `DSQA_PYTHONS`, and those that are called by their version."""
    named = os.environ.get("DSQA_PYTHONS", "").split(os.pathsep)
    usual = [shutil.which(f"python3.{minor}") or "" for minor in range(11, 20)]
    return [place for place in dict.fromkeys((*named, *usual)) if place]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents of many sorts, twice: here and elsewhere."""
    top = tmp_path_factory.mktemp("world")
    here = top / "here"
    shutil.copytree(ROOT / "content" / "drafts", here / "drafts")
    odd = documents(f"{ALL_AT_ONCE} é İı ſß 日本 ½")
    for number, (name, text) in enumerate([*odd.items()][::2]):
        place = here / "odd" / (name if name.isascii() and name.isprintable() else f"{number}.md")
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(text.encode())
    for name in ("one.md", "two.md"):
        (here / name).write_bytes(odd["label.md"].encode())
    shutil.copytree(here, top / "elsewhere" / "with a longer name")
    return top


def answer(way: Way, world: Path) -> bytes:
    """All that is printed for the commands, with their exit codes."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    environment = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "XDG_CACHE_HOME": str(world / "cache"),
        **way.environment,
    }
    result = subprocess.run(
        [way.python, "-c", SCRIPT, *way.paths],
        cwd=world / way.folder,
        env=environment,
        capture_output=True,
        check=False,
    )
    said = result.stdout + result.stderr
    assert result.returncode == 0, said.decode("utf-8", "replace")[-2000:]
    return said


@pytest.fixture(scope="module")
def usual(world: Path) -> bytes:
    said = answer(Way(), world)
    assert len(said) > 50_000
    return said


def assert_same(said: bytes, usual: bytes) -> None:
    pairs = zip(said.splitlines(), usual.splitlines(), strict=False)
    assert [pair for pair in pairs if pair[0] != pair[1]][:3] == []
    assert said == usual


@pytest.mark.parametrize("name", WAYS)
def test_the_answer_does_not_depend_on(name: str, world: Path, usual: bytes) -> None:
    assert_same(answer(WAYS[name], world), usual)


@pytest.fixture(params=pythons() or [""])
def python(request: pytest.FixtureRequest) -> str:
    """A Python that can run dsqa."""
    python = str(request.param)
    if not python:
        pytest.skip("NOT TESTED: no other Python is found (set DSQA_PYTHONS)")
    known = subprocess.run(
        [python, "-c", "import idna, markdown_it, platformdirs, pydantic"],
        capture_output=True,
        check=False,
    )
    if known.returncode:
        pytest.skip(f"NOT TESTED: {python} has not got what dsqa needs")
    return python


def test_the_answer_does_not_depend_on_the_python(python: str, world: Path, usual: bytes) -> None:
    assert_same(answer(Way(python=python), world), usual)


def test_the_anchors_do_not_depend_on_the_python(python: str) -> None:
    """Of no character, also those that only some Pythons know."""
    told = {
        subprocess.run([each, "-c", ANCHORS], capture_output=True, check=True, cwd=ROOT).stdout
        for each in (python, sys.executable)
    }
    assert len(told) == 1


def test_an_answer_that_was_kept_is_the_answer(world: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(world / "cache")}
    told = [
        subprocess.run(
            [sys.executable, "-m", "dsqa", "check", *words],
            cwd=world / "here",
            env=environment,
            capture_output=True,
            check=False,
        )
        for words in (["--no-cache"], [], [])
    ]
    assert len({(one.returncode, one.stdout, one.stderr) for one in told}) == 1


def test_no_seed_changes_the_answer(world: Path, usual: bytes, *, long: bool) -> None:
    """Nor do all of these at once."""
    choice = random.Random(7)
    for seed in range(100 if long else 1):
        settings = [way.environment for way in WAYS.values() if choice.random() < 0.3]
        mixed: dict[str, str] = {}
        for setting in settings:
            mixed |= setting
        paths = choice.sample(PATHS, len(PATHS))
        seeded = {"PYTHONHASHSEED": str(seed), "SHUFFLED": str(seed)}
        assert_same(answer(Way({**mixed, **seeded}, paths=paths), world), usual)
