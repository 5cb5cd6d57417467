"""What becomes of a reader who follows a text directive to a page on GitHub."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from itertools import islice

from dsqa.fragment import SHOWN, TextDirective, in_one_line, quoted
from dsqa.page import (
    PATIENCE,
    UNSEEN,
    GivenUp,
    Match,
    Terms,
    Text,
    ends,
    matches,
    occurrences,
    terms_of,
)

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

    DEPENDS_ON_PAGE = "depends on the page around it"
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
NEARBY, FEW_BLOCKS = 400, 20
"""Characters, and blocks, around a match among which its neighbours are."""


def judge(
    directive: TextDirective,
    text: Text,
    intended_block: int | None = None,
    chrome: Chrome = NO_CHROME,
    places: int = PATIENCE,
) -> Judgement:
    """What a browser makes of the directive on a page with this text between this chrome.

    `intended_block` is where the link should lead; without it any single match is right. After as
    many `places` that might fit the search is given up.
    """
    terms = terms_of(directive)
    if terms is None:
        return Judgement(Verdict.CANNOT_MATCH, "its words cannot be on any page", term="start")
    terms = terms._replace(places=places)
    try:
        found = _found(terms, text)
        if not found:
            return _unmatched(directive, terms, text, intended_block, chrome)
        above = _begins_in(terms, chrome.head)
    except GivenUp:
        reason = f"the page repeats {quoted(directive.start)} too often to judge the link"
        return Judgement(Verdict.UNDECIDED, reason)
    first, count = found[0], len(found)
    if intended_block is not None and first.first_block != intended_block:
        right = any(match.first_block == intended_block for match in found)
        reason = "the same words come earlier" if right else "its words are in another place"
        return Judgement(Verdict.WRONG_PLACE, reason, first, count)
    if above:
        reason = f"{quoted(directive.start)} may also stand above the article"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, first, count, "start", furniture=True)
    if count == 1:
        return Judgement(Verdict.MATCHES, "", first, count)
    several = f"{count} places" if count < MANY else f"at least {MANY} places"
    if intended_block is None:
        return Judgement(Verdict.AMBIGUOUS, f"{several} have these words", first, count)
    return Judgement(Verdict.MATCHES, f"the first of {several} with these words", first, count)


def _found(terms: Terms, text: Text) -> list[Match]:
    """The first matches; raises GivenUp if there may be one but it was not found."""
    found: list[Match] = []
    try:
        found.extend(islice(occurrences(terms, text), MANY))
    except GivenUp:
        if not found:
            raise
    return found


def _begins_in(terms: Terms, furniture: Text) -> bool:
    """Whether a match could begin there: the rest of a range may be elsewhere."""
    if terms.end:
        terms = terms._replace(end="", suffix="", closes=True)
    return next(occurrences(terms, furniture), None) is not None


def _unmatched(
    directive: TextDirective, terms: Terms, text: Text, intended_block: int | None, chrome: Chrome
) -> Judgement:
    """Why a directive has no match in the article, and whether the page could help."""
    if _begins_in(terms, chrome.furniture):
        reason = f"{quoted(directive.start)} is not in the article but may stand around it"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, term="start", furniture=True)
    without_suffix = terms._replace(suffix="")
    without_prefix = terms._replace(prefix="")
    core = terms._replace(prefix="", suffix="")
    start = core._replace(end="", closes=bool(terms.end) or terms.closes)
    if terms.suffix and (nearly := _nearest(without_suffix, text, intended_block)):
        return _suffix_missing(directive, without_suffix, text, nearly, chrome)
    if terms.prefix and (nearly := _nearest(without_prefix, text, intended_block)):
        return _prefix_missing(directive, text, nearly, chrome)
    if terms.prefix and terms.suffix and (nearly := _nearest(core, text, intended_block)):
        missing = _prefix_missing(directive, text, nearly, chrome)
        if missing.verdict is Verdict.DEPENDS_ON_PAGE:
            return _suffix_missing(directive, core, text, nearly, chrome)
        return missing
    if terms.end and next(occurrences(start, text), None):
        return _end_missing(directive, chrome)
    words = quoted(directive.start)
    part = next(occurrences(start._replace(opens=False, closes=False), text), None)
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
    if ends(rest, text) and _may_touch(suffix, chrome.after[:1], chrome.foot):
        reason = f"{quoted(suffix)} would have to stand right below the article"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, term="suffix", furniture=furniture)
    found = _behind(nearly, text)
    reason = (
        f"after these words comes {quoted(found) if found else 'nothing'}, not {quoted(suffix)}"
    )
    return Judgement(Verdict.CANNOT_MATCH, reason, term="suffix", found=found, furniture=furniture)


def _prefix_missing(
    directive: TextDirective, text: Text, nearly: Match, chrome: Chrome
) -> Judgement:
    """The judgement where all but the prefix matches."""
    prefix = directive.prefix or ""
    furniture = _furniture(prefix, chrome)
    if _begins_text(nearly, text) and _may_touch(prefix, chrome.before[-1:], chrome.head):
        reason = f"{quoted(prefix)} would have to stand right above the article"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, term="prefix", furniture=furniture)
    found = _ahead(nearly, text)
    reason = (
        f"before these words comes {quoted(found) if found else 'nothing'}, not {quoted(prefix)}"
    )
    return Judgement(Verdict.CANNOT_MATCH, reason, term="prefix", found=found, furniture=furniture)


def _end_missing(directive: TextDirective, chrome: Chrome) -> Judgement:
    """The judgement where a range begins in the article but does not end there."""
    end = directive.end or ""
    if _furniture(end, chrome):
        reason = f"{quoted(end)} would have to stand below the article"
        return Judgement(Verdict.DEPENDS_ON_PAGE, reason, term="end", furniture=True)
    reason = f"{quoted(end)} does not come after {quoted(directive.start)}"
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


def _behind(match: Match, text: Text) -> str:
    """The first words after the match, in its block or in the next one."""
    rest = text.blocks[match.last_block][match.end : match.end + NEARBY]
    below = text.blocks[match.last_block + 1 : match.last_block + 1 + FEW_BLOCKS]
    pieces = (piece.lstrip(UNSEEN) for piece in (rest, *(block[:NEARBY] for block in below)))
    return in_one_line(next(filter(None, pieces), "")[: 4 * SHOWN])


def _ahead(match: Match, text: Text) -> str:
    """The last words before the match, in its block or in the one before."""
    rest = text.blocks[match.first_block][max(match.start - NEARBY, 0) : match.start]
    above = text.blocks[max(match.first_block - FEW_BLOCKS, 0) : match.first_block]
    pieces = (p.rstrip(UNSEEN) for p in (rest, *(block[-NEARBY:] for block in reversed(above))))
    line = " ".join(next(filter(None, pieces), "")[-4 * SHOWN :].split())
    return line if len(line) <= SHOWN else "…" + line[1 - SHOWN :]
