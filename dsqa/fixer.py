"""Findings become a new source, again and again until nothing is left, and each step is proven."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import ne

from dsqa.document import Document
from dsqa.finding import Edit, Finding
from dsqa.linter import lint
from dsqa.rule import Rule
from dsqa.rules import rules
from dsqa.source import Source, Span
from dsqa.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fix that was not made because its result could not be proven; `why` says what failed."""

    finding: Finding
    why: str


@dataclass(frozen=True)
class Repair:
    """What was done to one source: the new one, what was fixed in it, what was refused and left."""

    before: Source
    after: Source
    fixed: tuple[Finding, ...] = ()
    refused: tuple[Refusal, ...] = ()
    left: tuple[Finding, ...] = field(default=())

    @property
    def changed(self) -> bool:
        return self.after.text != self.before.text


def fix(
    path: str, workspace: Workspace, chosen: Sequence[Rule] | None = None, *, unsafe: bool = False
) -> Repair:
    """The source at the path with all that can be mended in it.

    Each pass makes the fixes that do not overlap, or as many of them as can be proven, and the next
    one looks again, also at those that were refused. Every proof leaves fewer findings than before,
    so this ends.
    """
    chosen = [rule for rule in rules() if rule.on] if chosen is None else chosen
    document = workspace.parsed(path)
    before = document.source
    fixed: list[Finding] = []
    refused: dict[tuple[str, ...], Refusal] = {}
    obscure = {rule.code for rule in chosen if rule.prevents_fixes}
    while True:
        findings = lint(document, workspace, chosen)
        if any(finding.code in obscure for finding in findings):
            why = "a part of the document is not read as it was meant"
            refused |= {_key(f): Refusal(f, why) for f in findings if f.fix}
            break
        wanted = [
            finding
            for finding in findings
            if finding.fix and (finding.fix.safe or unsafe) and _key(finding) not in refused
        ]
        if not wanted:
            break
        made = _compatible(wanted, path) or wanted[:1]
        while why := disproof(document, workspace, findings, made, chosen):
            if len(made) == 1:
                refused[_key(made[0])] = Refusal(made[0], why)
                break
            made = made[: len(made) // 2]
        else:
            fixed += made
            refused.clear()
            workspace = workspace.replacing({path: apply(document.source, _edits(made))})
            document = workspace.parsed(path)
    return Repair(before, document.source, tuple(fixed), tuple(refused.values()), findings)


def apply(source: Source, edits: Iterable[Edit]) -> Source:
    """The source with the edits made; they must not overlap.

    Of two that begin at one place the insertion is made before the replacement.
    """
    pieces, end = [], 0
    for edit in sorted(set(edits), key=lambda edit: (edit.span.start, edit.span.end)):
        pieces += [source.text[end : edit.span.start], edit.text]
        end = edit.span.end
    return Source(source.path, "".join([*pieces, source.text[end:]]), source.marked)


def _key(finding: Finding) -> tuple[str, ...]:
    """What tells a fix again after other edits have moved it."""
    assert finding.fix
    texts = (edit.text for edit in finding.fix.edits)
    return finding.code, finding.message, finding.question, *texts


def _compatible(findings: Iterable[Finding], path: str) -> list[Finding]:
    """The findings whose fixes stay in the source and do not overlap, the first ones first."""
    taken: list[Edit] = []
    compatible = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix else ()
        if any(edit.path != path or _collides(edit, taken) for edit in edits):
            continue
        for edit in edits:
            bisect.insort(taken, edit)
        compatible.append(finding)
    return compatible


def _collides(edit: Edit, taken: Sequence[Edit]) -> bool:
    """Whether the edit overlaps one of those, which are sorted and do not overlap each other."""
    place = bisect.bisect_left(taken, edit)
    while place > 0 and taken[place - 1].span.end >= edit.span.start:
        place -= 1
    for other in islice(taken, place, None):
        if other.span.start > edit.span.end:
            return False
        if other != edit and _collide(edit, other):
            return True
    return False


def _collide(edit: Edit, other: Edit) -> bool:
    if not edit.span and not other.span:
        return edit.span == other.span
    if not edit.span or not other.span:
        outer, inner = (edit.span, other.span) if edit.span else (other.span, edit.span)
        return outer.start < inner.start < outer.end
    return edit.span.overlaps(other.span)


def _edits(findings: Iterable[Finding]) -> list[Edit]:
    return [edit for finding in findings if finding.fix for edit in finding.fix.edits]


def disproof(
    document: Document,
    workspace: Workspace,
    findings: Sequence[Finding],
    made: Sequence[Finding],
    chosen: Sequence[Rule],
) -> str:
    """Why the fixes of these findings must not be made; empty if nothing speaks against it.

    `findings` are all that there are before. The result must be another text, ask the same
    questions, keep each answer byte-identical that no rule about answers has touched, have no
    finding that was not there before, and none of those that it claims to mend.
    """
    if any(edit.path != document.path for edit in _edits(made)):
        return "it changes other files"
    result = apply(document.source, _edits(made))
    if result.text == document.source.text:
        return "it changes nothing"
    world = workspace.replacing({document.path: result})
    after = world.parsed(document.path)
    safe = all(finding.fix.safe for finding in made if finding.fix)
    if len(after.questions) != len(document.questions):
        return "it changes which questions there are"
    if safe and _titles(after) != _titles(document):
        return "it changes the words of a question"
    about_answers = {rule.code for rule in chosen if rule.changes_answers}
    allowed = _edits(finding for finding in made if finding.code in about_answers)
    for old, new in zip(document.questions, after.questions, strict=True):
        if _edited(document.source, old.answer.span, allowed) != result[new.answer.span]:
            return f"it changes the answer to {old.name}"
    old_ones = Counter(_identities(document, findings))
    new_findings = lint(after, world, chosen)
    new_ones = Counter(_identities(after, new_findings))
    if added := new_ones - old_ones:
        identified = zip(new_findings, _identities(after, new_findings), strict=True)
        finding = next(finding for finding, identity in identified if identity in added)
        place = f" at {finding.question}" if finding.question else ""
        return f"it brings {finding.code} {finding.name}{place}"
    if broken := _broken_links(document, after, workspace):
        return f"it breaks a link in {broken}"
    mended = Counter(_identities(document, made))
    if any(new_ones[one] > old_ones[one] - mended[one] for one in mended):
        return "it does not mend what it is for"
    return ""


def _titles(document: Document) -> list[tuple[int | None, str]]:
    return [(question.number, question.heading.text) for question in document.questions]


def _edited(source: Source, span: Span, edits: Iterable[Edit]) -> str:
    """What stands at the span after those of the edits that lie inside it."""
    inside = (
        Edit(edit.path, Span(edit.span.start - span.start, edit.span.end - span.start), edit.text)
        for edit in edits
        if edit.span in span
    )
    return apply(Source(source.path, source[span]), inside).text


def _broken_links(document: Document, after: Document, workspace: Workspace) -> str:
    """The path of another document that links to a name which is gone."""
    gone = document.anchors.keys() - after.anchors.keys()
    for other in workspace.documents() if gone else ():
        if other.path == document.path:
            continue
        for link in other.links:
            landing = workspace.landing(other, link)
            if landing.there == document.path and landing.anchor in gone:
                return other.path
    return ""


def _identities(document: Document, findings: Iterable[Finding]) -> Iterable[tuple[str, str, str]]:
    """What tells findings apart, but not their lines nor numbers, which a fix may change."""
    places = {start: f"question {n}" for n, start in enumerate(document.question_starts)}
    lines = {start: f"line {n}" for n, start in enumerate(document.entry_starts)}
    for finding in findings:
        question = document.question_at(finding.span.start)
        entry = None if question else document.entry_at(finding.span.start)
        question = entry.question if entry else question
        if question:
            place = places[question.span.start]
        else:
            place = lines[entry.span.start] if entry else finding.question
        yield finding.code, finding.name, place


def changed_lines(before: Source, after: Source) -> int:
    """How many lines of the source are other than before, were taken away or came new."""
    old, new = before.lines(), after.lines()
    if len(old) == len(new):
        return sum(map(ne, old, new))
    kept = sum((Counter(old) & Counter(new)).values())
    return max(len(old), len(new)) - kept
