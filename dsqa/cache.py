"""What was found in each document is known again, as long as all that it rests on is the same."""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from zlib import crc32

from dsqa import recall
from dsqa.config import Config
from dsqa.coverage import Coverage, Debt
from dsqa.discovery import File
from dsqa.facts import Facts
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.git import IGNORED
from dsqa.rule import Rule
from dsqa.sight import Sight
from dsqa.source import Span
from dsqa.target import MARKDOWN_SUFFIXES
from dsqa.workspace import LINKING, Workspace

SLOTS = 16
"""So many trees, or ways to check one, are known at the most."""
LARGEST = 64 * 1024 * 1024
"""Bytes; what is longer is not kept."""
CHECKSUM = 4


class Judged(NamedTuple):
    """What was found in a document, and what is to be known of it; and the places it rests on.

    Each with its state then; `lasting` says that none of them had changed just then.
    """

    findings: Sequence[Finding]
    facts: Facts
    rests: Mapping[str, str] = MappingProxyType({})
    lasting: bool = False


class Cache:
    """What is known of documents, for one way to judge them; `seen` is what the run looks at.

    `states` are those of the places that it rests on. `elsewhere` says of files whether they link
    to places inside of others, and `linking` which of each tree do: where a heading is renamed,
    their links have to follow.
    """

    def __init__(self, question: bytes, seen: Sight) -> None:
        self.question = question
        self.seen = seen
        self.states: dict[str, str] = {}
        self.entries: dict[str, tuple[tuple[str, ...], Any]] = {}
        self.elsewhere: dict[str, bool] = {}
        self.linking: dict[str, frozenset[str]] = {}

    def judged(self, files: Iterable[File], worlds: Mapping[Path, Workspace]) -> dict[File, Judged]:
        """What is known of those of the files about which nothing has changed."""
        for place, links in self.elsewhere.items():
            for root, world in worlds.items():
                if Path(place).is_relative_to(root) and self._is_same(place, worlds):
                    world.elsewhere[Path(place).relative_to(root).as_posix()] = links
        asked = {file: self.entries.get(str(file.place)) for file in files}
        places = {place for entry in asked.values() if entry for place in entry[0]}
        same = {place for place in places if self._is_same(place, worlds)}
        return {
            file: Judged(*_read(entry[1]))
            for file, entry in asked.items()
            if entry and same.issuperset(entry[0])
        }

    def keep(self, judged: Mapping[File, Judged], worlds: Mapping[Path, Workspace]) -> None:
        """Know what was judged, and what was known of other files; where that fails, do not."""
        lasting = {str(file.place): one for file, one in judged.items() if one.lasting}
        states = {place: state for one in lasting.values() for place, state in one.rests.items()}
        states = {**self.seen.states, **states}
        names = {place: place for place in states}
        entries = {
            path: (places, written)
            for path, (places, written) in self.entries.items()
            if all(states.get(place, self.states[place]) == self.states[place] for place in places)
        }
        for path, one in lasting.items():
            entries[path] = tuple(names[place] for place in one.rests), _written(one)
        needed = {place for places, _ in entries.values() for place in places}
        linking = _linking(worlds) if LINKING in needed else {}
        elsewhere = {
            place: links
            for root, world in worlds.items()
            for path, links in world.elsewhere.items()
            if (place := str(root / path)) in states and place not in self.seen.young
        }
        kept = {**self.states, **states}
        content = marshal.dumps(
            (
                self.question,
                recall.program(),
                {place: kept[place] for place in needed | elsewhere.keys()},
                entries,
                elsewhere,
                linking,
            )
        )
        if len(content) <= LARGEST:
            recall.lay(_place(self.question), crc32(content).to_bytes(CHECKSUM) + content)

    def _is_same(self, place: str, worlds: Mapping[Path, Workspace]) -> bool:
        """Whether what a document rests on is as it was: a place, names in a folder, an answer."""
        if place == LINKING:
            return self.linking == _linking(worlds)
        if place.startswith(IGNORED):
            root, _, path = place.removeprefix(IGNORED).partition("\n")
            git = worlds[Path(root)].repository.git if Path(root) in worlds else None
            return git is not None and str(git.ignores(path)) == self.states[place]
        if place.endswith(os.sep):
            folder = place.removesuffix(os.sep)
            self.seen.note(folder)
            return self.seen.names(folder) == self.states[place]
        self.seen.note(place)
        return self.seen.states[place] == self.states[place]


def question(config: Config, chosen: Iterable[Rule], files: Iterable[File]) -> bytes:
    """By what the documents are judged, and which files are read that nobody else would read."""
    more = (str(f.place) for f in files if not f.path.lower().endswith(MARKDOWN_SUFFIXES))
    told = (repr(config), *(rule.code for rule in chosen), *more)
    return recall.question(told)


def load(question: bytes, seen: Sight) -> Cache:
    """What is known for the question; nothing, where it cannot be read or is not ours."""
    cache = Cache(question, seen)
    try:
        with Path(_place(question)).open("rb") as file:
            checksum, content = file.read(CHECKSUM), file.read(LARGEST + 1)
    except OSError:
        return cache
    if crc32(content).to_bytes(CHECKSUM) != checksum or len(content) > LARGEST:
        return cache
    asked, program, *known = marshal.loads(content)
    if asked == question and recall.is_ours(program):
        cache.states, cache.entries, cache.elsewhere, cache.linking = known
    return cache


def _linking(worlds: Mapping[Path, Workspace]) -> dict[str, frozenset[str]]:
    return {str(root): world.linking_files() for root, world in worlds.items()}


def _place(question: bytes) -> str:
    return os.path.join(recall.folder(), f"documents-{crc32(question) % SLOTS}")


def _written(one: Judged) -> tuple[Any, ...]:
    """The findings and the facts, as plain values."""
    findings = tuple(
        (
            *(found.path, found.code, found.name, int(found.severity), _pair(found.span)),
            *(found.message, found.reason, found.target, found.question),
            tuple((place.path, _pair(place.span), place.message) for place in found.related),
            found.fix and (_edits(found.fix), *found.fix[1:]),
        )
        for found in one.findings
    )
    coverage = one.facts.coverage
    debts = tuple(map(tuple, coverage.debts))
    return findings, (coverage.path, dict(coverage.answers), debts), tuple(one.facts[1:])


def _edits(fix: Fix) -> tuple[Any, ...]:
    return tuple((edit.path, _pair(edit.span), edit.text) for edit in fix.edits)


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _read(written: tuple[Any, ...]) -> tuple[Sequence[Finding], Facts]:
    """The findings and the facts that were written so."""
    findings, (path, answers, debts), facts = written
    coverage = Coverage(path, answers, tuple(Debt(*debt) for debt in debts))
    return tuple(map(_finding, findings)), Facts(coverage, *facts)


def _finding(written: tuple[Any, ...]) -> Finding:
    path, code, name, severity, span, message, reason, target, question, related, fix = written
    return Finding(
        *(path, code, name, Severity(severity), Span(*span), message, reason, target, question),
        related=tuple(Related(place, Span(*span), said) for place, span, said in related),
        fix=fix and Fix(tuple(Edit(p, Span(*span), text) for p, span, text in fix[0]), *fix[1:]),
    )
