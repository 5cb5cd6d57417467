"""Findings become a new source, again and again until nothing is left, and each step is proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dsqa.document import Document
from dsqa.finding import Edit, Finding
from dsqa.linter import lint
from dsqa.rule import Rule
from dsqa.source import Source
from dsqa.workspace import Workspace

MOST_PASSES = 20
"""Passes after which fixes that still call for each other are a bug, not work."""


class Unsettled(Exception):
    """Fixes that call for each other without end: a bug in one of the rules that it names."""


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

    Each pass makes the fixes that do not overlap and proves the result; where the proof fails, it
    makes them one at a time, and refuses those that fail by themselves. Raises Unsettled.
    """
    document = workspace.document(path)
    if document is None:
        raise ValueError(f"nothing to mend at {path}")
    before = document.source
    fixed: list[Finding] = []
    refused: dict[tuple[str, str], Refusal] = {}
    for _ in range(MOST_PASSES):
        findings = lint(document, workspace, chosen)
        wanted = [
            finding
            for finding in findings
            if finding.fix and (finding.fix.safe or unsafe) and _key(finding) not in refused
        ]
        if not wanted:
            return Repair(before, document.source, tuple(fixed), tuple(refused.values()), findings)
        made, result = _all_at_once(document, workspace, wanted, chosen)
        if not made:
            made, result = _one_by_one(document, workspace, wanted, chosen, refused)
        fixed += made
        workspace = workspace.replacing({path: result})
        document = workspace.document(path)
        assert document is not None
    rules = sorted({finding.name for finding in wanted})
    raise Unsettled(f"{path}: the fixes of {', '.join(rules)} never settle")


def apply(source: Source, edits: Iterable[Edit]) -> Source:
    """The source with the edits made; they must not overlap.

    Of two that begin at one place the insertion is made before the replacement.
    """
    pieces, end = [], 0
    for edit in sorted(set(edits), key=lambda edit: (edit.span.start, edit.span.end)):
        pieces += [source.text[end : edit.span.start], edit.text]
        end = edit.span.end
    return Source(source.path, "".join([*pieces, source.text[end:]]), source.marked)


def _key(finding: Finding) -> tuple[str, str]:
    """What tells a fix again after other edits have moved it."""
    assert finding.fix
    return finding.code, "\0".join(
        [finding.message, finding.question, *(edit.text for edit in finding.fix.edits)]
    )


def _compatible(findings: Iterable[Finding], path: str) -> list[Finding]:
    """The findings whose fixes touch only this source and do not overlap, the first ones first."""
    taken: list[Edit] = []
    compatible = []
    for finding in findings:
        assert finding.fix
        edits = finding.fix.edits
        if any(edit.path != path for edit in edits):
            continue
        if any(edit != other and _collide(edit, other) for edit in edits for other in taken):
            continue
        taken += edits
        compatible.append(finding)
    return compatible


def _collide(edit: Edit, other: Edit) -> bool:
    if not edit.span and not other.span:
        return edit.span == other.span
    if not edit.span or not other.span:
        outer, inner = (edit.span, other.span) if edit.span else (other.span, edit.span)
        return outer.start < inner.start < outer.end
    return edit.span.overlaps(other.span)


def _all_at_once(
    document: Document,
    workspace: Workspace,
    wanted: Sequence[Finding],
    chosen: Sequence[Rule] | None,
) -> tuple[list[Finding], Source]:
    findings = _compatible(wanted, document.path)
    result = apply(document.source, _edits(findings))
    if findings and not disproof(document, workspace, findings, result, chosen):
        return findings, result
    return [], document.source


def _one_by_one(
    document: Document,
    workspace: Workspace,
    wanted: Sequence[Finding],
    chosen: Sequence[Rule] | None,
    refused: dict[tuple[str, str], Refusal],
) -> tuple[list[Finding], Source]:
    """The first fix that can be proven by itself; those before it are refused."""
    for finding in wanted:
        if not _compatible([finding], document.path):
            refused[_key(finding)] = Refusal(finding, "its edits overlap or leave the file")
            continue
        result = apply(document.source, _edits([finding]))
        why = disproof(document, workspace, [finding], result, chosen)
        if not why:
            return [finding], result
        refused[_key(finding)] = Refusal(finding, why)
    return [], document.source


def _edits(findings: Iterable[Finding]) -> list[Edit]:
    return [edit for finding in findings if finding.fix for edit in finding.fix.edits]


def disproof(
    document: Document,
    workspace: Workspace,
    findings: Sequence[Finding],
    result: Source,
    chosen: Sequence[Rule] | None,
) -> str:
    """Why the result of these fixes must not be written; empty if nothing speaks against it.

    It must change something, ask the same questions, keep each answer that no rule about answers
    has touched byte-identical, and have no finding that was not there before, nor keep one that it
    claims to mend.
    """
    if result.text == document.source.text:
        return "it changes nothing"
    after_workspace = workspace.replacing({document.path: result})
    after = after_workspace.document(document.path)
    assert after is not None
    safe = all(finding.fix.safe for finding in findings if finding.fix)
    if len(after.questions) != len(document.questions):
        return "it changes which questions there are"
    if safe and _titles(after) != _titles(document):
        return "it changes the words of a question"
    touched = set(_touched_answers(document, findings))
    for number, (old, new) in enumerate(zip(document.questions, after.questions, strict=True)):
        same = document.source[old.answer.span] == result[new.answer.span]
        if not same and number not in touched:
            return f"it changes the answer to {old.name}"
    old_findings = Counter(_identities(document, lint(document, workspace, chosen)))
    new_findings = Counter(_identities(after, lint(after, after_workspace, chosen)))
    added = new_findings - old_findings
    if added:
        code, name, place = min(added)
        return f"it brings {code} {name}" + (f" at {place}" if place else "")
    mended = Counter(_identities(document, findings))
    if any(new_findings[one] > old_findings[one] - mended[one] for one in mended):
        return "it does not mend what it is for"
    return ""


def _titles(document: Document) -> list[tuple[int | None, str]]:
    return [(question.number, question.heading.text) for question in document.questions]


def _touched_answers(document: Document, findings: Iterable[Finding]) -> Iterable[int]:
    """The positions of the answers that fixes of rules about answers touch."""
    from dsqa.rules import rules

    about_answers = {rule.code for rule in rules() if rule.changes_answers}
    spans = [
        edit.span
        for finding in findings
        if finding.fix and finding.code in about_answers
        for edit in finding.fix.edits
    ]
    for number, question in enumerate(document.questions):
        if any(question.answer.span.overlaps(span) for span in spans):
            yield number


def _identities(document: Document, findings: Iterable[Finding]) -> Iterable[tuple[str, str, str]]:
    """What tells findings apart, but not their lines nor numbers, which a fix may change."""
    position = {question.name: str(n) for n, question in enumerate(document.questions)}
    for finding in findings:
        yield finding.code, finding.name, position.get(finding.question, finding.question)


def changed_lines(before: Source, after: Source) -> int:
    """How many lines of the source are other than before, were taken away or came new."""
    from difflib import SequenceMatcher

    old, new = before.lines(), after.lines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return sum(
        max(old_end - old_start, new_end - new_start)
        for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes()
        if tag != "equal"
    )
