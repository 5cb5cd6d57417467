"""Markdown as GitHub reads it, with the exact place of everything."""

from __future__ import annotations

from dsqa.markdown.reading import Markdown, Reader, bare_addresses, front_matter
from dsqa.source import Source

__all__ = ["Markdown", "bare_addresses", "judged", "read"]


def read(source: Source) -> Markdown:
    """What stands in the source; never fails."""
    return judged(source)


def judged(source: Source) -> Markdown:
    """The same, all of it as markdown-it reads it."""
    from dsqa.markdown.judge import Judge

    judge = Judge(source)
    lines = _lines(source)
    tokens = judge.tokens(lines, _first(source), len(lines))
    assert tokens is not None
    return Reader(source, judge.pieces, judge.references).read(tokens)


def _lines(source: Source) -> list[str]:
    """The lines of the text, without their ends, as Markdown reads them."""
    text = source.text.replace("\0", "\ufffd")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _first(source: Source) -> int:
    """The first line below the data for a site builder, counted from 0."""
    matter = front_matter(source)
    return source.line_of(matter.end - 1) if matter else 0
