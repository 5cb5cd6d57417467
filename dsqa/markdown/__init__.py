"""Markdown as GitHub reads it, with the exact place of everything.

What is plain is read line by line; what is in doubt is handed to markdown-it, piece by piece, and
only then is it imported. Both say the same of everything that the first has an answer to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from dsqa.markdown import density, inline
from dsqa.markdown.blocks import Blocks
from dsqa.markdown.density import Budget
from dsqa.markdown.doubt import Doubt
from dsqa.markdown.reading import Markdown, Reader, bare_addresses, front_matter
from dsqa.markdown.tokens import Piece, Token
from dsqa.source import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dsqa.markdown.judge import Judge

__all__ = ["Markdown", "bare_addresses", "judged", "read"]


def read(source: Source) -> Markdown:
    """What stands in the source; raises Oversized if that is too much for its length."""
    if "\0" in source.text:
        return judged(source)
    reading = _Reading(source)
    tokens: Iterable[Token] = reading.tokens()
    if "]:" in source.text:
        # what a reference stands for may be said below the words that it is used in
        tokens = list(tokens)
    return Reader(source, reading.pieces, reading.references, reading.budget).read(tokens)


def judged(source: Source) -> Markdown:
    """The same, all of it as markdown-it reads it."""
    from dsqa.markdown.judge import Judge

    references: dict[str, tuple[Span, str]] = {}
    judge = Judge(source, references)
    lines = _lines(source)
    tokens = judge.tokens(lines, _first(source), len(lines))
    assert tokens is not None
    return Reader(source, judge.pieces, references, Budget(source.text)).read(tokens)


class _Reading:
    """One reading of a source, which asks the judge for as little as it can."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = _lines(source)
        self.references: dict[str, tuple[Span, str]] = {}
        self.budget = Budget(source.text)
        self.budget.spend(density.OF_A_LINE * len(self.lines))

    @cached_property
    def judge(self) -> Judge:
        from dsqa.markdown.judge import Judge

        return Judge(self.source, self.references)

    def tokens(self) -> Iterator[Token]:
        """The blocks of the source; what is in doubt is judged alone."""
        blocks = Blocks(self.lines, self.source.line_starts, self._judged_items)
        line = _first(self.source)
        while line < blocks.end:
            if not blocks.texts[line]:
                line += 1
                continue
            try:
                found, line = blocks.read(line)
            except Doubt:
                found, line = self._judged(line, blocks.ends(line))
            for token in found:
                if token.kind == "html":
                    self.budget.spend(sum(map(density.signs, self.lines[slice(*token.lines)])))
                yield token

    def pieces(self, content: str) -> Sequence[Piece]:
        """The pieces of the words of a block, once all references are known."""
        signs = density.signs(content)
        self.budget.spend(signs)
        try:
            return inline.pieces(content, references=bool(self.references))
        except Doubt:
            self.budget.doubt(signs)
            return self.judge.pieces(content)

    def _judged(self, line: int, ends: Iterable[int]) -> tuple[list[Token], int]:
        """The blocks from a line on, up to the first of the ends at which they do end."""
        for end in ends:
            self.budget.doubt_lines(self.lines, line, end)
            found = self.judge.tokens(self.lines, line, end)
            if found is not None:
                return found, end
        raise AssertionError("all of a text can be judged")

    def _judged_items(self, line: int, ends: Iterable[int]) -> tuple[list[Token], int]:
        """The items of a list from a line on, up to the first of the ends, or that of the list."""
        for end in ends:
            self.budget.doubt_lines(self.lines, line, end)
            found = self.judge.items(self.lines, line, end)
            if found is not None:
                return found
        raise AssertionError("all of a list can be judged")


def _lines(source: Source) -> list[str]:
    """The lines of the text, without their ends, as Markdown reads them."""
    text = source.text.replace("\0", "\ufffd")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _first(source: Source) -> int:
    """The first line below the data for a site builder, counted from 0."""
    matter = front_matter(source)
    return source.line_of(matter.end - 1) if matter else 0
