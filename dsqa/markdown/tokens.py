"""What Markdown is made of, as whoever reads it tells it: blocks, and the pieces of their words."""

from __future__ import annotations

from typing import NamedTuple

BREAKS = frozenset({"softbreak", "hardbreak"})
LINK = "]("
"""What stands in the words of each link, unless there are references."""
"""What ends a line of words."""


class Piece(NamedTuple):
    """A piece of the words of a block; `span` and the like are places in the block's content.

    `kind` is text, text_special, code_inline, html_inline, softbreak or hardbreak; image; the
    beginning of a link, link_open, or its end, link_close; or that of bold words, strong_open and
    strong_close. `content` is the text of it. A link or an image says where its label and its href
    are, and what is `written` there; one by a reference says which.
    """

    kind: str
    content: str = ""
    span: tuple[int, int] | None = None
    label: tuple[int, int] = (0, 0)
    href: tuple[int, int] | None = None
    written: str = ""
    reference: str = ""
    alt: str = ""
    automatic: bool = False


SOFT_BREAK, HARD_BREAK = Piece("softbreak"), Piece("hardbreak")


class Token(NamedTuple):
    """A block, or the beginning or the end of one that holds others.

    `kind` is heading, paragraph, code, html, rule; row, cell, table_end; list, list_end, item or
    item_end. `lines` are the first, counted from 0, and the one behind the last. `content` are the
    words, which begin on the line `begun`; `starts` say where each line of them is written, if
    that is known. `depth` counts the blocks around it.
    """

    kind: str
    lines: tuple[int, int] = (0, 0)
    depth: int = 0
    content: str = ""
    mark: str = ""
    """What it is marked by: hashes or an underline, or the mark of a list and its items."""
    number: str = ""
    level: int = 0
    begun: int = 0
    starts: tuple[int, ...] = ()
