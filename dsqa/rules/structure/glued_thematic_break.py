"""STR006."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.remedy import parted
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

UNDERLINE = re.compile(r" {0,3}-+[ \t]*")


class GluedThematicBreak(Rule):
    """A line across the page, of hyphens, stands directly below text.

    Hyphens below a paragraph make a heading of it. Here they do not yet, because the text above is
    a list or a quotation; after one edit that ends it, its last lines are a heading.
    """

    code = "STR006"
    severity = Severity.WARNING
    changes_answers = True
    examples = (
        Good("* [Recall](#recall)\n\n---\n\n## Recall\n"),
        Bad(
            "* [Recall](#recall)\n---\n\n## Recall\n",
            under=["---"],
            fixed="* [Recall](#recall)\n\n---\n\n## Recall\n",
        ),
        Bad(
            "> The share that was found.\n---\n",
            under=["---"],
            fixed="> The share that was found.\n\n---\n",
        ),
        Bad(
            "## Q1: What is recall?\n\n1. A share\n----\n",
            under=["----"],
            fixed="## Q1: What is recall?\n\n1. A share\n\n----\n",
        ),
        Good("## Recall\n---\n\nThe share that was found.\n"),
        Good("* [Recall](#recall)\n***\n"),
        Bad("* Measures\n  * Recall\n  ---\n", under=["---"]),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        source = document.source
        for place in document.breaks:
            line = source.line_of(place.start)
            above = source.line_span(max(line - 1, 1))
            words = source[above].rstrip()
            text = document.paragraph_at(above.start + len(words) - 1) if words else None
            if line == 1 or not text or not UNDERLINE.fullmatch(source[place]):
                continue
            yield self.finding(
                document,
                document.trimmed(place),
                "No blank line parts this line across the page from the text above it",
                reason="right below a paragraph it would make a heading of it",
                fix=None if document.in_list(place) else parted(document, source.line_span(line)),
            )
