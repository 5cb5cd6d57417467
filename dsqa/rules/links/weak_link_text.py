"""LNK006."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.dialects.marked_answer import REFERENCES
from dsqa.document import Document, Link
from dsqa.finding import Finding, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.words import fold
from dsqa.workspace import Workspace

EMPTY_WORDS = frozenset(
    """click|click here|click on this|here|link|read here|see here|the link|this|this link
    |aqui|aquí|clique aqui|enlace|haz clic aquí|hier|hier klicken|ici|cliquez ici|lien|qui
    |clicca qui|burada|buraya tıklayın|tutaj|здесь|ссылка|тут|тиц|посилання|여기|링크|여기를 클릭
    |这里|此处|链接|点击这里|點擊這裡|這裡|こちら|ここ|リンク""".replace("\n    ", "").split("|")
)
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s/]+/\S+", re.IGNORECASE)
"""More than the name of a site, which tells where one gets to."""


class WeakLinkText(Rule):
    """The words of a link do not say where it leads.

    Readers look over the links of a page before they read it, a screen reader lists them without
    the text around them, and if the link breaks one day nobody knows what it was.
    """

    code = "LNK006"
    severity = Severity.INFO
    examples = (
        Good("[The definition of recall](recall.md) is short.\n", {"recall.md": "# Recall\n"}),
        Bad("You find more [here](recall.md).\n", under=["here"], files={"recall.md": ""}),
        Bad(
            "[**Click here!**](https://example.org/recall)\n",
            under=["**Click here!**"],
        ),
        Bad("Reference: https://example.org/recall\n", under=["https://example.org/recall"]),
        Bad(
            "[https://example.org/recall](https://example.org/recall)\n",
            under=["https://example.org/recall"],
        ),
        Good("## Sources\n\nhttps://example.org/recall\n"),
        Good("See [the definition](https://example.org/recall\n"),
        Good("https://example.org, `https://example.org/recall`, <someone@example.org>.\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link in document.links:
            words = link.text.strip()
            if ADDRESS.fullmatch(words):
                above = document.heading_above(link.span.start)
                stray = link.style == "bare" and document.source[before(link)] == "]("
                if stray or (above and fold(above.text) in REFERENCES):
                    continue
                message = "The link shows its address and no words"
            elif fold(words) in EMPTY_WORDS:
                message = f"`{words}` does not say where the link leads"
            else:
                continue
            yield self.finding(document, link.text_span, message)


def before(link: Link) -> Span:
    """The two characters before the link, which LNK005 tells of where they were to make it one."""
    return Span(max(link.span.start - 2, 0), link.span.start)
