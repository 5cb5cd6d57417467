"""Markdown as GitHub reads it, with the exact place of everything.

What is plain is read line by line; what is in doubt is handed to markdown-it, piece by piece, and
only then is it imported. Both say the same of everything that the first has an answer to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from dsqa.markdown import inline
from dsqa.markdown.blocks import Blocks
from dsqa.markdown.doubt import Doubt
from dsqa.markdown.reading import Markdown, Reader, bare_addresses, front_matter
from dsqa.markdown.tokens import Piece, Token
from dsqa.source import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dsqa.markdown.judge import Judge

__all__ = ["Markdown", "bare_addresses", "judged", "read"]


def read(source: Source) -> Markdown:
    """What stands in the source; never fails."""
    if "\0" in source.text:
        return judged(source)
    reading = _Reading(source)
    tokens: Iterable[Token] = reading.tokens()
    if "]:" in source.text:
        # what a reference stands for may be said below the words that it is used in
        tokens = list(tokens)
    return Reader(source, reading.pieces, reading.references).read(tokens)


def judged(source: Source) -> Markdown:
    """The same, all of it as markdown-it reads it."""
    from dsqa.markdown.judge import Judge

    judge = Judge(source)
    lines = _lines(source)
    tokens = judge.tokens(lines, _first(source), len(lines))
    assert tokens is not None
    return Reader(source, judge.pieces, judge.references).read(tokens)


class _Reading:
    """One reading of a source, which asks the judge for as little as it can."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = _lines(source)
        self.references: Mapping[str, tuple[Span, str]] = {}

    @cached_property
    def judge(self) -> Judge:
        from dsqa.markdown.judge import Judge

        return Judge(self.source)

    def tokens(self) -> Iterator[Token]:
        """The blocks of the source; what is in doubt is judged alone."""
        blocks = Blocks(self.lines, self.source.line_starts)
        line = _first(self.source)
        while line < blocks.end:
            if not blocks.texts[line]:
                line += 1
                continue
            try:
                found, line = blocks.read(line)
            except Doubt:
                found, line = self._judged(line)
            yield from found

    def pieces(self, content: str) -> Sequence[Piece]:
        """The pieces of the words of a block, once all references are known."""
        try:
            return inline.pieces(content, references=bool(self.references))
        except Doubt:
            return self.judge.pieces(content)

    def _judged(self, line: int) -> tuple[list[Token], int]:
        """The blocks from a line on, and the line behind them: as few as can be told apart."""
        for end in self._ends(line):
            found = self.judge.tokens(self.lines, line, end)
            if found is not None:
                self.references = self.judge.references
                return found, end
        raise AssertionError("the whole text can be judged")

    def _ends(self, line: int) -> Iterator[int]:
        """Lines at which a block may begin that stands in no other, each twice as far away.

        So all that is judged in vain is no more than what is judged in the end.
        """
        least = line + 1
        for at in range(line + 1, self.source.line_count):
            if at >= least and self._may_begin(at):
                yield at
                least = line + 2 * (at - line)
        yield len(self.lines)

    def _may_begin(self, line: int) -> bool:
        """Whether the line opens a block of its own, unless it goes on with the one above it."""
        first, above = self.lines[line][:1], self.lines[line - 1]
        return first == "#" or (first.isalpha() and not above.strip(" \t"))


def _lines(source: Source) -> list[str]:
    """The lines of the text, without their ends, as Markdown reads them."""
    text = source.text.replace("\0", "\ufffd")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _first(source: Source) -> int:
    """The first line below the data for a site builder, counted from 0."""
    matter = front_matter(source)
    return source.line_of(matter.end - 1) if matter else 0
