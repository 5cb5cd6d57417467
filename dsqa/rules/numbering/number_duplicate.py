"""NUM002."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Related, Severity
from dsqa.numbering import Slip
from dsqa.renumbering import renumberings
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class NumberDuplicate(Rule):
    """Two questions have the same number.

    The number is what people call a question by, and what its index line, its anchor and links
    from elsewhere are made of. It happens when a question is put in between, or copied.
    """

    code = "NUM002"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good("## Q1: What is recall?\n\n## Q2: What is bias?\n"),
        Bad(
            "## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q2: What is boosting?\n",
            under=["Q2"],
            fixed="## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is boosting?\n",
        ),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "## Q3: What is bias?\n"
            "\n"
            "## Q3: What is boosting?\n"
            "\n"
            "## Q4: What is a leaf?\n",
            under=["Q3"],
            fixed="## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "## Q3: What is boosting?\n"
            "\n"
            "## Q4: What is a leaf?\n",
        ),
        Good(
            "# Errors\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "# Trees\n"
            "\n"
            "## Q1: What is boosting?\n"
        ),
        Bad(
            "# Errors\n\n## Q1: What is recall?\n\n### An example\n\n## Q1: What is bias?\n",
            under=["Q1"],
            fixed="# Errors\n\n## Q1: What is recall?\n\n### An example\n\n## Q2: What is bias?\n",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for wrong, fix in renumberings(document, workspace):
            if wrong.slip is not Slip.DUPLICATE or not wrong.other:
                continue
            name = wrong.question.name
            index_lines = (
                Related(document.path, entry.span, "its index line")
                for entry in [document.entry_of_question.get(wrong.question)]
                if entry
            )
            yield self.finding(
                document,
                wrong.question.name_span,
                f"There is another `{name}`",
                related=(
                    Related(document.path, wrong.other.name_span, f"`{name}` stands here, too"),
                    *index_lines,
                ),
                fix=fix,
            )
