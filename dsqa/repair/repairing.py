"""What `dsqa fix` does with a file, and what it says about it afterwards."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dsqa import unjudged
from dsqa.discovery import File
from dsqa.document import Document
from dsqa.finding import Finding
from dsqa.linter import lint
from dsqa.repair.difference import hunks
from dsqa.repair.fixer import Repair, changed_lines, fix
from dsqa.repair.proof import added
from dsqa.reporters import counted, printable
from dsqa.rule import Rule
from dsqa.run import Item, shown_path
from dsqa.workspace import Workspace
from dsqa.writing import Change, recover, replace_files

MOST_NAMES = 5
DIFF_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""For a diff, nothing but LF ends a line."""


@dataclass(frozen=True)
class Repaired(Repair):
    """A file with all that was done to it, from its first source to its last, and that parsed.

    `bound` says that it changes together with other files, or not at all.
    """

    item: Item = field(kw_only=True)
    last: Document = field(kw_only=True)
    bound: bool = False


def repaired(
    items: Sequence[Item], chosen: Mapping[File, Sequence[Rule]], *, unsafe: bool
) -> list[Repaired]:
    """The files with all that can be repaired in them, proven, and not yet written.

    Where dsqa itself fails at a file, nothing of it is changed, not even by what others carry into
    it: they are repaired as if it were not among them.
    """
    broken: dict[File, Repaired] = {}
    while True:
        repairs = _rounds([item for item in items if item.file not in broken], chosen, unsafe)
        failed = [one for one in repairs if any(finding.unjudged for finding in one.left)]
        if not failed:
            whole = {one.item.file: one for one in repairs} | broken
            return [whole[item.file] for item in items]
        broken |= {
            one.item.file: Repaired(
                one.before, one.before, left=one.left, item=one.item, last=one.item.document
            )
            for one in failed
        }


def _rounds(
    items: Sequence[Item], chosen: Mapping[File, Sequence[Rule]], unsafe: bool
) -> list[Repaired]:
    """Each is repaired in a world in which those before it are; again, until nothing changes.

    A repair may carry changes into the others of its tree: they are beside it.
    """
    worlds = {item.file.root: item.workspace for item in items}
    repairs: dict[File, Repair] = {}
    fixed: dict[File, list[Finding]] = {item.file: [] for item in items}
    bound: set[tuple[Path, str]] = set()
    changing = True
    while changing:
        changing = False
        for item in items:
            root = item.file.root
            beside = {
                other.document.path: chosen[other.file]
                for other in items
                if other.file.root == root
            }
            repair = _attempted(item, worlds[root], chosen[item.file], beside, unsafe=unsafe)
            repairs[item.file] = repair
            fixed[item.file] += repair.fixed
            if repair.changed:
                sources = {source.path: source for source in (repair.after, *repair.carried)}
                worlds[root] = worlds[root].replacing(sources)
                bound |= {(root, other) for other in sources} if repair.carried else set()
                changing = len(items) > 1
        if any(finding.unjudged for repair in repairs.values() for finding in repair.left):
            break
    lasts = [worlds[item.file.root].parsed(item.document.path) for item in items]
    return [
        Repaired(
            item.document.source,
            last.source,
            tuple(fixed[item.file]),
            repairs[item.file].refused,
            repairs[item.file].left,
            item=item,
            last=last,
            bound=(item.file.root, item.document.path) in bound,
        )
        for item, last in zip(items, lasts, strict=True)
    ]


def _attempted(
    item: Item,
    world: Workspace,
    rules: Sequence[Rule],
    beside: Mapping[str, Sequence[Rule]],
    *,
    unsafe: bool,
) -> Repair:
    """What is repaired; nothing, with a finding that says so, where dsqa itself fails at it."""
    try:
        return fix(item.document.path, world, rules, unsafe=unsafe, beside=beside)
    except Exception as error:
        source = item.document.source
        return Repair(source, source, left=(unjudged.failure(item.document.path, error),))


