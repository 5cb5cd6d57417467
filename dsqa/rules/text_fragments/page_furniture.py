"""TXF003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import likely_href, meant_place, mended
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class PageFurniture(Rule):
    """A text fragment names words of the page around the document, such as `Footer`.

    A browser that makes such a link takes the words next to the marked ones, also those of
    GitHub's page. They move whenever a question is added below, or GitHub changes its page.
    """

    code = "TXF003"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good(
            "* [Q1: What is recall?](#:~:text=Q1%3A%20What%20is%20recall%3F,-The%20share)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n"
        ),
        Bad(
            "* [Q1: What is recall?](#:~:text=Q1%3A%20What%20is%20recall%3F,-Footer)\n"
            "\n"
            "### Q1: What is recall?\n",
            under=["#:~:text=Q1%3A%20What%20is%20recall%3F,-Footer"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n### Q1: What is recall?\n",
        ),
        Bad(
            "* [Q1: What is recall?](#:~:text=Q1%3A%20What%20is%20recall%3F,-Footer)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
            under=["#:~:text=Q1%3A%20What%20is%20recall%3F,-Footer"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
        ),
        Bad(
            "See [the end](#:~:text=Recall,Give%20feedback).\n\nRecall\n",
            under=["#:~:text=Recall,Give%20feedback"],
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link, landing in workspace.landings(document, document.links, Fault.FURNITURE):
            yield self.finding(
                document,
                link.href_span,
                "The text fragment rests on words of the page around the document",
                reason=landing.judged,
                target=likely_href(document, landing) or "",
                related=meant_place(landing),
                fix=mended(document, workspace, link),
            )
