"""Findings become a new source, again and again until nothing is left, and each step is proven."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from operator import ne
from typing import TypeAlias

from dsqa.document import Document
from dsqa.finding import Edit, Finding, apply
from dsqa.landing import Fault
from dsqa.linter import lint
from dsqa.rule import Rule
from dsqa.rules import rules
from dsqa.source import Source, Span
from dsqa.workspace import Workspace

DEAD = frozenset(
    {
        Fault.BROKEN_ANCHOR,
        Fault.FURNITURE,
        Fault.MISSING_FILE,
        Fault.NO_SECTION,
        Fault.SELF_MATCH,
        Fault.UNRESOLVED,
        Fault.WRONG_FILE,
        Fault.WRONG_SECTION,
    }
)
"""What makes a link miss the place that it was to lead to."""
Identity: TypeAlias = tuple[str, str, str]
"""What tells findings apart, but not their lines nor numbers, which a fix may change."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fix that was not made because its result could not be proven; `why` says what failed."""

    finding: Finding
    why: str


@dataclass(frozen=True)
class Repair:
    """What was done to one source: the new one, what was fixed in it, what was refused and left.

    `carried` are the other sources that had to change with it, as they are now.
    """

    before: Source
    after: Source
    fixed: tuple[Finding, ...] = ()
    refused: tuple[Refusal, ...] = ()
    left: tuple[Finding, ...] = field(default=())
    carried: tuple[Source, ...] = ()

    @property
    def changed(self) -> bool:
        return self.after.text != self.before.text


def fix(
    path: str,
    workspace: Workspace,
    chosen: Sequence[Rule] | None = None,
    *,
    unsafe: bool = False,
    beside: Mapping[str, Sequence[Rule]] | None = None,
) -> Repair:
    """The source at the path with all that can be mended in it.

    Each pass makes the fixes that do not overlap, or as many of them as can be proven, and the next
    one looks again, also at those that were refused. Every proof leaves fewer findings than before,
    so this ends. `beside` are the paths of other documents that may be changed where a fix calls
    for it, each with the rules that judge it.
    """
    chosen = [rule for rule in rules() if rule.on] if chosen is None else chosen
    beside = {other: judged for other, judged in (beside or {}).items() if other != path}
    document = workspace.parsed(path)
    before = document.source
    fixed: list[Finding] = []
    carried: dict[str, Source] = {}
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
        made = _compatible(wanted)
        while why := disproof(document, workspace, findings, made, chosen, beside):
            if len(made) == 1:
                refused[_key(made[0])] = Refusal(made[0], why)
                break
            made = made[: len(made) // 2]
        else:
            fixed += made
            refused.clear()
            sources = applied(workspace, made)
            carried |= {other: source for other, source in sources.items() if other != path}
            workspace = workspace.replacing(sources)
            document = workspace.parsed(path)
    return Repair(
        before,
        document.source,
        tuple(fixed),
        tuple(refused.values()),
        findings,
        tuple(carried.values()),
    )


def applied(workspace: Workspace, findings: Iterable[Finding]) -> dict[str, Source]:
    """The sources that the fixes of the findings change, as they are after that."""
    edits: dict[str, list[Edit]] = defaultdict(list)
    for edit in _edits(findings):
        edits[edit.path].append(edit)
    return {path: apply(workspace.parsed(path).source, edits[path]) for path in sorted(edits)}


def _key(finding: Finding) -> tuple[str, ...]:
    """What tells a fix again after other edits have moved it."""
    assert finding.fix
    texts = (edit.text for edit in finding.fix.edits)
    return finding.code, finding.message, finding.question, *texts


def _compatible(findings: Iterable[Finding]) -> list[Finding]:
    """The findings whose fixes do not overlap, the first ones first."""
    taken: dict[str, list[Edit]] = defaultdict(list)
    compatible = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix else ()
        if any(_collides(edit, taken[edit.path]) for edit in edits):
            continue
        for edit in edits:
            bisect.insort(taken[edit.path], edit)
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
    beside: Mapping[str, Sequence[Rule]],
) -> str:
    """Why the fixes of these findings must not be made; empty if nothing speaks against it.

    `findings` are all that there are before. The result must be another text, ask the same
    questions, keep each answer byte-identical that no rule about answers has touched, read as
    before wherever no edit was, have no finding that was not there before, in this document and in
    those beside it, and none of those that it claims to mend.
    """
    results = applied(workspace, made)
    if foreign := results.keys() - {document.path, *beside}:
        return f"it changes {min(foreign)}, which is not among the files to repair"
    if all(result.text == workspace.parsed(path).source.text for path, result in results.items()):
        return "it changes nothing"
    world = workspace.replacing(results)
    after = world.parsed(document.path)
    edits = _edits(made)
    about_answers = {rule.code for rule in chosen if rule.changes_answers}
    allowed = [edit for edit in edits if edit.path != document.path]
    allowed += _edits(finding for finding in made if finding.code in about_answers)
    for path in results:
        old, new = workspace.parsed(path), world.parsed(path)
        if why := _lost(old, new, [edit for edit in allowed if edit.path == path]):
            return why
        if not _reads_alike(old, new, [edit for edit in edits if edit.path == path]):
            return "it changes what a reader sees elsewhere"
    safe = all(finding.fix.safe for finding in made if finding.fix)
    if safe and _titles(after) != _titles(document):
        return "it changes the words of a question"
    old_ones = Counter(_identities(document, findings))
    new_ones, why = _added(after, world, chosen, old_ones)
    if why:
        return why
    watched = _watched(document, after, workspace, chosen, beside)
    for path in sorted({document.path, *results, *watched}):
        if _dead_links(path, world) > _dead_links(path, workspace):
            return f"it breaks a link in {path}"
    for other, judged in sorted(watched.items()):
        before = workspace.parsed(other)
        known = Counter(_identities(before, lint(before, workspace, judged)))
        _, why = _added(world.parsed(other), world, judged, known)
        if why:
            return f"{why} in {other}"
    mended = Counter(_identities(document, made))
    if any(new_ones[one] > old_ones[one] - mended[one] for one in mended):
        return "it does not mend what it is for"
    return ""


