"""What GitHub cuts off a README that is longer than it shows."""

from __future__ import annotations

import pytest

from dsqa.finding import Finding
from dsqa.linter import lint
from dsqa.rules.structure.truncated_readme import SHOWN, TruncatedReadme
from tests.examples import workspace

FIRST = "## Q1: What is recall?\n\nA share.\n\n"
SECOND = "## Q2: What is bias?\n\nAn error.\n"


def found(text: str, path: str = "README.md") -> list[tuple[str, str]]:
    """What is marked, and what is said of it."""
    world = workspace(text, path=path)
    document = world.parsed(path)
    findings: tuple[Finding, ...] = lint(document, world, [TruncatedReadme()])
    return [(document.source[finding.span], finding.message) for finding in findings]


def long(size: int) -> str:
    return "a " * (size // 2) + "\n\n"


@pytest.mark.parametrize(
    "path", ["README.md", "readme.md", "docs/Readme.markdown", ".github/README.md"]
)
def test_it_is_the_readme_of_any_folder(path: str) -> None:
    assert found(FIRST + long(SHOWN) + SECOND, path)


@pytest.mark.parametrize("path", ["qa.md", "README-ja.md", "README.ja.md", "my-readme.md"])
def test_it_is_no_other_file(path: str) -> None:
    assert found(FIRST + long(SHOWN) + SECOND, path) == []


def test_to_the_byte_it_is_long_enough() -> None:
    text = FIRST + "é" * 100_000 + "a"
    text += "a" * (SHOWN - len(text.encode()))
    assert found(text) == []
    assert found(text + "\n\n") == []
    assert found("\ufeff" + text.removesuffix("aaa")) == []
    ((marked, _),) = found(text + "a")
    assert marked == "Q1: What is recall?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            long(SHOWN) + FIRST,
            ("Q1: What is recall?", "this question is cut off"),
            id="one question",
        ),
        pytest.param(
            FIRST + long(SHOWN) + SECOND + SECOND.replace("2", "3"),
            ("Q1: What is recall?", "this question and 2 below it are cut off"),
            id="the end of one, and those below",
        ),
        pytest.param(
            FIRST + "## Notes\n\n" + long(SHOWN),
            ("Notes", "the end of it is cut off"),
            id="no question",
        ),
        pytest.param(long(SHOWN + 2), ("", "the end of it is cut off"), id="nothing but text"),
    ],
)
def test_what_is_cut_off_is_told(text: str, expected: tuple[str, str]) -> None:
    marked, said = expected
    assert found(text) == [(marked, f"GitHub shows the first 500 KiB of a README: {said}")]
