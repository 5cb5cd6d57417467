"""Defects that maintainers really repaired: found where they were, and gone where they were not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dsqa.document import Document
from dsqa.finding import Finding
from dsqa.linter import lint
from dsqa.parser import parse
from dsqa.repair.fixer import fix
from dsqa.rules import rules
from dsqa.source import Source
from dsqa.standing import Repository
from dsqa.target import parse_target
from dsqa.workspace import Disk, Workspace
from tests.test_founding import CORPUS, OWN

HISTORY = "corpus/history"
LEAST_SHARE = 0.97

RULES: Mapping[str, frozenset[str]] = {
    "broken_anchor": frozenset({"ANC001"}),
    "broken_index_anchor": frozenset({"ANC001", "IDX001", "IDX005"}),
    "broken_link": frozenset({"LNK001"}),
    "case_index_anchor": frozenset({"ANC003"}),
    "duplicated_question_label": frozenset({"NUM004"}),
    "empty_answer": frozenset({"ANS001"}),
    "empty_image": frozenset({"IMG001"}),
    "empty_index_link": frozenset({"IDX003"}),
    "empty_link": frozenset({"IDX003", "LNK005"}),
    "image_target_not_a_file": frozenset({"IMG001"}),
    "index_link_to_renamed_file": frozenset({"LNK003"}),
    "index_link_wrong_target": frozenset({"IDX006"}),
    "index_without_question": frozenset({"IDX001"}),
    "link_to_renamed_file": frozenset({"LNK003"}),
    "malformed_link": frozenset({"IDX003", "LNK005"}),
    "missing_image": frozenset({"IMG001"}),
    "numbering_duplicate": frozenset({"NUM002"}),
    "numbering_gap": frozenset({"NUM001"}),
    "placeholder_answer": frozenset({"ANS002"}),
    "question_not_in_index": frozenset({"IDX002", "IDX003"}),
    "stale_text_fragment": frozenset({"LNK003", "TXF001"}),
    "stray_question_line": frozenset({"STR010"}),
}
"""Which rules say what a maintainer saw.

A question that only a plain index line names is not linked (IDX003). Of a link that is wrong in
several ways one finding tells all, which is asked for in the words below.
"""
WORDS = {"stale_text_fragment": "text fragment"}

Place = tuple[str, int]
"""The first letters of the commit that repaired a defect, and the line of that before."""

MISSED: Mapping[Place, str] = {
    ("dd6de7af", 4447): "its index line is there in nearly its words, and is told to lead nowhere",
    ("bd14a880", 2349): "its answer begins with a heading of its own, and is none the less there",
    ("b762ba65", 1069): "its number stands between the one before and the one behind",
}
"""What is not found, and why not."""


@dataclass(frozen=True)
class Case:
    """A defect: what it is, where, and the text before and after its repair."""

    place: Place
    kind: str
    repository: str
    """Empty for the repository that the project was founded on."""
    question: str
    before: Source
    after: Source
    repaired: str
    """The line after the repair."""

    @property
    def path(self) -> str:
        return self.before.path

    @property
    def line(self) -> int:
        return self.place[1]


@cache
def cases(shared: Path) -> tuple[Case, ...]:
    lines = (shared / HISTORY / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(
        Case(
            place=(row["commit"][:8], row["lineno_before"]),
            kind=row["kind"],
            repository=row.get("repo", ""),
            question=row["question"] or "",
            before=blob(shared, row["before"], row["file_before"]),
            after=blob(shared, row["after"], row["file"]),
            repaired=row["line_after"] or "",
        )
        for row in map(json.loads, lines)
    )


def blob(shared: Path, name: str, path: str) -> Source:
    return Source.decode(path, (shared / HISTORY / "blobs" / f"{name}.md").read_bytes())


@cache
def judged(shared: Path, repository: str, source: Source) -> tuple[Document, Sequence[Finding]]:
    """The source among the files of its repository, and what is found in it."""
    folder = shared / ("corpus" / Path(repository.replace("/", "__")) if repository else CORPUS)
    own = Repository(repository, (), "master") if repository else OWN
    world = Workspace(Disk(folder), own, {source.path: source})
    document = world.parsed(source.path)
    telling = frozenset[str]().union(*RULES.values())
    return document, lint(document, world, [rule for rule in rules() if rule.code in telling])


def said(case: Case, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings of the kind of the case."""
    word = WORDS.get(case.kind, "")
    for finding in findings:
        if finding.code in RULES[case.kind] and word in f"{finding.message} {finding.reason}":
            yield finding


def lines(document: Document, finding: Finding) -> set[int]:
    """The lines that the finding is about."""
    spans = [finding.span, *(r.span for r in finding.related if r.path == document.path)]
    return {document.source.line_of(span.start) for span in spans}


def found(shared: Path, case: Case) -> list[Finding]:
    """What is said of the defect on its line."""
    document, findings = judged(shared, case.repository, case.before)
    return [f for f in said(case, findings) if case.line in lines(document, f)]


def still_found(shared: Path, case: Case) -> list[Finding]:
    """What is still said, in the same words, of the repaired line or of its question."""
    document, findings = judged(shared, case.repository, case.after)
    texts = enumerate(case.after.lines(), 1)
    repaired = {number for number, text in texts if text.rstrip("\r\n") == case.repaired != ""}
    words = {finding.message for finding in found(shared, case)}
    return [
        f
        for f in said(case, findings)
        if f.message in words
        and (lines(document, f) & repaired or (case.question and f.question == case.question))
    ]


def test_what_is_missed_is_known(shared: Path) -> None:
    missed = {case.place for case in cases(shared) if not found(shared, case)}
    assert missed == MISSED.keys()


def test_nearly_all_are_found(shared: Path) -> None:
    missed = [(case.place, case.kind) for case in cases(shared) if not found(shared, case)]
    assert len(cases(shared)) == 159
    assert len(missed) <= (1 - LEAST_SHARE) * len(cases(shared)), missed


def test_what_was_repaired_is_not_found_any_more(shared: Path) -> None:
    still = {case.place: still_found(shared, case) for case in cases(shared)}
    assert {place: findings for place, findings in still.items() if findings} == {}


def test_an_index_that_leads_to_another_file_is_led_home(shared: Path) -> None:
    """Its lines were copied from the file of another subject, with the addresses."""
    case = next(case for case in cases(shared) if case.kind == "index_link_wrong_target")
    document, findings = judged(shared, case.repository, case.before)
    hrefs = {entry.name: entry.link.href for entry in document.entries if entry.link}
    astray = {
        name for name, href in hrefs.items() if parse_target(href).path not in ("", case.path)
    }
    assert len(astray) == 18
    told = {finding.question for finding in findings if finding.code == "IDX006"}
    assert told == astray
    world = Workspace(Disk(shared / CORPUS), OWN, {case.path: case.before})
    mended = parse(fix(case.path, world).after)
    anchors = {question.name: f"#{question.heading.anchor}" for question in mended.questions}
    hrefs = {entry.name: entry.link.href for entry in mended.entries if entry.link}
    assert {name: hrefs[name] for name in astray} == {name: anchors[name] for name in astray}
