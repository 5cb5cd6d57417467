"""TXF001."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import likely_href, meant_place, mended
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class UnresolvedTextFragment(Rule):
    """A link names words that do not stand in the document as it says.

    Browsers find nothing and stay at the top of the page. It happens when the heading is reworded,
    or the words right before or after it, which many of these links also name.
    """

    code = "TXF001"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good(
            "* [Q1: What is recall?](#:~:text=What%20is%20recall%3F,-The%20share)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n"
        ),
        Bad(
            "* [Q1: What is recall?](#:~:text=What%20is%20recall%3F,-A%20share)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
            under=["#:~:text=What%20is%20recall%3F,-A%20share"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
        ),
        Bad(
            "See [the list](list.md#:~:text=All%20terms,-Recall).\n",
            under=["list.md#:~:text=All%20terms,-Recall"],
            files={"list.md": "# All terms\n\nPrecision\n"},
            fixed="See [the list](list.md#all-terms).\n",
        ),
        Bad(
            "See [the list](list.md#:~:text=Recall).\n",
            under=["list.md#:~:text=Recall"],
            files={"list.md": "# All terms\n\nPrecision\n"},
        ),
        Good("See [a page](https://example.org/#:~:text=Recall).\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link, landing in workspace.landings(document, document.links, Fault.UNRESOLVED):
            yield self.finding(
                document,
                link.href_span,
                "The text fragment fits no place in the document",
                reason=landing.judged,
                target=likely_href(document, landing) or "",
                related=meant_place(landing),
                fix=mended(document, workspace, link),
            )
