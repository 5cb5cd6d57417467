"""LNK005."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

STRAY = re.compile(r"(?<!\\)\]\((?:<>)?\)")
BRACKET = re.compile(r"(?<!\\)[\[\]]")
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
    source = document.source
    linked = [link.span for link in document.links] + [image.span for image in document.images]
    indented = [code for code in document.codes if not FENCE.match(source[code])]
    for block in (*document.paragraphs, *indented):
        for match in STRAY.finditer(source.text, block.start, block.end):
            span = Span(*match.span())
            inside = any(span.overlaps(other) for other in linked)
            coded = block not in indented and document.in_code(span)
            if not inside and not coded and _unopened(source.text[block.start : span.start]):
                yield span


def _unopened(text: str) -> bool:
    """Whether every bracket that opens in the text is closed in it."""
    depth = 0
    for bracket in BRACKET.finditer(text):
        depth = max(depth + (1 if bracket[0] == "[" else -1), 0)
    return depth == 0
