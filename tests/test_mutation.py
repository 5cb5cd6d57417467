"""That the runner of mutants bites: good tests kill a handful of them, others none."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation import SURVIVORS, TESTS, mutants

ROOT = Path(__file__).resolve().parents[1]


def names(code: str) -> list[str]:
    return [mutant.name for mutant in mutants(ast.parse(code))]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("x = 1", ["x: 1 → 2"], id="a number"),
        pytest.param("x = 'a'", ["x: 'a' → ''"], id="a text"),
        pytest.param("x: int = True", ["x: True → False"], id="a truth, not its type"),
        pytest.param("x = a < b", ["x: a < b → a <= b", "x: a < b → a >= b"], id="an order"),
        pytest.param("f()", ["module: f() → pass"], id="a call"),
        pytest.param("'A docstring'\nimport a", [], id="nothing that is done"),
        pytest.param(
            "def f(a):\n    return a[1:]",
            ["f: return a[1:] → return None", "f: 1: → :", "f: 1 → 2"],
            id="a slice",
        ),
        pytest.param(
            "while a and b: continue",
            [
                "module: a and b → a or b",
                "module: a and b → not (a and b)",
                "module: continue → break",
            ],
            id="a loop",
        ),
        pytest.param("x = f(a, b)", ["x: f(a, b) → f(b, a)"], id="arguments"),
        pytest.param("x = max(a, b)", ["x: max → min"], id="the greatest, of which none is first"),
        pytest.param(
            "X = re.compile(r'^[a-c1]+$')",
            [
                "X: ^ → nothing",
                "X: [a-c1] → [^a-c1]",
                "X: [a-c1] → [1]",
                "X: [a-c1] → [a-c]",
                "X: + → *",
                "X: + → nothing",
                "X: $ → nothing",
            ],
            id="a pattern",
        ),
    ],
)
def test_what_is_changed(code: str, expected: list[str]) -> None:
    assert sorted(names(code)) == sorted(expected)


def test_the_modules_that_are_tried_and_their_tests_are_there() -> None:
    assert all((ROOT / path).is_file() for path in TESTS)
    files = {name for tests in TESTS.values() for name in tests}
    assert all((ROOT / "tests" / f"{name}.py").is_file() for name in files)


def test_who_is_excused_is_a_mutant() -> None:
    import tomllib

    for path, excused in tomllib.loads(SURVIVORS.read_text(encoding="utf-8")).items():
        assert set(excused) <= set(names((ROOT / path).read_text(encoding="utf-8"))), path
        assert all(excused.values())


@pytest.mark.parametrize(
    ("tests", "killed"), [("test_target", True), ("test_html", False)], ids=["good", "of others"]
)
def test_good_tests_kill(tests: str, *, killed: bool) -> None:
    command = ["-m", "tests.mutation", "dsqa/target.py", "--sample", "5", "--tests", tests]
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == (0 if killed else 1), result.stdout + result.stderr
    last = result.stdout.splitlines()[-1]
    assert ("5 mutants, 5 killed" in last) == killed
