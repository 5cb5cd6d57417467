"""Tags and comments in raw HTML, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dsqa.source import Span

# The grammar of CommonMark 0.31, section 6.6; values are bounded so that the search stays linear.
TAG = r"""(?x)
    < (?P<closing>/?) (?P<name>[A-Za-z][A-Za-z0-9-]*)
    (?P<attributes>
      (?: \s+ [A-Za-z_:][A-Za-z0-9_.:-]{0,255}
      (?: \s*=\s* (?: "[^"]{0,8192}" | '[^']{0,8192}' | [^\s"'=<>`]{1,8192} ) )?
      ){0,64}
    )
    \s* /? >
"""
ATTRIBUTE = r"""(?x)
    (?P<name>[A-Za-z_:][A-Za-z0-9_.:-]*)
    (?: \s*=\s* (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<bare>[^\s"'=<>`]+) ) )?
"""
TAGS_ONLY = r"(?:\s{0,99}+<[^<>]{0,200}>){0,20}+\s{0,99}+"
"""What may stand between a name and what it names; of more one would see that it is there."""
LONG_NUMBER = r"&#(?:[0-9]{20,}|[xX][0-9A-Fa-f]{20,});?"
BLOCK_TAGS = frozenset(
    """address article aside blockquote br center dd details dialog div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody
    td tfoot th thead tr ul""".split()
)
"""Elements whose text does not run on into the text around them."""


class Attribute(NamedTuple):
    """An attribute of a tag; `span` is the place of its value, without quotes."""

    value: str
    span: Span


class Tag(NamedTuple):
    """A start or an end tag; its name and those of its attributes are in lower case."""

    name: str
    closing: bool
    attributes: dict[str, Attribute]
    span: Span


def unescape(text: str) -> str:
    """The text with its character references replaced, also one that is too long for a number."""
    if "&" not in text:
        return text
    import html

    return html.unescape(re.sub(LONG_NUMBER, "\ufffd", text))


def comments(text: str, offset: int = 0) -> Iterator[Span]:
    """The spans of `<!-- … -->`; `offset` is where the text begins in its source."""
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        if end < 0:
            return
        yield Span(offset + start, offset + end + 3)
        start = text.find("<!--", end + 3)


def without_comments(text: str) -> str:
    """The text with each comment replaced by blanks of the same length."""
    pieces, end = [], 0
    for span in comments(text):
        pieces += [text[end : span.start], " " * (span.end - span.start)]
        end = span.end
    return "".join([*pieces, text[end:]])


def tags(text: str, offset: int = 0) -> Iterator[Tag]:
    """The tags outside comments, in order; `offset` is where the text begins in its source."""
    if "<" not in text:
        return
    for match in re.finditer(TAG, without_comments(text)):
        attributes: dict[str, Attribute] = {}
        start = match.start("attributes")
        for found in re.compile(ATTRIBUTE).finditer(text, start, match.end("attributes")):
            group = next((g for g in ("double", "single", "bare") if found[g] is not None), "")
            place = found.span(group) if group else (found.end(), found.end())
            value = unescape(found[group]) if group else ""
            name = found["name"].lower()
            span = Span(offset + place[0], offset + place[1])
            attributes.setdefault(name, Attribute(value, span))
        yield Tag(
            match["name"].lower(),
            bool(match["closing"]),
            attributes,
            Span(offset + match.start(), offset + match.end()),
        )


def visible_texts(text: str) -> list[str]:
    """The text that a browser shows, cut where an element begins a new block."""
    text = without_comments(text)
    pieces, current, end = [], [], 0
    for match in re.finditer(TAG, text):
        current.append(text[end : match.start()])
        end = match.end()
        if match["name"].lower() in BLOCK_TAGS:
            pieces.append("".join(current))
            current = []
    pieces.append("".join([*current, text[end:]]))
    return [unescape(piece) for piece in pieces if piece.strip()]
