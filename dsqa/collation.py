"""Texts as browsers compare them: without case, accents and typographic form, as Chromium does."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

SPACES = " \t\n\f\r"
BLOCK_END = "\0"
QUOTES = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u05f3", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u05f4", '"'),
}
LETTERS = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}
"""Letters that collate as others although they do not decompose into them."""

VOWEL_CLASSES = frozenset({9, 84, 91, 103, 118, 129, 130, 132})
"""The combining classes of marks that are letters of their own: viramas and vowels of Indic, Thai,
Lao and Tibetan."""

INVISIBLE_MARKS = r"[\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
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
            return re.match(INVISIBLE_MARKS, mark) is not None
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


class Folded(NamedTuple):
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
    if not spaces and raw.isascii() and raw.isprintable():
        return Folded(raw.translate(FOLDS), cuts, origins)
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
