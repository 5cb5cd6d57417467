"""A text, where it comes from, and the coordinates inside it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

LINE_END = re.compile(r"\r\n|\r|\n")
# told by the others: a range to the end of Unicode takes milliseconds to compile
WIDE = (
    re.compile("[^\0-\x7f]"),
    re.compile("[^\0-\u07ff]"),
    re.compile("[\U00010000-\U0010ffff]"),
)
"""Characters of at least two, three and four bytes in UTF-8; the last take two units in UTF-16."""
BYTE_ORDER_MARK = "\ufeff"
OTHER_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32, little-endian"),
    (b"\0\0\xfe\xff", "UTF-32, big-endian"),
    (b"\xff\xfe", "UTF-16, little-endian"),
    (b"\xfe\xff", "UTF-16, big-endian"),
)
"""The marks by which other encodings than UTF-8 tell themselves; the longer ones come first."""


class Unreadable(Exception):
    """What is at a place is not a text that can be judged; the message says why, in one line."""


class Astray(Unreadable):
    """It is a link that leads to no file of those that are checked."""


class Oversized(Unreadable):
    """There is more of it than is read."""


class Undecodable(Unreadable):
    """The bytes are not UTF-8 text. `seen` is what can be shown of them, if anything.

    `offset` is the place in `seen` from which on they are none.
    """

    def __init__(self, why: str, seen: Source | None = None, offset: int = 0) -> None:
        super().__init__(why)
        self.seen = seen
        self.offset = offset


class Failed(Unreadable):
    """dsqa itself failed to read it; the cause is the exception that it is raised from."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The half-open range `[start, end)` of characters in a source."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"no span from {self.start} to {self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether both hold a character in common, or one is empty and lies inside the other."""
        if not self or not other:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end


class Spans(NamedTuple):
    """Any number of spans, to be asked whether one of them overlaps another one.

    `starts` are those of the spans in order, and `reach` how far any of the first ones reaches;
    `points` are where the empty ones are.
    """

    starts: Sequence[int]
    reach: Sequence[int]
    points: Sequence[int]

    @staticmethod
    def of(spans: Iterable[Span]) -> Spans:
        ordered = sorted(spans)
        wide = [span for span in ordered if span]
        reach = accumulate((span.end for span in wide), max)
        points = [span.start for span in ordered if not span]
        return Spans([span.start for span in wide], list(reach), points)

    def overlap(self, other: Span) -> bool:
        """Whether one of them overlaps the other span, as `Span.overlaps` has it."""
        point = bisect.bisect_left(self.points, other.start)
        if point < len(self.points) and self.points[point] <= other.end:
            return True
        if other:
            before = bisect.bisect_left(self.starts, other.end)
            return before > 0 and self.reach[before - 1] > other.start
        before = bisect.bisect_right(self.starts, other.end)
        return before > 0 and self.reach[before - 1] >= other.start


class Position(NamedTuple):
    """A place as a person counts it: line and column from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """A text and its path.

    `path` uses `/` and is relative to the root of the workspace. `text` never begins with the
    byte-order mark of the file; `marked` says that the file has one, so that it can be kept.
    Lines end where Markdown ends them: at LF, CRLF and CR, and nowhere else.
    """

    path: str
    text: str
    marked: bool = False

    @staticmethod
    def decode(path: str, content: bytes) -> Source:
        """The source that a file holds; raises Undecodable unless it is UTF-8 text."""
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _undecodable(path, content, error.start) from None
        if "\0" in text:
            raise _undecodable(path, content, content.index(0))
        marked = text.startswith(BYTE_ORDER_MARK)
        return Source(path, text.removeprefix(BYTE_ORDER_MARK), marked)

    def encode(self) -> bytes:
        """The bytes of the file; the inverse of `decode`."""
        return ((BYTE_ORDER_MARK if self.marked else "") + self.text).encode("utf-8")

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset of each line's first character; the text's end starts no line of its own."""
        starts = [0, *(match.end() for match in LINE_END.finditer(self.text))]
        if len(starts) > 1 and starts[-1] == len(self.text):
            starts.pop()
        return tuple(starts)

    @property
    def line_count(self) -> int:
        return len(self.line_starts)

    def line_of(self, offset: int) -> int:
        """The 1-based line that holds the character at the offset."""
        return bisect.bisect_right(self.line_starts, offset)

    def position(self, offset: int) -> Position:
        line = self.line_of(offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    @cached_property
    def _wide(self) -> tuple[Sequence[int], ...]:
        """The offsets of the characters of at least two, three and four bytes in UTF-8."""
        return tuple(
            [match.start() for match in characters.finditer(self.text)] for characters in WIDE
        )

    def utf8_column(self, offset: int) -> int:
        """The 1-based column of the offset in its line, counted in bytes of UTF-8."""
        return self._column(offset, self._wide)

    def utf16_column(self, offset: int) -> int:
        """The 1-based column of the offset in its line, counted in units of UTF-16."""
        return self._column(offset, self._wide[-1:])

    def _column(self, offset: int, longer: Iterable[Sequence[int]]) -> int:
        """The column, in which each of the longer characters counts once more."""
        start = self.line_starts[self.line_of(offset) - 1]
        more = (bisect.bisect_left(p, offset) - bisect.bisect_left(p, start) for p in longer)
        return 1 + offset - start + sum(more)

    def line_span(self, line: int) -> Span:
        """The span of the 1-based line without its end."""
        start = self.line_starts[line - 1]
        last = line >= self.line_count
        end = len(self.text) if last else self.line_starts[line]
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return Span(start, end)

    def lines_span(self, first: int, last: int) -> Span:
        """The span of the 1-based lines from `first` to `last`, with the end of the last."""
        end = self.line_starts[last] if last < self.line_count else len(self.text)
        return Span(self.line_starts[first - 1], end)

    def lines(self) -> list[str]:
        """The lines, each with its end."""
        return [self[self.lines_span(line, line)] for line in range(1, self.line_count + 1)]

    def __getitem__(self, span: Span) -> str:
        return self.text[span.start : span.end]


def _undecodable(path: str, content: bytes, place: int) -> Undecodable:
    """Why the content is no text from the place on, which counts its bytes from 0."""
    for mark, encoding in OTHER_MARKS:
        if content.startswith(mark):
            return Undecodable(f"not UTF-8 text: {encoding}, as the mark at byte 0 says")
    what = f"`0x{content[place]:02x}`" if content[place] else "NUL"
    mark = BYTE_ORDER_MARK.encode()
    before = content[:place].removeprefix(mark).decode("utf-8", "surrogateescape")
    text = content.removeprefix(mark).decode("utf-8", "surrogateescape")
    seen = Source(path, text, content.startswith(mark))
    return Undecodable(f"not UTF-8 text: byte {place} is {what}", seen, len(before))
