"""What is wrong now and was not before: told by what it is about, never by its line."""

from __future__ import annotations

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeAlias

from dsqa.document import Document, Image, Link, Question
from dsqa.finding import Finding, Related
from dsqa.history.changes import Change
from dsqa.history.pairing import paired
from dsqa.linter import lint
from dsqa.outside import Answer
from dsqa.question_ids import pinned_id
from dsqa.rule import Rule
from dsqa.source import Span
from dsqa.words import fold
from dsqa.workspace import Workspace

NUMBER = re.compile(r"[0-9]+")
LONGEST_DETAIL = 200
MOST_NAMED = 20
NUMBERED = frozenset({"ANS", "IDX", "NUM"})
"""The groups of rules that point at the name of a question."""

About: TypeAlias = tuple[str, str, str]
"""The rule of a finding, the words of the question or place it is about, and those under it.

Numbers do not count: a question keeps its defects when it is numbered anew.
"""


class Pairs(dict[Question, Question]):
    """The questions of now that were there before, and which one each was."""

    @cached_property
    def kept(self) -> Collection[Question]:
        return frozenset(self.values())


@dataclass(frozen=True)
class Comparison:
    """Two states of one tree, and what changed from the one to the other."""

    before: Workspace
    now: Workspace
    changes: Mapping[str, Change]

    def knowing(self, outside: Mapping[str, Answer]) -> Comparison:
        """The same two states, of which one knows what the addresses in them answer."""
        before, now = self.before.knowing(outside), self.now.knowing(outside)
        return replace(self, before=before, now=now)

    def change(self, path: str) -> Change | None:
        """What became of the file; it is new if it was not there and git knows nothing of it."""
        known = self.changes.get(path)
        return known or (None if self.before.has_file(path) else Change("", path))

    def earlier(self, path: str) -> Document | None:
        """The document as it was, under the path that it had."""
        change = self.change(path)
        former = change.former if change else path
        return self.before.document(former) if former else None

    @cached_property
    def later(self) -> Mapping[str, Change]:
        """What became of the files of before to which something was done, by their paths."""
        return {one.former: one for one in reversed([*self.changes.values()]) if one.former}


def arising(
    found: Mapping[str, Sequence[Finding]],
    comparison: Comparison,
    rules: Mapping[str, Sequence[Rule]],
    usual: Sequence[Rule],
) -> list[Finding]:
    """Those of the findings, by the paths of their documents, that were not there before.

    Each is told where the change is that brought it, as far as that can be found out. What only
    moved within its file or to another one is not new. `rules` judge the document of a path, and
    the `usual` ones those that are gone.
    """
    fresh: list[tuple[Finding, About, Pairs]] = []
    gone: Counter[About] = Counter()
    broken: list[Finding] = []
    for path in sorted(found.keys() | comparison.changes.keys()):
        findings = found.get(path, ())
        if not findings and path not in comparison.changes:
            continue
        if path not in rules and comparison.now.has_file(path) and not findings:
            continue  # nobody looked at it, so that nothing of it is known to be gone
        now, before = comparison.now.document(path), comparison.earlier(path)
        pairs = Pairs(paired(before, now) if before and now else {})
        known: Counter[About] = Counter()
        if before:
            old = lint(before, comparison.before, rules.get(path, usual))
            broken += [finding for finding in old if finding.trace]  # dsqa itself failed
            known.update(about(finding, before) for finding in old)
        # what is known is first found where nothing changed
        for finding in sorted(findings, key=lambda one: _touched(path, one.span, comparison)):
            one = about(finding, now, pairs) if now else ("", "", "")
            if known[one]:
                known[one] -= 1
            else:
                fresh.append((finding, one, pairs))
        gone += known
    new: dict[tuple[object, ...], Finding] = {}
    for finding, one, pairs in fresh:
        if gone[one]:
            gone[one] -= 1
            continue
        told = _at_its_cause(finding, comparison, pairs)
        line = _line(finding, comparison.now)
        key = (told.path, told.span, finding.path, line) if told is not finding else (finding,)
        new[key] = _together(new[key], told) if key in new else told
    return [*broken, *new.values()]


def _line(finding: Finding, workspace: Workspace) -> int:
    document = workspace.document(finding.path)
    return document.source.line_of(finding.span.start) if document else 1


def _together(one: Finding, other: Finding) -> Finding:
    """One finding of two that one change brought to one line: the graver, which names the other."""
    grave, slight = (one, other) if one.severity >= other.severity else (other, one)
    also = f"also {slight.code} {slight.name}"
    return replace(grave, reason=f"{grave.reason}; {also}" if grave.reason else also)


def about(finding: Finding, document: Document, pairs: Pairs | None = None) -> About:
    """What tells the finding again in another state; `pairs` lead to the questions of before."""
    asked, entry = document.asked_at(finding.span.start)
    heading = document.heading_at(finding.span.start)
    if asked:
        before = pairs.get(asked, asked) if pairs else asked
        words = pinned_id(document, asked) or before.title
    else:
        words = entry.title if entry else heading.text if heading else ""
    return finding.code, fold(words), _detail(document.source[finding.span], finding)


