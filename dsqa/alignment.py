"""Which question an entry means: told by number and words, not by where its link leads."""

from __future__ import annotations

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dsqa.document import Entry, Question
from dsqa.source import Span
from dsqa.target import decode
from dsqa.words import comparable, fold, similarity

NEAR = 0.8
"""An entry as like as this to one question, and clearly less like to the others, means that one."""
CLEARLY_LESS = 0.2
RELATED = 0.4
"""Less alike than this, a common number is a coincidence, unless the link leads there, too."""
COUNTING = re.compile(r"[ivx]+|.*\d.*")
"""A folded word that tells things of one kind apart: of L1 and L2, or of type I and type II."""
ANY = "any"
"""In place of a number: whatever it is."""


def align(
    entries: Sequence[Entry], questions: Sequence[Question], anchors: Mapping[str, Span]
) -> tuple[Entry, ...]:
    """The entries, each with the question that it means.

    First those whose words are equal; then, of what is left on both sides, those with the same
    number; then those whose words are near and count nothing else; and then, where there is no
    number, those to which the link leads. So one insertion moves nothing else.
    """
    words = {question.heading.span: fold(question.title) for question in questions}
    meant: dict[int, tuple[Question, bool]] = dict(_by_words(entries, questions, words))
    taken = {question.heading.span for question, _ in meant.values()}
    left = [question for question in questions if question.heading.span not in taken]
    numbered: dict[int, Question] = {}
    linked: dict[tuple[int, str], Question] = {}
    for question in left:
        if question.number is not None:
            numbered.setdefault(question.number, question)
            linked.setdefault((question.number, question.heading.anchor), question)
    lost = (fold(entry.title) for index, entry in enumerate(entries) if index not in meant)
    few = comparable(lost, words.values())
    for index, entry in enumerate(entries):
        if index in meant:
            continue
        title = fold(entry.title)
        number, anchor = -1 if entry.number is None else entry.number, _anchor(entry)
        there = linked.get((number, anchor)) if anchor else None
        one = there or numbered.get(number)
        likeness = similarity(title, words[one.heading.span], least=RELATED) if one else 0
        if one and (likeness or there):
            near = few and likeness >= NEAR
            meant[index] = (one, near and _alone(title, one, words, likeness))
        elif few:
            near_ones = (
                (likeness, q)
                for q in left
                if _agree(entry, q)
                and (likeness := similarity(title, words[q.heading.span], least=NEAR))
                and _count_alike(title, words[q.heading.span])
            )
            _, nearest = max(near_ones, key=lambda pair: pair[0], default=(0.0, None))
            if nearest:
                meant[index] = (nearest, False)
        known = index in meant or entry.marker
        if not known and (led := _led(entry, questions, anchors)):
            meant[index] = (led, False)
    return tuple(
        entry._replace(question=meant[index][0], sure=meant[index][1]) if index in meant else entry
        for index, entry in enumerate(entries)
    )


def _by_words(
    entries: Sequence[Entry], questions: Sequence[Question], words: Mapping[Span, str]
) -> Iterator[tuple[int, tuple[Question, bool]]]:
    """The entries whose words are those of a question.

    Where several questions have the words, the number decides, then the link, then the order.
    """
    asking: dict[tuple[str, int | str | None], list[Question]] = defaultdict(list)
    named: dict[tuple[str, int | str | None, str], Question] = {}
    for question in questions:
        for number in (question.number, ANY):
            title = words[question.heading.span]
            asking[title, number].append(question)
            named.setdefault((title, number, question.heading.anchor), question)
    listing = Counter(fold(entry.title) for entry in entries)
    seen: Counter[str] = Counter()
    for index, entry in enumerate(entries):
        title, anchor = fold(entry.title), _anchor(entry)
        equal = asking.get((title, ANY))
        if not equal:
            continue
        place = seen[title]
        seen[title] += 1
        numbers = (ANY,) if entry.number is None else (entry.number, None)
        agreeing = [number for number in numbers if (title, number) in asking]
        groups = agreeing or [ANY]
        several = sorted((q for n in groups for q in asking[title, n][:2]), key=_place)
        linked = [named[title, n, anchor] for n in groups if (title, n, anchor) in named]
        if len(several) == 1:
            # words that are asked once and listed once cannot mean another question
            alone = bool(agreeing) or (listing[title] == 1 and " " in title)
            yield index, (several[0], alone)
        elif anchor and linked:
            yield index, (min(linked, key=_place), True)
        else:
            in_turn = listing[title] == len(equal)
            yield index, ((equal[place], True) if in_turn else (several[0], False))


def _place(question: Question) -> Span:
    return question.heading.span


def _anchor(entry: Entry) -> str:
    """The anchor to which the entry leads."""
    return decode(entry.link.href.rpartition("#")[2]) if entry.link else ""


def _led(
    entry: Entry, questions: Sequence[Question], anchors: Mapping[str, Span]
) -> Question | None:
    """The question on whose heading, or right above it, the link of the entry lands."""
    place = anchors.get(_anchor(entry)) if entry.link else None
    if place is None:
        return None
    after = bisect.bisect_left(questions, place.start, key=lambda one: one.heading.span.start)
    beside = questions[max(after - 1, 0) : after + 1]
    inside = (one for one in beside if one.heading.span.start <= place.start < one.heading.span.end)
    above = (one for one in beside if place.start <= one.heading.span.start <= place.end + 1)
    return next(iter((*above, *inside)), None)


def _agree(entry: Entry, question: Question) -> bool:
    return entry.number is None or question.number is None or entry.number == question.number


def _count_alike(title: str, other: str) -> bool:
    """Whether no word that one of them has and the other has not is a number or holds one."""
    one, two = Counter(title.split()), Counter(other.split())
    return not any(COUNTING.fullmatch(word) for word in (one - two) | (two - one))


def _alone(title: str, question: Question, words: Mapping[Span, str], likeness: float) -> bool:
    """Whether no other question is nearly as like to the title."""
    return all(
        similarity(title, other, least=likeness - CLEARLY_LESS) == 0.0
        for span, other in words.items()
        if span != question.heading.span
    )
