"""The text of a page, and where the words of a text directive stand in it.

Compares words and finds their bounds as Chromium does; where the specification says something else,
that is said beside it.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import length_hint
from typing import NamedTuple

from dsqa.collation import BLOCK_END, FOLDS, SPACES, Folded, fold
from dsqa.fragment import BAD_ESCAPE, LONGEST, TextDirective
from dsqa.word_bounds import PARTS, Bound, bound

PLAIN = re.compile(r"[a-z0-9_]")
WORD = re.compile(r"[a-z0-9_]+|[^\Wa-z0-9_]+")
LONG = 250_000
"""Characters of a text in whose words it always pays to look a term up."""
MOST_WORDS = 200_000
"""Words, no two of them equal, that are kept in memory."""
PACE, STRIDE = 10_000, 20
"""Characters, and places of a word, that one goes through in the time that it takes to judge one
place."""
UNSEEN = SPACES + BLOCK_END + "\u00a0"


@dataclass(frozen=True)
class Text:
    """The visible text of a page: its blocks in order, prepared so that many links can be judged.

    A block is what an element with block, list-item or table-cell display holds; it also ends at
    a line break `<br>`. It holds what a reader sees: no comments, no image descriptions, no list
    markers.
    """

    blocks: tuple[str, ...]
    often: bool = False
    """Whether so much is searched in it that its words are looked up."""

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
    def folded_end(self) -> int:
        """Where the last visible character ends in the folded text."""
        return len(self.folded.text.rstrip(f" {BLOCK_END}"))

    @cached_property
    def plain(self) -> bool:
        """Whether only letters and digits are folded to plain ones, and no sign such as `™` is."""
        signs = (one for one in set(self.raw) if PARTS[ord(one)] not in "ah0_kx")
        return not any(PLAIN.search(FOLDS[ord(sign)]) for sign in signs)

    @cached_property
    def words(self) -> Mapping[str, Sequence[int]]:
        """Where each word of the folded text begins; none if it is short, or has too many words."""
        starts: dict[str, array[int]] = {}
        if self.often or len(self.raw) >= LONG:
            for word in WORD.finditer(self.folded.text):
                starts.setdefault(word[0], array("I")).append(word.start())
                if len(starts) > MOST_WORDS:
                    return {}
        return starts

    @cached_property
    def vocabulary(self) -> Sequence[str]:
        """The words of the folded text, sorted."""
        return sorted(self.words)

    @cached_property
    def backwards(self) -> Sequence[str]:
        """The same words, each from its end to its beginning."""
        return sorted(word[::-1] for word in self.words)

    @cached_property
    def parts(self) -> str:
        """What each character of `raw` is for the bounds of words."""
        return self.raw.translate(PARTS)


class Match(NamedTuple):
    """A place that fits a directive: from `start` in a block to `end` in the same or a later one.

    `guessed` says that a bound lies between letters of a script without spaces, where browsers
    look into a dictionary and may see none.
    """

    first_block: int
    start: int
    last_block: int
    end: int
    guessed: bool = False


PATIENCE = 50_000
"""How many places that fit a term are looked at before a search is given up.

