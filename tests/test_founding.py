"""The documents that the project was founded on, against what a person found in them by reading."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from dsqa.document import Document
from dsqa.finding import Finding
from dsqa.linter import lint
from dsqa.rules import rules
from dsqa.standing import Repository
from dsqa.workspace import Disk, Workspace

OWN = Repository(
    "youssefHosni/Data-Science-Interview-Questions-Answers",
    ("youssefHosni/Data-Science-Interview-Questions",),
    "main",
)
CORPUS = "corpus/youssefHosni__Data-Science-Interview-Questions-Answers"
NOT_ON = {"NET003", "REP002"}
"""What needs the network, and what nobody is told unasked."""
LEAST_PRECISION = 0.98

FILES = [
    pytest.param("seed", "deep-learning.md", id="seed"),
    pytest.param(CORPUS, "Deep Learning Questions & Answers for Data Scientists.md", id="deep"),
    pytest.param(
        CORPUS,
        "Machine Learning Interview Questions & Answers for Data Scientists.md",
        id="machine",
    ),
    pytest.param(CORPUS, "README.md", id="hub"),
]

DEFENSIBLE: frozenset[tuple[str, int, str]] = frozenset()
"""Findings that the reader did not write down, but that are true: file, line, code."""


@dataclass(frozen=True)
class Row:
    line: int
    code: str
    main: bool
    note: str


def expected(folder: Path, name: str) -> list[Row]:
    with (folder / "findings.tsv").open(encoding="utf-8", newline="") as file:
        return [
            Row(int(row["line"]), row["rule"], row["rank"] == "main", row["note"])
            for row in csv.DictReader(file, delimiter="\t")
            if row["file"] == name
        ]


def found(folder: Path, name: str) -> tuple[Document, Sequence[Finding]]:
    world = Workspace(Disk(folder), OWN)
    document = world.document(name)
    assert document
    return document, lint(document, world)


@pytest.mark.parametrize(("folder", "name"), FILES)
def test_every_known_defect_is_found_on_its_line(shared: Path, folder: str, name: str) -> None:
    document, findings = found(shared / folder, name)
    places = {(document.source.line_of(f.span.start), f.code) for f in findings}
    on = {rule.code for rule in rules() if rule.on}
    rows = [row for row in expected(shared / folder, name) if row.main and row.code in on]
    assert rows
    assert {row.code for row in expected(shared / folder, name)} - on <= NOT_ON
    missed = [row for row in rows if (row.line, row.code) not in places]
    assert missed == []


@pytest.mark.parametrize(("folder", "name"), FILES)
def test_hardly_anything_else_is_found(shared: Path, folder: str, name: str) -> None:
    document, findings = found(shared / folder, name)
    known = Counter((row.line, row.code) for row in expected(shared / folder, name))
    places = Counter((document.source.line_of(f.span.start), f.code) for f in findings)
    extra = [
        (line, code, count - known[line, code])
        for (line, code), count in sorted(places.items())
        if count > known[line, code] and (name, line, code) not in DEFENSIBLE
    ]
    allowed = (1 - LEAST_PRECISION) * sum(places.values())
    assert sum(count for *_, count in extra) <= allowed, extra
