"""IDX006."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import mended, right_href
from dsqa.rule import Bad, Good, Rule, asked
from dsqa.workspace import Workspace


class WrongFile(Rule):
    """An index line leads to another file, although this one asks the question.

    The reader leaves the page whose answer they wanted. It happens when a file is copied or split
    and its index still leads to the old one.
    """

    code = "IDX006"
    severity = Severity.ERROR
    examples = (
        Good("* [Q1: What is recall?](old.md)\n", {"old.md": "## Q1: What is recall?\n"}),
        Bad(
            "* [Q1: What is recall?](old.md#q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["old.md#q1-what-is-recall"],
            files={"old.md": "## Q1: What is recall?\n"},
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "* [Q1: What is recall?](https://example.org/recall)\n\n## Q1: What is recall?\n",
            under=["https://example.org/recall"],
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for entry in document.entries:
            if not entry.link or not entry.question:
                continue
            landing = workspace.landing(document, entry.link)
            if landing.fault is not Fault.WRONG_FILE:
                continue
            there = f"to `{landing.path}`" if landing.path else "out of the repository"
            yield self.finding(
                document,
                entry.link.href_span,
                f"This index line leads {there}, although its question is asked here",
                severity=Severity.ERROR if landing.path else Severity.WARNING,
                target=right_href(document, workspace, entry.link) or "",
                related=[asked(document, entry.question)],
                fix=mended(document, workspace, entry.link) if landing.path else None,
            )