def written(repairs: Sequence[Repaired]) -> Iterator[tuple[str, str]]:
    """Write the repaired files; the path to print and the reason where that could not be done.

    Files that are bound to each other are written together, or none of them.
    """
    shown = {repair.item.file.place: repair.item.shown for repair in repairs}
    changed = [repair for repair in repairs if repair.changed]
    together = [_change(repair) for repair in changed if repair.bound]
    alone = [_change(repair) for repair in changed if not repair.bound]
    for failure in replace_files(together, alone, map(_change, repairs)) if changed else ():
        yield shown[failure.place], str(failure)
        for other in failure.others:
            yield shown[other], f"left as it was, together with {shown[failure.place]}"


def _change(repair: Repaired) -> Change:
    file = repair.item.file
    return Change(file.place, file.root, repair.before.encode(), repair.after.encode())


def taken_back(items: Sequence[Item]) -> list[str]:
    """Take back what a killed run has half written of these files; the paths to print."""
    folder = Path(os.path.realpath(items[0].folder if items else Path.cwd()))
    return [shown_path(place, folder) for place in recover(item.file.place for item in items)]


def difference(repair: Repaired) -> str:
    """The change as a unified diff that `git apply` takes at the top of the checkout."""
    if not repair.changed:
        return ""
    path = repair.item.document.path
    sides = (side.encode().decode("utf-8") for side in (repair.before, repair.after))
    old, new = (DIFF_LINE.findall(side) for side in sides)
    lines = (f"--- {_named(f'a/{path}')}\n", f"+++ {_named(f'b/{path}')}\n", *hunks(old, new))
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _named(path: str) -> str:
    """The path as git writes it in a diff: quoted if it has characters that would end it."""
    if printable(path) == path and not {'"', "\\"} & set(path):
        return path
    escaped = "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}"
        for byte in path.encode("utf-8", "surrogateescape")
    )
    return f'"{escaped}"'


def told(repairs: Sequence[Repaired], *, unsafe: bool, diff: bool) -> str:
    """What was repaired, what that was proven to keep, what is left and whose turn it is."""
    lines = [line for repair in repairs for line in _changes(repair, diff=diff)]
    changed = [repair for repair in repairs if repair.changed]
    if not changed:
        lines.append("nothing to repair")
    else:
        lines.append(f"proved   {_kept(changed)} · no new finding · a second run changes nothing")
    for repair in changed:
        notes = dict.fromkeys(f.fix.note for f in repair.fixed if f.fix and f.fix.note)
        lines += [f"look     {printable(repair.item.shown)}: {printable(note)}" for note in notes]
    lines += _left([finding for repair in repairs for finding in repair.left], repairs, unsafe)
    return "".join(f"{line}\n" for line in lines)


def proof(
    repairs: Sequence[Repaired], chosen: Mapping[File, Sequence[Rule]], *, unsafe: bool
) -> str:
    """What holds of each changed file: found once more, from its first and its last source."""
    worlds = {repair.item.file.root: repair.item.workspace for repair in repairs}
    for root, world in worlds.items():
        mine = [repair.after for repair in repairs if repair.item.file.root == root]
        worlds[root] = world.replacing({source.path: source for source in mine})
    lines = [
        line
        for repair in repairs
        if repair.changed
        for line in _proof(repair, worlds[repair.item.file.root], chosen, unsafe=unsafe)
    ]
    return "".join(f"{line}\n" for line in lines)


