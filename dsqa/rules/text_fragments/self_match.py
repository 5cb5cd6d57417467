"""TXF002."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Related, Severity
from dsqa.landing import Fault
from dsqa.remedy import likely_href, meant_place, mended
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class SelfMatch(Rule):
    """A link by words stops at an index line that has the same words, not at the question.

    Browsers go to the first place with the words of a text fragment. In a document that lists its
    questions that is the index, often the very line that was clicked, so that nothing moves.
    """

    code = "TXF002"
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
            "* [Q1: What is recall?](#:~:text=Q1%3A%20What%20is%20recall%3F)\n"
            "\n"
            "### Q1: What is recall?\n",
            under=["#:~:text=Q1%3A%20What%20is%20recall%3F"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n### Q1: What is recall?\n",
        ),
        Bad(
            "* Q1: What is recall?\n"
            "* Q2: What is precision?\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "### Q2: What is precision?\n"
            "\n"
            "Not [recall](#:~:text=Q1%3A%20What%20is%20recall%3F).\n",
            under=["#:~:text=Q1%3A%20What%20is%20recall%3F"],
            fixed="* Q1: What is recall?\n"
            "* Q2: What is precision?\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "### Q2: What is precision?\n"
            "\n"
            "Not [recall](#q1-what-is-recall).\n",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link, landing in workspace.landings(document, document.links, Fault.SELF_MATCH):
            if not landing.span or not landing.meant:
                continue
            entry = document.entry_of_link.get(link)
            own = entry is not None and landing.span.overlaps(entry.span)
            stop = Related(landing.there, landing.span, "browsers stop here")
            yield self.finding(
                document,
                link.href_span,
                f"The link stops at {'its own' if own else 'an'} index line, not at the question",
                reason=f"{landing.judged}; browsers go to the first place",
                target=likely_href(document, landing) or "",
                related=[*meant_place(landing), *(() if own else (stop,))],
                fix=mended(document, workspace, link),
            )
