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

PART = re.compile(r"\\.|\[|\](?P<end>\((?:<>)?\))?", re.DOTALL)
PART_DEPTH = {"[": 1, "]": -1}
ADDRESS = re.compile(
    r"""
    (?<!\\) \] \( [ ]{0,9} <?
    (?P<href>
      (?: https?:// | www\. | [#] | \.{0,2}/
        | [^()\[\]\n]{1,200}? \. (?: gif | html? | jpe?g | md | pdf | png | svg ) \b )
      [^\s()]*
    )
    """,
    re.VERBOSE,
)
"""What an author takes for the address of a link."""
UNCLOSED = re.compile(
    r"\[[^\[\]\n]{1,600}(?<=[^\s(])(?P<address>\((?:https?://|\#)[^\s()]+\))(?![^\n]*\])"
)
"""The words of a link that no bracket closes, with its address right behind them."""
FENCE = re.compile(r"[ \t]*(?:```|~~~)|`")
LONGEST = 2_000
"""Characters of words and addresses that are looked at; others can be as long as the file."""


class EmptyOrStrayLink(Rule):
    """A link in the text has no target, or is written so that it is none.

    The reader clicks and stays where they are, or reads `](` and half an address. It happens when a
    target is left for later, when there is a blank in an address, and when a blank line, which ends
    every link, comes between its words.
    """

    code = "LNK005"
    severity = Severity.ERROR
    examples = (
        Good("See [the list](#list) and call `lines[0]()`.\n\n# List\n"),
        Good("    handlers[name]()\n"),
        Good("The call of handlers[name](first, second).\n"),
        Bad("See [the list]().\n", under=["[the list]()"]),
        Bad("See [the list](<>).\n", under=["[the list](<>)"]),
        Bad("* [What is\n\n  recall?]()\n", under=["]()"]),
        Bad("See [the list](my list.md).\n", under=["](my list.md"]),
        Bad("See [the list](http://example.com/list\n", under=["](http://example.com/list"]),
        Bad("See the list](list.md).\n", under=["](list.md"], files={"list.md": "# List\n"}),
        Bad(
            "* [What is recall?(https://example.com/list#recall)\n",
            under=["(https://example.com/list#recall)"],
        ),
        Good("The range [0, 1) and [the list (https://example.com/list)].\n"),
        Bad("* [What is this?\n\n        1 2 3\n\n        Explain.]()\n", under=["]()"]),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link in document.links:
            entry = document.entry_of_link.get(link)
            if not entry and workspace.landing(document, link).fault is Fault.EMPTY:
                yield self.finding(document, link.span, "This link leads nowhere")
        for span, reason in (*_misspelt(document), *_unclosed(document), *_remains(document)):
            message = "This was to be a link, but it is read as text"
            yield self.finding(document, span, message, reason=reason)


def _misspelt(document: Document) -> Iterator[tuple[Span, str]]:
    """Where the address of a link stands that is none, and why."""
    labels = {link.text_span.end for link in document.links}
    labels |= {image.alt_span.end for image in document.images}
    text, closing = document.source.text, -1
    for block in document.paragraphs:
        for match in ADDRESS.finditer(text, block.start, block.end):
            span = Span(*match.span())
            if match.start() in labels or document.in_code(span) or _is_told(document, span):
                continue
            start = match.start("href")
            if closing < start:
                closing = text.find(")", start)
                closing = len(text) if closing < 0 else closing
            if closing >= document.source.line_span(document.source.line_of(span.end)).end:
                yield span, "the bracket around its address is never closed"
            elif len(text[start : min(closing, start + LONGEST)].split()) > 1:
                yield span, "there is a blank in its address; in an address it is written `%20`"
            else:
                yield span, "no bracket opens before its words"


def _unclosed(document: Document) -> Iterator[tuple[Span, str]]:
    """Where the address of a link stands whose words begin a paragraph and never end."""
    for block in document.paragraphs:
        if match := UNCLOSED.match(document.source.text, block.start, block.end):
            yield Span(*match.span("address")), "no bracket closes behind its words"


def _remains(document: Document) -> Iterator[tuple[Span, str]]:
    """Where the end of a link stands whose beginning is in another paragraph or not there at all.

    In code it is only judged where that was made by indentation, perhaps against the author's will.
    """
    source, reason = document.source, "no bracket opens before its words in the same paragraph"
    indented = [code for code in document.codes if not FENCE.match(source[code])]
    for blocks, coded in ((document.paragraphs, False), (indented, True)):
        for block in blocks:
            depth = 0
            for part in PART.finditer(source.text, block.start, block.end):
                span = Span(*part.span())
                if part["end"] and not depth and (coded or not document.in_code(span)):
                    yield span, reason
                depth = max(depth + PART_DEPTH.get(part[0][:1], 0), 0)


def _is_told(document: Document, span: Span) -> bool:
    """Whether nobody sees it, or another rule tells it: of an index line, or of an image."""
    entry = document.entry_at(span.start)
    line = document.source.line_starts[document.source.line_of(span.start) - 1]
    opening = document.source.text.rfind("[", max(line, span.start - LONGEST), span.start)
    return (
        document.commented.overlap(span)
        or (entry is not None and entry.question is not None and entry.link is None)
        or document.source.text[max(opening - 1, 0) : max(opening, 0)] == "!"
    )
