"""How far the questions are answered, as somebody asks for it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from dsqa import status
from dsqa.coverage import Coverage, Debt, coverage, total
from dsqa.parser import parse
from dsqa.source import Source
from tests.hostile import strings
from tests.test_cli import CLEAN, PROSE, Run, run, write

__all__ = ["run"]

EVERY_STATE = """\
# Metrics

## Q1: What is recall?

The share of what is there that was found.

## Q2: What is precision?

## Q3: What is accuracy?

TODO

## Q4: What is a confusion matrix?

![The four numbers](matrix.png)

## Q5: What is an ROC curve?

[Somebody's page](https://example.org/roc)
"""
BARE = "* What is recall?\n* What is bias?\n* What is a leaf?\n* What is a tree?\n"


def covered(text: str) -> Coverage:
    return coverage("qa.md", parse(Source("qa.md", text)))


def test_each_state_is_counted_and_what_is_not_written_is_owed() -> None:
    assert covered(EVERY_STATE) == Coverage(
        "qa.md",
        {"answered": 1, "empty": 1, "placeholder": 1, "image-only": 1, "outsourced": 1},
        (
            Debt(7, "Q2", "What is precision?", "empty"),
            Debt(9, "Q3", "What is accuracy?", "placeholder"),
        ),
    )


def test_a_list_of_questions_owes_nothing() -> None:
    bare = covered(BARE)
    assert (bare.answers, bare.debts) == ({"bare": 4}, ())
    assert (bare.questions, bare.expected, bare.share) == (4, 0, "–")


@pytest.mark.parametrize(
    ("answers", "share"),
    [
        pytest.param({}, "–", id="no questions"),
        pytest.param({"bare": 4}, "–", id="none expected"),
        pytest.param({"answered": 3, "bare": 4}, "100 %", id="all that are expected"),
        pytest.param({"answered": 999, "empty": 1}, "99 %", id="nearly all is not all"),
        pytest.param({"image-only": 2}, "0 %", id="no words"),
    ],
)
def test_shares(answers: dict[str, int], share: str) -> None:
    assert total([Coverage("a.md", answers)]).share == share


def test_the_table_and_the_work_list(run: Run) -> None:
    write("a/qa.md", EVERY_STATE)
    write("b.md", CLEAN)
    write("bare.md", BARE)
    write("prose.md", PROSE)
    code, out, err = run("status")
    assert (code, err) == (0, "")
    assert out == (
        "questions  answered  empty  placeholder  image-only  outsourced  bare  share  file\n"
        "        5         1      1            1           1           1     0   20 %  a/qa.md\n"
        "        2         2      0            0           0           0     0  100 %  b.md\n"
        "        4         0      0            0           0           0     4      –  bare.md\n"
        "       11         3      1            1           1           1     4   42 %  in all,"
        " 3 files\n"
        "\n"
        "to write    2 answers\n"
        "  a/qa.md:7   Q2: What is precision?   (empty)\n"
        "  a/qa.md:9   Q3: What is accuracy?   (placeholder)\n"
    )


def test_the_same_as_data(run: Run) -> None:
    write("qa.md", EVERY_STATE)
    Path("bytes.md").write_bytes(b"\xff")
    code, out, _ = run("status", "--format", "json")
    numbers = {
        "questions": 5,
        "expected": 5,
        "answers": {
            "answered": 1,
            "empty": 1,
            "placeholder": 1,
            "image-only": 1,
            "outsourced": 1,
            "bare": 0,
        },
    }
    assert code == 2
    assert json.loads(out) == {
        "version": 1,
        "total": numbers,
        "files": [
            {
                "path": "qa.md",
                **numbers,
                "to_write": [
                    {
                        "line": 7,
                        "question": "Q2",
                        "title": "What is precision?",
                        "state": "empty",
                    },
                    {
                        "line": 9,
                        "question": "Q3",
                        "title": "What is accuracy?",
                        "state": "placeholder",
                    },
                ],
            }
        ],
        "unreadable": [{"path": "bytes.md", "reason": "not UTF-8 text: byte 0 is `0xff`"}],
    }


def test_no_questions_are_no_full_coverage(run: Run) -> None:
    write("prose.md", PROSE)
    assert [run("status", *more)[0] for more in ((), ("--allow-no-questions",))] == [3, 0]


SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("answers", "value", "color"),
    [
        ({"answered": 4}, "4 of 4", "#2e7d32"),
        ({"answered": 4, "empty": 1}, "4 of 5", "#6a8012"),
        ({"answered": 1, "empty": 1}, "1 of 2", "#9a6700"),
        ({"empty": 1}, "0 of 1", "#b3261e"),
        ({"bare": 1}, "no questions", "#b3261e"),
    ],
)
def test_badges(answers: dict[str, int], value: str, color: str) -> None:
    root = ET.fromstring(status.badge([Coverage("<&>.md", answers)]))
    assert [text.text for text in root.iter(f"{SVG}text")] == ["answered", value]
    assert root.get("aria-label") == f"answered: {value}"
    assert [rect.get("fill") for rect in root.iter(f"{SVG}rect")][-1] == color


def test_a_badge_is_a_file(run: Run) -> None:
    write("qa.md", CLEAN)
    assert run("status", "--badge", "badge.svg")[0] == 0
    assert "2 of 2" in Path("badge.svg").read_text(encoding="utf-8")
    code, _, err = run("status", "--badge", "qa.md")
    assert (code, err) == (2, "dsqa: qa.md: this is one of the files that are read\n")
    code, _, err = run("status", "--badge", "no/where.svg")
    assert (code, err) == (2, "dsqa: no/where.svg: no such file or directory\n")


@pytest.mark.parametrize("text", strings())
def test_hostile_text_is_only_text(text: str) -> None:
    file = Coverage(text, {"empty": 1}, (Debt(1, text, text, "empty"), Debt(2, "Q", text, "empty")))
    told = status.text([file])
    assert len(told.split("\n")) == 8
    assert "##[" not in told
    assert not [line for line in told.split("\n") if line.lstrip().startswith("::")]
    assert not [c for c in told if c != "\n" and ord(c) < 32]
