"""Links to words of a page: text directives, the `#:~:text=…` of an address.

What is valid and what matches follows https://wicg.github.io/scroll-to-text-fragment/. Where
browsers differ, it follows Chromium, in which most of these links are made and followed; its
treatment of dashes inside words is also that of the specification.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property, lru_cache
from itertools import islice

DELIMITER = ":~:"
KEY = "text="

LONGEST = 4_000
"""How many characters of a directive are looked at. A longer one is reported, never searched:
comparing it with a hostile page would cost the product of their lengths."""

ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
ALMOST_DELIMITED = re.compile(
    r"(?:^|[:~#])(?:%3A)?(?P<directive>text=.*)", re.IGNORECASE | re.DOTALL
)
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~")
"""What needs no escape in a term: the unreserved characters of an address except `-`."""


@dataclass(frozen=True, slots=True)
class TextDirective:
    """The words that a link points at: `prefix-,start,end,-suffix`, decoded.

    `raw` is what is written after `text=`.
    """

    start: str
    end: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A part of a fragment that browsers do not take as it is meant.

    `reason` says why; `instead` is what could be written, or nothing if only the author can know.
    """

    raw: str
    reason: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """What stands behind the `#` of an address."""

    element_id: str
    directives: tuple[TextDirective, ...] = ()
    malformed: tuple[Malformed, ...] = ()


def split_fragment(fragment: str) -> Fragment:
    """The element and the words that a fragment names; a leading `#` does not matter.

    `malformed` tells of every directive that browsers drop. It also tells of one that they keep
    but can never match, and of what looks like a directive but is none.
    """
    element_id, delimiter, rest = fragment.removeprefix("#").partition(DELIMITER)
    if not delimiter:
        return Fragment(element_id, (), tuple(_not_delimited(element_id)))
    directives: list[TextDirective] = []
    malformed: list[Malformed] = []
    if "#" in element_id:
        malformed.append(Malformed(element_id, "an address has only one `#`"))
    if "#" + DELIMITER in rest or DELIMITER + KEY in rest:
        malformed.append(
            Malformed(rest, f"only the first `{DELIMITER}` counts; directives are joined by `&`")
        )
    meant = False
    for piece in rest.split("&"):
        if piece.startswith(KEY):
            directive = parse_directive(piece.removeprefix(KEY))
            meant = True
            if isinstance(directive, TextDirective):
                directives.append(directive)
                malformed += _never_matching(directive)
            else:
                malformed.append(directive)
        elif piece.strip().casefold().startswith(KEY):
            meant = True
            instead = KEY + piece.strip()[len(KEY) :]
            malformed.append(Malformed(piece, f"a directive begins with exactly `{KEY}`", instead))
        elif meant and piece and "=" not in piece:
            reason = (
                f"`&` ends the words, so {_quoted(piece)} is ignored; an `&` of the text is `%26`"
            )
            malformed.append(Malformed(piece, reason))
    if not meant:
        malformed.append(Malformed(rest, f"no `{KEY}` after `{DELIMITER}`"))
    return Fragment(element_id, tuple(directives), tuple(malformed))


def _not_delimited(element_id: str) -> Iterator[Malformed]:
    if almost := ALMOST_DELIMITED.search(element_id):
        instead = DELIMITER + KEY + almost["directive"][len(KEY) :]
        yield Malformed(element_id, f"no `{DELIMITER}` before `{KEY}`", instead)
    elif "#" in element_id:
        yield Malformed(element_id, "an address has only one `#`")


def _never_matching(directive: TextDirective) -> Iterator[Malformed]:
    if bad := BAD_ESCAPE.search(directive.raw):
        escape = directive.raw[bad.start() : bad.start() + 3]
        reason = f"`{escape}` is no escape, and Chrome and Edge never match it; a `%` is `%25`"
        yield Malformed(directive.raw, reason, BAD_ESCAPE.sub("%25", directive.raw))


