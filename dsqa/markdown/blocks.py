"""The blocks of a text that are plain: headings, paragraphs, code, lists, tables, quotations, HTML.

The lines are read from the first to the last, with the rules of CommonMark for what begins, goes on
and ends, in the order in which markdown-it asks them. What is not certain raises Doubt: the
definition of a reference, a quotation that goes on without its mark, a tab that reaches into an
indent. Lines are counted from 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from dsqa.markdown.doubt import Doubt
from dsqa.markdown.inline import TAG
from dsqa.markdown.tokens import Token

HEADING = re.compile(r"(?P<hashes>#{1,6})(?:[ \t]+|$)")
CLOSING = re.compile(r"(?:^|[ \t])#+$")
FENCE = re.compile(r"(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
ITEM = re.compile(r"(?:(?P<number>[0-9]{1,9})(?P<dot>[.)])|(?P<bullet>[*+-]))(?P<blanks>[ \t]+|$)")
PIPE = re.compile(r"(?<!\\)\|")
UNDERLINED = re.compile(r"\|?+[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+")
"""The line below the titles of a table."""
UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
HTML_BLOCKS = frozenset(
    """address article aside base basefont blockquote body caption center col colgroup dd details
    dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6
    head header hr html iframe legend li link main menu menuitem nav noframes ol optgroup option p
    param section summary table tbody td tfoot th thead title tr track ul""".split()
)
"""What begins a block of HTML, up to the next blank line."""
DOUBTFUL_HTML = frozenset("pre script search source style textarea".split())
HTML = re.compile(r"</?(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<whole>\s|/?>|$)?")
INTERRUPTING = frozenset("#>`~*-_+<0123456789")
"""How a line begins that may end a paragraph."""
SPECIAL = INTERRUPTING | {"["}
LIST = Token("list")
"""Stands where a list or an item begins, until one knows where it ends."""
TAB = 4
FLUSH = 3
"""So many blanks are no indent."""
DEEP = 20
"""So many blocks around a list; what is deeper is left to whom it takes no longer."""
DEEP_QUOTATION = 6
"""The same around a quotation, whose lines are copied."""
FEW = 1_000
LIKE_ITEM = ("-", "- ", "-\t")
"""How the line below the titles of a table does not begin: it could be a list."""


JudgeOfItems = Callable[[int, Iterable[int]], tuple[list[Token], int]]


class Blocks:
    """The lines of a source, and the tokens of the blocks that have been read.

    `starts` says where each line begins in the source. `judge` is asked for the items of a list
    from a line on, one of which is in doubt; without it the whole list is.
    """

    def __init__(
        self, lines: Sequence[str], starts: Sequence[int], judge: JudgeOfItems | None = None
    ) -> None:
        self.lines = lines
        self.starts = starts
        self.judge = judge
        self.end = len(starts)
        self.texts = [line.lstrip(" \t") for line in lines]
        self.indents = list(map(_indent, lines, self.texts))
        self.tokens: list[Token] = []
        self.indent = 0
        """How far what the block stands in is indented."""
        self.outer_indent = -1
        """And what that stands in; -1 outside of lists."""
        self.depth = 0
        self.quoted = False
        """Whether the lines are those of a quotation, whose columns are further left."""

    def read(self, line: int) -> tuple[list[Token], int]:
        """The tokens of the block that begins on a line with words, and the line behind it."""
        self.tokens = []
        self.indent, self.outer_indent, self.depth = 0, -1, 0
        end = self._block(line, self.texts[line], self.indents[line])
        return self.tokens, end

    def ends(self, line: int, mark: str = "") -> Iterator[int]:
        """Lines below this one at which a block may begin, or an item with the mark.

        Each is twice as far away, so all that is judged in vain is no more than what is judged.
        """
        least = line + 1
        for at in range(line + 1, self.end):
            if at >= least and self._may_begin(at, mark):
                yield at
                least = line + 2 * (at - line)
        yield len(self.lines)

    def _may_begin(self, line: int, mark: str) -> bool:
        first = self.lines[line][:1]
        if first == "#" or ((first.isalpha() or first == "|") and not self.texts[line - 1]):
            return True
        if not mark or self.indents[line] > FLUSH:
            return False
        item = ITEM.match(self.texts[line])
        return item is not None and _mark(item) == mark

    def read_all(self, line: int = 0) -> int:
        """Read all blocks from a line on that stand in the same one; the line behind them."""
        while line < self.end:
            if not self.texts[line]:
                line += 1
            elif self.indents[line] < self.indent:
                break
            else:
                line = self._block(line, self.texts[line], self.indents[line])
        return line

    def _block(self, line: int, text: str, indent: int) -> int:
        """Read a block, which begins with the text on the line; the line behind it."""
        mark = text[0]
        if indent - self.indent > FLUSH:
            return self._indented(line)
        if "|" in text and self._underlines_titles(line + 1):
            return self._table(line, text)
        if mark not in SPECIAL:
            return self._paragraph(line, text)
        if mark == "#" and (heading := HEADING.match(text)):
            return self._heading(line, text, heading)
        if mark in "`~" and (fence := FENCE.match(text)):
            return self._fence(line, indent, fence["fence"])
        if mark in "*-_" and _is_rule(text):
            self.tokens.append(Token("rule", (line, line + 1), self.depth))
            return line + 1
        if item := ITEM.match(text):
            return self._list(line, text, indent, item)
        if mark == "<":
            return self._html(line, text)
        if mark == ">":
            return self._quotation(line, text)
        return self._paragraph(line, text)

    def _heading(self, line: int, text: str, found: re.Match[str]) -> int:
        content = _trimmed(CLOSING.sub("", text[found.end() :].rstrip(" \t")))
        hashes = found["hashes"]
        start = self._place(line, text) + (found.end() if content else len(hashes))
        self._note_heading((line, line + 1), content, hashes, len(hashes), (start,))
        return line + 1

    def _note_heading(
        self, lines: tuple[int, int], content: str, mark: str, level: int, starts: tuple[int, ...]
    ) -> None:
        self.tokens.append(
            Token(
                "heading",
                lines,
                self.depth,
                content,
                mark=mark,
                level=level,
                begun=lines[0],
                starts=starts,
            )
        )

    def _paragraph(self, line: int, text: str) -> int:
        """Read a paragraph, or a heading that is underlined."""
        end, level = line + 1, 0
        while end < self.end and (below := self.texts[end]):
            outdent = self.indent - self.indents[end]
            if -outdent > FLUSH:
                end += 1
                continue
            if below[0] in "=-" and outdent <= 0 and UNDERLINE.match(below):
                level = 1 if below[0] == "=" else 2
                break
            if self._interrupts(end, below, lazily=outdent > 0):
                break
            end += 1
        written = [self._cut(at) for at in range(line + 1, end)]
        places = (self._place(line, text), *map(self._place, range(line + 1, end), written))
        content = _trimmed("\n".join([text, *written]) if written else text)
        if text[0] == "[" and (level or "]:" in content):
            raise Doubt
        if level:
            self._note_heading((line, end + 1), content, self.texts[end][0], level, places)
            return end + 1
        lines = (line, end)
        self.tokens.append(
            Token("paragraph", lines, self.depth, content, begun=line, starts=places)
        )
        return end

    def _cut(self, line: int) -> str:
        """The line without the indent of what it stands in."""
        if not self.indent:
            return self.lines[line]
        self._flat(line)
        return self.lines[line][min(self.indents[line], self.indent) :]

    def _flat(self, line: int) -> None:
        """Doubt if a tab is part of its indent, which may reach into what is cut off."""
        text = self.texts[line]
        if text and "\t" in self.lines[line][: len(self.lines[line]) - len(text)]:
            raise Doubt

    def _width(self, blanks: str, column: int) -> int:
        """How many columns the blanks take that begin at one."""
        if "\t" not in blanks:
            return len(blanks)
        if self.quoted:
            raise Doubt
        return len((" " * column + blanks).expandtabs(TAB)) - column

    def _place(self, line: int, text: str) -> int:
        """Where the text, which ends the line, begins in the source."""
        return self.starts[line] + len(self.lines[line]) - len(text)

    def _interrupts(self, line: int, text: str, *, lazily: bool) -> bool:
        """Whether the line begins another block than the paragraph above it.

        It does so more easily where it belongs to the paragraph only `lazily`, being indented less.
        """
        if "|" in text and self._underlines_titles(line + 1):
            return bool(self._titles(line, text))
        if text[0] not in INTERRUPTING:
            return False
        if self._ends_block(text):
            return True
        item = ITEM.match(text)
        if not item:
            return False
        if lazily:
            return self._is_item_here(line)
        return item.end() < len(text) and int(item["number"] or 1) == 1

    def _ends_block(self, text: str) -> bool:
        """Whether it begins what ends any block above: all but a list."""
        mark = text[0]
        if mark == "#":
            return bool(HEADING.match(text))
        if mark in "`~":
            return bool(FENCE.match(text))
        if mark == ">" or (mark in "*-_" and _is_rule(text)):
            return True
        return mark == "<" and self._begins_html(text)

    def _is_item_here(self, line: int) -> bool:
        """Whether an item that is indented less than the block above it can begin on the line."""
        return self.outer_indent < 0 or self.indents[line] - self.outer_indent <= FLUSH

    def _underlines_titles(self, line: int) -> bool:
        """Whether the line may be the one below the titles of a table."""
        text = self.texts[line] if line < self.end else ""
        return bool(text) and text[0] in "|-:" and not text.strip("|-: \t")

    def _titles(self, line: int, text: str) -> list[str]:
        """The titles of a table, which begins on the line; in doubt if it is none."""
        below = self.texts[line + 1]
        columns = UNDERLINED.fullmatch(below) and below.strip("| \t").count("|") + 1
        titles = _cells(text)
        if (
            len(titles) != columns
            or below[:2] in LIKE_ITEM
            or not 0 <= self.indents[line + 1] - self.indent <= FLUSH
        ):
            raise Doubt
        return titles

    def _table(self, line: int, text: str) -> int:
        titles = self._titles(line, text)
        self._row(line, titles)
        end, missing = line + 2, 0
        while end < self.end and (text := self.texts[end]):
            if not 0 <= self.indents[end] - self.indent <= FLUSH:
                break
            if self._ends_block(text) or ITEM.match(text):
                break
            cells = _cells(text)[: len(titles)]
            missing += len(titles) - len(cells)
            if missing > FEW:
                raise Doubt
            self._row(end, [*cells, *[""] * (len(titles) - len(cells))])
            end += 1
        self.tokens.append(Token("table_end", depth=self.depth))
        return end

    def _row(self, line: int, cells: Sequence[str]) -> None:
        lines = (line, line + 1)
        self.tokens.append(Token("row", lines, self.depth))
        for cell in cells:
            self.tokens.append(Token("cell", lines, self.depth, _trimmed(cell), begun=line))

    def _quotation(self, line: int, text: str) -> int:
        """Read a quotation each of whose lines has its mark."""
        if self.depth > DEEP_QUOTATION:
            raise Doubt
        end, lines = line, list[str]()
        while text.startswith(">"):
            quoted = text[1:].removeprefix(" ")
            if "\t" in quoted[: len(quoted) - len(quoted.lstrip(" \t"))]:
                raise Doubt
            lines.append(quoted)
            end += 1
            text = self.texts[end] if end < self.end else ""
            if text and self.indents[end] < self.indent:
                break
            if text.startswith(">") and self.indents[end] - self.indent > FLUSH:
                raise Doubt
        below = self.texts[end] if end < self.end else ""
        if below and lines[-1].strip(" \t"):
            outdented = self.indents[end] < self.indent
            item = ITEM.match(below) and (not outdented or self._is_item_here(end))
            if self.indents[end] - self.indent > FLUSH or not (self._ends_block(below) or item):
                raise Doubt
        starts = [
            self.starts[line + at] + len(self.lines[line + at]) - len(quoted)
            for at, quoted in enumerate(lines)
        ]
        inner = Blocks(lines, starts)
        inner.depth, inner.quoted = self.depth + 1, True
        inner.read_all()
        for token in inner.tokens:
            first, behind = token.lines
            self.tokens.append(
                token._replace(lines=(line + first, line + behind), begun=line + token.begun)
            )
        return end

    def _indented(self, line: int) -> int:
        """Read code that is told by its indent."""
        end = below = line + 1
        while below < self.end:
            if not self.texts[below]:
                below += 1
            elif self.indents[below] - self.indent > FLUSH:
                below += 1
                end = below
            else:
                break
        self._code(line, end, line, end, self.indent + FLUSH + 1)
        return end

    def _fence(self, line: int, indent: int, fence: str) -> int:
        """Read code between fences; the second may be missing."""
        end = line + 1
        closed = False
        while end < self.end:
            text = self.texts[end]
            if text and self.indents[end] < self.indent:
                break
            flush = self.indents[end] - self.indent <= FLUSH
            if text.startswith(fence) and flush and not text.lstrip(fence[0]).strip(" \t"):
                closed = True
                break
            end += 1
        self._code(line, end + closed, line + 1, end, indent)
        return end + closed

    def _code(self, line: int, behind: int, first: int, end: int, indent: int) -> None:
        """Note code on the lines from `first` to `end`, without the indent."""
        code = self.lines[first:end]
        if indent:
            for at in range(first, end):
                self._flat(at)
            code = [
                text[min(indent, blanks) :]
                for text, blanks in zip(code, self.indents[first:end], strict=True)
            ]
        self.tokens.append(Token("code", (line, behind), self.depth, "\n".join(code)))

    def _html(self, line: int, text: str) -> int:
        """Read a block of HTML, or a paragraph that begins with a tag."""
        end = line + 1
        if text.startswith("<!--"):
            while "-->" not in text:
                if end == self.end or self.indent:
                    raise Doubt
                text = self.texts[end]
                end += 1
        elif self._begins_html(text) or self._is_tag(text):
            while end < self.end and self.texts[end] and self.indents[end] >= self.indent:
                end += 1
        else:
            return self._paragraph(line, text)
        self.tokens.append(Token("html", (line, end), self.depth))
        return end

    def _begins_html(self, text: str) -> bool:
        """Whether a block of HTML begins, even below a paragraph."""
        if text.startswith("<!--"):
            return True
        if text[1:2] in ("!", "?"):
            raise Doubt
        found = HTML.match(text)
        if not found:
            return False
        name = found["name"].lower()
        if name in DOUBTFUL_HTML:
            raise Doubt
        return found["whole"] is not None and name in HTML_BLOCKS

    def _is_tag(self, text: str) -> bool:
        """Whether a line is one tag and no more."""
        text = text.rstrip()
        if tag := TAG.match(text):
            return tag.end() == len(text)
        if text.endswith(">") and HTML.match(text):
            raise Doubt
        return False

    def _list(self, line: int, text: str, indent: int, item: re.Match[str]) -> int:
        """Read a list, item by item, as long as they have the same mark."""
        mark = _mark(item)
        begun, place = line, len(self.tokens)
        self.tokens.append(LIST)
        if self.depth > DEEP:
            raise Doubt
        while True:
            line = self._sure_item(line, text, indent, item)
            if line >= self.end:
                break
            text, indent = self.texts[line], self.indents[line]
            if not 0 <= indent - self.indent <= FLUSH or not text:
                break
            if text[0] in "*-_" and _is_rule(text):
                break
            found = ITEM.match(text)
            if not found or _mark(found) != mark:
                break
            item = found
        self.tokens[place] = Token("list", (begun, line), self.depth, mark=mark)
        self.tokens.append(Token("list_end", depth=self.depth))
        return line

    def _sure_item(self, line: int, text: str, indent: int, item: re.Match[str]) -> int:
        """Read an item of a list; one in doubt is judged alone, if its list stands in no block."""
        if self.depth or not self.judge:
            return self._item(line, text, indent, item)
        known = len(self.tokens)
        try:
            return self._item(line, text, indent, item)
        except Doubt:
            self.indent, self.outer_indent, self.depth = 0, -1, 0
            found, line = self.judge(line, self.ends(line, _mark(item)))
            self.tokens[known:] = found
            return min(line, self.end)

    def _item(self, line: int, text: str, indent: int, found: re.Match[str]) -> int:
        """Read an item of a list, and the blocks in it; the line behind it."""
        empty, start = found.end() == len(text), indent + found.start("blanks")
        blanks = 1 if empty else self._width(found["blanks"], start)
        if blanks > FLUSH + 1:
            raise Doubt
        place = len(self.tokens)
        self.tokens.append(LIST)
        outer = self.outer_indent, self.indent
        self.outer_indent = self.indent
        self.indent = start + blanks
        self.depth += 2
        if not empty:
            end = self._block(line, text[found.end() :], self.indent)
            end = self.read_all(end)
        elif line + 1 < self.end and self.texts[line + 1]:
            end = self.read_all(line + 1)
        else:
            end = min(line + 2, self.end)
        self.depth -= 2
        self.outer_indent, self.indent = outer
        mark, number = _mark(found), found["number"] or ""
        self.tokens[place] = Token("item", (line, end), self.depth, mark=mark, number=number)
        self.tokens.append(Token("item_end", depth=self.depth))
        return end


def _cells(text: str) -> list[str]:
    """The cells of a row; a pipe behind a backslash is part of one."""
    cells = PIPE.split(text.strip(" \t"))
    first, last = not cells[0], len(cells) - (not cells[-1])
    return [cell.replace("\\|", "|") for cell in cells[first:last]]


def _indent(line: str, text: str) -> int:
    """The columns before the text; a tab reaches to the next of four."""
    indent = len(line) - len(text)
    if indent and "\t" in line[:indent]:
        return len(line[:indent].expandtabs(TAB))
    return indent


def _trimmed(words: str) -> str:
    """The words without the blanks around them; in doubt where other characters may be blank."""
    trimmed = words.strip(" \t\n")
    if trimmed != words.strip():
        raise Doubt
    return trimmed


def _is_rule(text: str) -> bool:
    """Whether it is a line across the page, given that it begins with a mark for one."""
    mark = text[0]
    return text.count(mark) > 2 and not text.strip(mark + " \t")


def _mark(item: re.Match[str]) -> str:
    """The mark that all items of a list have in common."""
    return item["bullet"] or item["dot"]
