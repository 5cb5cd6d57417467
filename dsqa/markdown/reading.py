"""All that stands in a source, with its exact place; noted from the tokens, block by block.

A `Placement` takes a position in the words of a block to the source.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise, starmap
from typing import NamedTuple

from dsqa import html
from dsqa.document import (
    Block,
    Cell,
    Fold,
    Heading,
    Image,
    ItemList,
    Line,
    Link,
    ListItem,
    Table,
)
from dsqa.markdown.density import (
    OF_A_CELL,
    OF_A_HEADING,
    OF_A_LINK,
    OF_A_ROW,
    OF_AN_ITEM,
    SPARSE,
    Budget,
)
from dsqa.markdown.tokens import BREAKS, Piece, Token
from dsqa.source import Source, Span

FRONT_MATTER = re.compile(
    r"""
    --- [ \t]*+ (?>\r\n|\r|\n)
    (?: (?! --- [ \t]*+ (?: \r | \n | \Z ) ) [^\r\n]*+ (?>\r\n|\r|\n) )*+
    --- [ \t]*+ (?>\r\n|\r|\n|\Z)
    """,
    re.VERBOSE,
)
"""YAML between two lines of hyphens at the very top, which GitHub shows as a table."""
BARE_ADDRESS = re.compile(
    r"(?:(?<![A-Za-z])https?://|(?:(?<=[\s*_~(])|^)www\.)[^\s<]+", re.IGNORECASE
)
"""Before a scheme, GitHub's own parser takes any sign, and any letter that is not of ASCII."""
TRAILING_PUNCTUATION = "?!.,:*_~'\""
WORDS = frozenset({"text", "text_special", "code_inline"})
BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
ASKING = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary"})
"""Elements behind which something else begins, though it may stand in the same block."""
FOLDING = frozenset({"details", "summary"})
ORDERED = (".", ")")
UNDERLINES = ("=", "-")
ENTITY_BACKWARDS = re.compile(r";[A-Za-z0-9]+&")


class Markdown(NamedTuple):
    """All that stands in a source, in order. Headings have no anchors yet."""

    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    blocks: tuple[Block, ...]
    lists: tuple[ItemList, ...]
    tables: tuple[Table, ...]
    lines: tuple[Line, ...]
    folds: tuple[Fold, ...]
    paragraphs: tuple[Span, ...]
    codes: tuple[Span, ...]
    breaks: tuple[Span, ...]
    comments: tuple[Span, ...]
    names: tuple[tuple[str, Span], ...]


class Placement(NamedTuple):
    """Where the content of an inline token is written: runs of characters, by their starts."""

    content_starts: tuple[int, ...]
    source_starts: tuple[int, ...]

    def __call__(self, position: int) -> int:
        if len(self.source_starts) == 1:
            return self.source_starts[0] + position
        run = bisect.bisect_right(self.content_starts, position) - 1
        return self.source_starts[run] + position - self.content_starts[run]

    def span(self, start: int, end: int) -> Span:
        first = self(start)
        return Span(first, max(self(end), first))


