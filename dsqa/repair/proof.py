"""Why a repair must not be made, if anything speaks against it; nothing is written without that."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from dsqa.document import Block, Document
from dsqa.finding import Edit, Finding, apply
from dsqa.landing import Fault, Landing
from dsqa.linter import lint
from dsqa.rule import Rule
from dsqa.source import Oversized, Source, Span
from dsqa.target import encode_path
from dsqa.words import fold
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
    if all(result.text == workspace.parsed(path).source.text for path, result in results.items()):
        return "it changes nothing"
    world = workspace.replacing(results)
    try:
        after = world.parsed(document.path)
        for path in results:
            world.parsed(path)
    except Oversized as error:
        return f"it would make the text {error}"
    if document.anchors.keys() - after.anchors.keys() and (blind := workspace.unread()):
        return f"a link to it may stand in {blind}, which cannot be read"
    edits = edits_of(made)
    about_answers = {rule.code for rule in chosen if rule.changes_answers}
    allowed = [edit for edit in edits if edit.path != document.path]
    allowed += edits_of(finding for finding in made if finding.code in about_answers)
    for path in results:
        old, result = workspace.parsed(path), world.parsed(path)
        if why := _lost(old, result, [edit for edit in allowed if edit.path == path]):
            return why
        if not _reads_alike(old, result, [edit for edit in edits if edit.path == path]):
            return "it changes what a reader sees elsewhere"
    safe = all(finding.fix.safe for finding in made if finding.fix)
    if safe and _titles(after) != _titles(document):
        return "it changes the words of a question"
    found = lint(after, world, chosen)
    if new := added(document, findings, after, found):
        return f"it brings {_told(new[0])}"
    watched = _watched(document, after, workspace, chosen, beside)
    for path in sorted({document.path, *results, *watched}):
        mine = [edit for edit in edits if edit.path == path]
        if _breaks_links(workspace, world, path, mine):
            return f"it breaks a link in {path}"
    for path, judged in sorted(watched.items()):
        one, other = workspace.parsed(path), world.parsed(path)
        new = added(one, lint(one, workspace, judged), other, lint(other, world, judged))
        if new:
            return f"it brings {_told(new[0])} in {path}"
    mended = Counter(_identities(document, made))
    old_ones = Counter(_identities(document, findings))
    new_ones = Counter(_identities(after, found))
    if any(new_ones[one] > old_ones[one] - mended[one] for one in mended):
        return "it does not mend what it is for"
    return ""


def _told(finding: Finding) -> str:
    place = f" at {finding.question}" if finding.question else ""
    return f"{finding.code} {finding.name}{place}"


def added(
    before: Document, old: Sequence[Finding], after: Document, new: Sequence[Finding]
) -> list[Finding]:
    """Those of the new findings that were not there before, and as many of each as came."""
    identities = list(_identities(after, new))
    more = Counter(identities) - Counter(_identities(before, old))
    return [finding for finding, one in zip(new, identities, strict=True) if one in more]


def _lost(old: Document, new: Document, edits: Sequence[Edit]) -> str:
    """Which of the questions and answers is not as it was, but for those edits."""
    if len(new.questions) != len(old.questions):
        return "it changes which questions there are"
    edits = sorted(set(edits))
    for one, other in zip(old.questions, new.questions, strict=True):
        if _edited(old.source, one.answer.span, edits) != new.source[other.answer.span]:
            return f"it changes the answer to {one.name}"
    return ""


def _breaks_links(old: Workspace, new: Workspace, path: str, edits: Sequence[Edit]) -> bool:
    """Whether a link of the document that led where it should does so no more.

    Each is looked at by itself, where it is now; of those that come and go, how many are dead.
    """
    before, after = old.parsed(path), new.parsed(path)
    spans, moved = _shifted(edits)
    now = {link.span.start: link for link in after.links}
    dead = 0
    for link in before.links:
        landing = old.landing(before, link)
        other = now.pop(_offset(link.span.start, spans, moved), None)
        if other is None:
            dead += bool(_deadly(landing))
            continue
        there = new.landing(after, other)
        elsewhere = other.href == link.href and _led(landing, old) != _led(there, new)
        if _deadly(there) - _deadly(landing) or (elsewhere and not _deadly(landing)):
            return True
    gone = not edits and len(after.links) < len(before.links)
    return gone or sum(bool(_deadly(new.landing(after, link))) for link in now.values()) > dead


def _deadly(landing: Landing) -> frozenset[Fault]:
    """What of its faults makes the link miss its place; a graver one may stand before it."""
    return DEAD.intersection(filter(None, (landing.fault, *landing.lesser)))


def _led(landing: Landing, workspace: Workspace) -> tuple[str, int]:
    """The document in which a link ends, and which of its questions that is; none is -1."""
    document = workspace.document(landing.there)
    if not document or not landing.question:
        return landing.there, -1
    return landing.there, bisect.bisect_left(document.question_starts, landing.question.span.start)


def _shifted(edits: Iterable[Edit]) -> tuple[list[Span], list[Span]]:
    """The spans of the edits, and those of what is written there, in the text that they make."""
    spans, moved, shift = [], [], 0
    for edit in sorted(set(edits), key=lambda edit: (edit.span.start, edit.span.end)):
        spans.append(edit.span)
        start = edit.span.start + shift
        moved.append(Span(start, start + len(edit.text)))
        shift += len(edit.text) - len(edit.span)
    return spans, moved


def _watched(
    document: Document,
    after: Document,
    workspace: Workspace,
    chosen: Sequence[Rule],
    beside: Mapping[str, Sequence[Rule]],
) -> dict[str, Sequence[Rule]]:
    """The other documents of which a rule may say something else now, with their rules.

    Those that link to places inside the document depend on its names and its words; those of the
    run that name it may speak of its headings.
    """
    if _texts(document) == _texts(after) and document.anchors.keys() == after.anchors.keys():
        return {}
    watched = {arrival.document.path for arrival in workspace.arrivals(document.path)}
    if [h.text for h in document.headings] != [h.text for h in after.headings]:
        name = document.path.rpartition("/")[2]
        names = (name, encode_path(name))
        sources = ((path, workspace.parsed(path).source.text) for path in beside)
        watched |= {path for path, text in sources if any(name in text for name in names)}
    return {path: beside.get(path, chosen) for path in watched - {document.path}}


def _texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def _reads_alike(old: Document, new: Document, edits: Sequence[Edit]) -> bool:
    """Whether all that no edit touches is the same text in the same order.

    A block that an edit joins to another one, or parts from it, is still read in there.
    """
    spans, moved = _shifted(edits)
    before, after = _touched(old, spans), _touched(new, moved)
    joined = [Block(block.text, _carried_over(block.span, moved, spans)) for block in after]
    parted = [Block(block.text, _carried_over(block.span, spans, moved)) for block in before]
    return _untouched(old, before, joined) == _untouched(new, after, parted)


def _touched(document: Document, spans: Sequence[Span]) -> list[Block]:
    """The blocks of the document that hold or touch one of the spans, which are sorted."""
    ends = list(accumulate((span.end for span in spans), max))
    starts = [span.start for span in spans]
    places = (bisect.bisect_right(starts, block.span.end) - 1 for block in document.blocks)
    return [
        block
        for block, place in zip(document.blocks, places, strict=True)
        if place >= 0 and ends[place] >= block.span.start
    ]


def _untouched(
    document: Document, touched: Sequence[Block], elsewhere: Sequence[Block]
) -> list[str]:
    """The visible text of the other blocks, but for those that are a part of what is elsewhere."""
    aside = {block.span for block in touched}
    starts = [block.span.start for block in elsewhere]
    texts = []
    for block in document.blocks:
        place = bisect.bisect_right(starts, block.span.start) - 1
        within = place >= 0 and block.span in elsewhere[place].span
        if block.span not in aside and not (within and block.text in elsewhere[place].text):
            texts.append(block.text)
    return texts


def _carried_over(place: Span, spans: Sequence[Span], moved: Sequence[Span]) -> Span:
    """Where the place is when what stood at the spans stands where those moved."""
    start = _offset(place.start, spans, moved)
    return Span(start, max(_offset(place.end, spans, moved), start))


def _offset(offset: int, spans: Sequence[Span], moved: Sequence[Span]) -> int:
    place = bisect.bisect_right(spans, offset, key=lambda span: span.start) - 1
    if place < 0:
        return offset
    return max(moved[place].end + offset - spans[place].end, moved[place].start)


def _titles(document: Document) -> list[tuple[int | None, str]]:
    return [(question.number, question.heading.text) for question in document.questions]


def _edited(source: Source, span: Span, edits: Sequence[Edit]) -> str:
    """What stands at the span after those of the edits, which are sorted, that lie inside it."""
    first = bisect.bisect_left(edits, span.start, key=lambda edit: edit.span.start)
    last = bisect.bisect_right(edits, span.end, key=lambda edit: edit.span.start)
    inside = (
        Edit(edit.path, Span(edit.span.start - span.start, edit.span.end - span.start), edit.text)
        for edit in edits[first:last]
        if edit.span in span
    )
    return apply(Source(source.path, source[span]), inside).text


def _identities(document: Document, findings: Iterable[Finding]) -> Iterable[tuple[str, str, str]]:
    """What tells findings apart, but not their lines nor numbers, which a fix may change."""
    places = {start: f"question {n}" for n, start in enumerate(document.question_starts)}
    for finding in findings:
        question, entry = document.asked_at(finding.span.start)
        if question:
            place = places[question.span.start]
        else:
            place = fold(entry.title) if entry else document.source[finding.span]
        yield finding.code, finding.name, place


def applied(workspace: Workspace, findings: Iterable[Finding]) -> dict[str, Source]:
    """The sources that the fixes of the findings change, as they are after that."""
    edits: dict[str, list[Edit]] = defaultdict(list)
    for edit in edits_of(findings):
        edits[edit.path].append(edit)
    return {path: apply(workspace.parsed(path).source, edits[path]) for path in sorted(edits)}


def edits_of(findings: Iterable[Finding]) -> list[Edit]:
    return [edit for finding in findings if finding.fix for edit in finding.fix.edits]
