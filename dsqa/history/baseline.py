"""Findings that a repository lives with: written down once, and not told again."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dsqa.config import Misuse, content_of, content_of_found
from dsqa.history.comparison import about
from dsqa.reporters import counted
from dsqa.rule import Rule
from dsqa.run import Found, Reading
from dsqa.words import similarity

UNUSED = "SUP001"
"""The rule about what silences nothing."""
VERSION = 1
ALIKE = 0.8
"""So like its words of before a question is the same one, if all else is."""
MOST_COMPARED = 200
MOST_WORK = 10_000_000
"""Pairs of characters that are compared in a run; who has written the texts may be a stranger."""
LARGEST = 5 * 1024 * 1024
"""Bytes; the lines of some 20,000 findings."""
LONGEST = 5_000
"""Characters of what is written down of a finding; a path has no more."""


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A finding that is written down: its file and rule, and what it is about (see `about`)."""

    path: str
    rule: str
    question: str
    detail: str


def known(found: Found) -> Known:
    finding, item = found
    document = item.workspace.document(finding.path)
    _, words, detail = about(finding, document) if document else ("", "", finding.message)
    return Known(finding.path, finding.code, words, detail)


def written(
    found: Iterable[Found], former: Counter[Known], reading: Reading, chosen: Sequence[Rule]
) -> str:
    """The text of a baseline that knows these findings: each on a line of its own, sorted.

    Of what was known before, that stays which nobody looked at now: other files, other rules.
    """
    read, judged = {i.document.path for i in reading.items}, {rule.code for rule in chosen}
    world = reading.items[0].workspace if reading.items else None
    unseen = {
        one: count
        for one, count in former.items()
        if one.rule not in judged
        or (one.path not in read and (world is None or world.has_file(one.path)))
    }
    counts = Counter(map(known, found)) + Counter(unseen)
    lines = [
        json.dumps({**{name: getattr(one, name) for name in one.__slots__}, "count": count})
        for one, count in sorted(counts.items())
    ]
    listed = ",\n".join(f"    {line}" for line in lines)
    return f'{{\n  "version": {VERSION},\n  "findings": [\n{listed}\n  ]\n}}\n'


def load(place: Path, *, named: bool) -> Counter[Known]:
    """The findings that the file knows; raises Misuse where it is no baseline.

    One that the command line has not `named` must lie in the tree that it speaks of.
    """
    content = (content_of if named else content_of_found)(place, LARGEST)
    try:
        data = json.loads(content)
        if data["version"] != VERSION:
            raise Misuse(f"{place}: written by another version of dsqa; write it anew")
        counts = {
            Known(*(str(one[name])[:LONGEST] for name in Known.__slots__)): one["count"]
            for one in data["findings"]
        }
        if not all(type(count) is int and count > 0 for count in counts.values()):
            raise ValueError
        return Counter(counts)
    except json.JSONDecodeError as error:
        said = f"this is no baseline of dsqa: {error.msg} (at line {error.lineno})"
        raise Misuse(f"{place}: {said}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Misuse(f"{place}: this is no baseline of dsqa") from None


def unknown(found: Sequence[Found], baseline: Counter[Known]) -> tuple[list[Found], Counter[Known]]:
    """The findings that the baseline does not know, and what it knows and was not found.

    First come those that are known as they are, then those that moved to another file, and last
    those whose question has nearly the words that are known.
    """
    left = Counter(baseline)
    waiting = [(one, known(one)) for one in found]
    for way in (_as_it_is, _elsewhere):
        places: dict[tuple[str, ...], list[Known]] = defaultdict(list)
        for key in +left:
            places[way(key)].append(key)
        rest = []
        for one, key in waiting:
            known_ones = places[way(key)]
            if known_ones:
                left[known_ones[-1]] -= 1
                if not left[known_ones[-1]]:
                    known_ones.pop()
            else:
                rest.append((one, key))
        waiting = rest
    beside: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for key in +left:
        beside[key.path, key.rule].append(key)
    new = []
    work = 0
    for one, key in waiting:
        alike = [other for other in beside[key.path, key.rule][:MOST_COMPARED] if left[other] > 0]
        work += sum(len(key.question) * len(other.question) for other in alike)
        if work > MOST_WORK:
            alike = []
        near = next((k for k in alike if similarity(key.question, k.question, least=ALIKE)), None)
        if near:
            left[near] -= 1
        else:
            new.append(one)
    return new, +left


def _as_it_is(one: Known) -> tuple[str, ...]:
    return one.path, one.rule, one.question, one.detail


def _elsewhere(one: Known) -> tuple[str, ...]:
    return one.rule, one.question, one.detail


def silenced(
    found: Sequence[Found],
    *,
    reading: Reading,
    place: Path,
    known: Counter[Known],
    chosen: Sequence[Rule],
    whole: bool,
) -> list[Found]:
    """The findings without those that are known by the baseline at the place.

    If the `whole` of what was found is given, and not only what is new, it is told as well how
    many are known that are gone: of the files that were read, or that are there no more.
    """
    new, left = unknown(found, known)
    read = {item.document.path: item for item in reading.items}
    judged = {rule.code for rule in chosen if not rule.online}
    gone = sum(
        count
        for one, count in left.items()
        if one.rule in judged
        and (one.path in read or not any(i.workspace.has_file(one.path) for i in reading.items[:1]))
    )
    rule = next((rule for rule in chosen if rule.code == UNUSED), None)
    if rule and gone and whole and reading.items:
        item = reading.items[0]
        shown = item.below_root(os.path.relpath(place, item.folder))
        message = f"{counted(gone, 'finding')} in here {'is' if gone == 1 else 'are'} gone"
        reason = "`dsqa baseline` writes it anew, without what was mended"
        new.append((rule.finding_of_file(shown, message, reason=reason), item))
    return new
