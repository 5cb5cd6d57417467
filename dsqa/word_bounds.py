"""Where words begin and end, as Chromium finds it."""

from __future__ import annotations

import unicodedata
from enum import Enum

from dsqa.collation import Table

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
