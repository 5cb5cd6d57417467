"""The text of a page, and where the words of a text directive stand in it.

Compares words and finds their bounds as Chromium does; where the specification says something else,
that is said beside it.
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
from functools import cached_property

from dsqa.fragment import BAD_ESCAPE, LONGEST, TextDirective

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
        yield from () if terms is None else occurrences(terms, text)


def occurrences(terms: Terms, text: Text) -> Iterator[Match]:
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
