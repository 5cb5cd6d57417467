"""ANS004."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import AnswerState, Document
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class OutsourcedAnswer(Rule):
    """A question is answered somewhere else: its answer is a link, or ends in "the rest is here".

    The reader is sent away, and the day the other site changes there is no answer any more.
    """

    code = "ANS004"
    severity = Severity.INFO
    examples = (
        Good("## Q1: What is recall?\n\nThe share that was found.\n"),
        Bad("## Q1: What is recall?\n\n[Wikipedia](https://example.org/recall)\n", under=["Q1"]),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "It is a measure. The rest of the answer is [here](https://example.org/recall).\n",
            under=["Q1"],
        ),
        Good(
            "## Q1: What is recall?\n"
            "\n"
            "The share that was found. You find more [here](https://example.org/recall).\n"
        ),
        Good(
            "## Q1: Where is recall explained?\n\nIn [the second part](second.md).\n",
            {"second.md": "# Second part\n"},
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for question in document.questions:
            link = question.answer.evidence
            if question.answer.state is AnswerState.OUTSOURCED and link:
                yield self.finding(
                    document,
                    question.name_span,
                    "The answer, or the rest of it, is somewhere else",
                    related=(Related(document.path, link, "this link leads to it"),),
                )