def _lost(old: Document, new: Document, edits: Sequence[Edit]) -> str:
    """Which of the questions and answers is not as it was, but for those edits."""
    if len(new.questions) != len(old.questions):
        return "it changes which questions there are"
    for one, other in zip(old.questions, new.questions, strict=True):
        if _edited(old.source, one.answer.span, edits) != new.source[other.answer.span]:
            return f"it changes the answer to {one.name}"
    return ""


def _added(
    document: Document, workspace: Workspace, chosen: Sequence[Rule], known: Counter[Identity]
) -> tuple[Counter[Identity], str]:
    """What the rules find in the document, and what of it was not known before."""
    findings = lint(document, workspace, chosen)
    identities = list(_identities(document, findings))
    found = Counter(identities)
    added = found - known
    for finding, identity in zip(findings, identities, strict=True):
        if identity in added:
            place = f" at {finding.question}" if finding.question else ""
            return found, f"it brings {finding.code} {finding.name}{place}"
    return found, ""


def _dead_links(path: str, workspace: Workspace) -> int:
    """How many links of the document do not lead where they should, whatever rules are chosen."""
    document = workspace.parsed(path)
    return sum(workspace.landing(document, link).fault in DEAD for link in document.links)


def _watched(
    document: Document,
    after: Document,
    workspace: Workspace,
    chosen: Sequence[Rule],
    beside: Mapping[str, Sequence[Rule]],
) -> dict[str, Sequence[Rule]]:
    """The other documents of which a rule may say something else now, with their rules.

    Those that link to places inside the document depend on its names and its words; any of the run
    may speak of its headings.
    """
    if _texts(document) == _texts(after) and document.anchors.keys() == after.anchors.keys():
        return {}
    linking = {arrival.document.path for arrival in workspace.arrivals(document.path)}
    renamed = [h.text for h in document.headings] != [h.text for h in after.headings]
    watched = linking | beside.keys() if renamed else linking
    return {path: beside.get(path, chosen) for path in watched - {document.path}}


def _texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def _reads_alike(old: Document, new: Document, edits: Sequence[Edit]) -> bool:
    """Whether all that no edit touches is the same text in the same order.

    What an edit parts or joins is touched on both sides: each block that one touches stands for
    the place where it was, or will be.
    """
    spans, moved, shift = [], [], 0
    for edit in sorted(set(edits), key=lambda edit: (edit.span.start, edit.span.end)):
        spans.append(edit.span)
        start = edit.span.start + shift
        moved.append(Span(start, start + len(edit.text)))
        shift += len(edit.text) - len(edit.span)
    parted = _carried_over(_touched(old, spans), spans, moved)
    joined = _carried_over(_touched(new, moved), moved, spans)
    return _untouched(old, [*spans, *joined]) == _untouched(new, [*moved, *parted])


def _touched(document: Document, spans: Sequence[Span]) -> Iterator[Span]:
    """The blocks of the document that hold or touch one of the spans, which are sorted."""
    ends = list(accumulate((span.end for span in spans), max))
    for block in document.blocks:
        place = bisect.bisect_right(spans, block.span.end, key=lambda span: span.start) - 1
        if place >= 0 and ends[place] >= block.span.start:
            yield block.span


def _untouched(document: Document, spans: Sequence[Span]) -> list[str]:
    """The visible text of the other blocks."""
    touched = set(_touched(document, sorted(spans)))
    return [block.text for block in document.blocks if block.span not in touched]


def _carried_over(
    places: Iterable[Span], spans: Sequence[Span], moved: Sequence[Span]
) -> Iterator[Span]:
    """Where the places are when what stood at the spans stands where those moved."""
    for place in places:
        yield Span(
            _offset(place.start, spans, moved),
            max(_offset(place.end, spans, moved), _offset(place.start, spans, moved)),
        )


def _offset(offset: int, spans: Sequence[Span], moved: Sequence[Span]) -> int:
    place = bisect.bisect_right(spans, offset, key=lambda span: span.start) - 1
    if place < 0:
        return offset
    return max(moved[place].end + offset - spans[place].end, moved[place].start)


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
