"""Findings become a new source, again and again until nothing is left, and each step is proven."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, starmap
from operator import ne

from dsqa.finding import Edit, Finding, Fix
from dsqa.linter import lint
from dsqa.markdown.density import work
from dsqa.repair.proof import applied, disproof
from dsqa.rule import Rule
from dsqa.rules import rules
from dsqa.source import Source
from dsqa.workspace import Workspace

MOST_DISPROVEN = 5_000_000
"""What is read for repairs which turn out to be wrong, before one gives up: a minute."""
FEWEST_DISPROVEN = 5
TOO_MANY = "too many repairs turned out to be wrong, and each takes a look at the whole document"


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
    beside = beside or {}
    document = workspace.parsed(path)
    before = document.source
    fixed: list[Finding] = []
    carried: dict[str, Source] = {}
    refused: dict[tuple[str, ...], Refusal] = {}
    obscure = {rule.code for rule in chosen if rule.prevents_fixes}
    findings = lint(document, workspace, chosen)
    patience = max(MOST_DISPROVEN // (work(before.text) + 1), FEWEST_DISPROVEN)
    while not any(finding.unjudged for finding in findings):
        if any(finding.code in obscure for finding in findings):
            why = "a part of the document is not read as it was meant"
            refused |= {_key(f): Refusal(f, why) for f in findings if f.fix}
            break
        wanted = []
        for finding in findings:
            if not finding.fix or not (finding.fix.safe or unsafe) or _key(finding) in refused:
                continue
            if why := unfit(finding.fix, {path, *beside}):
                refused[_key(finding)] = Refusal(finding, why)
            else:
                wanted.append(finding)
        if not wanted:
            break
        made = _compatible(wanted)
        while why := disproof(document, workspace, findings, made, chosen, beside):
            patience -= 1
            if patience <= 0:
                refused |= {_key(f): Refusal(f, TOO_MANY) for f in wanted}
                break
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
            findings = lint(document, workspace, chosen)
    return Repair(
        before,
        document.source,
        tuple(fixed),
        tuple(refused.values()),
        findings,
        tuple(carried.values()),
    )


def unfit(fix: Fix, paths: Collection[str]) -> str:
    """Why the fix cannot be made, whatever else is; empty if nothing speaks against it."""
    if foreign := {edit.path for edit in fix.edits}.difference(paths):
        return f"it changes {min(foreign)}, which is not among the files to repair"
    edits = sorted(set(fix.edits))
    if any(starmap(_collide, pairwise(edits))):
        return "it changes one place in two ways"
    return ""


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
    first = bisect.bisect_left(taken, edit.span.start, key=lambda other: other.span.end)
    last = bisect.bisect_right(taken, edit.span.end, key=lambda other: other.span.start)
    return any(_collide(edit, other) for other in taken[first:last])


def _collide(edit: Edit, other: Edit) -> bool:
    """Whether they change one place in two ways; what one inserts beside it does not change it."""
    one, two = edit.span, other.span
    overlap = one == two or (one.start < two.end and two.start < one.end)
    return overlap and edit != other and edit.path == other.path


def changed_lines(before: Source, after: Source) -> int:
    """How many lines of the source are other than before, were taken away or came new."""
    old, new = before.lines(), after.lines()
    if len(old) == len(new):
        return sum(map(ne, old, new))
    kept = sum((Counter(old) & Counter(new)).values())
    return max(len(old), len(new)) - kept
