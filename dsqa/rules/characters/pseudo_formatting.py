"""UNI001."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from dsqa import html
from dsqa.coupling import coupled
from dsqa.document import Document, Heading
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

LETTERLIKE = "ℂℊℋℌℍℎℐℑℒℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴ"
"""The letters that Unicode had before, so that the mathematical alphabets leave them out."""
LETTER = f"[\U0001d400-\U0001d6a5\U0001d7ce-\U0001d7ff{LETTERLIKE}]"
"""Latin letters and digits: the Greek ones are written where mathematics is meant."""
PHRASE = re.compile(rf"{LETTER}+(?:[ \t,;:.'’&/_-]{{1,3}}{LETTER}+)*")
WORD = re.compile(rf"{LETTER}{{2,}}")
MATHS = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
STYLES = ("BOLD", "ITALIC")
MARKS = {(): "", ("BOLD",): "**", ("ITALIC",): "*", ("BOLD", "ITALIC"): "***"}


class PseudoFormatting(Rule):
    """Text is dressed as bold or italic with letters that mathematics has.

    Such letters are other characters than the ones they look like: a search does not find them, a
    screen reader spells them out or skips them, and in an anchor each becomes twelve signs. It
    happens where text was written for a network that knows no bold type.
    """

    code = "UNI001"
    severity = Severity.INFO
    changes_answers = True
    examples = (
        Good("## Q1: What is recall?\n\n**The share** that was found.\n"),
        Bad(
            "## Q1: What is recall?\n\n𝐓𝐡𝐞 𝐬𝐡𝐚𝐫𝐞 that was found.\n",
            under=["𝐓𝐡𝐞 𝐬𝐡𝐚𝐫𝐞"],
            fixed="## Q1: What is recall?\n\n**The share** that was found.\n",
        ),
        Bad(
            "## Q1: What is recall?\n\nThe 𝘴𝘩𝘢𝘳𝘦 that was 𝘧𝘰𝘶𝘯𝘥.\n",
            under=["𝘴𝘩𝘢𝘳𝘦 that was 𝘧𝘰𝘶𝘯𝘥"],
            fixed="## Q1: What is recall?\n\nThe *share* that was *found*.\n",
        ),
        Bad(
            "* [Q1: 𝐖𝐡𝐚𝐭 is recall?](#q1-𝐖𝐡𝐚𝐭-is-recall)\n\n## Q1: 𝐖𝐡𝐚𝐭 is recall?\n",
            under=["𝐖𝐡𝐚𝐭", "𝐖𝐡𝐚𝐭"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Good("## Q1: What is a leaf?\n\nWhere 𝑥 is at least 𝜃, and 𝑥 is in ℝ.\n"),
        Good("## Q1: What is a leaf?\n\n$𝐱𝐲 = 0$ and `𝐱𝐲`.\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        source = document.source
        found = groupby(pseudo_phrases(document), lambda span: source.line_of(span.start))
        for phrases in (list(in_line) for _, in_line in found):
            span = Span(phrases[0].start, phrases[-1].end)
            heading = document.heading_at(span.start)
            label = document.entry_at(span.start) is not None
            edits = tuple(plain(document, phrase) for phrase in phrases)
            yield self.finding(
                document,
                span,
                "Mathematical letters play the part of bold or italic ones",
                severity=Severity.WARNING if heading or label else Severity.INFO,
                reason="searches, screen readers and anchors take them for other characters",
                target=unicodedata.normalize("NFKC", source[span]) if len(span) < 99 else "",
                fix=_plainly(document, workspace, edits, heading),
            )


def _plainly(
    document: Document, workspace: Workspace, edits: tuple[Edit, ...], heading: Heading | None
) -> Fix | None:
    """The fix that makes the edits; the links to a heading follow it."""
    made = coupled(document, workspace, edits) if heading else edits
    return Fix(made, False, "plain letters") if made else None


def pseudo_phrases(document: Document) -> Iterator[Span]:
    """Where words are written in such letters, outside code, formulas, comments and addresses."""
    text = document.source.text
    if not _has_dressed_word(text):
        return
    aside = [
        *document.codes,
        *(address.href_span for address in document.addresses),
        *(Span(*match.span()) for match in MATHS.finditer(text)),
        *html.comments(text, 0),
    ]
    for phrase in PHRASE.finditer(masked(text, aside)):
        if _has_dressed_word(phrase[0]):
            yield Span(*phrase.span())


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with nothing to find at the spans; all else stays in its place."""
    pieces, end = [], 0
    for span in sorted(spans):
        start = max(span.start, end)
        pieces.append(text[end:start])
        end = max(span.end, end)
        pieces.append("\0" * (end - start))
    return "".join([*pieces, text[end:]])


REACH = 1_000
"""Characters before and behind in which marks may go together with new ones."""


def plain(document: Document, phrase: Span) -> Edit:
    """The edit that writes the phrase in plain letters, between marks if they work where it is."""
    source = document.source
    letters = "".join(unicodedata.normalize("NFKC", letter) for letter in source[phrase])
    whole = source.line_span(source.line_of(phrase.start))
    line = source.text[max(whole.start, phrase.start - REACH) : min(whole.end, phrase.end + REACH)]
    beside = (
        source.text[max(phrase.start - 1, 0) : phrase.start]
        + source.text[phrase.end : phrase.end + 1]
    )
    free = "**" not in line and "__" not in line and not set(beside) & set("*_")
    listed = document.entry_at(phrase.start) is not None
    in_text = document.paragraph_at(phrase.start) is not None and not listed
    marks = MARKS[style(source[phrase])] if free and in_text else ""
    return Edit(document.path, phrase, f"{marks}{letters}{marks}")


def style(phrase: str) -> tuple[str, ...]:
    """What all the letters of the phrase look like."""
    names = [unicodedata.name(letter).split() for letter in phrase if ord(letter) > 0x1D3FF]
    return tuple(look for look in STYLES if all(look in name for name in names))


def _has_dressed_word(text: str) -> bool:
    """Whether it has two such letters in a row, of which one is not just a symbol: `ℝℝ` is."""
    return any(word[0].strip(LETTERLIKE) for word in WORD.finditer(text))
