"""The exported data: every question once, in order, and as the contract says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dsqa import exporters
from dsqa.exporters import contract
from dsqa.exporters.building import document_data
from dsqa.parser import parse
from dsqa.question_ids import question_ids
from dsqa.source import Source
from dsqa.workspace import Disk, Memory, Workspace

CORPUS = "corpus/youssefHosni__Data-Science-Interview-Questions-Answers"
TRUTH = (
    "Deep Learning Questions & Answers for Data Scientists.md",
    "Machine Learning Interview Questions & Answers for Data Scientists.md",
)
TEXT = """\
# Metrics

* [Q1: What is recall?](#q1-what-is-recall)
* Q2: What is\u00a0precision?
* [Q3: What is accuracy?](#q1-what-is-recall)

## Q1: What is recall?

Answer:

The share that was *found*, see [a page](https://example.org).

![curve](curve.png)

---

## Q2: What is\u00a0precision?
Answer: `TP / (TP + FP)`

    kept as code
"""


def exported(text: str, format: str = "json") -> Any:
    world = Workspace(Memory({"qa.md": text}))
    written = exporters.export(format, [document_data("in/qa.md", world.parsed("qa.md"), world)])
    return (
        json.loads(written) if format == "json" else [json.loads(x) for x in written.splitlines()]
    )


def test_the_whole_value() -> None:
    (document,) = exported(TEXT)["documents"]
    assert document["path"] == "in/qa.md"
    assert document["title"] == "Metrics"
    assert document["index"] == [
        {
            "number": 1,
            "title": "What is recall?",
            "href": "#q1-what-is-recall",
            "target": "q1-what-is-recall",
            "question": "q1-what-is-recall",
            "line": 3,
        },
        {
            "number": 2,
            "title": "What is precision?",
            "href": None,
            "target": None,
            "question": "q2-what-isprecision",
            "line": 4,
        },
        {
            "number": 3,
            "title": "What is accuracy?",
            "href": "#q1-what-is-recall",
            "target": "q1-what-is-recall",
            "question": None,
            "line": 5,
        },
    ]
    first, second = document["questions"]
    assert first == {
        "id": "qa.md#what-is-recall",
        "number": 1,
        "numeral": "1",
        "title": "What is recall?",
        "anchor": "q1-what-is-recall",
        "line": 7,
        "end_line": 16,
        "group": None,
        "answer": {
            "markdown": "The share that was *found*, see [a page](https://example.org).\n\n"
            "![curve](curve.png)",
            "text": "The share that was found, see a page.",
            "state": "answered",
            "line": 8,
            "end_line": 16,
        },
        "images": [{"alt": "curve", "href": "curve.png", "line": 13}],
        "links": [{"text": "a page", "href": "https://example.org", "line": 11}],
    }
    assert (second["line"], second["end_line"]) == (17, 21)
    assert second["title"] == "What is precision?"
    assert second["answer"]["markdown"] == "`TP / (TP + FP)`\n\n    kept as code"


def test_json_lines_hold_a_question_each() -> None:
    rows = exported(TEXT, "jsonl")
    assert [(row["path"], row["number"]) for row in rows] == [("in/qa.md", 1), ("in/qa.md", 2)]
    assert rows[0]["answer"]["state"] == "answered"


def test_the_schema_in_the_package_is_current_and_true() -> None:
    schema = json.loads(exporters.SCHEMA.read_text(encoding="utf-8"))
    assert schema == contract.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(exported(TEXT))


@pytest.mark.parametrize("text", ["", "#", "## Q1: a?", "## Q1: a?\n", "* [Q1: a?]()\n", "\r\r"])
def test_small_texts(text: str) -> None:
    schema = json.loads(exporters.SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(exported(text))


@pytest.mark.parametrize("name", TRUTH)
def test_questions_are_those_that_a_person_counted(shared: Path, name: str) -> None:
    folder = shared / CORPUS
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["files"][name]
    world = Workspace(Disk(folder))
    written = exporters.export("json", [document_data(name, world.parsed(name), world)])
    (document,) = json.loads(written)["documents"]
    questions = document["questions"]
    assert len(questions) == truth["questions"]
    assert [question["number"] for question in questions] == truth["numbers"]
    assert [question["title"] for question in questions] == truth["titles"]
    assert [question["line"] for question in questions] == truth["lines"]
    assert [question["end_line"] for question in questions] == truth["ends"]
    empty = [q["number"] for q in questions if q["answer"]["state"] == "empty"]
    assert empty == truth["empty_answers"]
    assert len(document["index"]) == truth["index_entries"]


def test_the_founding_document(shared: Path) -> None:
    text = (shared / "seed" / "deep-learning.md").read_bytes()
    world = Workspace(Memory({}), sources={"qa.md": Source.decode("qa.md", text)})
    (document,) = json.loads(
        exporters.export("json", [document_data("qa.md", world.parsed("qa.md"), world)])
    )["documents"]
    questions = document["questions"]
    assert [question["number"] for question in questions] == list(range(1, 20))
    assert [q["number"] for q in questions if q["answer"]["state"] == "empty"] == [19]
    assert [entry["question"] for entry in document["index"]] == [q["anchor"] for q in questions]


IDS = """\
## Q1: What is recall?

A share.

## Q2: What is recall?

<!-- dsqa: id[noise] -->
Noise.

## Q3: What *is* bias?

An error.

## What is recall?
"""


@pytest.mark.parametrize(
    "text",
    [
        IDS,
        IDS.replace("Q3", "Q4").replace("Q1", "Q3"),
        IDS.replace("## Q2: What is recall?", "## Q2: What is noise, if not recall?"),
        "# Notes\n\n" + IDS,
    ],
    ids=["as it is", "other numbers", "other words", "another place"],
)
def test_ids_stay(text: str) -> None:
    ids = [*question_ids(parse(Source("qa.md", text))).values()]
    assert ids[:3] == ["what-is-recall", "noise", "what-is-bias"]


def test_ids_are_unique() -> None:
    text = "".join(f"## Q{n}: What is recall?\n\nx\n\n" for n in range(1, 4))
    text += "## Q4: What is recall 2?\n\n## Q5: ?\n\n## Q6: !\n"
    ids = [*question_ids(parse(Source("qa.md", text))).values()]
    assert ids[:4] == [
        "what-is-recall",
        "what-is-recall-2",
        "what-is-recall-3",
        "what-is-recall-2-2",
    ]
    assert len(set(ids)) == len(ids) == 6
