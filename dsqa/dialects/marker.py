"""The number before a question: `Q7: `, `Question 7. `, `**Q7)** `."""

from __future__ import annotations

import re

from dsqa.document import Marker
from dsqa.source import Source, Span

MARKER = re.compile(
    r"""
    \s*+ (?: <a \b [^<>]{0,200} > \s*+ (?: </a> )? \s*+ ){0,4} [*_~]{0,3}
    (?P<label> Question | Q )
    [ \t\u00a0]*+ (?: [.\#] [ \t\u00a0]*+ )?
    (?P<number> [0-9]{1,9} ) (?! [0-9.\u2013-] [0-9] )
    (?:
      [*_~]{0,3} [ \t\u00a0]*+ [:.)\u2013\u2014\uff1a-]++ [*_~]{0,3} [ \t\u00a0]*+
      | [*_~]{0,3} [ \t\u00a0]++ (?! [0-9] )
    )
    (?= \S )
    """,
    re.VERBOSE | re.IGNORECASE,
)

MARKUP = re.compile(r"<[^<>]*>|[*_~]")
NUMBER = re.compile(r"[0-9]+")
LABEL_AGAIN = re.compile(
    r"""
    (?: Question | Q ) [ \t]* (?P<number> [0-9]{0,9} ) [ \t]* [:.)] [ \t]* (?= \S )
    """,
    re.VERBOSE | re.IGNORECASE,
)


def read_marker(source: Source, span: Span) -> Marker | None:
    """The marker at the beginning of the words that are written at the span."""
    match = MARKER.match(source.text, span.start, span.end)
    if not match:
        return None
    return Marker(
        text=MARKUP.sub("", match[0]),
        label=match["label"],
        number=int(match["number"]),
        span=Span(match.start(), match.end()),
        number_span=Span(*match.span("number")),
        name_span=Span(match.start("label"), match.end("number")),
    )


def words_after_marker(text: str) -> str:
    """What a reader sees behind the marker; all of it where there is none."""
    match = MARKER.match(text)
    return text[match.end() :] if match else text


def spelling(marker: Marker, *, number: str = "7") -> str:
    """How the marker is written, with another number in it, and without blanks before it."""
    return NUMBER.sub(number, marker.text.replace("\u00a0", " ").lstrip(), count=1)


def label_again(source: Source, marker: Marker, end: int) -> Span | None:
    """Where the words behind the marker begin with the same label again: `Q7: Question 7: `."""
    match = LABEL_AGAIN.match(source.text, marker.span.end, end)
    same = match and match["number"] in ("", source[marker.number_span])
    return Span(*match.span()) if match and same else None
