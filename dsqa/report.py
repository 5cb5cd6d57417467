"""What a run looked at and what it found: the one value that every reporter takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from dsqa.coverage import Coverage
from dsqa.finding import Finding, Severity
from dsqa.source import Position, Source, Span


class Looked(NamedTuple):
    """What was looked at, in numbers; `answers` counts the questions by what answers them.

    `addresses` counts those outside that were asked by what came of it.
    """

    files: int = 0
    indexes: int = 0
    questions: int = 0
    entries: int = 0
    links: int = 0
    images: int = 0
    answers: Mapping[str, int] = MappingProxyType({})
    addresses: Mapping[str, int] = MappingProxyType({})


class RuleInfo(NamedTuple):
    """What a report tells about a rule that ran."""

    code: str
    name: str
    summary: str
    rationale: str
    severity: Severity
    help_uri: str = ""


class Place(NamedTuple):
    """A span as a person finds it: the path to print, and the first and the last position."""

    path: str
    start: Position
    end: Position


@dataclass(frozen=True, kw_only=True)
class Report:
    """The findings of a run, sorted by path, span and code, and all that is needed to tell them.

    `sources` holds the texts by path; a finding about a file that is no text (an image) has none.
    `rules` are those that ran, by code. `display` gives the path to print for a path from the root
    of the workspace, where the two differ. `notes` are remarks on the run itself: what was not
    looked at, and what was concluded from the documents.
    """

    findings: tuple[Finding, ...]
    sources: Mapping[str, Source]
    looked: Looked
    rules: Mapping[str, RuleInfo]
    version: str
    notes: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    """The paths to print of what could not be read, and why."""
    fail_on: Severity = Severity.ERROR
    display: Mapping[str, str] = field(default_factory=dict)
    coverage: tuple[Coverage, ...] = ()
    """How far the questions of each file that was looked at are answered."""

    @property
    def unjudged(self) -> bool:
        """Whether something could not be judged, so that nothing can be called clean."""
        return any(finding.unjudged for finding in self.findings)

    @property
    def failed(self) -> bool:
        """Whether something was found that is grave enough to stop a build."""
        return any(finding.severity >= self.fail_on for finding in self.findings)

    @property
    def safely_fixable(self) -> int:
        return sum(1 for finding in self.findings if finding.fix and finding.fix.safe)

    @property
    def unsafely_fixable(self) -> int:
        return sum(1 for finding in self.findings if finding.fix and not finding.fix.safe)

    def count(self, severity: Severity) -> int:
        return sum(1 for finding in self.findings if finding.severity is severity)

    def shown(self, path: str) -> str:
        """The path to print for a path from the root of the workspace."""
        return self.display.get(path, path)

    def place(self, path: str, span: Span) -> Place:
        """Where the span is; the very beginning for a file that is no text."""
        source = self.sources.get(path)
        if source is None:
            return Place(self.shown(path), Position(1, 1), Position(1, 1))
        return Place(self.shown(path), source.position(span.start), source.position(span.end))
