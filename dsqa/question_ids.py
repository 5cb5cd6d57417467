"""Names by which data and settings speak of questions, whatever their numbers and lines are."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from functools import lru_cache

from dsqa.document import Document, Question
from dsqa.source import Span
from dsqa.words import fold

PINNED = "id"
"""The word of a comment that gives a question its id: `<!-- dsqa: id[what-is-recall] -->`."""
LONGEST = 80
"""Characters of the words that an id is made of."""


def question_ids(document: Document) -> Mapping[Question, str]:
    """The id of each question of the document, unique in it.

    It is made of the words of the question, so that neither a new number nor a new place changes
    it. Where the words change, a comment in the answer keeps the id that it had. Of questions with
    the same id the second one has a `-2` behind it.
    """
    pinned = _pinned(document)
    taken: dict[str, int] = {}
    ids = {}
    for place, question in enumerate(document.questions):
        name = wanted = (
            (pinned[place][0] if place in pinned else "") or _words(question) or "question"
        )
        while name in taken:
            taken[wanted] += 1
            name = f"{wanted}-{taken[wanted]}"
        taken[name] = 1
        ids[question] = name
    return ids


def pinned_id(document: Document, question: Question) -> str:
    """The id that a comment in its answer gives to the question; empty if none does."""
    place = bisect.bisect_left(document.question_starts, question.span.start)
    name, span = _pinned(document).get(place, ("", question.span))
    return name if span in question.span else ""


@lru_cache(maxsize=8)
def _pinned(document: Document) -> Mapping[int, tuple[str, Span]]:
    """The ids that comments give to questions, by the places of those, and the comments."""
    pinned: dict[int, tuple[str, Span]] = {}
    for comment in document.suppressions:
        place = bisect.bisect_right(document.question_starts, comment.span.start) - 1
        if comment.verb == PINNED and comment.rules and place >= 0:
            pinned.setdefault(place, (comment.rules[0][0], comment.span))
    return pinned


def _words(question: Question) -> str:
    words = "-".join(fold(question.title).split())
    return words if len(words) <= LONGEST else words[:LONGEST].rpartition("-")[0] or words[:LONGEST]
