"""What a repository lives with is silent, whatever moves; what was mended is told to be gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dsqa.cli import main

QA = """\
* [Q1: What is recall?](#q1-what-is-recall)
* [Q2: What is precision?]()
* [Q3: What is bias?](#q3-bias)

## Q1: What is recall?

Answer:

## Q2: What is precision?

The share of what was found. ![x](gone.png)

## Q3: What is bias?

Answer:
"""
Told = Callable[..., list[tuple[str, str, int]]]


@pytest.fixture
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Told:
    """What is found: the rule, the path and the line."""
    monkeypatch.chdir(tmp_path)
    Path("qa.md").write_text(QA, encoding="utf-8")
    Path("other.md").write_text("## Q1: What is noise?\n\nIt is random.\n", encoding="utf-8")

    def told(*words: str) -> list[tuple[str, str, int]]:
        capsys.readouterr()
        code = main(["check", "--format", "jsonl", *words])
        out, err = capsys.readouterr()
        assert code in (0, 1), err
        found = [json.loads(line) for line in out.splitlines()]
        return [(one["rule"], one["path"], one["line"]) for one in found]

    assert len(told()) > 4
    assert main(["baseline"]) == 0
    return told


def test_what_is_written_down_is_silent_and_the_rest_is_not(told: Told) -> None:
    assert told() == []
    assert len(told("--no-baseline")) > 4
    Path("qa.md").write_text(QA + "\n## Q4: What is noise?\n\nAnswer:\n", encoding="utf-8")
    assert {rule for rule, *_ in told()} == {"ANS001", "IDX002"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("# Notes\n\n" + QA, id="lines above"),
        pytest.param(QA.replace("What is bias", "What is a bias"), id="other words"),
        pytest.param(QA.replace("The share", "That share"), id="another answer"),
        pytest.param(
            QA.replace("Q3", "Q4").replace("#q3", "#q4").replace("Q2", "Q3").replace("Q1", "Q2"),
            id="other numbers",
        ),
    ],
)
def test_it_survives_edits(told: Told, text: str) -> None:
    Path("qa.md").write_text(
        text.replace("#q1-what", "#q2-what") if "Q4" in text else text, encoding="utf-8"
    )
    assert {rule for rule, *_ in told()} <= {"NUM001", "IDX004"}


def test_it_survives_another_name_of_the_file(told: Told) -> None:
    Path("qa.md").rename("questions.md")
    assert told() == []


def test_what_is_gone_is_told_until_it_is_written_anew(told: Told) -> None:
    Path("qa.md").write_text(QA.replace("]()", "](#q2-what-is-precision)"), encoding="utf-8")
    assert told() == [("SUP001", ".dsqa-baseline.json", 1)]
    assert told("other.md") == []
    before = Path(".dsqa-baseline.json").read_text(encoding="utf-8")
    assert main(["baseline"]) == 0
    assert told() == []
    assert len(Path(".dsqa-baseline.json").read_text(encoding="utf-8")) < len(before)


def test_it_is_the_same_for_the_same_findings(told: Told) -> None:
    before = Path(".dsqa-baseline.json").read_bytes()
    assert main(["baseline"]) == 0
    assert Path(".dsqa-baseline.json").read_bytes() == before
    assert len(before.splitlines()) > 6, "a finding a line, for those who merge"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"version": 2, "findings": []}',
        b'{"version": 1, "findings": [{"path": 1}]}',
        b'{"version": 1, "findings": 7}',
        b"\xff",
        b'{"version": 1, "findings": [{"path": "", "rule": "", "question": "", "detail": "", '
        b'"count": 1e400}]}',
        b"[" * 100_000,
    ],
    ids=["empty", "a list", "version", "path", "findings", "bytes", "count", "deep"],
)
def test_what_is_no_baseline(
    told: Told, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    Path(".dsqa-baseline.json").write_bytes(content)
    capsys.readouterr()
    assert main(["check"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert ".dsqa-baseline.json: " in line


def test_another_baseline(told: Told) -> None:
    Path(".dsqa-baseline.json").rename("known.json")
    assert len(told()) > 4
    assert told("--baseline", "known.json") == []
    assert main(["check", "--baseline", "nowhere.json"]) == 2


def test_of_what_nobody_looked_at_nothing_is_gone(told: Told) -> None:
    assert told("--ignore", "IMG001,ANS001") == []
    assert main(["baseline", "other.md"]) == 0
    assert main(["baseline", "--select", "NUM"]) == 0
    assert told() == []


def test_a_question_with_an_id_of_its_own_may_be_reworded(told: Told) -> None:
    pinned = QA.replace("Answer:\n\n## Q2", "Answer:\n<!-- dsqa: id[recall] -->\n\n## Q2")
    Path("qa.md").write_text(pinned, encoding="utf-8")
    assert main(["baseline"]) == 0
    reworded = pinned.replace("What is recall?", "How complete is a search?")
    Path("qa.md").write_text(
        reworded.replace("#q1-what-is-recall", "#q1-how-complete-is-a-search"), encoding="utf-8"
    )
    assert told() == []


def test_it_is_found_from_below(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    Path(".dsqa-baseline.json").unlink()
    place = tmp_path / "below"
    place.mkdir()
    (place / "qa.md").write_text(QA, encoding="utf-8")
    monkeypatch.chdir(place)
    assert len(told()) > 4
    assert main(["baseline"]) == 0
    assert told() == []
    assert not (place / ".dsqa-baseline.json").exists()
    monkeypatch.chdir(tmp_path)
    Path("qa.md").unlink()
    assert told() == []