def _detail(written: str, finding: Finding) -> str:
    """The words of the place, without the numbers of questions: those of files belong to names."""
    page, mark, place = written.partition("#")
    if mark:
        detail = fold(page) + NUMBER.sub("", fold(place))
    elif finding.code[:3] in NUMBERED:
        detail = NUMBER.sub("", fold(written))
    else:
        detail = fold(written)
    return (detail or NUMBER.sub("", fold(finding.message)))[:LONGEST_DETAIL]


def _at_its_cause(finding: Finding, comparison: Comparison, pairs: Pairs) -> Finding:
    """The finding where the change is that brought it: a review shows only changed lines."""
    if _touched(finding.path, finding.span, comparison):
        return finding
    for place in finding.related:
        if _touched(place.path, place.span, comparison):
            return _moved(finding, place.path, place.span, comparison)
    document = comparison.now.document(finding.path)
    before = comparison.earlier(finding.path)
    if not document or not before:
        return finding
    for path, span in _ties(finding, document, before, comparison, pairs):
        change, old = comparison.later.get(path), comparison.before.document(path)
        now = comparison.now.document(change.path) if change and change.path else None
        if not (change and old and now and now.source.line_count):
            continue
        line, changed = change.carried(old.source.line_of(span.start))
        if not changed and old.heading_at(span.start) and not _heads(now, line):
            # something that is not closed has swallowed it, where the text changed last above it
            above = [hunk.new for hunk in change.hunks if hunk.new <= line]
            line, changed = (above[-1], True) if above else (line, False)
        if changed:
            line = min(max(line, 1), now.source.line_count)
            return _moved(finding, now.path, now.trimmed(now.source.line_span(line)), comparison)
    return finding


def _heads(document: Document, line: int) -> bool:
    """Whether a heading stands on the line."""
    words = document.trimmed(document.source.line_span(line))
    return document.heading_at(words.start) is not None


def _touched(path: str, span: Span, comparison: Comparison) -> bool:
    """Whether one of the lines of the span is new."""
    change, document = comparison.change(path), comparison.now.document(path)
    if not change or not document:
        return change is not None
    source = document.source
    return change.touches(source.line_of(span.start), source.line_of(max(span.end - 1, span.start)))


def _moved(finding: Finding, path: str, span: Span, comparison: Comparison) -> Finding:
    """The finding at another place, which says where the wrong one is."""
    line = _line(finding, comparison.now)
    where = f"line {line}" if path == finding.path else f"line {line} of `{finding.path}`"
    wrong = Related(finding.path, finding.span, "what is wrong now")
    others = (place for place in finding.related if (place.path, place.span) != (path, span))
    there = comparison.now.document(path)
    question = there.question_at(span.start) if there else None
    return replace(
        finding,
        path=path,
        span=span,
        message=f"This change breaks {where}: {finding.message}",
        question=question.name if question else finding.question,
        related=(wrong, *others),
    )


def _ties(
    finding: Finding, now: Document, before: Document, comparison: Comparison, pairs: Pairs
) -> Iterator[tuple[str, Span]]:
    """The places of before that the finding hung on: where its link led, what its line named."""
    start = finding.span.start
    link = now.address_at(start)
    if link and (old := _same(link, now, before)):
        landing = comparison.before.landing(before, old)
        if landing.there and landing.span is not None:
            yield landing.there, landing.span
    entry, question = now.entry_at(start), now.question_at(start)
    if entry and not question:
        named = _questions_by_words(before).get(fold(entry.title), ())
        yield from ((before.path, one.heading.span) for one in named)
    if question and question in pairs:
        place = bisect.bisect_left(before.question_starts, pairs[question].span.start)
        while place and before.questions[place - 1] not in pairs.kept:
            place -= 1
            yield before.path, before.questions[place].heading.span
        if listed := before.entry_of_question.get(pairs[question]):
            yield before.path, listed.span
        change, source = comparison.change(now.path), before.source
        place = source.line_of(pairs[question].span.start)
        last = source.line_of(max(pairs[question].span.end - 1, 0))
        for hunk in change.replaced(place, last) if change else ():
            if hunk.olds:
                yield before.path, source.line_span(hunk.old)


def _same(link: Link | Image, now: Document, before: Document) -> Link | Image | None:
    """The link of before that is the one of now: of several alike the one in its turn."""
    turn = bisect.bisect_left(now.addresses_by_href[link.href], link.span, key=_place)
    alike = before.addresses_by_href.get(link.href, ())
    return alike[min(turn, len(alike) - 1)] if alike else None


def _place(address: Link | Image) -> Span:
    return address.span


@lru_cache(maxsize=8)
def _questions_by_words(document: Document) -> Mapping[str, Sequence[Question]]:
    """The questions that index lines mean, by the words of those lines."""
    found: dict[str, list[Question]] = defaultdict(list)
    for entry in document.entries:
        if entry.question and len(found[fold(entry.title)]) < MOST_NAMED:
            found[fold(entry.title)].append(entry.question)
    return found
