"""ANS002."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import AnswerState, Document
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

LONGEST_QUOTED = 40
"""Characters of a placeholder that are told."""


class PlaceholderAnswer(Rule):
    """A question is answered with the promise of an answer.

    For a reader it is as good as none, but to a program it looks like one: it is counted,
    exported and asked in quizzes. It happens when the answer is put off.
    """

    code = "ANS002"
    severity = Severity.ERROR
    examples = (
        Good("## Q1: What is recall?\n\nThe share that was found.\n"),
        Bad("## Q1: What is recall?\n\nTODO\n", under=["Q1"]),
        Bad("## Q1: What is recall?\n\nAnswer: to be completed.\n", under=["Q1"]),
        Bad("## Q1: What is recall?\n\n(TODO: explain the formula)\n", under=["Q1"]),
        Bad(
            "## Q1: What is recall?\n\n*Coming soon…*\n\n### References\n\n* The textbook\n",
            under=["Q1"],
        ),
        Bad("## Q1: What is recall?\n\n待补充\n", under=["Q1"]),
        Good("## Q1: What is a TODO?\n\nTODO marks what is left to do.\n"),
        Good("## Q1: In which state does a promise begin?\n\nPending\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for question in document.questions:
            place = question.answer.evidence
            if question.answer.state is not AnswerState.PLACEHOLDER or not place:
                continue
            first_line = document.source[place].strip().partition("\n")[0].rstrip()
            told = first_line[:LONGEST_QUOTED].rstrip()
            yield self.finding(
                document,
                question.name_span,
                f"`{told}{'…' if told != first_line else ''}` stands in place of an answer",
                related=(Related(document.path, place, "this is all there is"),),
            )
