"""ANS005."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dsqa.document import AnswerState, Document
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.words import fold
from dsqa.workspace import Workspace

WORDLESS = (AnswerState.EMPTY, AnswerState.PLACEHOLDER, AnswerState.IMAGE_ONLY)


class AnswerMarker(Rule):
    """An answer does not begin like most others, which begin with `Answer:`.

    A reader who looks for the word skips the answer, and so does a script that splits the file at
    it. It happens where many people write one file.
    """

    code = "ANS005"
    severity = Severity.INFO
    changes_answers = True
    examples = (
        Good(
            "## Q1: What is recall?\n\nAnswer:\n\nThe share that was found.\n"
            "\n"
            "## Q2: What is bias?\n\nAnswer: a constant error.\n"
        ),
        Bad(
            "## Q1: What is recall?\n\nAnswer: the share that was found.\n"
            "\n"
            "## Q2: What is bias?\n\nAnswer: a constant error.\n"
            "\n"
            "## Q3: What is a leaf?\n\nThe end of a branch.\n",
            under=["Q3"],
        ),
        Bad(
            "## Q1: What is recall?\n\nAnswer:\nThe share that was found.\n"
            "\n"
            "## Q2: What is bias?\n\nAnswer:\nA constant error.\n"
            "\n"
            "## Q3: What is a leaf?\n\nAnswer\n\nThe end of a branch.\n",
            under=["Answer"],
            fixed="## Q1: What is recall?\n\nAnswer:\nThe share that was found.\n"
            "\n"
            "## Q2: What is bias?\n\nAnswer:\nA constant error.\n"
            "\n"
            "## Q3: What is a leaf?\n\nAnswer:\n\nThe end of a branch.\n",
        ),
        Bad(
            "## Q1: What is recall?\n\nAnswers: the share that was found.\n"
            "\n"
            "## Q2: What is bias?\n\nAnswer: a constant error.\n"
            "\n"
            "## Q3: What is a leaf?\n\nAnswer: the end of a branch.\n",
            under=["Answers:"],
            fixed="## Q1: What is recall?\n\nAnswer: the share that was found.\n"
            "\n"
            "## Q2: What is bias?\n\nAnswer: a constant error.\n"
            "\n"
            "## Q3: What is a leaf?\n\nAnswer: the end of a branch.\n",
        ),
        Good(
            "## Q1: What is recall?\n\nThe share that was found.\n"
            "\n"
            "## Q2: What is bias?\n\nAnswer: a constant error.\n"
        ),
        Good(
            "## Q1: What is recall?\n\nAnswer: the share that was found.\n"
            "\n"
            "## Q2: What is bias?\n\nAnswer: a constant error.\n"
            "\n"
            "## Q3: What is a leaf?\n"
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        answers = [question.answer for question in document.questions]
        markers = [document.source[answer.marker] for answer in answers if answer.marker]
        if 2 * len(markers) <= len(answers):
            return
        ((usual, _),) = Counter(bare(marker) for marker in markers).most_common(1)
        for question in document.questions:
            marker = question.answer.marker
            written = document.source[marker] if marker else ""
            if marker and bare(written) != usual:
                edit = Edit(document.path, marker, usual)
                safe = fold(written) == fold(usual)
                yield self.finding(
                    document,
                    marker,
                    f"`{written}` is spelled unlike most others: `{usual}`",
                    fix=Fix((edit,), safe, f"`{usual}`") if written == bare(written) else None,
                )
            elif not marker and question.answer.state not in WORDLESS:
                yield self.finding(
                    document,
                    question.name_span,
                    f"The answer does not begin with `{usual}`, as most others do",
                )


def bare(marker: str) -> str:
    """The marker without emphasis, which is a matter of looks."""
    return marker.strip("*_ \t").replace("*", "").replace("_", "")
