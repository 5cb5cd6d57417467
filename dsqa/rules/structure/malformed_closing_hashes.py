"""STR008."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document, Heading
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

GLUED = re.compile(r"(?<=[^\s\#\\])\#{2,}$")


class MalformedClosingHashes(Rule):
    """The hashes at the end of a heading do not close it as those at its beginning open it.

    Without a blank before them they are words of the heading, and the reader sees them. Where
    there are more or fewer of them than at the beginning nothing is seen of it, but whoever edits
    the heading reads two levels. It happens in files that close their headings by hand.
    """

    code = "STR008"
    severity = Severity.WARNING
    examples = (
        Good("## Q1: What is recall? ##\n\nThe share that was found.\n"),
        Bad(
            "## Q1: What is recall?##\n\nThe share that was found.\n",
            under=["##"],
            fixed="## Q1: What is recall? ##\n\nThe share that was found.\n",
        ),
        Bad(
            "### Q1: What is recall? ##\n\nThe share that was found.\n",
            under=["##"],
            fixed="### Q1: What is recall? ###\n\nThe share that was found.\n",
        ),
        Bad(
            "## Q1: What is recall?\n\nA share.\n\n### A formula##\n\nfound / all\n",
            under=["##"],
        ),
        Good("# C#\n\n## Q1: What is F# ##\n\n## Q2: What is recall?\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        source = document.source
        for heading in document.headings:
            if heading.html or not (hashes := document.hashes(heading)):
                continue
            opening, *closing = hashes
            glued = GLUED.search(source[heading.text_span])
            place = Span(
                heading.text_span.end - len(glued[0]) if glued else 0, heading.text_span.end
            )
            if glued and not document.in_code(place):
                yield self.finding(
                    document,
                    place,
                    "These hashes are shown as words of the heading",
                    reason="no blank stands before them",
                    fix=_closed(document, heading, place, f" {source[opening]}", safe=False),
                )
            elif closing and len(closing[0]) != len(opening):
                yield self.finding(
                    document,
                    closing[0],
                    f"The heading begins with `{source[opening]}`, but ends with "
                    f"`{source[closing[0]]}`",
                    severity=Severity.INFO,
                    fix=_closed(document, heading, closing[0], source[opening], safe=True),
                )


def _closed(
    document: Document, heading: Heading, place: Span, text: str, *, safe: bool
) -> Fix | None:
    """The fix that closes the heading as it is opened; none inside of an answer."""
    question = document.question_at(heading.span.start)
    if question and question.heading is not heading:
        return None
    return Fix((Edit(document.path, place, text),), safe, f"close it with `{text.strip()}`")