def bare_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand that GitHub makes links of (GFM, section 6.9)."""
    for match in BARE_ADDRESS.finditer(text):
        address = match[0][: _address_end(match[0])]
        domain = address.split("//")[-1].split("/")[0]
        if "." in domain and not address.endswith("//"):
            yield match.start(), match.start() + len(address)


def _address_end(written: str) -> int:
    """Where the address ends: before punctuation, entities and brackets that it does not open."""
    backwards, cut = written[::-1], 0
    unopened = written.count(")") - written.count("(")
    while cut < len(written):
        last = backwards[cut]
        if last in TRAILING_PUNCTUATION:
            cut += 1
        elif last == ")" and unopened > 0:
            cut, unopened = cut + 1, unopened - 1
        elif entity := ENTITY_BACKWARDS.match(backwards, cut):
            cut = entity.end()
        else:
            break
    return len(written) - cut


def front_matter(source: Source) -> Span:
    """The data for a site builder that stand before the text; an empty span if there are none."""
    match = FRONT_MATTER.match(source.text)
    return Span(0, match.end() if match else 0)


def _first_line(pieces: Sequence[Piece], content: str, text: str, placement: Placement) -> Line:
    """The first line of a paragraph; bold words that begin there may take it to another line."""
    opening, strong, tail, depth = "", "", "", 0
    closed = False
    for piece in pieces:
        if piece.kind == "strong_open":
            depth += 1
        elif piece.kind == "strong_close":
            depth -= 1
            closed = closed or not depth
        elif piece.kind in BREAKS and not depth:
            break
        elif depth and not closed:
            strong += "\n" if piece.kind in BREAKS else piece.content
        elif closed:
            tail += piece.content if piece.kind in WORDS else ""
        elif piece.kind in WORDS:
            opening += piece.content
    strong = strong if not opening.strip() and closed else ""
    seen = strong.count("\n")
    end = -1
    for _ in range(seen + 1):
        end = content.find("\n", end + 1)
    end = len(content) if end < 0 else end
    written = content[:end]
    shown = "\n".join(text.split("\n")[: seen + 1])
    bold = bool(strong) and not any(map(str.isalnum, BRACKETED.sub("", tail)))
    start = len(written) - len(written.lstrip())
    stop = len(written.rstrip())
    marks = written[start : start + 2]
    if bold and marks in ("**", "__") and written[stop - 2 : stop] == marks and stop - start > 4:
        start, stop = start + 2, stop - 2
    return Line(
        placement.span(0, end), shown.strip(), placement.span(start, stop), bold, bool(strong)
    )


def _place(thing: Heading | Link | Image) -> tuple[int, int]:
    """Its span, which is compared much faster so."""
    return thing.span.start, thing.span.end


class Reader:
    """One pass over the tokens of a source. Born with the source, thrown away with the result.

    `pieces` tells what the words of a block consist of, and `references` where each is defined.
    `budget` is what may still be read; what is found costs some of it.
    """

    def __init__(
        self,
        source: Source,
        pieces: Callable[[str], Sequence[Piece]],
        references: Mapping[str, tuple[Span, str]],
        budget: Budget,
    ) -> None:
        self.source = source
        self.budget = budget
        self.pieces = pieces
        self.references = references
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.blocks: list[Block] = []
        self.lists: list[ItemList] = []
        self.tables: list[Table] = []
        self.lines: list[Line] = []
        self.folds: list[Fold] = []
        self.paragraphs: list[Span] = []
        self.codes: list[Span] = []
        self.breaks: list[Span] = []
        self.comments: list[Span] = []
        self.names: list[tuple[str, Span]] = []
        self.open_lists: list[tuple[Token, list[ListItem]]] = []
        self.open_items: list[list[ListItem]] = []
        self.open_folds: list[tuple[Span, list[Heading]]] = []
        self.open_summary: html.Tag | None = None
        self.blank_from: dict[int, int] = {}
        """Behind which line all are blank up to another one; many blocks may end there."""
        self.rows: list[tuple[Span, list[Cell]]] = []
        self.row_line = -1
        self.row_cursor = 0

    def read(self, tokens: Iterable[Token]) -> Markdown:
        if matter := front_matter(self.source):
            self.codes.append(matter)
        for token in tokens:
            self._read_block(token)
        return Markdown(
            headings=tuple(sorted(self.headings, key=_place)),
            links=tuple(sorted(self.links, key=_place)),
            images=tuple(sorted(self.images, key=_place)),
            blocks=tuple(self.blocks),
            lists=tuple(sorted(self.lists, key=lambda found: (found.span.start, found.depth))),
            tables=tuple(self.tables),
            lines=tuple(self.lines),
            folds=tuple(sorted(self.folds, key=lambda fold: (fold.span.start, fold.depth))),
            paragraphs=tuple(self.paragraphs),
            codes=tuple(self.codes),
            breaks=tuple(self.breaks),
            comments=tuple(self.comments),
            names=tuple(self.names),
        )

    def _lines(self, token: Token) -> Span:
        """The span of a block token's lines, without the end of the last line that has words."""
        first, last = token.lines[0] + 1, max(token.lines[1], token.lines[0] + 1)
        end = max(self.blank_from.get(last, last), first)
        while end > first and not self.source[self.source.line_span(end)].strip():
            end -= 1
        if end < last:
            self.blank_from[last] = end
        end = min(end, self.source.line_count)
        first = min(first, end)
        place = self.source.line_span(first)
        return place if first == end else Span(place.start, self.source.line_span(end).end)

    def _read_block(self, token: Token) -> None:
        match token.kind:
            case "heading":
                self._read_heading(token)
            case "paragraph":
                self._read_paragraph(token)
            case "row":
                self.budget.spend(OF_A_ROW)
                self.rows.append((self._lines(token), []))
            case "cell":
                self._read_cell(token)
            case "table_end":
                rows = tuple((span, tuple(cells)) for span, cells in self.rows)
                self.tables.append(Table(Span(rows[0][0].start, rows[-1][0].end), rows))
                self.rows = []
            case "list":
                self.open_lists.append((token, []))
            case "list_end":
                opened, items = self.open_lists.pop()
                ordered = opened.mark in ORDERED
                depth = len(self.open_lists)
                self.lists.append(ItemList(self._lines(opened), ordered, depth, tuple(items)))
            case "item":
                self._open_item(token)
            case "item_end":
                (item,) = self.open_items.pop()
                self.open_lists[-1][1].append(item)
            case "code":
                span = self._lines(token)
                self.codes.append(span)
                lines = token.content.split("\n")
                self.blocks.extend(Block(line, span) for line in lines if line.strip())
            case "html":
                self._read_html(self._lines(token))
            case "rule":
                self.breaks.append(self._lines(token))

    def _open_item(self, token: Token) -> None:
        self.budget.spend(OF_AN_ITEM)
        span = self._lines(token)
        text = self.source[span]
        written = f"{token.number}{token.mark}"
        mark_start = span.start + max(text.find(written), 0)
        ordinal = int(token.number) if token.number.isdigit() else None
        mark_span = Span(mark_start, mark_start + len(written))
        self.open_items.append([ListItem(span, token.mark, ordinal, mark_span)])

    def _read_heading(self, token: Token) -> None:
        self.budget.spend(OF_A_HEADING)
        if token.starts or token.mark in UNDERLINES:
            placement = self._line_placement(token)
        else:
            line = self.source.line_span(token.lines[0] + 1)
            text = self.source[line]
            after_marks = text.find(token.mark) + len(token.mark)
            start = line.start + max(text.find(token.content, after_marks), after_marks)
            placement = Placement((0,), (start,))
        words = placement.span(0, len(token.content))
        text, _ = self._read_words(token.content, words, placement)
        nested = token.depth > 0
        span = self._lines(token)
        self.headings.append(Heading(span, token.level, text, words, "", nested=nested))

    def _read_paragraph(self, token: Token) -> None:
        placement = self._line_placement(token)
        first_link = len(self.links)
        span = placement.span(0, len(token.content))
        text, pieces = self._read_words(token.content, span, placement)
        self.paragraphs.append(span)
        if not token.depth:
            plain = len(pieces) == 1 and token.content == text == text.strip()
            line = Line(span, text, span, bold=False) if plain else None
            self.lines.append(line or _first_line(pieces, token.content, text, placement))
        if self.open_items and not self.open_items[-1][0].text_span:
            (item,) = self.open_items[-1]
            links = tuple(self.links[first_link:])
            lazy = tuple(self._lazy_lines(span)) if "\n" in token.content else ()
            self.open_items[-1][0] = ListItem(
                item.span, item.mark, item.ordinal, item.mark_span, text, span, links, lazy
            )

    def _read_cell(self, token: Token) -> None:
        self.budget.spend(OF_A_CELL)
        placement = self._cell_placement(token)
        first_link = len(self.links)
        words = placement.span(0, len(token.content))
        text, _ = self._read_words(token.content, words, placement)
        self.rows[-1][1].append(Cell(text, words, tuple(self.links[first_link:])))

    def _lazy_lines(self, span: Span) -> Iterator[Span]:
        """The lines of an item's paragraph that are indented less than its first one."""
        first = self.source.position(span.start)
        for line in range(first.line + 1, self.source.line_of(max(span.end - 1, 0)) + 1):
            place = self.source.line_span(line)
            text = self.source[place]
            if len(text) - len(text.lstrip(" \t")) < first.column - 1:
                yield place

    def _line_placement(self, token: Token) -> Placement:
        """Where the lines of a paragraph are written: each ends where its line ends."""
        lines = token.content.split("\n")
        if token.starts:
            ends = accumulate((len(line) + 1 for line in lines[:-1]), initial=0)
            return Placement(tuple(ends), token.starts)
        content_starts, source_starts = [], []
        position, line = 0, token.begun + 1
        # what is blank to Python alone, as a no-break space, is a line of the block but not of it
        first = lines[0].strip()
        while line < token.lines[1] and first not in self.source[self.source.line_span(line)]:
            line += 1
        for number, content in enumerate(lines):
            place = self.source.line_span(min(line + number, self.source.line_count))
            raw = self.source[place]
            if number == len(lines) - 1:
                raw = raw.rstrip()
            start = len(raw) - len(content)
            if start < 0 or not raw.endswith(content):
                # a tab that reaches into the indent of its item leaves blanks that nobody wrote
                blanks = len(content) - len(content.lstrip(" "))
                start = max(raw.find(content.strip(" ")), 0) - blanks
            content_starts.append(position)
            source_starts.append(place.start + start)
            position += len(content) + 1
        return Placement(tuple(content_starts), tuple(source_starts))

    def _cell_placement(self, token: Token) -> Placement:
        """Where a table cell is written; pipes in it are escaped in the source."""
        line = token.begun
        place = self.source.line_span(line + 1)
        if line != self.row_line:
            self.row_line, self.row_cursor = line, place.start
        content = token.content
        written = content.replace("|", "\\|")
        start = self.source.text.find(written, self.row_cursor, place.end)
        if start < 0:
            written = content
            start = max(self.source.text.find(written, self.row_cursor, place.end), place.start)
        self.row_cursor = start + len(written)
        if written == content:
            return Placement((0,), (start,))
        pipes = [position for position, character in enumerate(content) if character == "|"]
        content_starts = (0, *pipes)
        source_starts = (start, *(start + pipe + n + 1 for n, pipe in enumerate(pipes)))
        return Placement(content_starts, source_starts)

    def _read_words(
        self, content: str, place: Span, placement: Placement
    ) -> tuple[str, Sequence[Piece]]:
        """Note what stands in the words of a block; their text as it is seen, and its pieces."""
        found = self.pieces(content)
        if len(found) == 1 and found[0].kind == "text":
            self._note_bare_addresses(content, (), placement)
            if visible := found[0].content.strip(" \t\n"):
                self.blocks.append(Block(visible, place))
            return found[0].content, found
        covered: list[tuple[int, int]] = []
        parts: list[list[str]] = [[]]
        text: list[str] = []
        open_links: list[tuple[Piece, int]] = []
        html_link: tuple[html.Tag, int] | None = None
        for piece in found:
            if span := piece.span:
                covered.append(span)
            match piece.kind:
                case "text" | "text_special":
                    text.append(piece.content)
                    parts[-1].append(piece.content)
                case "code_inline":
                    text.append(piece.content)
                    parts[-1].append(piece.content)
                    if span:
                        self.codes.append(placement.span(*span))
                case "softbreak":
                    text.append("\n")
                    parts[-1].append("\n")
                case "hardbreak":
                    text.append("\n")
                    parts.append([])
                case "link_open":
                    open_links.append((piece, len(text)))
                case "link_close" if open_links:
                    opened, start = open_links.pop()
                    self._note_link(opened, "".join(text[start:]), placement)
                case "image":
                    self._note_image(piece, placement)
                case "html_inline" if span:
                    written = placement.span(*span)
                    self.comments.extend(html.comments(self.source[written], written.start))
                    for tag in html.tags(self.source[written], written.start):
                        if tag.name in html.BLOCK_TAGS:
                            parts.append([])
                        if tag.name == "a" and tag.closing and html_link:
                            self._note_html_link(html_link[0], tag, "".join(text[html_link[1] :]))
                            html_link = None
                        elif tag.name == "a" and not tag.closing:
                            html_link = (tag, len(text))
                        self._note_tag(tag)
        self._note_bare_addresses(content, covered, placement)
        for part in parts:
            if visible := "".join(part).strip(" \t\n"):
                self.blocks.append(Block(visible, place))
        return "".join(text), found

    def _add_link(self, link: Link) -> None:
        self.budget.spend(OF_A_LINK)
        self.links.append(link)

    def _add_image(self, image: Image) -> None:
        self.budget.spend(OF_A_LINK)
        self.images.append(image)

    def _note_link(self, piece: Piece, text: str, placement: Placement) -> None:
        if not piece.span:
            return
        span = placement.span(*piece.span)
        if piece.automatic:
            words = Span(span.start + 1, span.end - 1)
            self._add_link(Link(span, text, words, self.source[words], words, "autolink"))
            return
        words = placement.span(*piece.label)
        if piece.href:
            place = placement.span(*piece.href)
            self._add_link(Link(span, text, words, piece.written, place))
        else:
            place, written = self._defined(piece, span)
            self._add_link(Link(span, text, words, written, place, "reference"))

    def _note_image(self, piece: Piece, placement: Placement) -> None:
        if not piece.span:
            return
        span = placement.span(*piece.span)
        alt, words = piece.alt, placement.span(*piece.label)
        if piece.href:
            place = placement.span(*piece.href)
            self._add_image(Image(span, alt, words, piece.written, place))
        else:
            place, written = self._defined(piece, span)
            self._add_image(Image(span, alt, words, written, place, "reference"))

    def _defined(self, piece: Piece, span: Span) -> tuple[Span, str]:
        """Where the address of a reference is defined, and what is written there."""
        place, written = self.references.get(piece.reference, (span, piece.written))
        self.budget.spend(len(written) // SPARSE)
        return place, written

    def _note_bare_addresses(
        self, content: str, covered: Sequence[tuple[int, int]], placement: Placement
    ) -> None:
        if "://" not in content and "www." not in content:
            return
        starts = [start for start, _ in covered]
        reach = list(accumulate((end for _, end in covered), max))
        for start, end in bare_addresses(content):
            before = bisect.bisect_left(starts, end)
            if before and reach[before - 1] > start:
                continue
            place = placement.span(start, end)
            self._add_link(
                Link(place, content[start:end], place, content[start:end], place, "bare")
            )

    def _note_fold(self, tag: html.Tag) -> None:
        """Note what unfolds below which words."""
        match tag.name, tag.closing:
            case "details", False:
                self.open_folds.append((tag.span, []))
            case "summary", False:
                self.open_summary = tag
            case "summary", True if self.open_summary:
                opened, self.open_summary = self.open_summary, None
                words = Span(opened.span.end, tag.span.start)
                text = " ".join(" ".join(html.visible_texts(self.source[words])).split())
                if self.open_folds:
                    whole = Span(opened.span.start, tag.span.end)
                    heading = Heading(whole, 0, text, words, "", style="summary")
                    self.open_folds[-1][1].append(heading)
            case "details", True if self.open_folds:
                start, summaries = self.open_folds.pop()
                if summaries:
                    whole = Span(start.start, tag.span.start)
                    self.folds.append(Fold(whole, summaries[0], len(self.open_folds)))

    def _note_tag(self, tag: html.Tag) -> None:
        """Note an image or a name that an HTML tag brings."""
        if tag.name in FOLDING:
            self._note_fold(tag)
        if tag.closing:
            return
        if tag.name == "img" and (src := tag.attributes.get("src")):
            alt = tag.attributes.get("alt", html.Attribute("", Span(src.span.end, src.span.end)))
            self._add_image(Image(tag.span, alt.value, alt.span, src.value, src.span, "html"))
        for attribute in ("id", "name") if tag.name == "a" else ("id",):
            if (found := tag.attributes.get(attribute)) and found.value:
                self.budget.spend(OF_A_LINK)
                self.names.append((found.value, tag.span))

    def _note_html_link(self, opened: html.Tag, closed: html.Tag, text: str) -> None:
        if href := opened.attributes.get("href"):
            span = Span(opened.span.start, closed.span.end)
            words = Span(opened.span.end, max(closed.span.start, opened.span.end))
            self._add_link(Link(span, text, words, href.value, href.span, "html"))

    def _read_html(self, span: Span) -> None:
        """Note what stands in a block of raw HTML."""
        text = self.source[span]
        self.comments.extend(html.comments(text, span.start))
        tags = list(html.tags(text, span.start))
        ends = [tag.span.end for tag in tags if tag.closing and tag.name in ASKING]
        for part in starmap(Span, pairwise([span.start, *ends, span.end])):
            written = self.source[part]
            place = Span(part.end - len(written.lstrip()), part.end)
            self.blocks.extend(Block(piece, place) for piece in html.visible_texts(written))
        opened: dict[str, html.Tag] = {}
        for tag in tags:
            self._note_tag(tag)
            heading = len(tag.name) == 2 and tag.name[0] == "h" and tag.name[1] in "123456"
            if not heading and tag.name != "a":
                continue
            if not tag.closing:
                opened[tag.name] = tag
            elif start := opened.pop(tag.name, None):
                words = Span(start.span.end, tag.span.start)
                visible = " ".join(html.visible_texts(self.source[words])).strip()
                if heading:
                    whole = Span(start.span.start, tag.span.end)
                    level = int(tag.name[1])
                    self.headings.append(Heading(whole, level, visible, words, "", html=True))
                else:
                    self._note_html_link(start, tag, visible)
