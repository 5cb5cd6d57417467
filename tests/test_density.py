"""What is too much for its length is refused before it is read; what people write never is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.questions import WORDS, Kind
from benchmarks.questions import text as questions_of
from dsqa import markdown
from dsqa.cli import main
from dsqa.markdown import density
from dsqa.source import Oversized, Source
from tests.shapes import read, sized

DENSE = {
    "items": "- a\n",
    "links": "[a](#b) ",
    "emphasis": "*a **a ",
    "cells": "|c|d|\n",
    "old lines": "a\r",
    "blank lines": "\n",
    "comments": "<!--a--> ",
    "backslashes": "\\",
}
TANGLED = {"images": "![[]()", "emphasis": "_a*_", "references": "[x@]: uuuuuuuuuuuu\n"}

LONG = "\n\n" + "and so on " * 100_000
"""So that it is not too dense."""


def times(text: str, number: int) -> str:
    return "".join(text.replace("@", str(one)) for one in range(number))


@pytest.mark.parametrize("name", DENSE)
def test_a_dense_text_is_refused_before_it_is_read(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(markdown, "Blocks", None)
    text = DENSE[name] * (2_000_000 // len(DENSE[name]))
    with pytest.raises(
        Oversized, match=r"^too dense: [0-9,]+ signs of Markdown, of which 20[45],[0-9]{3} are read"
    ):
        markdown.read(Source("qa.md", text))


@pytest.mark.parametrize("name", TANGLED)
def test_a_tangled_text_is_refused(name: str) -> None:
    number = 130_000 // density.signs(TANGLED[name])
    with pytest.raises(Oversized, match=r"^too tangled: "):
        markdown.read(Source("qa.md", times(TANGLED[name], number) + LONG))


@pytest.mark.parametrize("name", [*DENSE, *TANGLED])
def test_some_thousands_of_them_are_read(name: str) -> None:
    text = {**DENSE, **TANGLED}[name]
    assert markdown.read(Source("qa.md", times(text, 5_000)))


def test_old_and_new_ends_of_lines_weigh_the_same() -> None:
    assert len({density.signs(f"a{end}" * 10) for end in ("\n", "\r", "\r\n")}) == 1


def test_the_finding_says_so_and_the_other_files_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    dense = "- a\n" * 100_000
    Path("dense.md").write_text(dense, encoding="utf-8")
    Path("qa.md").write_text("## Q1: What?\n\n## Q2: How?\n\nSo.\n", encoding="utf-8")
    assert main(["check", "--no-cache"]) == 2
    said = capsys.readouterr().out
    assert "FIL003 oversized-file" in said
    assert "Too dense: 300,000 signs of Markdown, of which 105,000 are read" in said
    assert "ANS001" in said
    assert main(["fix"]) == 2
    assert Path("dense.md").read_text(encoding="utf-8") == dense


@pytest.mark.parametrize("questions", [19, 600, 3_000])
def test_a_usual_file_may_be_as_long_as_one_likes(questions: int) -> None:
    text = questions_of(Kind(questions, WORDS))
    assert density.signs(text) < density.most(text)


def test_no_file_that_people_wrote_is_near_the_limit(shared: Path) -> None:
    texts = (path.read_text("utf-8", "replace") for path in (shared / "corpus").rglob("*.md"))
    assert max(density.signs(text) / density.most(text) for text in texts) < 0.5


def test_the_longest_hostile_text_that_is_read_is_read(shared: Path) -> None:
    file = shared / "conformance" / "robustness" / "pathological.json"
    name, shape = next(one for one in read(file) if one[0] == "table rows")
    text = sized(shape, 1_000_000, density.most(" " * 1_000_000))
    assert 990_000 < len(text) < 1_010_000, name
    assert len(markdown.read(Source("qa.md", text)).tables) == 1
