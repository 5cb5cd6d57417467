"""Repositories of questions as the world writes them, against what a person found in each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import pytest

from dsqa.document import AnswerState, Document
from dsqa.finding import Finding
from dsqa.linter import lint
from dsqa.rules import rules
from dsqa.standing import Repository
from dsqa.words import fold
from dsqa.workspace import Disk, Workspace

ABOUT_LINKS = {
    "ANC001",
    "ANC003",
    "IDX001",
    "IDX003",
    "LNK002",
    "LNK003",
    "TXF001",
    "TXF002",
    "TXF003",
}
LEAST_OF_REPOSITORY = 0.97
LEAST_MEAN = 0.99
LEAST_RECALL = 0.99
LEAST_INDEXES = 0.95
LEAST_NUMBERS = 0.8
LEAST_PRECISION = 0.98


@dataclass(frozen=True)
class Truth:
    """A file of a repository: what was read, and what a person found in it."""

    repository: str
    path: str
    document: Document
    world: Workspace
    facts: dict[str, object]

    @property
    def place(self) -> str:
        return f"{self.repository}/{self.path}"

    def lines(self, key: str) -> list[int]:
        """The lines of the defects of a kind."""
        found = self.facts.get(key) or []
        assert isinstance(found, list)
        return [one["line"] if isinstance(one, dict) else one for one in found]


@pytest.fixture(scope="module")
def truths(shared: Path) -> list[Truth]:
    return [
        truth
        for file in sorted((shared / "corpus").glob("*/truth.json"))
        for truth in _truths(file)
    ]


def _truths(file: Path) -> Iterator[Truth]:
    found = json.loads(file.read_text(encoding="utf-8"))
    world = Workspace(Disk(file.parent), Repository(found["repo"], authoritative=True))
    for path, facts in found["files"].items():
        document = world.document(path)
        assert document
        yield Truth(found["repo"], path, document, world, facts)


def f1(found: list[int], wanted: list[int]) -> float:
    """The harmonic mean of precision and recall; 1 where nothing is there and nothing found."""
    right = len(set(found) & set(wanted))
    return 2 * right / (len(found) + len(wanted)) if found or wanted else 1.0


def first_lines(document: Document) -> list[int]:
    source = document.source
    return [source.line_of(question.heading.span.start) for question in document.questions]


def test_every_question_is_found_once_and_in_order(truths: list[Truth]) -> None:
    scores: dict[str, list[float]] = {}
    for truth in truths:
        lines = first_lines(truth.document)
        assert lines == sorted(set(lines)), truth.path
        scores.setdefault(truth.repository, []).append(f1(lines, truth.lines("lines")))
    means = {repository: mean(values) for repository, values in scores.items()}
    for repository, value in means.items():
        print(f"{value:.4f}  {len(scores[repository]):>4}  {repository}")
    every = [value for values in scores.values() for value in values]
    print(f"{mean(every):.4f}  {len(every):>4}  all files")
    assert {name: value for name, value in means.items() if value < LEAST_OF_REPOSITORY} == {}
    assert mean(every) >= LEAST_MEAN


def test_numbers_are_read_as_they_are_written(truths: list[Truth]) -> None:
    for truth in truths:
        numbers = truth.facts["numbers"]
        assert isinstance(numbers, list)
        wanted = dict(zip(truth.lines("lines"), numbers, strict=True))
        found = zip(first_lines(truth.document), truth.document.questions, strict=True)
        wrong = {
            line: (question.marker and question.marker.numeral)
            for line, question in found
            if wanted.get(line) is not None
            and str(wanted[line]) != (question.marker and question.marker.numeral)
        }
        assert wrong == {}, truth.path


def test_what_has_no_answer_is_said_and_nothing_else(truths: list[Truth]) -> None:
    found, wanted = set(), set()
    for truth in truths:
        if truth.facts["empty_answers"] is None:
            continue
        placed = zip(first_lines(truth.document), truth.document.questions, strict=True)
        known = set(truth.lines("lines"))
        found |= {
            (truth.place, line)
            for line, question in placed
            if line in known
            and question.answer.expected
            and question.answer.state in (AnswerState.EMPTY, AnswerState.PLACEHOLDER)
        }
        lines = (*truth.lines("empty_answer_lines"), *truth.lines("placeholder_answers"))
        wanted |= {(truth.place, line) for line in lines}
    _measure("questions without an answer", found, wanted)


def test_missing_images_are_found(truths: list[Truth]) -> None:
    found, wanted = set(), set()
    for truth in truths:
        findings = _findings(truth, {"IMG001", "IMG006"})
        found |= {(truth.place, line) for line, _ in findings}
        wanted |= {(truth.place, line) for line in truth.lines("missing_images")}
    _measure("missing images", found, wanted)


def _findings(truth: Truth, codes: set[str]) -> Iterator[tuple[int, Finding]]:
    chosen = [rule for rule in rules() if rule.code in codes]
    for finding in lint(truth.document, truth.world, chosen):
        yield truth.document.source.line_of(finding.span.start), finding


def _measure(
    what: str,
    found: set[tuple[str, int]],
    wanted: set[tuple[str, int]],
    recall: float = LEAST_RECALL,
) -> None:
    """Both figures are as good as was promised; what is missed and what is too much is told."""
    right = len(found & wanted)
    print(f"{what}: {len(wanted)}, found {right}, and {len(found - wanted)} others")
    assert right >= recall * len(wanted), sorted(wanted - found)
    assert right >= LEAST_PRECISION * len(found), sorted(found - wanted)


def test_what_is_wrong_with_the_links_of_an_index_is_found(truths: list[Truth]) -> None:
    found, wanted = set(), set()
    for truth in truths:
        source = truth.document.source
        rows = {source.line_of(entry.span.start) for entry in truth.document.entries}
        lines = {(truth.place, line) for line in truth.lines("broken_index_anchors")}
        other = {(truth.place, line) for line in truth.lines("index_without_question")}
        for line, _ in _findings(truth, ABOUT_LINKS):
            place = (truth.place, line)
            if line in rows or place in lines:
                found |= {place} - (other - lines)
        wanted |= lines
    _measure("links of indexes that lead nowhere", found, wanted)


def test_index_lines_are_counted(truths: list[Truth]) -> None:
    listed = [truth for truth in truths if truth.facts["index_kind"] == "question"]
    right = [t for t in listed if t.facts["index_entries"] == len(t.document.entries)]
    print(f"files with an index of questions: {len(listed)}, counted right {len(right)}")
    assert len(right) >= LEAST_INDEXES * len(listed)


def test_what_an_index_does_not_list_is_said(truths: list[Truth]) -> None:
    """One that has the words of a listed question is said to be asked twice instead."""
    found, wanted = set(), set()
    for truth in truths:
        repeated = Counter(fold(question.title) for question in truth.document.questions)
        placed = zip(first_lines(truth.document), truth.document.questions, strict=True)
        again = {line for line, question in placed if repeated[fold(question.title)] > 1}
        found |= {(truth.place, line) for line, _ in _findings(truth, {"IDX002"})}
        lines = truth.lines("questions_not_in_index")
        wanted |= {(truth.place, line) for line in lines if line not in again}
    _measure("questions that the index does not list", found, wanted, recall=0.9)


def test_numbers_that_go_wrong_are_said(truths: list[Truth]) -> None:
    found = sum(len(list(_findings(truth, {"NUM001", "NUM002", "NUM003"}))) for truth in truths)
    wanted = sum(
        len(truth.lines(kind)) for truth in truths for kind in ("number_gaps", "number_duplicates")
    )
    print(f"numbers that go wrong: {wanted}, found {found}")
    # a number that stands twice, and next to it is missing, is one defect
    assert LEAST_NUMBERS * wanted <= found <= wanted
