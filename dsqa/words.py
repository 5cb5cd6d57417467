"""Words as they are compared: what a reader would call the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

LONGEST_COMPARED = 600
"""Characters; questions that agree so far are taken to agree."""
LONGEST_LIKENED = 200
"""Characters; how alike two texts are is told by these, in a time that grows with their product."""
LEAST_COMPARED = 20
"""Characters for which a shorter text counts, as to compare it takes as long."""
MOST_COMPARED = 20_000_000
"""Pairs of characters: some seconds for texts that were made to be hard to compare."""


class _Folds(dict[int, str]):
    """What each character is compared as, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).casefold()
        self[code] = "".join(letter if letter.isalnum() else " " for letter in folded)
        return self[code]


_FOLDS = _Folds()


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """The words in lower case, one blank apart, without punctuation and typographic dress.

    Folds character by character: normalising a whole text can take minutes on a hostile one.
    """
    return " ".join(text[:LONGEST_COMPARED].translate(_FOLDS).split())


def similarity(one: str, other: str, *, least: float = 0.0) -> float:
    """How alike two folded texts are, from 0 to 1; 0 for all that is under `least`."""
    one, other = one[:LONGEST_LIKENED], other[:LONGEST_LIKENED]
    if one == other:
        return 1.0
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= least else 0.0


def comparable(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether there is time to compare each of the texts with each of the others."""
    few, many = (sum(max(len(text), LEAST_COMPARED) for text in texts) for texts in (some, others))
    return few * many <= MOST_COMPARED
