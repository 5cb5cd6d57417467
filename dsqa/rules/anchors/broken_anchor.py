"""ANC001."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document, Link
from dsqa.finding import Finding, Related, Severity
from dsqa.landing import Fault
from dsqa.remedy import likely_href, mended
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

LINE_NUMBER = re.compile(r"L[0-9]+(?:C[0-9]+)?(?:-L[0-9]+(?:C[0-9]+)?)?")

LONGEST_SHOWN = 60


class BrokenAnchor(Rule):
    """A link leads to a place in a document that is not there.

    The browser stays at the top of the page and says nothing. It happens when a heading is
    reworded, and whenever an anchor is guessed instead of copied.
    """

    code = "ANC001"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n"
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-the-recall)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
            under=["#q1-what-is-the-recall"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
        ),
        Bad(
            "See [the list](list.md#all-tearms).\n",
            under=["list.md#all-tearms"],
            files={"list.md": "# All terms\n\n# Sources\n"},
            fixed="See [the list](list.md#all-terms).\n",
        ),
        Bad(
            "See [recall](#2-recall).\n\n## 1. Recall\n\n## 2. Precision\n",
            under=["#2-recall"],
        ),
        Bad("See [recall](#recall).\n\n## Precision\n", under=["#recall"]),
        Bad(
            "See [the list](list.md#L3).\n",
            under=["list.md#L3"],
            files={"list.md": "# List\n\nRecall\n"},
        ),
        Good("See [the list](list.md?plain=1#L3).\n", {"list.md": "# List\n\nRecall\n"}),
        Good("See [recall](#recall).\n\n<a name='recall'></a>\nThe share that was found.\n"),
        Good(
            "See [the code](score.py#L2) and [a page](https://example.org/#recall).\n",
            {"score.py": "hits = 3\nprint(hits / 4)\n"},
        ),
        Bad(
            "See [the code](score.py#L2-L5).\n",
            under=["score.py#L2-L5"],
            files={"score.py": "hits = 3\nprint(hits / 4)\n"},
        ),
        Good("Back to [the top](#).\n"),
        Good('Ada [💻](#code-ada "Code")\n'),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link in document.links:
            landing = workspace.landing(document, link)
            if landing.fault is Fault.NO_LINE:
                yield self.finding(
                    document,
                    link.href_span,
                    f"`{landing.path}` has no such line",
                    severity=Severity.WARNING,
                    reason=landing.reason,
                )
            if landing.fault is not Fault.BROKEN_ANCHOR or _is_hint(document, link):
                continue
            assert landing.target.fragment
            anchor = landing.target.fragment.element_id
            shown = anchor if len(anchor) <= LONGEST_SHOWN else f"{anchor[: LONGEST_SHOWN - 1]}…"
            there = "" if landing.there == document.path else f" of `{landing.there}`"
            lines = LINE_NUMBER.fullmatch(anchor)
            yield self.finding(
                document,
                link.href_span,
                f"No heading{there} has the anchor `#{shown}`",
                reason="lines have numbers only behind `?plain=1`" if lines else landing.reason,
                target=likely_href(document, landing) or "",
                related=[Related(landing.there, landing.meant.text_span, "the nearest heading")]
                if landing.meant
                else (),
                fix=mended(document, workspace, link),
            )


def _is_hint(document: Document, link: Link) -> bool:
    """Whether it is a sign that shows a title and is not to be followed, as in lists of authors."""
    opening = document.source[Span(link.span.start, link.text_span.start)]
    closing = document.source[Span(link.text_span.end, link.span.end)]
    titled = "title=" in opening or closing.rstrip(")").endswith(("'", '"'))
    return titled and not any(character.isalnum() for character in link.text)
