"""The words of a block that are plain: text, code, emphasis, links, images, single tags of HTML.

One pass from left to right. What needs a second look raises Doubt, and so does whatever could take
one: emphasis that crosses other emphasis, links in brackets, addresses with escapes. Positions are
those in the words.
"""

from __future__ import annotations

import re
import unicodedata

from dsqa.markdown.doubt import Doubt
from dsqa.markdown.tokens import BREAKS, HARD_BREAK, LINK, SOFT_BREAK, Piece

MARK = re.compile(r"[\n&*<\[\\_`~]")
"""Where text may end."""
IN_LABEL = re.compile(r"[<\[\\\]`]")
RUN = re.compile(r"`+")
ENTITY = re.compile(r"&(?:(?P<name>[A-Za-z0-9]+)|\#(?P<code>[A-Za-z0-9]+));")
ENTITIES = {"amp": "&", "gt": ">", "lt": "<", "nbsp": "\xa0", "quot": '"'}
FEW = 4
"""So many digits make a character that is known, if it can be printed."""
ADDRESS = re.compile(r"[^\0-\x20\x7f()\\]*")
ANGLED = re.compile(r"<[^<>\\\n]*>")
TITLE = re.compile(r'"[^"\\]*"|\'[^\'\\]*\'')
TAG = re.compile(
    r"""
    < (?:
        / [A-Za-z][A-Za-z0-9-]*+ [ \t\n]*+
    |
        [A-Za-z][A-Za-z0-9-]*+
        (?:
            [ \t\n]++ [A-Za-z_:][A-Za-z0-9_.:-]*+
            (?:
                [ \t\n]*+ = [ \t\n]*+
                (?: "[^"<>\n]*+" | '[^'<>\n]*+' | [^"'=<>`\0-\x20]++ )
            )?
        )*+
        [ \t\n]*+ /?
    ) >
    """,
    re.VERBOSE,
)
"""A tag; markdown-it knows some more of them, but none of these as less."""
NO_TAG = re.compile(
    r"""
    </?+[A-Za-z][A-Za-z0-9.-]*+[^\s<>/:+A-Za-z0-9.-]
    | <[A-Za-z][A-Za-z0-9]*+\.[A-Za-z0-9.]*+>
    | </[^A-Za-z]
    """,
    re.VERBOSE,
)
"""What begins like a tag, but can be neither that nor an address."""
COMMENT = re.compile(r"<!-- (?: [^<>-]++ | -(?![->]) )*+ -->".replace(" ", ""))
AUTOMATIC = re.compile(r"<(?P<address>https?://[a-z0-9.-]+(?:/[A-Za-z0-9._/-]*)?)>")
SAFE = ("#", "http://", "https://", "mailto:")
"""How an address begins that holds a colon and certainly is one; `javascript:` is none."""
PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
WHITE = frozenset("\t\n\v\f\r \xa0\u1680\u202f\u205f\u3000").union(map(chr, range(0x2000, 0x200B)))
BLANKS = " \t\n"
LONGEST = 3
"""Emphasis that is bold, too; more marks have a meaning, but not for people."""
MANY = 16
"""So many tries, and it is in doubt: nobody writes that, and it must not take long."""


def pieces(content: str, *, references: bool) -> list[Piece]:
    """The pieces of the words; `references` says that brackets alone may be a link."""
    if not MARK.search(content):
        return [Piece("text", content)]
    words = _Words(content, references)
    words.read(0, len(content))
    return words.pieces