def parse_directive(raw: str) -> TextDirective | Malformed:
    """The directive written after `text=`, or why browsers drop it."""
    if len(raw) > LONGEST:
        return Malformed(raw[:80] + "…", f"longer than {LONGEST} characters, so it was not judged")
    terms = raw.split(",")
    prefix = suffix = None
    if terms[0].endswith("-"):
        prefix = terms.pop(0)[:-1]
    if terms and terms[-1].startswith("-"):
        suffix = terms.pop()[1:]
    if not terms:
        return Malformed(raw, "it has a prefix or a suffix, but no words between them")
    if len(terms) > 2:
        return Malformed(raw, f"{len(terms)} terms where at most two can be; a comma is `%2C`")
    all_terms = [term for term in (prefix, *terms, suffix) if term is not None]
    if not all(all_terms):
        return Malformed(raw, "one of its terms is empty")
    if dashed := [term for term in all_terms if "-" in term]:
        instead = ",".join(
            (
                *([] if prefix is None else [prefix.replace("-", "%2D") + "-"]),
                *(term.replace("-", "%2D") for term in terms),
                *([] if suffix is None else ["-" + suffix.replace("-", "%2D")]),
            )
        )
        reason = (
            f"the `-` in {_quoted(dashed[0])} must be `%2D`: Chrome and Edge drop the directive"
        )
        return Malformed(raw, reason, instead)
    return TextDirective(
        start=decoded(terms[0]),
        end=decoded(terms[1]) if len(terms) == 2 else None,
        prefix=None if prefix is None else decoded(prefix),
        suffix=None if suffix is None else decoded(suffix),
        raw=raw,
    )


def decoded(term: str) -> str:
    """The term without percent escapes; bytes that are no UTF-8 become U+FFFD, `+` stays."""
    octets = ESCAPE.sub(lambda escape: bytes((int(escape[1], 16),)), term.encode(errors="replace"))
    return octets.decode(errors="replace")


def encoded(term: str) -> str:
    """The term as it can stand in a directive."""
    octets = term.encode(errors="replace")
    return "".join(chr(octet) if octet in UNRESERVED else f"%{octet:02X}" for octet in octets)


# How browsers compare words

SPACES = " \t\n\f\r"
BLOCK_END = "\0"
UNSEEN = SPACES + BLOCK_END + "\u00a0"
QUOTES = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u05f3", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u05f4", '"'),
}
LETTERS = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
"""Letters that collate as others although they do not decompose into them."""

VOWEL_CLASSES = frozenset({9, 84, 91, 103, 118, 129, 130, 132})
"""The combining classes of marks that are letters of their own: viramas and vowels of Indic, Thai,
Lao and Tibetan."""

