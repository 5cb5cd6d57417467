"""ANS001."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import AnswerState, Document
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class EmptyAnswer(Rule):
    """A question has no answer.

    The index promises one, and the reader who follows it finds the next question. It happens when
    questions are collected first and answered later.
    """

    code = "ANS001"
    severity = Severity.ERROR
    examples = (
        Good("## Q1: What is recall?\n\nThe share that was found.\n"),
        Bad("## Q1: What is recall?\n\n## Q2: What is bias?\n\nA constant error.\n", under=["Q1"]),
        Bad("## Q1: What is recall?\n\nAnswer:\n", under=["Q1"]),
        Bad("## Q1: What is recall?\n\n```\n```\n", under=["Q1"]),
        Bad("## Q1: What is recall?\n\n<!-- who knows? -->\n", under=["Q1"]),
        Bad(
            "### What is recall?\n\nThe share that was found.\n\n[Back to top](#what-is-recall)\n"
            "\n"
            "### What is bias?\n\n[Back to top](#what-is-recall)\n"
            "\n"
            "### What is a leaf?\n\nThe end of a branch.\n",
            under=["What is bias?"],
        ),
        Good("* What is recall?\n* What is bias?\n* What is a leaf?\n* What is a tree?\n"),
        Good("## Q1: Is recall a share?\n\nYes.\n"),
        Good("## Q1: What is recall?\n\n```python\nfound / all\n```\n"),
        Good("## Q1: What is recall?\n\n![Recall](recall.png)\n", {"recall.png": ""}),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for question in document.questions:
            answer = question.answer
            if answer.state is not AnswerState.EMPTY or not answer.expected:
                continue
            related = [
                Related(document.path, marker, f"nothing but `{document.source[marker]}` is here")
                for marker in [answer.marker]
                if marker
            ]
            yield self.finding(
                document, question.name_span, "The question has no answer", related=related
            )
