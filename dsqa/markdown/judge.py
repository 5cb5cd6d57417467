"""Markdown as markdown-it reads it, whose word is final.

The only module that knows markdown-it. Its inline tokens have no columns, so the inline rules are
wrapped to note where each began and ended. Importing it takes longer than to read most files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token as Found

from dsqa.markdown.doubt import Doubt
from dsqa.markdown.tokens import BREAKS, LINK, Piece, Token
from dsqa.source import Source, Span

InlineRule = Callable[[StateInline, bool], bool]

DEEPEST_NESTING = 100
BLANKS = " \t\n"
BEHIND_DESTINATION = ("", ")", *BLANKS)
PLAIN = {
    "fence": "code",
    "code_block": "code",
    "html_block": "html",
    "hr": "rule",
    "tr_open": "row",
    "table_close": "table_end",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "bullet_list_close": "list_end",
    "ordered_list_close": "list_end",
    "list_item_open": "item",
    "list_item_close": "item_end",
}
"""Our names for what needs no more words than its own."""
WORDED = {"heading_open": "heading", "paragraph_open": "paragraph", "th_open": "cell"}
WORDED["td_open"] = "cell"


class Judge:
    """What markdown-it says about a source.

    `references` says where each is defined, and which address is written there; the judge adds to
    it what it finds.
    """

    def __init__(self, source: Source, references: dict[str, tuple[Span, str]]) -> None:
        self.source = source
        self.references = references
        self.env: dict[str, dict[str, dict[str, object]]] = {}

    def tokens(self, lines: Sequence[str], first: int, end: int) -> list[Token] | None:
        """The blocks on the lines from `first` on, up to the block that begins on the line `end`.

        None if no block begins there, outside all others. Lines are counted from 0.
        """
        found, defined = _parsed(lines, first, end)
        if end < len(lines):
            last = next((at for at in reversed(range(len(found))) if _begins(found[at])), 0)
            if not found or found[last].map != [end - first, end - first + 1]:
                return None
            del found[last:]
        self._define(defined, first, end)
        return list(_tokens(found, first))

    def items(self, lines: Sequence[str], first: int, end: int) -> tuple[list[Token], int] | None:
        """The items of a list from the line `first` on, and the line behind them.

        That is `end` if an item of the list begins there, or the line on which the list has ended;
        None if neither is so. In doubt if there is no list at all.
        """
        found, defined = _parsed(lines, first, end)
        blocks = [at for at, token in enumerate(found) if _begins(token)]
        if PLAIN.get(found[0].type) != "list":
            raise Doubt
        if len(blocks) > 1 or end >= len(lines):
            behind = blocks[1] - 1 if len(blocks) > 1 else len(found) - 1
            until = first + (found[0].map or [0, 0])[1]
        else:
            items = (at for at in reversed(range(len(found))) if _is_item(found[at]))
            behind, until = next(items), end
            if (found[behind].map or [0])[0] != end - first:
                return None
        self._define(defined, first, until)
        return list(_tokens(found[1:behind], first)), until

    def pieces(self, content: str) -> list[Piece]:
        """The pieces of the words of a block."""
        found: list[Found] = []
        # without a link to be found, each bracket would be tried in vain, up to the end
        linking = bool(self.env.get("references")) or LINK in content
        parser = _parser(linking=linking)
        parser.inline.parse(content, parser, self.env, found)
        return list(map(_piece, found))

    def _define(self, defined: dict[str, dict[str, object]], first: int, behind: int) -> None:
        """Note references that are defined between the lines; the first of a name counts."""
        for label, reference in defined.items():
            lines = reference["map"]
            assert isinstance(lines, list)
            known = self.env.setdefault("references", {})
            if label in known or first + lines[0] >= behind:
                continue
            known[label] = reference
            begun, end = first + lines[0], min(first + lines[1], self.source.line_count)
            span = self.source.lines_span(begun + 1, end)
            text = self.source[span]
            colon = text.find("]:")
            if colon >= 0:
                read = str(reference["href"])
                place, written = _destination(text, colon + 2, len(text), read)
                self.references[label] = (
                    Span(span.start + place[0], span.start + place[1]),
                    written,
                )


def _parsed(
    lines: Sequence[str], first: int, end: int
) -> tuple[list[Found], dict[str, dict[str, object]]]:
    """The blocks on the lines from `first` to `end`, that one included; and the references."""
    parser, env = _parser(), dict[str, dict[str, dict[str, object]]]()
    found: list[Found] = []
    text = "\n".join(lines[first : end + 1])
    # without it markdown-it looks for characters behind the last one, and fails on some HTML
    text += "\n" * (not text.endswith("\n"))
    parser.block.parse(text, parser, env, found)
    return found, env.get("references", {})


def _is_item(token: Found) -> bool:
    """Whether an item of the outermost list begins with the token."""
    return token.type == "list_item_open" and token.level == 1


def _begins(token: Found) -> bool:
    """Whether a block begins with the token that stands in no other."""
    return not token.level and token.nesting >= 0 and token.type != "inline"


def _tokens(found: Sequence[Found], first: int) -> Iterator[Token]:
    for index, token in enumerate(found):
        begun, end = token.map or (0, 0)
        lines = (first + begun, first + end)
        if kind := WORDED.get(token.type):
            inline = found[index + 1]
            yield Token(
                kind,
                lines,
                token.level,
                inline.content,
                token.markup,
                level=int(token.tag[1:]) if kind == "heading" else 0,
                begun=first + (inline.map or [0])[0],
            )
        elif kind := PLAIN.get(token.type):
            content = token.content if kind == "code" else ""
            yield Token(kind, lines, token.level, content, token.markup, token.info)


def _piece(token: Found) -> Piece:
    image = token.type == "image"
    noted = token.meta
    return Piece(
        token.type,
        token.content,
        noted.get("span"),
        noted.get("label", (0, 0)),
        noted.get("href"),
        noted.get("written", str(token.attrs.get("src" if image else "href", ""))),
        noted.get("reference", ""),
        "".join("\n" if child.type in BREAKS else child.content for child in token.children or ()),
        token.info == "auto",
    )


class _Parser(MarkdownIt):
    """Leaves addresses as they are written: to encode them takes as long as to find them."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url


