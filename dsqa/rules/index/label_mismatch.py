"""IDX004."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import takewhile

from dsqa.document import Document, Entry, Question
from dsqa.finding import Finding, Severity
from dsqa.numbering import misnumberings
from dsqa.rule import Bad, Good, Rule, asked, replace
from dsqa.source import Span
from dsqa.words import fold
from dsqa.workspace import Workspace

FIXED = ("blanks", "punctuation", "letter case")
"""Differences after which the label follows the heading; others take a person."""
BLANK_BEFORE_MARK = re.compile(r" [?!.,:;]")
EMOJI_STYLE = "\ufe0f"
MANY = 4
MOST = 0.5
"""Where more than this share of so many lines differ in their words, it is the index's way."""
UNLINKABLE = frozenset("[]<\\\n")
DRESS = {ord("\u2212"): "-", **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b"), "'")}
DRESS.update(dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f"), '"'))
"""Typographic quotes and the minus; dashes are told by their category."""


class LabelMismatch(Rule):
    """An index line says something else than the heading of its question.

    The reader looks for the words that they clicked on, and the search of the browser does not
    find them. It happens when a heading is corrected and its index line is not. Typographic quotes
    and dashes, symbols and no-break spaces make no difference; nor does an index line that is cut
    off with `…`.
    """

    code = "IDX004"
    severity = Severity.WARNING
    examples = (
        Good(
            "* [Q1: What is \u201crecall\u201d?](#q1-what-is-recall)\n"
            "\n"
            '## Q1: What is "recall"? \U0001f331\n'
        ),
        Good(
            "1. [What is recall?](#q1-what-is-recall)\n"
            "2. [Q2: What is pre\u2026](#q2-what-is-precision)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n"
        ),
        Good(
            "* [Recall](#what-is-recall)\n* [Bias](#what-is-bias)\n* [Leaf](#what-is-a-leaf)\n"
            "* [What is a tree?](#what-is-a-tree)\n"
            "\n"
            "## What is recall?\n\n## What is bias?\n\n## What is a leaf?\n\n## What is a tree?\n"
        ),
        Bad(
            "* [Q1: What is recall? ](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["recall? "],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "* [Q1: Define recall?](#q1-define-recall)\n\n## Q1: Define recall.\n",
            under=["recall?"],
            fixed="* [Q1: Define recall.](#q1-define-recall)\n\n## Q1: Define recall.\n",
        ),
        Bad(
            "* [Q1: What is Recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["Recall?"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "* [Q1: What does recall mean?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["does recall mean?"],
        ),
        Bad(
            "* [Q1: Define *recall*?](#q1-define-recall)\n\n## Q1: Define *recall*.\n",
            under=["Q1: Define *recall*?"],
        ),
        Bad(
            "* [Q1: What is recall?](#q1--what-is-recall)\n\n## Q1:  What is recall?\n",
            under=["Q1: What is recall?"],
        ),
        Bad(
            "* [Q2: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["Q2"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "* [Q3: What is bias?](#q1-what-is-bias)\n\n"
            "## Q1: What is recall?\n\n## Q1: What is bias?\n",
            under=["Q3"],
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        own_words = _has_own_words(document)
        counts = not any(misnumberings(document.questions))
        for entry in document.entries:
            question = entry.question
            if not question or (entry.link and entry.link.text != entry.label):
                continue
            kind = _difference(entry, question)
            if own_words and kind == "wording":
                continue
            repeated = document.entry_of_question[question] is not entry
            if not kind or (kind == "their numbers" and repeated):
                continue
            span, other = _odd_part(document, entry, question, kind)
            message = f"This index line and its heading differ in {kind}"
            reason = f"`{document.source[span]}` here, `{other}` in the heading" if other else ""
            if odd := kind == "blanks" and _is_tidy(entry.title):
                message = "The heading has other blanks than this index line"
                reason = "and the odd ones are in the heading"
            written = other and not UNLINKABLE & set(document.source[span] + other)
            follows = written and kind in FIXED and not odd and _is_tidy(_title(question))
            counted = kind == "their numbers" and counts
            follows = follows or (counted and entry.sure)
            yield self.finding(
                document,
                span,
                message,
                severity=Severity.INFO if kind == "letter case" else Severity.WARNING,
                reason=reason,
                target="" if odd else _label(question),
                related=[asked(document, question)],
                fix=replace(document, span, other, safe=True) if follows else None,
            )


def _has_own_words(document: Document) -> bool:
    """Whether the index names most questions in other words than theirs: by their topics."""
    kinds = [_difference(e, e.question) for e in document.entries if e.question]
    return len(kinds) >= MANY and kinds.count("wording") > MOST * len(kinds)


def _difference(entry: Entry, question: Question) -> str:
    """In what the label and the heading differ; empty if a reader would call them the same."""
    label = _plain(entry.title if entry.link else entry.title.strip())
    heading = _plain(_title(question)).strip()
    if entry.number is not None and question.number not in (None, entry.number):
        return "their numbers"
    if fold(label) != fold(heading) and "".join(label.split()) != "".join(heading.split()):
        shortened = label.rstrip().endswith("...") and fold(heading).startswith(fold(label))
        return "" if shortened else "wording"
    if "".join(label.split()) != "".join(heading.split()):
        same = " ".join(label.split()).casefold() == " ".join(heading.split()).casefold()
        return "letter case" if same else "punctuation"
    return "blanks" if label != heading or _has_tidier_marker(entry, question) else ""


def _has_tidier_marker(entry: Entry, question: Question) -> bool:
    """Whether only the heading has too many blanks, or too few, behind its number.

    The label's own ones are judged where the numbers are.
    """
    if not entry.marker or not question.marker:
        return False
    label, heading = (_plain(marker.text) for marker in (entry.marker, question.marker))
    same = "".join(label.split()) == "".join(heading.split())
    return same and label != heading and label == f"{' '.join(label.split())} "


def _odd_part(document: Document, entry: Entry, question: Question, kind: str) -> tuple[Span, str]:
    """The words of the label that differ, and what the heading has instead.

    All of the label, and nothing, where one of them is written with markup.
    """
    if kind == "their numbers" and entry.marker and question.marker:
        return entry.marker.name_span, document.source[question.marker.name_span]
    whole = document.label_words(entry)
    start = entry.marker.span.end if entry.marker else whole.start
    words = Span(start, entry.label_span.end if entry.link else whole.end)
    label, heading = document.source[words], _title(question)
    written = document.source[question.title_span].strip() == question.title
    if label.strip() != entry.title.strip() or not written or label == heading:
        return whole, ""
    first = _shared(label, heading)
    last = min(_shared(label[::-1], heading[::-1]), len(label) - first, len(heading) - first)
    first = _last_word(label[:first])
    last = _last_word(label[len(label) - last :][::-1])
    if not label[first : len(label) - last].strip() or not heading[first : len(heading) - last]:
        first = _last_word(label[:first].rstrip())
    part = Span(words.start + first, words.end - last)
    return part, heading[first : len(heading) - last].replace("\u00a0", " ")


def _shared(one: str, other: str) -> int:
    """With how many equal characters both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _last_word(text: str) -> int:
    """Where the last word of the text begins; where it ends, if that is a blank."""
    ended = not text or text[-1].isspace()
    return len(text) if ended else len(text) - len(text.split()[-1])


def _label(question: Question) -> str:
    """What the label should say."""
    before, _, _ = question.heading.text.strip().rpartition(question.title)
    return before + _title(question).replace("\u00a0", " ")


def _title(question: Question) -> str:
    """The words of the question without closing marks that went wrong and became words."""
    title = question.title.rstrip()
    words = title.rstrip("#")
    several = len(title) - len(words) > 1
    return words if several or words.endswith(("?", "!", ".")) else title


def _is_tidy(text: str) -> bool:
    """Whether there are no odd blanks in the text."""
    text = _plain(text)
    return text == " ".join(text.split()) and not BLANK_BEFORE_MARK.search(text)


def _plain(text: str) -> str:
    """The text without its typographic dress."""
    return "".join(map(_plain_character, text))


@cache
def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace():
        return " "
    if category in ("So", "Cf") or character == EMOJI_STYLE:
        return ""
    return "-" if category == "Pd" else unicodedata.normalize("NFKC", character).translate(DRESS)
