"""What is too much for its length is refused before it is read; what people write never is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.questions import WORDS, Kind
from benchmarks.questions import text as questions_of
from dsqa import markdown
from dsqa.cli import main
from dsqa.markdown import _Reading, density
from dsqa.markdown.reading import Reader
from dsqa.parser import parse
from dsqa.repair.fixer import Repair, fix
from dsqa.rules import rules
from dsqa.source import Oversized, Source
from dsqa.workspace import Memory, Workspace
from tests.examples import REPOSITORY
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


def test_a_line_that_could_be_much_weighs_as_much_as_it_is_long() -> None:
    with pytest.raises(Oversized, match=r"^too tangled: "):
        markdown.read(Source("qa.md", "- " * 1_000_000 + "a\nb"))


def test_more_questions_than_anybody_asks_are_refused() -> None:
    text = times("Q@: Why?\n\nSo.\n\n", 9_000)
    assert len(parse(Source("qa.md", text[: len(text) // 2])).questions) > 4_000
    with pytest.raises(Oversized, match=r"^too many questions: more than 8,[0-9]{3}; part it"):
        parse(Source("qa.md", text))


def test_the_names_in_all_comments_are_counted_together() -> None:
    comment = f"<!-- dsqa: ignore[{'ANS001, ' * 600}] so -->\n\n"
    document = parse(Source("qa.md", comment * 10))
    named = [len(one.rules) for one in document.suppressions]
    assert named[0] == 600
    assert sum(named) <= 1_000 + len(comment) * 10 // 256
    assert all(one.nameless for one in document.suppressions if not one.rules)


def test_a_repair_that_makes_another_file_too_dense_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = "## Q1: what\u00a0is it\n\nSo.\n"
    linked = "[y](qa.md#:~:text=what%C2%A0is%20it)\n\n" + "# a\n\n" * 50
    files = {"qa.md": asked, "b.md": linked}
    rule = next(rule for rule in rules() if rule.code == "ANC004")

    def repaired() -> Repair:
        world = Workspace(Memory(files), REPOSITORY)
        return fix("qa.md", world, [rule], unsafe=True, beside={"b.md": [rule]})

    assert [source.path for source in repaired().carried] == ["b.md"]
    monkeypatch.setattr(density, "SPARSE", 1)  # each character that goes makes room for less
    monkeypatch.setattr(density, "MOST", weight(linked) - len(linked))
    repair = repaired()
    assert not repair.changed
    assert repair.refused[0].why.startswith("it would make the text too dense")


def weight(text: str) -> int:
    source = Source("b.md", text)
    reading = _Reading(source)
    budget = reading.budget
    Reader(source, reading.pieces, reading.references, budget).read(reading.tokens())
    return budget.most - budget.left
