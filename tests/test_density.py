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
from tests.shapes import densest, read

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
def test_a_dense_text_is_refused(name: str) -> None:
    text = DENSE[name] * (2_000_000 // len(DENSE[name]))
    with pytest.raises(Oversized, match=r"^too dense: .* more than 20[45],[0-9]{3} signs"):
        markdown.read(Source("qa.md", text))


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_in_code_only_lines_weigh(fence: str) -> None:
    code = "a[i] = b[`*_<&|~\\`] # http://a.b www.a.b\n" * 20_000
    assert len(markdown.read(Source("qa.md", f"{fence}\n{code}{fence}\n\nSo.\n")).codes) == 1
    with pytest.raises(Oversized):
        markdown.read(Source("qa.md", code))


@pytest.mark.parametrize("name", TANGLED)
def test_a_tangled_text_is_refused(name: str) -> None:
    number = 130_000 // density.signs(TANGLED[name])
    with pytest.raises(Oversized, match=r"^too tangled: "):
        markdown.read(Source("qa.md", times(TANGLED[name], number) + LONG))


@pytest.mark.parametrize("name", [*DENSE, *TANGLED])
def test_some_thousands_of_them_are_read(name: str) -> None:
    text = {**DENSE, **TANGLED}[name]
    assert markdown.read(Source("qa.md", times(text, 5_000)))


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_old_and_new_ends_of_lines_weigh_the_same(end: str) -> None:
    assert markdown.read(Source("qa.md", f"a{end}" * 40_000))
    with pytest.raises(Oversized):
        markdown.read(Source("qa.md", f"a{end}" * 48_000))


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
    assert "Too dense: all that it is made of weighs more than 105,000 signs" in said
    assert "ANS001" in said
    assert main(["fix"]) == 2
    assert Path("dense.md").read_text(encoding="utf-8") == dense


@pytest.mark.parametrize("questions", [19, 600, 3_000])
def test_a_usual_file_may_be_as_long_as_one_likes(questions: int) -> None:
    assert markdown.read(Source("qa.md", questions_of(Kind(questions, WORDS))))


def test_no_file_that_people_wrote_is_near_the_limit(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(density, "MOST", density.MOST // 2)
    monkeypatch.setattr(density, "SPARSE", density.SPARSE * 2)
    texts = (path.read_text("utf-8", "replace") for path in (shared / "corpus").rglob("*.md"))
    large = [text for text in texts if density.signs(text) > 5_000]
    assert len(large) > 10
    for text in large:
        markdown.read(Source("qa.md", text.replace("\0", "")))


def test_the_densest_hostile_text_is_read(shared: Path) -> None:
    file = shared / "conformance" / "robustness" / "pathological.json"
    shape = next(shape for name, shape in read(file) if name == "table rows")
    text = densest(shape, 1_000_000)
    assert 990_000 < len(text) < 1_010_000
    assert len(markdown.read(Source("qa.md", text)).tables) == 1


def test_a_text_takes_more_work_the_longer_and_the_denser_it_is() -> None:
    texts = "and so on " * 10, "and so on " * 20, "and [so](on) " * 20, "and [so](on)\n" * 20
    works = [density.work(text) for text in texts]
    assert works == sorted(works)
    assert len(set(works)) == len(works)