INVISIBLE_MARKS = re.compile(r"[\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
COMPOSED = (
    r"[Ии]\u0306|[\u3041-\u30ff][\u3099\u309a]"
    r"|[\u1100-\u1112][\u1161-\u1175](?:[\u11a8-\u11c2])?"
)
"""A letter and marks that make another letter: short i, voiced kana, Hangul."""


def _dropped(mark: str) -> bool:
    """Whether comparison ignores the mark: an accent, an enclosure or a variation selector."""
    category = unicodedata.category(mark)
    if category == "Mn":
        combining = unicodedata.combining(mark)
        if not combining:
            return INVISIBLE_MARKS.match(mark) is not None
        return combining not in VOWEL_CLASSES
    return category == "Me"


def _fold(character: str) -> str:
    """The character as browsers compare it: without case, accents and typographic form."""
    if character in SPACES:
        return " "
    if character == BLOCK_END:
        return BLOCK_END
    if character in QUOTES:
        return QUOTES[character]
    if character in "йЙ":
        return "й"
    if "\u30a1" <= character <= "\u30f6":
        return chr(ord(character) - 0x60)
    if "\u3041" <= character <= "\u30ff" or "\uff61" <= character <= "\uff9f":
        return character
    if "\uac00" <= character <= "\ud7a3":
        return character
    if unicodedata.category(character) in {"Cc", "Cf"} or _dropped(character):
        return ""
    plain = unicodedata.normalize("NFKD", character)
    if len(plain) > 1 and plain[0] == " ":
        return character
    letters = "".join(part for part in plain if not _dropped(part)).casefold()
    return "".join(LETTERS.get(letter, letter) for letter in letters)


class Table(dict[int, str]):
    """A translation that is found out once for each character."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        super().__init__()
        self.translate = translate

    def __missing__(self, code: int) -> str:
        self[code] = translated = self.translate(chr(code))
        return translated


FOLDS = Table(_fold)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as browsers compare it, and where its characters come from.

    From `cuts[i]` to `cuts[i + 1]` the characters come one by one from `origins[i]` on; an origin
    of -1 says that these are the inside of one character, where nothing can begin or end.
    """

    text: str
    cuts: array[int]
    origins: array[int]

    def origin(self, position: int) -> int:
        """Where the character at the position comes from, or -1."""
        if len(self.cuts) == 1:
            return position
        part = bisect_right(self.cuts, position) - 1
        origin = self.origins[part]
        return origin if origin < 0 else origin + position - self.cuts[part]


def fold(raw: str, *, spaces: bool) -> Folded:
    """The text as browsers compare it; `spaces` says whether runs of white space are collapsed.

    Each character is folded by itself, each only once: the time is linear in the length. Nothing
    is normalised as a whole, which takes half a minute for a long run of combining marks.
    """
    cuts, origins = array("q", [0]), array("q", [0])
    pieces: list[str] = []
    length = last = 0

    def cut(origin: int) -> None:
        cuts.append(length)
        origins.append(origin)

    for irregular in _irregular(set(raw), spaces=spaces).finditer(raw):
        plain = raw[last : irregular.start()].translate(FOLDS)
        found, last = irregular[0], irregular.end()
        if irregular.lastgroup == "space":
            new = BLOCK_END if BLOCK_END in found else " "
        elif irregular.lastgroup == "composed":
            new = unicodedata.normalize("NFC", found).translate(FOLDS)
        else:
            new = found.translate(FOLDS)
        pieces += plain, new
        length += len(plain)
        if len(new) > 1:
            cut(irregular.start())
            length += 1
            cut(-1)
            length -= 1
        length += len(new)
        cut(last)
    pieces.append(raw[last:].translate(FOLDS))
    return Folded("".join(pieces), cuts, origins)


def _irregular(characters: set[str], *, spaces: bool) -> re.Pattern[str]:
    """Finds what is not folded character by character: runs of spaces, what grows or goes."""
    sizes = {character: len(FOLDS[ord(character)]) for character in characters}
    dropped = "".join(re.escape(one) for one in sorted(sizes) if sizes[one] == 0)
    grown = "".join(re.escape(one) for one in sorted(sizes) if sizes[one] > 1)
    kinds = [
        rf"(?P<space>[{SPACES}{BLOCK_END}]{{2,}})" if spaces else "",
        f"(?P<composed>{COMPOSED})",
        f"[{dropped}]+" if dropped else "",
        f"[{grown}]" if grown else "",
    ]
    return re.compile("|".join(kind for kind in kinds if kind))


# Where words begin and end

REACH = 32
"""How many marks in a row are looked across to find the letter that they belong to."""

WORD_PARTS = {
    **dict.fromkeys("\0\n\r\v\f\x85\u2028\u2029", "n"),
    **dict.fromkeys("\u00b7\u0387\u055f\u2027\ufe13", "m"),
    **dict.fromkeys(
        ",;\u037e\u0589\u060c\u060d\u066c\u07f8\u2044\ufe10\ufe14\ufe50\ufe54\uff0c\uff1b", "d"
    ),
    **dict.fromkeys("'.\u2018\u2019\u2024\ufe52\uff07\uff0e", "b"),
    "\u05f4": "m",
    '"': "q",
    "\u200b": "o",
    "\u200d": "z",
    "\u202f": "_",
}
SCRIPTS = (
    (0x0E00, 0x0EFF, "t"),
    (0x1000, 0x109F, "t"),
    (0x1780, 0x17FF, "t"),
    (0x3005, 0x3007, "j"),
    (0x3021, 0x3029, "j"),
    (0x3031, 0x3035, "k"),
    (0x3041, 0x309F, "j"),
    (0x30A0, 0x30FF, "k"),
    (0x31F0, 0x31FF, "k"),
    (0x3400, 0x9FFF, "j"),
    (0xF900, 0xFAFF, "j"),
    (0xFF66, 0xFF9F, "k"),
    (0x1AFF0, 0x1B16F, "k"),
    (0x1F1E6, 0x1F1FF, "r"),
    (0x1F3FB, 0x1F3FF, "x"),
    (0x20000, 0x3FFFF, "j"),
)


def _word_part(character: str) -> str:
    """What the character is for the bounds of words, in one letter.

    a letter, h Hebrew letter, 0 digit, _ connector, b d m q what may stand inside words or
    numbers, j ideograph or hiragana, k katakana, t letter of a script without spaces, r half a
    flag, x mark, z joiner, p pictograph, s space, n end of a line or block, o anything else.
    https://www.unicode.org/reports/tr29/#Word_Boundaries; the colon is no part of words, as in
    the data of ICU.
    """
    if character in WORD_PARTS:
        return WORD_PARTS[character]
    category = unicodedata.category(character)
    if category in {"Mn", "Mc", "Me", "Cf"}:
        return "x"
    if category == "Nd":
        return "0"
    code = ord(character)
    for first, last, part in SCRIPTS:
        if first <= code <= last:
            return part if category[0] in "LNS" else "o"
    if category[0] == "L" or category == "Nl":
        return "h" if 0x0590 <= code <= 0x05FF or 0xFB1D <= code <= 0xFB4F else "a"
    if category == "So":
        return "a" if character.lower() != character.upper() else "p"
    return {"Pc": "_", "Zs": "o" if character == "\u00a0" else "s"}.get(category, "o")


PARTS = Table(_word_part)


class Bound(Enum):
    """Whether a word may begin or end at a place."""

    NO = 0
    GUESSED = 1
    """Between letters of a script without spaces: browsers look the words up in a dictionary."""

    YES = 2


def bound(parts: str, place: int) -> Bound:
    """Whether a word may begin or end before the part at the place, which is not the first."""
    left, right = parts[place - 1], parts[place]
    if left == "a" == right:
        return Bound.NO
    if left == "n" or right == "n":
        return Bound.YES
    if right in "xz" or (left == "s" == right) or (left == "z" and right == "p"):
        return Bound.NO
    before = parts[max(0, place - REACH) : place].rstrip("xz")
    left = before[-1:] or "o"
    if left in "ah0k_" and right in "ah0k_":
        return Bound.NO if _joined(left, right) else Bound.YES
    if right in "bdmq":
        after = parts[place + 1 : place + REACH].lstrip("xz")[:1]
        return Bound.NO if _inside(left, right, after or "o") else Bound.YES
    if left in "bdmq":
        earlier = before[:-1].rstrip("xz")[-1:]
        return Bound.NO if _inside(earlier or "o", left, right) else Bound.YES
    if left == "r" == right:
        flags = len(before) - len(before.rstrip("r"))
        return Bound.NO if flags % 2 else Bound.YES
    if (left in "jk" and right in "jk") or (left == "t" == right):
        return Bound.GUESSED
    return Bound.YES


def _joined(left: str, right: str) -> bool:
    """Whether two parts that words are made of belong to one word."""
    if "k" in (left, right):
        return left == right or "_" in (left, right)
    return True


def _inside(left: str, middle: str, right: str) -> bool:
    """Whether the punctuation stands inside a word or a number, as in `it's` and `0.9`."""
    if left in "ah" and right in "ah":
        return middle in "bm" or (middle == "q" and left == "h" == right)
    return left == "0" == right and middle in "bd"


# Searching


@dataclass(frozen=True)
class Text:
    """The visible text of a page: its blocks in order, prepared so that many links can be judged.

    A block is what an element with block, list-item or table-cell display holds; it also ends at
    a line break `<br>`. It holds what a reader sees: no comments, no image descriptions, no list
    markers.
    """

    blocks: tuple[str, ...]

    @cached_property
    def raw(self) -> str:
        blocks = (block.replace(BLOCK_END, "\ufffd") for block in self.blocks)
        return BLOCK_END + "".join(block + BLOCK_END for block in blocks)

    @cached_property
    def block_starts(self) -> tuple[int, ...]:
        """The offset in `raw` of each block's first character."""
        starts, offset = [], 1
        for block in self.blocks:
            starts.append(offset)
            offset += len(block) + 1
        return tuple(starts)

    @cached_property
    def visible(self) -> tuple[int, int]:
        """The range of `raw` from the first to the last visible character."""
        end = len(self.raw.rstrip(UNSEEN))
        return len(self.raw) - len(self.raw.lstrip(UNSEEN)), end

    @cached_property
    def folded(self) -> Folded:
        return fold(self.raw, spaces=True)

    @cached_property
    def parts(self) -> str:
        """What each character of `raw` is for the bounds of words."""
        return self.raw.translate(PARTS)


@dataclass(frozen=True, slots=True)
class Match:
    """A place that fits a directive: from `start` in a block to `end` in the same or a later one.

    `guessed` says that a bound lies between letters of a script without spaces, where browsers
    look into a dictionary and may see none.
    """

    first_block: int
    start: int
    last_block: int
    end: int
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """A directive as it is searched: folded, and with what must be whole words.

    `opens` says that the start begins a word: where a prefix was given, it need not. `closes`
    says that what is before the suffix ends a word.
    """

    prefix: str
    start: str
    end: str
    suffix: str
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Where one term stands, as a range of the folded text."""

    start: int
    end: int
    guessed: bool


GAP = re.compile(rf"[ {BLOCK_END}]*")
"""What may lie between context and match: white space and the ends of blocks."""


def terms_of(directive: TextDirective) -> Terms | None:
    """The terms to search, or none if no browser can find them anywhere."""
    written = directive.prefix, directive.start, directive.end, directive.suffix
    folded = [folded_term(term) for term in written if term is not None]
    if BAD_ESCAPE.search(directive.raw) or not all(folded):
        return None
    prefix, start, end, suffix = ("" if term is None else folded_term(term) for term in written)
    return Terms(prefix, start, end, suffix, opens=not prefix, closes=not suffix)


def folded_term(term: str) -> str:
    """The term as it is compared; nothing if it is blank or holds what no text on a page has."""
    if any(space in term for space in SPACES[1:]) or len(term) > LONGEST:
        return ""
    folded = fold(term.replace(BLOCK_END, ""), spaces=False).text
    return folded if folded.strip() else ""


PATIENCE = 50_000
"""How many places that fit a term are looked at before a search is given up.

A question-and-answer file of a megabyte needs some hundreds. What needs more was made to keep us
busy: half a million links to as many equal words would take days.
"""


class GivenUp(Exception):
    """The text repeats the words of a directive too often to look at all places."""


def matches(directive: TextDirective, text: Text) -> Iterator[Match]:
    """The places that fit the directive, in order; browsers go to the first, and only there.

    The later ones, which do not overlap it or each other, are where they would go without it.
    After PATIENCE places, matching or not, there are no more.
    """
    terms = terms_of(directive)
    with suppress(GivenUp):
        yield from () if terms is None else _matches(terms, text)


def _matches(terms: Terms, text: Text) -> Iterator[Match]:
    """The search of the specification, going on after each match.

    Every step goes forward in the text: a prefix, start or end is looked for only behind the last
    one. So the time is linear in the length of the text.
    """
    patience = iter(range(PATIENCE))
    closes = bool(terms.end) or terms.closes
    position = floor = 0
    while True:
        if terms.prefix:
            ahead = _next(text, terms.prefix, position, patience, opens=True)
            if ahead is None:
                return
            position = ahead.start + 1
            opening = _touching(text, terms.start, ahead.end, closes=closes)
            if opening is None or opening.start < floor:
                continue
            guessed = ahead.guessed or opening.guessed
        else:
            opening = _next(text, terms.start, position, patience, opens=terms.opens, closes=closes)
            if opening is None:
                return
            position = opening.start + 1
            guessed = opening.guessed
        closing = opening
        if terms.end:
            ending = _ending(terms, text, opening.end, patience)
            if ending is None:
                return
            closing = ending
        elif terms.suffix:
            behind = _touching(text, terms.suffix, opening.end, closes=True)
            if behind is None:
                continue
            guessed = guessed or behind.guessed
        yield _match(text, opening, closing, guessed=guessed or closing.guessed)
        floor = closing.end
        if not terms.prefix:
            position = floor


def _ending(terms: Terms, text: Text, position: int, patience: Iterator[int]) -> Piece | None:
    """The first end term from the position on that the suffix follows, if there is one."""
    while closing := _next(text, terms.end, position, patience, opens=True, closes=terms.closes):
        if not terms.suffix:
            return closing
        if behind := _touching(text, terms.suffix, closing.end, closes=True):
            return replace(closing, guessed=closing.guessed or behind.guessed)
        position = closing.end
    return None


def _next(
    text: Text,
    term: str,
    position: int,
    patience: Iterator[int],
    *,
    opens: bool,
    closes: bool = False,
) -> Piece | None:
    """The first place of the term from the position on with the bounds asked for."""
    find = text.folded.text.find
    for _ in patience:
        found = find(term, position)
        if found < 0:
            return None
        if piece := _piece(text, found, found + len(term), opens=opens, closes=closes):
            return piece
        position = found + 1
    raise GivenUp


def _touching(text: Text, term: str, position: int, *, closes: bool) -> Piece | None:
    """The term right behind the position, in this or a later block."""
    gap = GAP.match(text.folded.text, position)
    start = gap.end() if gap else position
    if not text.folded.text.startswith(term, start):
        return None
    return _piece(text, start, start + len(term), opens=False, closes=closes)


def _piece(text: Text, start: int, end: int, *, opens: bool, closes: bool) -> Piece | None:
    """The range, if it begins and ends between characters and at the bounds asked for."""
    first, last = text.folded.origin(start), text.folded.origin(end)
    if first < 0 or last < 0:
        return None
    opening = bound(text.parts, first) if opens else Bound.YES
    if opening is Bound.NO:
        return None
    closing = bound(text.parts, last) if closes else Bound.YES
    if closing is Bound.NO:
        return None
    return Piece(start, end, Bound.GUESSED in (opening, closing))


def _match(text: Text, opening: Piece, closing: Piece, *, guessed: bool) -> Match:
    start, end = text.folded.origin(opening.start), text.folded.origin(closing.end)
    first = bisect_right(text.block_starts, start) - 1
    last = bisect_right(text.block_starts, end - 1) - 1
    return Match(
        first, start - text.block_starts[first], last, end - text.block_starts[last], guessed
    )


# Judging

YEAR = re.compile(r"\b20\d\d\b")
AFTER_ARTICLE = (
    "Footer",
    "© 2020 GitHub, Inc.",
    "Footer navigation",
    "Terms",
    "Privacy",
    "Security",
    "Status",
    "Community",
    "Docs",
    "Contact",
    "Manage cookies",
    "Do not share my personal information",
    "You can’t perform that action at this time.",
)
FURNITURE = ("Give feedback", "Raw Blame", "Copy raw file", "Download raw file", "Edit this file")
"""What GitHub's page of a file shows or showed around the article, without a known place."""


@dataclass(frozen=True)
class Chrome:
    """The words around the article on the page that shows it.

    `before` and `after` are blocks in order; the last of `before` and the first of `after` touch
    the article. `elsewhere` are more words that are furniture of the page, wherever they stand.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @cached_property
    def head(self) -> Text:
        return Text(self.before)

    @cached_property
    def foot(self) -> Text:
        return Text(self.after)

    @cached_property
    def furniture(self) -> Text:
        """All words that a link can only have from the page and not from the article."""
        return Text((*self.before, *self.after, *self.elsewhere))


NO_CHROME = Chrome()


@lru_cache(maxsize=64)
def github_chrome(owner: str, repository: str, branch: str, path: str) -> Chrome:
    """The words that github.com shows around the article of a file, as far as they are known."""
    *folders, name = path.split("/")
    before = (
        "Skip to content",
        "Navigation Menu",
        "Toggle navigation",
        "Sign in",
        "Sign up",
        owner,
        repository,
        "Public",
        "Notifications",
        "Fork",
        "Star",
        "Code",
        "Issues",
        "Pull requests",
        "Actions",
        "Projects",
        "Security",
        "Insights",
        "Files",
        branch,
        "Breadcrumbs",
        repository,
        *folders,
        name,
        "Latest commit",
        "History",
        "File metadata and controls",
        "Preview",
        "Code",
        "Blame",
        "Raw",
    )
    return Chrome(before, AFTER_ARTICLE, FURNITURE)


class Verdict(Enum):
    """What becomes of a reader who follows the link."""

    MATCHES = "matches"
    """Browsers go to the intended block. Later matches do no harm today; they are counted."""

    AMBIGUOUS = "ambiguous"
    """Several places match and nothing says which is meant; browsers go to the first."""

    WRONG_PLACE = "wrong place"
    """Browsers go to another block than the intended one."""

    CANNOT_MATCH = "cannot match"
    """Browsers find nothing, whatever the page around the article says."""

    DEPENDS_ON_PAGE = "depends on page"
    """Only the page around the article could decide it, and that may change any day."""

    UNDECIDED = "undecided"
    """The text repeats the words so often that the search was given up."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a directive.

    `match` is the place in the article where browsers go, if they go there at all; `count` is the
    number of such places, and not more than MANY. If something fails, `term` names it (`prefix`,
    `start`, `end`, `suffix`), `found` is what stands in its place, and `furniture` says that the
    term has its words from the page around the article.
    """

    verdict: Verdict
    reason: str = ""
    match: Match | None = None
    count: int = 0
    term: str = ""
    found: str = ""
    furniture: bool = False


MANY = 100
"""Where counting matches ends."""

SHOWN = 40
"""How many characters of a text are quoted in a reason."""


def judge(
    directive: TextDirective,
    text: Text,
    intended_block: int | None = None,
    chrome: Chrome = NO_CHROME,
) -> Judgement:
    """What a browser makes of the directive on a page with this text between this chrome.

    `intended_block` is where the link should lead; without it any single match is right.
    """
    terms = terms_of(directive)
    if terms is None:
        return Judgement(Verdict.CANNOT_MATCH, "its words cannot be on any page", term="start")
    try:
        found = _found(terms, text)
        if not found:
            return _unmatched(directive, terms, text, intended_block, chrome)
        above = _begins_in(terms, chrome.head)
    except GivenUp:
        reason = f"the page repeats {_quoted(directive.start)} too often to judge the link"
        return Judgement(Verdict.UNDECIDED, reason)
    first, count = found[0], len(found)
    if intended_block is not None and first.first_block != intended_block:
        right = any(match.first_block == intended_block for match in found)
        reason = "the same words come earlier" if right else "its words are in another place"
        return Judgement(Verdict.WRONG_PLACE, reason, first, count)
    if above:
        reason = f"{_quoted(directive.start)} may also stand above the article"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, first, count, "start", furniture=True)
    if count == 1:
        return Judgement(Verdict.MATCHES, "", first, count)
    places = f"{count} places" if count < MANY else f"at least {MANY} places"
    if intended_block is None:
        return Judgement(Verdict.AMBIGUOUS, f"{places} have these words", first, count)
    return Judgement(Verdict.MATCHES, f"the first of {places} with these words", first, count)


def _found(terms: Terms, text: Text) -> list[Match]:
    """The first matches; raises GivenUp if there may be one but it was not found."""
    found: list[Match] = []
    try:
        found.extend(islice(_matches(terms, text), MANY))
    except GivenUp:
        if not found:
            raise
    return found


def _begins_in(terms: Terms, furniture: Text) -> bool:
    """Whether a match could begin there: the rest of a range may be elsewhere."""
    if terms.end:
        terms = replace(terms, end="", suffix="", closes=True)
    return next(_matches(terms, furniture), None) is not None


def _unmatched(
    directive: TextDirective, terms: Terms, text: Text, intended_block: int | None, chrome: Chrome
) -> Judgement:
    """Why a directive has no match in the article, and whether the page could help."""
    if _begins_in(terms, chrome.furniture):
        reason = f"{_quoted(directive.start)} is not in the article but may stand around it"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, term="start", furniture=True)
    without_suffix = replace(terms, suffix="")
    without_prefix = replace(terms, prefix="")
    core = replace(terms, prefix="", suffix="")
    start = replace(core, end="", closes=bool(terms.end) or terms.closes)
    if terms.suffix and (nearly := _nearest(without_suffix, text, intended_block)):
        return _suffix_missing(directive, without_suffix, text, nearly, chrome)
    if terms.prefix and (nearly := _nearest(without_prefix, text, intended_block)):
        return _prefix_missing(directive, text, nearly, chrome)
    if terms.prefix and terms.suffix and (nearly := _nearest(core, text, intended_block)):
        missing = _prefix_missing(directive, text, nearly, chrome)
        if missing.verdict is Verdict.DEPENDS_ON_PAGE:
            return _suffix_missing(directive, core, text, nearly, chrome)
        return missing
    if terms.end and next(_matches(start, text), None):
        return _end_missing(directive, chrome)
    words = _quoted(directive.start)
    part = terms.start in text.folded.text
    reason = f"{words} is {'only a part of other words' if part else 'not'} in the article"
    return Judgement(Verdict.CANNOT_MATCH, reason, term="start")


def _nearest(terms: Terms, text: Text, intended_block: int | None) -> Match | None:
    """The match in the intended block, or the first one."""
    found = _found(terms, text)
    intended = (match for match in found if match.first_block == intended_block)
    return next(intended, found[0] if found else None)


def _suffix_missing(
    directive: TextDirective, rest: Terms, text: Text, nearly: Match, chrome: Chrome
) -> Judgement:
    """The judgement where all but the suffix matches."""
    suffix = directive.suffix or ""
    furniture = _furniture(suffix, chrome)
    at_end = any(_ends_text(match, text) for match in _matches(rest, text))
    if rest.end and not at_end:
        at_end = text.folded.text.rstrip(f" {BLOCK_END}").endswith(rest.end)
    if at_end and _may_touch(suffix, chrome.after[:1], chrome.foot):
        reason = f"{_quoted(suffix)} would have to stand right below the article"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, term="suffix", furniture=furniture)
    found = _behind(nearly, text)
    reason = (
        f"after these words comes {_quoted(found) if found else 'nothing'}, not {_quoted(suffix)}"
    )
    return Judgement(Verdict.CANNOT_MATCH, reason, term="suffix", found=found, furniture=furniture)


def _prefix_missing(
    directive: TextDirective, text: Text, nearly: Match, chrome: Chrome
) -> Judgement:
    """The judgement where all but the prefix matches."""
    prefix = directive.prefix or ""
    furniture = _furniture(prefix, chrome)
    if _begins_text(nearly, text) and _may_touch(prefix, chrome.before[-1:], chrome.head):
        reason = f"{_quoted(prefix)} would have to stand right above the article"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, term="prefix", furniture=furniture)
    found = _ahead(nearly, text)
    reason = (
        f"before these words comes {_quoted(found) if found else 'nothing'}, not {_quoted(prefix)}"
    )
    return Judgement(Verdict.CANNOT_MATCH, reason, term="prefix", found=found, furniture=furniture)


def _end_missing(directive: TextDirective, chrome: Chrome) -> Judgement:
    """The judgement where a range begins in the article but does not end there."""
    end = directive.end or ""
    if _furniture(end, chrome):
        reason = f"{_quoted(end)} would have to stand below the article"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, term="end", furniture=True)
    reason = f"{_quoted(end)} does not come after {_quoted(directive.start)}"
    return Judgement(Verdict.CANNOT_MATCH, reason, term="end")


def _may_touch(term: str, edge: tuple[str, ...], known: Text) -> bool:
    """Whether the term may stand where chrome meets article: it is there, or it is unknown."""
    directive = TextDirective(YEAR.sub("2020", term))
    return _occurs(directive, Text(edge)) or not _occurs(directive, known)


def _furniture(term: str, chrome: Chrome) -> bool:
    return _occurs(TextDirective(YEAR.sub("2020", term)), chrome.furniture)


def _occurs(directive: TextDirective, text: Text) -> bool:
    return next(matches(directive, text), None) is not None


def _begins_text(match: Match, text: Text) -> bool:
    """Whether nothing visible stands before the match."""
    return text.block_starts[match.first_block] + match.start <= text.visible[0]


def _ends_text(match: Match, text: Text) -> bool:
    """Whether nothing visible stands after the match."""
    return text.block_starts[match.last_block] + match.end >= text.visible[1]


def _behind(match: Match, text: Text) -> str:
    """The first words after the match, in its block or in the next one."""
    start = text.block_starts[match.last_block] + match.end
    rest = text.raw[start : text.visible[1]].lstrip(UNSEEN).partition(BLOCK_END)[0]
    return _line(rest[: 4 * SHOWN])


def _ahead(match: Match, text: Text) -> str:
    """The last words before the match, in its block or in the one before."""
    end = text.block_starts[match.first_block] + match.start
    rest = text.raw[text.visible[0] : end].rstrip(UNSEEN).rpartition(BLOCK_END)[2]
    line = " ".join(rest[-4 * SHOWN :].split())
    return line if len(line) <= SHOWN else "…" + line[1 - SHOWN :]


def _line(words: str) -> str:
    """The words in one line, cut where it would be long."""
    line = " ".join(words.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def _quoted(words: str) -> str:
    return f"`{_line(words)}`"


# Generating

CONTEXT_WORDS = 4
CONTEXT_LENGTH = 80
"""How long the words around a block may be that are given along with it."""

FIRST_WORDS = re.compile(rf"[^{SPACES}]+(?:[{SPACES}]+[^{SPACES}]+){{,{CONTEXT_WORDS - 1}}}")
SPACE_RUN = re.compile(f"[{SPACES}]+")


def generate(text: Text, block: int) -> str | None:
    """What to write behind the `#` to lead to a block; None if no directive leads just there.

    The words after the block are given along, or those before it: without them the link breaks
    as soon as the same words are listed in an index above. What is returned was tried, and needs
    no guess about words.
    """
    start = SPACE_RUN.sub(" ", text.blocks[block]).strip(" ")
    if not start or len(start) > LONGEST:
        return None
    below = (text.blocks[index] for index in range(block + 1, len(text.blocks)))
    above = (text.blocks[index] for index in range(block - 1, -1, -1))
    suffix = next(filter(None, map(_first_words, below)), None)
    prefix = next(filter(None, map(_last_words, above)), None)
    contexts = (None, suffix), (prefix, None), (prefix, suffix), (None, None)
    tried = sorted(dict.fromkeys(contexts), key=lambda context: context == (None, None))
    for ahead, behind in tried:
        raw = ",".join(
            (
                *(() if ahead is None else (encoded(ahead) + "-",)),
                encoded(start),
                *(() if behind is None else ("-" + encoded(behind),)),
            )
        )
        directive = parse_directive(raw)
        if isinstance(directive, Malformed):
            continue
        first = next(matches(directive, text), None)
        if first and first.first_block == first.last_block == block and not first.guessed:
            return f"{DELIMITER}{KEY}{raw}"
    return None


def _first_words(block: str) -> str:
    """The first whole words of a block, or nothing if they are too long to be given along."""
    words = FIRST_WORDS.search(block.lstrip(SPACES)[: 4 * CONTEXT_LENGTH])
    line = SPACE_RUN.sub(" ", words[0]) if words else ""
    if len(line) <= CONTEXT_LENGTH:
        return line
    parts = f"\0{line}\0".translate(PARTS)
    ends = (end for end in range(CONTEXT_LENGTH, 0, -1) if bound(parts, end + 1) is Bound.YES)
    return line[: next(ends, 0)].rstrip(" ")


def _last_words(block: str) -> str:
    """The last whole words of a block, or nothing if they are too long to be given along."""
    words = FIRST_WORDS.search(block.rstrip(SPACES)[: -4 * CONTEXT_LENGTH - 1 : -1])
    line = SPACE_RUN.sub(" ", words[0][::-1]) if words else ""
    if len(line) <= CONTEXT_LENGTH:
        return line
    parts = f"\0{line}\0".translate(PARTS)
    first = len(line) - CONTEXT_LENGTH
    starts = (place for place in range(first, len(line)) if bound(parts, place + 1) is Bound.YES)
    return line[next(starts, len(line)) :].lstrip(" ")
