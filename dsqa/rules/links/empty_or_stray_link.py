"""LNK005."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

PART = re.compile(r"\\.|\[|\](?P<end>\((?:<>)?\))?", re.DOTALL)
PART_DEPTH = {"[": 1, "]": -1}
FENCE = re.compile(r"[ \t]*(?:```|~~~)|`")


class EmptyOrStrayLink(Rule):
    """A link in the text has no target, or its remains stand there as text.

    The reader clicks and stays where they are, or reads `]()`. It happens when a target is left
    for later, and when a blank line, which ends every link, comes between its words.
    """

    code = "LNK005"
    severity = Severity.ERROR
    examples = (
        Good("See [the list](#list) and call `lines[0]()`.\n\n# List\n"),
        Good("    handlers[name]()\n"),
        Bad("See [the list]().\n", under=["[the list]()"]),
        Bad("See [the list](<>).\n", under=["[the list](<>)"]),
        Bad("* [What is\n\n  recall?]()\n", under=["]()"]),
        Bad("* [What is this?\n\n        1 2 3\n\n        Explain.]()\n", under=["]()"]),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link in document.links:
            entry = document.entry_of_link.get(link)
            if not entry and workspace.landing(document, link).fault is Fault.EMPTY:
                yield self.finding(document, link.span, "This link leads nowhere")
        for span in _remains(document):
            yield self.finding(
                document,
                span,
                f"`{document.source[span]}` stands in the text, the remains of a link",
                reason="a link ends with its paragraph; its words may not go over a blank line",
            )


def _remains(document: Document) -> Iterator[Span]:
    """Where the end of a link stands whose beginning is in another paragraph or not there at all.

    In code it is only judged where that was made by indentation, perhaps against the author's will.
    """
    codes = sorted(document.codes)
    starts = [code.start for code in codes]
    for block in document.paragraphs:
        for span in _unopened(document, block):
            before = bisect.bisect_right(starts, span.start) - 1
            if before < 0 or not span.overlaps(codes[before]):
                yield span
    for code in codes:
        if not FENCE.match(document.source[code]):
            yield from _unopened(document, code)


def _unopened(document: Document, block: Span) -> Iterator[Span]:
    """The ends of links for which no bracket is open."""
    depth = 0
    for part in PART.finditer(document.source.text, block.start, block.end):
        if part["end"] and not depth:
            yield Span(*part.span())
        depth = max(depth + PART_DEPTH.get(part[0][:1], 0), 0)
