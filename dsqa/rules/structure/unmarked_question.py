"""STR010."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.rule import Bad, Good, Rule, asked
from dsqa.unmarked import unmarked_lines
from dsqa.workspace import Workspace


class UnmarkedQuestion(Rule):
    """A line of an answer reads like a question, but is no heading.

    It has a label and a number as the questions have them, so that a reader takes it for one. No
    link leads to it, and its answer belongs to the question above. It happens when the hashes are
    forgotten, or when a question is moved and the line it had is left behind.
    """

    code = "STR010"
    severity = Severity.WARNING
    examples = (
        Good("## Q1: What is recall?\n\nA share.\n\n## Q2: What is bias?\n\nAn error.\n"),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "A share.\n"
            "\n"
            "Q2: What is bias?\n"
            "\n"
            "An error.\n"
            "\n"
            "## Q3: What is a leaf?\n",
            under=["Q2: What is bias?"],
        ),
        Bad(
            "## Q1: What is recall?\n\nAnswer:\n\nQ14: What is recall?\n\nA share.\n",
            under=["Q14: What is recall?"],
        ),
        Bad(
            "## Q1: What is recall?\n\nA share.\n\n##Q2: Define bias\nAn error.\n\n"
            "Q3: What is a leaf?\nAn end.\n",
            under=["##Q2: Define bias", "Q3: What is a leaf?"],
        ),
        Good("## Q1: What are quartiles?\n\nQ1: a quarter of the values is below it.\n"),
        Good("## Q1: What comes next?\n\n* Q2: What is bias?\n\nQ2 asks it.\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for line in unmarked_lines(document):
            yield self.finding(
                document,
                line.span,
                "This line asks its question once more, but is no heading"
                if line.again
                else "This line reads like a question, but is no heading",
                reason=""
                if line.again
                else f"so it is a part of the answer to `{line.within.name}`",
                related=[asked(document, line.within)] if line.again else (),
            )
