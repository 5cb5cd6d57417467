"""IDX005."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault, Landing
from dsqa.remedy import mended, right_href
from dsqa.rule import Bad, Good, Rule, asked
from dsqa.workspace import Workspace


class WrongSection(Rule):
    """An index line leads to another place of the document than the question that it names.

    The reader gets the answer to a question that they did not ask, and may not notice. It happens
    when an index line is copied and only its words are changed.
    """

    code = "IDX005"
    severity = Severity.ERROR
    examples = (
        Good(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is precision?](#precise)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "The share that was found.\n"
            "\n"
            '<a name="precise"></a>\n'
            "\n"
            "## Q2: What is precision?\n"
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is precision?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n",
            under=["#q1-what-is-recall"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is precision?](#q2-what-is-precision)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n",
        ),
        Bad(
            "* [Q1: What is recall?](#answers)\n\n# Answers\n\n## Q1: What is recall?\n",
            under=["#answers"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "# Answers\n"
            "\n"
            "## Q1: What is recall?\n",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for entry in document.entries:
            if not entry.link or not entry.question:
                continue
            landing = workspace.landing(document, entry.link)
            if landing.fault is not Fault.WRONG_SECTION:
                continue
            elsewhere = "question" if landing.question else "place"
            yield self.finding(
                document,
                entry.link.href_span,
                f"This index line leads to another {elsewhere} than it names",
                reason=_arrival(document, landing),
                target=right_href(document, workspace, entry.link) or "",
                related=[asked(document, entry.question)],
                fix=mended(document, workspace, entry.link),
            )


def _arrival(document: Document, landing: Landing) -> str:
    """Where a reader is taken."""
    if landing.question:
        return f"it lands on `{landing.question.heading.text}`"
    if not landing.span or landing.span.end == 0:
        return "it lands at the top of the page"
    heading = document.heading_at(landing.span.start)
    line = document.source.line_of(landing.span.start)
    return f"it lands on `{heading.text}`" if heading else f"it lands on line {line}"
