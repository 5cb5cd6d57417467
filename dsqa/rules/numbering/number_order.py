"""NUM003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Related, Severity
from dsqa.numbering import Slip
from dsqa.renumbering import renumberings
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class NumberOrder(Rule):
    """A question does not stand where its number says.

    Whoever goes through the questions by number misses it. It happens when a question is moved and
    keeps its number, or by a slip of the finger.
    """

    code = "NUM003"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good("## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is boosting?\n"),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "## Q3: What is bias?\n"
            "\n"
            "## Q2: What is boosting?\n"
            "\n"
            "## Q4: What is a leaf?\n",
            under=["Q2"],
            fixed="## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "## Q3: What is boosting?\n"
            "\n"
            "## Q4: What is a leaf?\n",
        ),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "## Q4: What is bias?\n"
            "\n"
            "## Q2: What is boosting?\n"
            "\n"
            "## Q3: What is a leaf?\n",
            under=["Q4"],
            fixed="## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "## Q3: What is boosting?\n"
            "\n"
            "## Q4: What is a leaf?\n",
        ),
        Bad(
            "## Q2: What is recall?\n\n## Q3: What is bias?\n\n## Q1: What is boosting?\n",
            under=["Q1"],
            fixed="## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is boosting?\n",
        ),
        Good("## Q1: What is recall?\n\n## Q1: What is bias?\n\n## Q3: What is boosting?\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for wrong, fix in renumberings(document, workspace):
            if wrong.slip is not Slip.ORDER:
                continue
            name, other = wrong.question.name, wrong.other
            place = f"behind `{other.name}`" if other else "before all others"
            related = (
                (Related(document.path, other.name_span, "it belongs behind this question"),)
                if other
                else ()
            )
            yield self.finding(
                document,
                wrong.question.name_span,
                f"`{name}` is out of order",
                reason=f"by its number it belongs {place}",
                related=related,
                fix=fix,
            )