class _Words:
    """The words, and the pieces of them that have been read. Thrown away with the last one."""

    def __init__(self, content: str, references: bool) -> None:
        self.content = content
        self.references = references
        self.pieces: list[Piece] = []
        self.texts: list[str] = []
        """Pieces of text that go on behind the last piece, which are one when something follows."""
        self.linking = references or LINK in content
        self.last_angle = content.rfind(">")
        self.mail = "@" in content

    def read(self, start: int, stop: int) -> None:
        """Read what stands from `start` to `stop`, the whole or the label of a link."""
        content = self.content
        runs: list[tuple[str, int]] = []
        while found := MARK.search(content, start, stop):
            at, mark = found.start(), found[0]
            if mark == "\n":
                start = self._break(start, at, stop)
                continue
            image = mark == "[" and at > start and content[at - 1] == "!"
            if at - image > start:
                self._text(content[start : at - image])
            match mark:
                case "[":
                    start = self._bracket(at - image, at + 1, stop)
                case "*" | "_":
                    start = self._run(at, stop, runs)
                case "`":
                    start = self._code(at, stop)
                case "&":
                    start = self._entity(at, stop)
                case "<":
                    start = self._angle(at, stop)
                case "\\":
                    start = self._escape(at, stop)
                case _:
                    start = self._tilde(at, stop)
        if start < stop:
            self._text(content[start:stop])
        self._end_text()
        for run, place in runs:
            self.pieces[place] = Piece("text", run)

    def _text(self, text: str) -> None:
        self.texts.append(text)

    def _end_text(self) -> None:
        if self.texts:
            text = self.texts[0] if len(self.texts) == 1 else "".join(self.texts)
            self.pieces.append(Piece("text", text))
            self.texts.clear()

    def _add(self, piece: Piece) -> None:
        self._end_text()
        self.pieces.append(piece)

    def _tilde(self, at: int, stop: int) -> int:
        if self.content.startswith("~~", at, stop):
            raise Doubt
        self._text("~")
        return at + 1

    def _break(self, start: int, at: int, stop: int) -> int:
        """End a line; two blanks before its end make the break a hard one."""
        line = self.content[start:at]
        text = line.rstrip(" ")
        if text:
            self._text(text)
        self._add(HARD_BREAK if len(line) - len(text) > 1 else SOFT_BREAK)
        return self._behind_blanks(at + 1, stop, " \t")

    def _behind_blanks(self, at: int, stop: int, blanks: str) -> int:
        while at < stop and self.content[at] in blanks:
            at += 1
        return at

    def _escape(self, at: int, stop: int) -> int:
        escaped = self.content[at + 1 : min(at + 2, stop)]
        if escaped == "\n":
            self._add(HARD_BREAK)
            return self._behind_blanks(at + 2, stop, " \t")
        self._text(escaped if escaped in PUNCTUATION else "\\" + escaped)
        return at + 1 + len(escaped)

    def _entity(self, at: int, stop: int) -> int:
        found = ENTITY.match(self.content, at, stop)
        if not found:
            self._text("&")
            return at + 1
        name, code = found["name"], found["code"] or ""
        if name in ENTITIES:
            self._text(ENTITIES[name])
        elif code.isdecimal() and len(code) <= FEW and chr(int(code)).isprintable():
            self._text(chr(int(code)))
        else:
            raise Doubt
        return found.end()

    def _code(self, at: int, stop: int) -> int:
        opened, closed = self._code_span(at, stop)
        if closed < 0:
            self._text(self.content[at:opened])
            return opened
        end = closed + opened - at
        code = self.content[opened:closed].replace("\n", " ")
        if code[0] == code[-1] == " " and code.strip(" "):
            code = code[1:-1]
        self._add(Piece("code_inline", code, (at, end)))
        return end

    def _code_span(self, at: int, stop: int) -> tuple[int, int]:
        """Where code begins behind the marks at a place, and where it ends; -1 if it does not."""
        opening = RUN.match(self.content, at, stop)
        assert opening
        for tried, closing in enumerate(RUN.finditer(self.content, opening.end(), stop)):
            if len(closing[0]) == len(opening[0]):
                return opening.end(), closing.start()
            if tried > MANY:
                raise Doubt
        return opening.end(), -1

    def _run(self, at: int, stop: int, runs: list[tuple[str, int]]) -> int:
        """Open or close emphasis, if one can tell at once which of them."""
        mark = self.content[at]
        end = at + 1
        while end < stop and self.content[end] == mark:
            end += 1
        run = self.content[at:end]
        before = _kind(self.content[at - 1] if at else " ")
        behind = _kind(self.content[end] if end < stop else " ")
        opens = behind == "word" or (behind == "mark" and before != "word")
        closes = before == "word" or (before == "mark" and behind != "word")
        if mark == "_":
            opens, closes = (
                opens and (not closes or before == "mark"),
                closes and (not opens or behind == "mark"),
            )
        strong = len(run) > 1
        before_it = [opened for opened, _ in runs if opened[0] == mark]
        if (opens or closes) and (len(run) > LONGEST or len(runs) > MANY):
            raise Doubt
        if closes and before_it:
            if runs[-1][0] != run:
                raise Doubt
            runs.pop()
            if strong:
                self._add(Piece("strong_close"))
        elif opens:
            self._end_text()
            runs.append((run, len(self.pieces)))
            self.pieces.append(Piece("strong_open" if strong else "em_open"))
        else:
            self._text(run)
        return end

    def _angle(self, at: int, stop: int) -> int:
        """Read a tag, a comment or an address in angle brackets; or what is none of them."""
        content = self.content
        if found := TAG.match(content, at, stop) or COMMENT.match(content, at, stop):
            self._add(Piece("html_inline", found[0], found.span()))
            return found.end()
        if found := AUTOMATIC.match(content, at, stop):
            address = found["address"]
            self._end_text()
            self.pieces += (
                Piece("link_open", "", found.span(), written=address, automatic=True),
                Piece("text", address),
                Piece("link_close"),
            )
            return found.end()
        self._sure_less_than(at, stop)
        self._text("<")
        return at + 1

    def _sure_less_than(self, at: int, stop: int) -> None:
        """Doubt unless it is certain that no tag and no address begins here."""
        behind = self.content[at + 1 : min(at + 2, stop)]
        if self.last_angle < at or not behind.strip():
            return
        if behind in "!?" or self.mail:
            raise Doubt
        if not behind.isascii() or not (behind.isalpha() or behind == "/"):
            return
        if not NO_TAG.match(self.content, at, stop):
            raise Doubt

    def _bracket(self, at: int, start: int, stop: int) -> int:
        """Read a link or an image whose label begins at `start`, or a bracket that begins none."""
        end = self._label_end(start, stop) if self.linking else -1
        if end < 0 or not self.content.startswith("(", end + 1, stop):
            if end >= 0 and self.references:
                raise Doubt
            self._text(self.content[at:start])
            return start
        href, behind = self._address(end + 2, stop)
        written = self.content[slice(*href)]
        if start - at == len("!["):
            label = self.content[start:end]
            inner = pieces(label, references=self.references)
            alt = "".join("\n" if one.kind in BREAKS else one.content for one in inner)
            found = Piece("image", label, (at, behind), (start, end), href, written, alt=alt)
            self._add(found)
        else:
            self._add(Piece("link_open", "", (at, behind), (start, end), href, written))
            self.read(start, end)
            self._add(Piece("link_close"))
        return behind

    def _label_end(self, at: int, stop: int) -> int:
        """Where the label that begins at a place ends; -1 if it does not."""
        content, level = self.content, 0
        start = at
        while found := IN_LABEL.search(content, at, stop):
            at = found.start()
            match found[0]:
                case "]" if not level:
                    return at
                case "]":
                    level -= 1
                    at += 1
                    if self.references or content.startswith("(", at, stop):
                        raise Doubt
                case "\\":
                    at += 2
                case "`":
                    opened, closed = self._code_span(at, stop)
                    at = opened if closed < 0 else closed + opened - at
                case "<":
                    tag = TAG.match(content, at, stop) or COMMENT.match(content, at, stop)
                    tag = tag or AUTOMATIC.match(content, at, stop)
                    if not tag:
                        self._sure_less_than(at, stop)
                    at = tag.end() if tag else at + 1
                case _ if at == start + 1 and content[start] == "!":
                    # a badge: an image as the label of a link
                    end = content.find("]", at, stop)
                    if end < 0 or IN_LABEL.search(content, at + 1, end):
                        raise Doubt
                    if not content.startswith("(", end + 1, stop):
                        raise Doubt
                    _, at = self._address(end + 2, stop)
                case _:
                    level += 1
                    if level > MANY or content[at - 1] == "!":
                        raise Doubt
                    at += 1
        return -1

    def _address(self, at: int, stop: int) -> tuple[tuple[int, int], int]:
        """Where an address is written that begins at a place, and where its link ends."""
        content = self.content
        angled = ANGLED.match(content, at, stop)
        start = at + 1 if angled else at
        end = angled.end() - 1 if angled else self._address_end(at, stop)
        address = content[start:end]
        if ("&" in address and ";" in address) or address.startswith("<"):
            raise Doubt
        if ":" in address and not address.startswith(SAFE):
            raise Doubt
        at = angled.end() if angled else end
        behind = self._behind_blanks(at, stop, BLANKS)
        if behind > at and (title := TITLE.match(content, behind, stop)):
            behind = self._behind_blanks(title.end(), stop, BLANKS)
        if not content.startswith(")", behind, stop) or not (address or behind == at):
            raise Doubt
        return (start, end), behind + 1

    def _address_end(self, at: int, stop: int) -> int:
        """Where an address ends that is written as it is; brackets in it belong together."""
        depth = 0
        while True:
            found = ADDRESS.match(self.content, at, stop)
            assert found
            at = found.end()
            bracket = self.content[at : min(at + 1, stop)]
            if bracket == "(" and depth < MANY:
                depth += 1
            elif bracket == ")" and depth:
                depth -= 1
            elif depth:
                raise Doubt
            else:
                return at
            at += 1


def _kind(character: str) -> str:
    """What emphasis sees in a character: white, a mark, or part of a word."""
    if character in WHITE:
        return "white"
    if character in PUNCTUATION:
        return "mark"
    if character.isascii() or unicodedata.category(character)[0] not in "PS":
        return "word"
    return "mark"
