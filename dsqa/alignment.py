"""Which question an entry means: told by number and words, not by where its link leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from dsqa.document import Entry, Question
from dsqa.source import Span
from dsqa.words import fold, similarity

NEAR = 0.8
"""An entry as like as this to one question, and clearly less like to the others, means that one."""
CLEARLY_LESS = 0.2
RELATED = 0.4
"""Less alike than this, a common number is a coincidence."""
MOST_COMPARISONS = 20_000
"""Beyond these the runners-up are not looked for, and nothing but equality is sure."""


def align(entries: Sequence[Entry], questions: Sequence[Question]) -> tuple[Entry, ...]:
    """The entries, each with the question that it means.

    First those whose words are equal, then, among what is left, those whose numbers are and whose
    words are related, then those whose words alone are near. So one insertion moves nothing else.
    """
    words = {question.heading.span: fold(question.title) for question in questions}
    by_words: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_words[words[question.heading.span]].append(question)
    aligned: dict[int, tuple[Question, bool]] = {}
    for index, entry in enumerate(entries):
        equal = by_words.get(fold(entry.title), [])
        numbered = [question for question in equal if _agree(entry, question)]
        if len(numbered) == 1:
            aligned[index] = (numbered[0], True)
        elif equal:
            aligned[index] = ((numbered or equal)[0], False)
    taken = {question.heading.span for question, _ in aligned.values()}
    left = [question for question in questions if question.heading.span not in taken]
    few = (len(entries) - len(aligned)) * len(questions) <= MOST_COMPARISONS
    for index, entry in enumerate(entries):
        if index in aligned:
            continue
        title = fold(entry.title)
        for question in left:
            if question.number == entry.number and question.number is not None:
                likeness = similarity(title, words[question.heading.span], least=RELATED)
                if likeness:
                    sure = few and likeness >= NEAR and _alone(title, question, words, likeness)
                    aligned[index] = (question, sure)
                    break
        else:
            likenesses = [
                (similarity(title, words[question.heading.span], least=NEAR), question)
                for question in (left if few else ())
            ]
            likeness, nearest = max(likenesses, key=lambda pair: pair[0], default=(0.0, None))
            if nearest and likeness:
                aligned[index] = (nearest, False)
    return tuple(
        replace(entry, question=aligned[index][0], sure=aligned[index][1])
        if index in aligned
        else entry
        for index, entry in enumerate(entries)
    )


def _agree(entry: Entry, question: Question) -> bool:
    return entry.number is None or question.number is None or entry.number == question.number


def _alone(title: str, question: Question, words: dict[Span, str], likeness: float) -> bool:
    """Whether no other question is nearly as like to the title."""
    return all(
        similarity(title, other, least=likeness - CLEARLY_LESS) == 0.0
        for span, other in words.items()
        if span != question.heading.span
    )
