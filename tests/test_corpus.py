"""Repositories of questions as the world writes them, against what a person found in each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import pytest

from dsqa.document import Document
from dsqa.standing import Repository
from dsqa.workspace import Disk, Workspace

LEAST_OF_REPOSITORY = 0.97
LEAST_MEAN = 0.99
LEAST_RECALL = 0.99
LEAST_PRECISION = 0.98


@dataclass(frozen=True)
class Truth:
    """A file of a repository: what was read, and what a person found in it."""

    repository: str
    path: str
    document: Document
    world: Workspace
    facts: dict[str, object]

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