@cache
def _parser(*, linking: bool = True) -> MarkdownIt:
    parser = _Parser("commonmark", {"maxNesting": DEEPEST_NESTING})
    parser.enable(["table", "strikethrough"])
    if not linking:
        parser.disable(["link", "image"])
    for name, note in (
        ("link", _note_link),
        ("image", _note_link),
        ("autolink", _note_span),
        ("html_inline", _note_span),
        ("backticks", _note_span),
    ):
        rules = parser.inline.ruler
        index = rules.__find__(name)
        rules.at(name, _noting(rules.__rules__[index].fn, note))
    return parser


def _noting(rule: InlineRule, note: Callable[[StateInline, int, Found], None]) -> InlineRule:
    """The rule, which also notes where the first token that it makes is written."""

    def noting(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        for token in state.tokens[count : count + 2]:
            if token.type != "text":
                note(state, start, token)
                break
        return True

    return noting


def _note_span(state: StateInline, start: int, token: Found) -> None:
    token.meta["span"] = (start, state.pos)


def _note_link(state: StateInline, start: int, token: Found) -> None:
    """Note the span, the label's span, and the written href of an inline link or image."""
    image = token.type == "image"
    label_start = start + 2 if image else start + 1
    label_end = state.md.helpers.parseLinkLabel(state, label_start - 1, not image)
    token.meta["span"] = (start, state.pos)
    token.meta["label"] = (label_start, label_end)
    if state.src[state.pos - 1] == ")" and state.src.startswith("(", label_end + 1):
        read = str(token.attrs["src" if image else "href"])
        token.meta["href"], token.meta["written"] = _destination(
            state.src, label_end + 2, state.pos, read
        )
    else:
        written = state.src[label_end + 2 : state.pos - 1]
        label = written or state.src[label_start:label_end]
        token.meta["reference"] = normalizeReference(label)


def _destination(text: str, start: int, end: int, read: str) -> tuple[tuple[int, int], str]:
    """The span of a link destination that begins at or after `start`, and what it says.

    `read` is what it says without its escapes, of which most have none.
    """
    while start < end and text[start] in BLANKS:
        start += 1
    stop = start + len(read)
    if text.startswith(read, start) and text[stop : stop + 1] in BEHIND_DESTINATION:
        return (start, stop), read
    result = parseLinkDestination(text, start, end)
    if not result.ok:
        return (start, start), ""
    if text[start] == "<":
        return (start + 1, result.pos - 1), result.str
    return (start, result.pos), result.str
