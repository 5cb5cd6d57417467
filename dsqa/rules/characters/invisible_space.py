"""UNI002."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.target import Kind
from dsqa.workspace import Workspace

NO_BREAK_SPACES = "\u00a0\u2007\u202f"
JOINERS = "\u200c\u200d"
BREAKS = "\u200b"
INVISIBLE = re.compile(f"[{NO_BREAK_SPACES}{JOINERS}{BREAKS}\u00ad\u2060\ufeff]")
TYPOGRAPHIC_SPACE = re.compile(
    f"(?<=[«‹„])[{NO_BREAK_SPACES}]|[{NO_BREAK_SPACES}](?=[?!:;»›%€$°])"
    f"|(?<=[0-9])[{NO_BREAK_SPACES}](?=[0-9])"
)
"""Where good French, and many a number, has a space at which no line may break."""
WITHOUT_JOINERS = frozenset({"LATIN", "GREEK", "CYRILLIC", "DIGIT"})
WITH_BREAKS = frozenset({"KHMER", "LAO", "MYANMAR", "THAI", "TIBETAN", "TAI", "JAVANESE"})


class InvisibleSpace(Rule):
    """A character that nobody sees stands in an index line or in an address.

    Who types the words as they look does not find them, and an address with such a character leads
    elsewhere than it seems to. It happens by copying from web pages and word processors.
    """

    code = "UNI002"
    severity = Severity.WARNING
    examples = (
        Good("* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n"),
        Bad(
            "* [Q1: What is\u00a0recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["\u00a0"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "* [Q1: What\u200b is re\u00adcall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["\u200b is re\u00ad"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad("See [the book](https://example.org/\u200bbook).\n", under=["\u200b"]),
        Good("* [Q1: Qu’est-ce que le rappel\u00a0?](#q1)\n"),
        Good("* [Q1: Which is the 👩\u200d🔬?](#q1)\n"),
        Good("* [Q1: بازیابی چیست و چه می\u200cسنجد؟](#q1)\n"),
        Good("## Q1: What is recall?\n\nThe\u00a0share.\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for entry in document.entries:
            found = [Span(*match.span()) for match in unseen(document, entry.label_span)]
            if not found:
                continue
            blank = any(seen(document.source[span]) for span in found)
            edits = tuple(Edit(document.path, span, seen(document.source[span])) for span in found)
            yield self.finding(
                document,
                Span(found[0].start, found[-1].end),
                f"The index line holds {named(document, found)}",
                fix=Fix(edits, True, "ordinary blanks" if blank else "take it away"),
            )
        for address in document.addresses:
            landing = workspace.landing(document, address)
            judged = landing.fault is not None or landing.target.kind is not Kind.EXTERNAL
            found = [Span(*match.span()) for match in unseen(document, address.href_span)]
            if found and not judged:
                yield self.finding(
                    document,
                    Span(found[0].start, found[-1].end),
                    f"The address holds {named(document, found)}",
                )


def unseen(document: Document, span: Span) -> Iterator[re.Match[str]]:
    """The characters inside the span that nobody sees, but for those that typography asks for."""
    text = document.source.text
    for match in INVISIBLE.finditer(text, span.start, span.end):
        neighbours = (
            text[max(match.start() - 1, 0) : match.start()] + text[match.end() : match.end() + 1]
        )
        scripts = {
            unicodedata.name(each, "").split(" ")[0] for each in neighbours if ord(each) > 127
        }
        if TYPOGRAPHIC_SPACE.match(text, match.start()):
            continue
        if match[0] in JOINERS and scripts - WITHOUT_JOINERS:
            continue
        if match[0] in BREAKS and scripts & WITH_BREAKS:
            continue
        yield match


def seen(character: str) -> str:
    return " " if character in NO_BREAK_SPACES else ""


def named(document: Document, found: list[Span]) -> str:
    """The names of the characters, each once: `no-break space`."""
    names = {unicodedata.name(document.source[span]).lower(): None for span in found}
    return ", ".join(f"`{name}`" for name in names)
