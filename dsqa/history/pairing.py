"""Which question of a document is which one of an earlier state of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dsqa.document import Document, Question
from dsqa.words import fold, similarity

ALIKE = 0.6
"""Less alike than this, a common number or place is a coincidence."""


def paired(old: Document, new: Document) -> dict[Question, Question]:
    """The questions of the new document, each with the old one that it is.

    First those with the same words, then those with the same answer, then those with nearly the
    words of the one with their number, and at last those that stand alone between the same ones.
    """
    pairs: dict[Question, Question] = {}
    for way in (_words, _answer):
        waiting = defaultdict(list)
        taken = set(pairs.values())
        for question in reversed(old.questions):
            if question not in taken:
                waiting[way(old, question)].append(question)
        for question in new.questions:
            key = way(new, question)
            if key and question not in pairs and waiting[key]:
                pairs[question] = waiting[key].pop()
    taken = set(pairs.values())
    numbered = {q.number: q for q in reversed(old.questions) if q not in taken}
    for question in new.questions:
        one = numbered.get(question.number) if question.number and question not in pairs else None
        if one and similarity(fold(one.title), fold(question.title), least=ALIKE):
            pairs[question] = one
    pairs.update(_alone(old, new, pairs))
    return pairs


def _words(document: Document, question: Question) -> str:
    return fold(question.title)


def _answer(document: Document, question: Question) -> str:
    return document.source[question.answer.span].strip()


def _alone(
    old: Document, new: Document, pairs: dict[Question, Question]
) -> Iterator[tuple[Question, Question]]:
    """The one question between two known ones, where there was one between those before."""
    places = {question: place for place, question in enumerate(old.questions)}
    known = set(pairs.values())
    for before, within, after in _gaps(new.questions, pairs):
        first = places[pairs[before]] if before else -1
        last = places[pairs[after]] if after else len(old.questions)
        one = old.questions[first + 1] if len(within) == 1 and last == first + 2 else None
        if one and one not in known:
            yield within[0], one


def _gaps(
    questions: Sequence[Question], pairs: dict[Question, Question]
) -> Iterator[tuple[Question | None, Sequence[Question], Question | None]]:
    """The questions that are not known, with the known ones around them."""
    known = [-1, *(n for n, question in enumerate(questions) if question in pairs), len(questions)]
    for low, high in pairwise(known):
        if high - low > 1:
            yield (
                questions[low] if low >= 0 else None,
                questions[low + 1 : high],
                questions[high] if high < len(questions) else None,
            )
