"""What the measurements of speed rest on: files that are known, and the slope of a line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import questions
from benchmarks.growth import exponent
from benchmarks.questions import ANCHORS, FIGURES, WORDS, Kind
from dsqa.finding import Severity
from dsqa.linter import lint
from tests.examples import PATH, workspace

IMAGES = {f"figures/{number}.png": "" for number in range(FIGURES)}


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        pytest.param(Kind(40, ANCHORS), {}, id="anchors, all right"),
        pytest.param(Kind(40, WORDS), {}, id="words, all right"),
        pytest.param(Kind(40, ANCHORS, 1), {"ANC001": 40}, id="anchors, all broken"),
        pytest.param(Kind(40, WORDS, 1), {"TXF001": 40}, id="words, all broken"),
        pytest.param(Kind(40, doubtful=True), {}, id="in doubt, all right"),
    ],
)
def test_the_files_that_are_measured_have_the_defects_that_are_planted(
    kind: Kind, wrong: dict[str, int]
) -> None:
    world = workspace(questions.text(kind), IMAGES)
    document = world.parsed(PATH)
    assert len(document.questions) == len(document.entries) == kind.questions
    found = lint(document, world)
    assert Counter(f.code for f in found if f.severity > Severity.INFO) == wrong


@pytest.mark.parametrize("power", [1, 1.5, 2])
def test_the_exponent_is_the_power_of_the_size(power: float) -> None:
    sizes = [1.25, 2.5, 5, 10]
    assert exponent(sizes, [3 * size**power for size in sizes]) == pytest.approx(power)


def test_two_sizes_make_no_exponent() -> None:
    assert exponent([1, 2], [1, 2]) is None


IMPORTED = """
import sys
before = set(sys.modules)
from dsqa.__main__ import main
sys.stdout = sys.stderr
main()
sys.__stdout__.write("\\n".join(sorted(set(sys.modules) - before)))
"""
HEAVY = frozenset(
    {
        *("asyncio", "difflib", "http", "jsonschema", "logging", "markdown_it", "multiprocessing"),
        *("platformdirs", "pydantic", "requests", "rich", "sqlite3", "ssl", "tempfile", "urllib3"),
        *("xml", "yaml"),
    }
)
"""What takes as long to import as to check a file, or longer."""


def imported(folder: Path, *words: str) -> set[str]:
    """The modules that a command imports, and those that the interpreter has not anyway."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *words],
        cwd=folder,
        env={**os.environ, "XDG_CACHE_HOME": str(folder.parent / "cache")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return set(done.stdout.split())


@pytest.fixture
def usual(tmp_path: Path) -> Path:
    """A folder with a file of questions in which nothing is in doubt."""
    folder = tmp_path / "usual"
    questions.write(folder, {PATH: Kind(5)})
    time.sleep(0.15)
    return folder


def test_to_tell_the_version_nothing_is_imported(usual: Path) -> None:
    assert imported(usual, "--version") == {"__future__", "dsqa", "dsqa.__main__"}


def test_to_give_an_answer_again_hardly_anything_is_imported(usual: Path) -> None:
    imported(usual, "check", PATH)
    modules = imported(usual, "check", PATH)
    assert modules - {"time", "zlib"} == {
        *("__future__", "dsqa", "dsqa.__main__", "dsqa.recall", "dsqa.sight"),
    }


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        pytest.param(("check", "--no-cache"), set(), id="check"),
        pytest.param(("check",), set(), id="check, to be kept"),
        pytest.param(("check", "--format", "github"), set(), id="for a host"),
        pytest.param(("status",), set(), id="status"),
        pytest.param(("explain", PATH), set(), id="explain"),
        pytest.param(("rules",), {"requests", "urllib3"}, id="rules"),
        pytest.param(("export",), {"pydantic", "tempfile"}, id="export"),
    ],
)
def test_no_command_imports_what_it_does_not_need(
    usual: Path, words: tuple[str, ...], needed: set[str]
) -> None:
    modules = {module.partition(".")[0] for module in imported(usual, *words)}
    assert "dsqa" in modules
    assert modules & HEAVY <= needed


def test_markdown_it_is_imported_where_something_is_in_doubt(usual: Path) -> None:
    (usual / PATH).write_text("## Q1: What?\n\n[a]: /b\n\n[see][a]\n", encoding="utf-8")
    assert "markdown_it" in imported(usual, "check", "--no-cache")
