"""How far the questions of a document are answered, and what has still to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dsqa.document import AnswerState, Document

BARE = "bare"
"""How an answer is counted that nobody expects: its question stands in a list of questions."""
STATES = (*(state.value for state in AnswerState), BARE)


class Debt(NamedTuple):
    """An answer that has to be written: the line of its question, what it is called, its words."""

    line: int
    name: str
    title: str
    state: str


class Coverage(NamedTuple):
    """The questions of a file; `answers` counts them by what answers them."""

    path: str
    answers: Mapping[str, int]
    debts: tuple[Debt, ...] = ()

    @property
    def questions(self) -> int:
        return sum(self.answers.values())

    @property
    def expected(self) -> int:
        """How many of the questions want an answer."""
        return self.questions - self.answers.get(BARE, 0)

    @property
    def answered(self) -> int:
        return self.answers.get(AnswerState.ANSWERED.value, 0)

    @property
    def share(self) -> str:
        """How many of the answers that are wanted are there, in whole percent."""
        return f"{100 * self.answered // self.expected} %" if self.expected else "–"


def coverage(path: str, document: Document) -> Coverage:
    """How far the questions of the document are answered."""
    states = Counter(
        BARE if question.answer.bare else question.answer.state.value
        for question in document.questions
    )
    return Coverage(
        path,
        {state: states[state] for state in STATES if states[state]},
        tuple(
            Debt(
                document.source.line_of(question.name_span.start),
                question.name,
                " ".join(question.title.split()),
                question.answer.state.value,
            )
            for question in document.questions
            if question.answer.owed
        ),
    )


def total(files: Iterable[Coverage]) -> Coverage:
    """All files as if they were one, without a path; what has to be written is theirs."""
    states = Counter[str]()
    for file in files:
        states.update(file.answers)
    return Coverage("", {state: states[state] for state in STATES if states[state]})
