"""The documents that the project was founded on, against what a person found in them by reading."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from dsqa.config import Config, chosen_rules
from dsqa.discovery import discover
from dsqa.document import Document
from dsqa.finding import Finding
from dsqa.linter import lint, lint_tree
from dsqa.repair.fixer import changed_lines
from dsqa.repair.repairing import Repaired, repaired, written
from dsqa.rules import rules
from dsqa.run import Reading, read, rules_for
from dsqa.standing import Repository
from dsqa.target import Kind, parse_target
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
    on = {rule.code for rule in rules() if rule.on and not rule.online}
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


# The whole repository, repaired

MOST_CHANGED_LINES = 250
REPAIRABLE = {"ANC001": 4, "IDX003": 24, "LNK002": 3}
"""How often an anchor is broken, a target is left empty, a link leads to somebody's copy."""


def laid_out(corpus: Path, folder: Path) -> Path:
    """All files of the repository, those without their content that are only known by name."""
    for path in (corpus / "files.txt").read_text(encoding="utf-8").splitlines():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((corpus / path).read_bytes() if (corpus / path).is_file() else b"")
    return folder


def all_read(folder: Path) -> Reading:
    config = Config(folder, repository=OWN.name, former_names=OWN.former)
    return read(discover([], folder, config), folder, config)


def all_repaired(reading: Reading, folder: Path) -> list[Repaired]:
    config = Config(folder)
    chosen = {item.file: rules_for(item, config, chosen_rules(config)) for item in reading.items}
    return repaired(reading.items, chosen, unsafe=False)


def tally(reading: Reading) -> Counter[str]:
    return Counter(f.code for item in reading.items for f in lint(item.document, item.workspace))


def lying_on_the_host(reading: Reading) -> list[str]:
    """The images that are taken from the repository by way of the web."""
    return [
        image.href
        for item in reading.items
        for image in item.document.images
        if parse_target(image.href).repository in (OWN.name, *OWN.former)
    ]


def test_all_that_can_be_repaired_without_a_person_is(shared: Path, tmp_path: Path) -> None:
    folder = laid_out(shared / CORPUS, tmp_path / "upstream")
    before = all_read(folder)
    assert {code: tally(before)[code] for code in REPAIRABLE} == REPAIRABLE
    assert lying_on_the_host(before)
    repairs = all_repaired(before, folder)
    assert 0 < sum(changed_lines(r.before, r.after) for r in repairs) < MOST_CHANGED_LINES
    assert list(written(repairs)) == []
    after = all_read(folder)
    assert {code: tally(after)[code] for code in REPAIRABLE} == dict.fromkeys(REPAIRABLE, 0)
    assert lying_on_the_host(after) == []
    landings = [
        item.workspace.landing(item.document, image)
        for item in after.items
        for image in item.document.images
    ]
    own = [landing for landing in landings if landing.target.kind is Kind.RELATIVE]
    assert own
    assert {landing.resolves for landing in own} == {True}
    assert [repair.changed for repair in all_repaired(after, folder)] == [False] * len(repairs)


def test_images_that_no_file_names_are_unused(shared: Path, tmp_path: Path) -> None:
    folder = laid_out(shared / CORPUS, tmp_path / "upstream")
    texts = [file.read_text(encoding="utf-8") for file in folder.rglob("*.md")]
    images = [file for file in folder.rglob("*") if file.is_file() and file.suffix != ".md"]
    unnamed = {i.name for i in images if not any(quote(i.name) in t or i.name in t for t in texts)}
    assert len(unnamed) == 3
    found = lint_tree(Workspace(Disk(folder), OWN), rules())
    assert {finding.path.rpartition("/")[2] for finding in found} == unnamed
