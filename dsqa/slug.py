"""The anchors that GitHub gives to headings."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

KEPT_CATEGORIES = frozenset({"Nd", "Nl", "Pc"})
"""Besides letters (L*) and marks (M*)."""

CIRCLED_LETTERS = (
    (0x24D0, 0x24E9),
    (0x1F130, 0x1F149),
    (0x1F150, 0x1F169),
    (0x1F170, 0x1F189),
)
"""The symbols that Unicode calls alphabetic, in lower case; GitHub keeps no other symbol."""

UNRECORDED = (
    *((0x0CF3, 0x0CF3), (0x0ECE, 0x0ECE), (0x10EFD, 0x10EFF), (0x1123F, 0x11241)),
    *((0x11F00, 0x11F10), (0x11F12, 0x11F3A), (0x11F3E, 0x11F42), (0x11F50, 0x11F59)),
    *((0x1342F, 0x1342F), (0x13440, 0x13455), (0x1B132, 0x1B132), (0x1B155, 0x1B155)),
    *((0x1DF25, 0x1DF2A), (0x1E030, 0x1E06D), (0x1E08F, 0x1E08F), (0x1E4D0, 0x1E4F9)),
    *((0x2B739, 0x2B739), (0x2EBF0, 0x2EE5D), (0x31350, 0x323AF)),
)
"""The letters, marks and digits that came with Unicode 15, which some Pythons know and others do
not. When the rule was recorded GitHub kept none of them; so all Pythons give the same anchors."""


def _among(code: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(first <= code <= last for first, last in ranges)


class Kept(dict[int, str]):
    """What is left of a lower-case character in a slug, found out once for each character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        letter = category[0] in "LM" or category in KEPT_CATEGORIES
        kept = letter or _among(code, CIRCLED_LETTERS)
        self[code] = character if kept and not _among(code, UNRECORDED) else ""
        return self[code]


KEPT = Kept({ord(" "): "-", ord("-"): "-"})


def slug(text: str) -> str:
    """The anchor of a heading by itself, from the text that a reader sees of it.

    Lower case, blanks to hyphens, and everything that is no letter, mark, digit, hyphen or
    connecting punctuation deleted: so are emoji, the no-break space and the soft hyphen. Nothing
    is collapsed, trimmed or normalised. The rule agrees with github.com on each of its characters
    that https://github.com/Flet/github-slugger has recorded.
    """
    return text.lower().translate(KEPT)


def unique_slugs(texts: Iterable[str]) -> list[str]:
    """The anchors of all headings of a document, in order: a name that is taken gets a number.

    `echo`, `echo`, `echo 1` become `echo`, `echo-1`, `echo-1-1`. A name remembers its last number,
    so the work is linear in the length of the headings even where names collide on purpose:
    each number that turns out to be taken is the name of another heading.
    """
    numbers: dict[str, int] = {}
    slugs: list[str] = []
    for text in texts:
        base = result = slug(text)
        while result in numbers:
            numbers[base] += 1
            result = f"{base}-{numbers[base]}"
        numbers[result] = 0
        slugs.append(result)
    return slugs
