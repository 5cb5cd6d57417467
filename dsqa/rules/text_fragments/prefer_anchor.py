"""TXF005."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import mended
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class PreferAnchor(Rule):
    """A link finds a heading by its words although the heading has an anchor.

    It works today. It stops at the index as soon as that has the same words, and it leads to the
    top of the page in browsers without text fragments, in editors and in exports.
    """

    code = "TXF005"
    severity = Severity.INFO
    changes_answers = True
    examples = (
        Good("* [Q1: What is recall?](#q1-what-is-recall)\n\n### Q1: What is recall?\n"),
        Bad(
            "* [Q1: What is recall?](#:~:text=What%20is%20recall%3F,-The%20share)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
            under=["#:~:text=What%20is%20recall%3F,-The%20share"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
        ),
        Bad(
            "See [the list](list.md#:~:text=All%20terms).\n",
            under=["list.md#:~:text=All%20terms"],
            files={"list.md": "# All terms\n"},
            fixed="See [the list](list.md#all-terms).\n",
        ),
        Good("See [recall](#:~:text=The%20share).\n\nThe share that was found.\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link, landing in workspace.landings(document, document.links, Fault.PREFER_ANCHOR):
            fix = mended(document, workspace, link)
            yield self.finding(
                document,
                link.href_span,
                "The link finds its heading by words, though the heading has an anchor",
                reason=landing.judged,
                target=fix.edits[0].text if fix else "",
                fix=fix,
            )