def _proof(
    repair: Repaired, world: Workspace, chosen: Mapping[File, Sequence[Rule]], *, unsafe: bool
) -> Iterator[str]:
    item, rules = repair.item, chosen[repair.item.file]
    after = world.parsed(item.document.path)
    yield f"proof    {printable(item.shown)}"
    pairs = list(zip(item.document.questions, after.questions, strict=True))
    if pairs:
        same = sum((q.number, q.title) == (p.number, p.title) for q, p in pairs)
        yield f"  parsed again     {_of(same, len(pairs))} questions with the same number and words"
        other = [
            q.name for q, p in pairs if repair.before[q.answer.span] != repair.after[p.answer.span]
        ]
        same = len(pairs) - len(other)
        changed = f" (not {_listed(other)})" if other else ""
        yield f"  answers          {_of(same, len(pairs))} byte-identical{changed}"
    before, now = lint(item.document, item.workspace, rules), lint(after, world, rules)
    new = added(item.document, before, after, now)
    told = f"{len(new)} of them new" if new else "none that was not there before"
    yield f"  judged again     {counted(len(before), 'finding')} before, {len(now)} now, {told}"
    linking = {one.document.path for one in world.arrivals(after.path)} - {after.path}
    if linking:
        count = counted(len(linking), "other file")
        link = "links" if len(linking) == 1 else "link"
        yield f"  judged with it   {count} that {link} to places in it: nothing new there either"
    yield "  read again       all text that no repair touches is the same, in the same order"
    again = fix(after.path, world, rules, unsafe=unsafe)
    yield f"  repaired again   changes {'something' if again.changed else 'nothing'}"


def _kept(repairs: Sequence[Repaired]) -> str:
    """How many questions and answers are to the byte as they were."""
    pairs = [
        (repair.before, old, repair.after, new)
        for repair in repairs
        for old, new in zip(repair.item.document.questions, repair.last.questions, strict=True)
    ]
    questions = sum(
        before[old.heading.span] == after[new.heading.span] for before, old, after, new in pairs
    )
    answers = sum(
        before[old.answer.span] == after[new.answer.span] for before, old, after, new in pairs
    )
    asked = len(pairs)
    if not asked:
        return "no words changed but those of the repairs"
    if questions == answers == asked:
        return f"{counted(asked, 'question')} and their answers unchanged"
    if questions == asked:
        return f"{counted(asked, 'question')} and {answers} of their answers unchanged"
    return f"{_of(answers, asked)} answers and {questions} of their headings unchanged"


def _of(some: int, number: int) -> str:
    return f"{some} of {number}"


def _listed(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(printable(name, limit=40) for name in names[:MOST_NAMES]) + more


def _changes(repair: Repaired, *, diff: bool) -> Iterator[str]:
    if not repair.changed:
        return
    number = changed_lines(repair.before, repair.after)
    verb = "to repair" if diff else "repaired"
    count = len(repair.fixed)
    if not count:
        lines = counted(number, "line")
        yield f"{printable(repair.item.shown)}   {lines} to follow what is repaired elsewhere"
        return
    yield f"{printable(repair.item.shown)}   {count} {verb} in {counted(number, 'line')}"
    for (code, name), times in sorted(_by_rule(repair.fixed).items()):
        yield f"  {times:>4}  {code} {name}"


def _by_rule(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding.code, finding.name) for finding in findings)


def _left(findings: Sequence[Finding], repairs: Sequence[Repaired], unsafe: bool) -> Iterator[str]:
    """What is left, by what it takes."""
    refused = [refusal for repair in repairs for refusal in repair.refused]
    for why in dict.fromkeys(refusal.why for refusal in refused):
        rules = Counter(one.finding.name for one in refused if one.why == why)
        names = ", ".join(sorted(rules))
        yield f"refused  {counted(rules.total(), 'repair')} ({names}): {printable(why)}"
    missing = [
        question.name
        for repair in repairs
        for question in repair.item.document.questions
        if question.answer.owed
    ]
    waiting = sum(1 for finding in findings if finding.fix and not finding.fix.safe and not unsafe)
    rest = len(findings) - waiting
    online = " --online" if any(finding.evidence for finding in findings) else ""
    parts = []
    if missing:
        parts.append(f"{counted(len(missing), 'answer')} to write ({_listed(missing)})")
    if waiting:
        said = f"{counted(waiting, 'repair')} that may change your words"
        parts.append(f"{said}: dsqa fix{online} --unsafe --diff")
    if rest:
        parts.append(f"{counted(rest, 'finding')} for a person: dsqa check{online} --show info")
    if parts:
        yield "left     " + " · ".join(parts)