A question-and-answer file of a megabyte needs some hundreds. What needs more was made to keep us
busy: half a million links to as many equal words would take days.
"""


class Terms(NamedTuple):
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
    places: int = PATIENCE
    """After how many places that might fit the search is given up."""


class Piece(NamedTuple):
    """Where one term stands, as a range of the folded text."""

    start: int
    end: int
    guessed: bool


GAPS = f" {BLOCK_END}"
GAP = re.compile(rf"[{GAPS}]*")
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
    patience = iter(range(terms.places))
    closes = bool(terms.end) or terms.closes
    backwards = _is_found_backwards(terms, text)
    position = floor = 0
    while True:
        if backwards:
            opening = _next(text, terms.start, position, patience, opens=False, closes=closes)
            if opening is None:
                return
            position = opening.start + 1
            ahead = _before(text, terms.prefix, opening.start)
            if ahead is None:
                continue
            guessed = ahead.guessed or opening.guessed
        elif terms.prefix:
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
        if backwards or not terms.prefix:
            position = floor


def _ending(terms: Terms, text: Text, position: int, patience: Iterator[int]) -> Piece | None:
    """The first end term from the position on that the suffix follows, if there is one."""
    while closing := _next(text, terms.end, position, patience, opens=True, closes=terms.closes):
        if not terms.suffix:
            return closing
        if behind := _touching(text, terms.suffix, closing.end, closes=True):
            return closing._replace(guessed=closing.guessed or behind.guessed)
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
    for found in _places(text, term, position, patience, opens=opens, closes=closes):
        if next(patience, None) is None:
            raise GivenUp
        if piece := _piece(text, found, found + len(term), opens=opens, closes=closes):
            return piece
    return None


def _places(
    text: Text, term: str, position: int, patience: Iterator[int], *, opens: bool, closes: bool
) -> Iterator[int]:
    """Where the term stands from the position on, in order: some of the places of its rarest word.

    Where none is known the text is searched. To go on far without a find costs patience, too.
    """
    folded = text.folded.text
    if rarest := _rarest(text, term, opens=opens, closes=closes):
        offset, starts = rarest
        first = bisect_left(starts, position + offset)
        for count, place in enumerate(range(first, len(starts)), 1):
            if count % STRIDE == 0 and next(patience, None) is None:
                raise GivenUp
            if folded.startswith(term, starts[place] - offset):
                yield starts[place] - offset
        return
    while True:
        reach = position + (length_hint(patience) + 1) * PACE + len(term)
        found = folded.find(term, position, reach)
        if found < 0 and reach < len(folded):
            raise GivenUp
        paces = ((found if found >= 0 else len(folded)) - position) // PACE
        if paces > 0 and next(islice(patience, paces - 1, None), None) is None:
            raise GivenUp
        if found < 0:
            return
        yield found
        position = found + 1


def _rarest(
    text: Text, term: str, *, opens: bool, closes: bool
) -> tuple[int, Sequence[int]] | None:
    """Of the words of the term the one that stands in fewest places: where it begins, and they.

    The first and the last one may be parts of longer words in the text, unless it has none that
    they are a part of, or they have to begin or to end a word and are of plain letters. None if
    there are no others, or if the text is so short that it is searched as it is.
    """
    if not text.words:
        return None
    opens, closes = opens and text.plain, closes and text.plain
    known = (
        (word.start(), text.words.get(word[0], ()))
        for word in WORD.finditer(term)
        if _is_one(word, text, opens=opens, closes=closes)
    )
    return min(known, key=lambda word: len(word[1]), default=None)


def _is_one(word: re.Match[str], text: Text, *, opens: bool, closes: bool) -> bool:
    """Whether a word of a term can only be a word of the text, and no part of a longer one.

    `opens` and `closes` say that a word of plain letters has to begin, or to end, where the term
    does. Without both, a term of a single word could be anywhere in a longer one.
    """
    first, last = not word.start(), word.end() == len(word.string)
    begins = not first or (opens and word[0].isascii())
    ends = not last or (closes and word[0].isascii())
    if begins and ends:
        return True
    if not (begins or ends):
        return False
    if begins:
        return _is_whole(word[0], text.vocabulary)
    return _is_whole(word[0][::-1], text.backwards)


def _is_whole(word: str, words: Sequence[str]) -> bool:
    """Whether none of the sorted words begins with it but, at most, itself."""
    place = bisect_left(words, word)
    place += place < len(words) and words[place] == word
    return place == len(words) or not words[place].startswith(word)


def _is_found_backwards(terms: Terms, text: Text) -> bool:
    """Whether the start is rarer than the prefix, so that one looks for it first."""
    if not terms.prefix or terms.prefix[-1] in GAPS or terms.start[0] in GAPS:
        return False
    prefix = _rarest(text, terms.prefix, opens=True, closes=False)
    start = _rarest(text, terms.start, opens=False, closes=bool(terms.end) or terms.closes)
    return start is not None and (prefix is None or len(start[1]) < len(prefix[1]))


def _before(text: Text, term: str, position: int) -> Piece | None:
    """The term right before the position, in this or an earlier block, at the begin of a word."""
    end = position
    while end and text.folded.text[end - 1] in GAPS:
        end -= 1
    start = end - len(term)
    if start < 0 or not text.folded.text.startswith(term, start):
        return None
    return _piece(text, start, end, opens=True, closes=False)


def _touching(text: Text, term: str, position: int, *, closes: bool) -> Piece | None:
    """The term right behind the position, in this or a later block."""
    gap = GAP.match(text.folded.text, position)
    start = gap.end() if gap else position
    if not text.folded.text.startswith(term, start):
        return None
    return _piece(text, start, start + len(term), opens=False, closes=closes)


def ends(terms: Terms, text: Text) -> bool:
    """Whether a match ends where the visible text does."""
    last = terms.end or terms.start
    start = text.folded_end - len(last)
    if start < 0 or not text.folded.text.startswith(last, start):
        return False
    opens = bool(terms.end) or terms.opens
    if not _piece(text, start, text.folded_end, opens=opens, closes=terms.closes):
        return False
    prefix = terms.prefix.rstrip(GAPS)
    return bool(terms.end) or not prefix or _before(text, prefix, start) is not None


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
