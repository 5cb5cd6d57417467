"""A run that asks the world outside: which addresses, with what manners, and what came of it."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

from dsqa import __version__
from dsqa.config import Config, Misuse
from dsqa.document import Image, Link
from dsqa.history.comparison import Comparison
from dsqa.landing import TEMPLATE
from dsqa.network.address import Address, Malformed, Refused, parse
from dsqa.network.asking import Headers, asked
from dsqa.network.cache import Cache, trusted, with_history
from dsqa.network.errand import Manners, Wanted
from dsqa.network.guard import Guard
from dsqa.network.proxy import Proxy, proxy
from dsqa.outside import Answer, Outcome
from dsqa.reporters import counted
from dsqa.rule import Rule, silences
from dsqa.run import Item, Reading, rules_for

USER_AGENT = f"dsqa/{__version__} (+https://github.com/dsqa/dsqa)"
WEB = re.compile(r"(?:https?:)?//(?P<host>[^/?\#:]*)", re.IGNORECASE)
EXAMPLES = re.compile(
    r"(?:.+\.)?(?:example(?:\.(?:com|edu|net|org))?|invalid|test)\.?", re.IGNORECASE
)
"""Names that stand for others (RFC 2606, RFC 6761): what they answer says nothing."""
DRAWN_BY_HOST = frozenset({"github.com", "www.github.com", "gist.github.com"})
"""Hosts that draw their pages by script, so that what they send does not show all its places."""
HIDDEN = re.compile(
    r"""
    https://(?:www\.)?github\.com/
    (?: (?P<asset> user-attachments/ | [^/]+/[^/]+/assets/ ) | (?P<repository> [^/?]+/[^/?]+ ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What the host shows only to who may see its repository."""
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Terms:
    """What the command line allows of the world outside; nothing else can. Times are in seconds."""

    allowed: tuple[str, ...] = ()
    headers: Headers = field(default_factory=dict)
    manners: Manners = field(default_factory=Manners)
    confirm_after: int = 6 * HOUR
    cache: Path | None = None
    proxy: Proxy | None = None


@dataclass(frozen=True, slots=True)
class Outside:
    """What the addresses answered, as they are written; and remarks on how that went."""

    answers: Mapping[str, Answer]
    notes: tuple[str, ...]
    interrupted: bool = False


def headers_of(wanted: Iterable[str], environment: Mapping[str, str]) -> Headers:
    """What is sent to which host besides, by `HOST=VARIABLE`; raises Misuse.

    The variable holds a whole header: `Authorization: Bearer …`. A host without a scheme is spoken
    to with encryption, or it gets nothing.
    """
    headers: dict[str, dict[str, str]] = {}
    for one in wanted:
        host, mark, variable = one.rpartition("=")
        name, colon, value = environment.get(variable, "").partition(":")
        if not mark or not host:
            raise Misuse(f"--header {one}: this is not HOST=VARIABLE")
        if not colon or not name.strip() or not value.strip() or not f"{name}{value}".isprintable():
            raise Misuse(f"--header {one}: ${variable} holds no header such as `Name: value`")
        try:
            origin = parse(host if "://" in host else f"https://{host}").origin
        except (Malformed, Refused) as error:
            raise Misuse(f"--header {one}: {error}") from None
        headers.setdefault(origin, {})[name.strip()] = value.strip()
    return headers


def proxy_of(written: str) -> Proxy:
    """The proxy that is written there; raises Misuse."""
    try:
        return proxy(written)
    except ValueError as error:
        raise Misuse(f"--proxy: {error}") from None


def outside(
    reading: Reading,
    config: Config,
    chosen: Sequence[Rule],
    terms: Terms,
    *,
    compared: Mapping[Path, Comparison] | None = None,
    watched: Callable[[int, int], None] = lambda done, count: None,
    now: Callable[[], float] = time.time,
) -> Outside:
    """What the addresses answer that lead out of the documents; raises Misuse.

    Where two states are `compared`, only those are asked that the later one added. `watched` is
    told how many of them have answered.
    """
    try:
        guard = Guard(terms.allowed)
    except ValueError as error:
        raise Misuse(f"--allow: {error}") from None
    hrefs = sorted(set(_added(reading, config, chosen, compared)))
    answers: dict[str, Answer] = {}
    addresses: dict[str, Address] = {}
    wanted: dict[str, Wanted] = {}
    for href, image in hrefs:
        try:
            address = parse(href)
        except Malformed as error:
            answers[href] = Answer(Outcome.UNVERIFIED, f"{error}", int(now()))
        except Refused as error:
            answers[href] = Answer(Outcome.REFUSED, f"{error}", int(now()))
        else:
            addresses[href] = address
            fragment = "" if image or address.host in DRAWN_BY_HOST else href.partition("#")[2]
            known = wanted.get(address.url, Wanted(address))
            places = known.fragments | {fragment} if fragment else known.fragments
            wanted[address.url] = Wanted(address, known.image or image, places)
    found, notes, interrupted = _asked(wanted, guard, terms, _own(reading.items), watched, now)
    answers |= {href: found[a.url] for href, a in addresses.items() if a.url in found}
    return Outside(answers, notes, interrupted)


def _asked(
    wanted: Mapping[str, Wanted],
    guard: Guard,
    terms: Terms,
    own: frozenset[str],
    watched: Callable[[int, int], None],
    now: Callable[[], float],
) -> tuple[dict[str, Answer], tuple[str, ...], bool]:
    """The answers by address: those that are still trusted, and the others asked for."""
    cache = Cache.open(terms.cache, clock=now) if terms.cache else None
    keys = {url: _key(one, terms) for url, one in wanted.items()}
    former = cache.recalled(keys.values()) if cache else {}
    found = {
        url: with_history(former[key], former[key], confirm_after=terms.confirm_after)
        for url, key in keys.items()
        if key in former and trusted(former[key], int(now())) and _tells(former[key], wanted[url])
    }
    fresh: dict[str, Answer] = {}
    left = [one for url, one in wanted.items() if url not in found]
    remembered = len(found)
    interrupted = False
    watched(0, len(left))
    try:
        for one, answer in asked(
            left,
            guard,
            terms.manners,
            user_agent=USER_AGENT,
            headers=terms.headers,
            proxy=terms.proxy,
            now=now,
            told=lambda: watched(len(fresh), len(left)),
        ):
            key = keys[one.address.url]
            answer = _believed(one, answer, own)
            answer = with_history(answer, former.get(key), confirm_after=terms.confirm_after)
            fresh[key] = found[one.address.url] = answer
            watched(len(fresh), len(left))
    except KeyboardInterrupt:
        interrupted = True
    notes = tuple(_remarks(len(left), fresh.values(), remembered, interrupted=interrupted))
    if cache:
        cache.keep(fresh)
        notes = (*notes, *cache.notes)
        cache.close()
    return found, notes, interrupted


def _remarks(
    left: int, fresh: Collection[Answer], remembered: int, *, interrupted: bool
) -> Iterator[str]:
    """What is to be said of the run: how far it got, and what it rests on."""
    if remembered:
        known = counted(remembered, "address", "addresses")
        yield f"{known} had answered not long before and {_were(remembered)} not asked again"
    if interrupted:
        yield f"stopped when {len(fresh)} of {counted(left, 'address', 'addresses')} had answered"
    elif fresh and not any(map(_reached, fresh)):
        none = f"none of the {left} addresses could" if left > 1 else "the address could not"
        yield f"{none} be reached; this machine may have no way to the internet"


def _reached(answer: Answer) -> bool:
    """Whether somebody said something to it."""
    return answer.status is not None or answer.outcome in (Outcome.DEAD, Outcome.REFUSED)


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _key(one: Wanted, terms: Terms) -> str:
    """What an answer is kept by: what one is told with a key of one's own is not for all."""
    own = terms.headers.get(one.address.origin)
    return f"{one.address.url} {' '.join(sorted(own))}" if own else one.address.url


def _tells(answer: Answer, one: Wanted) -> bool:
    """Whether the answer says all that is wanted; one of a dead address does."""
    if answer.outcome not in (Outcome.ALIVE, Outcome.MOVED):
        return True
    return one.fragments <= answer.fragments.keys() and not (one.image and answer.image is None)


def _believed(one: Wanted, answer: Answer, own: frozenset[str]) -> Answer:
    """The answer; an address that may only be hidden from us is not taken for dead.

    To who may not see a private repository the host says that there is none.
    """
    hidden = HIDDEN.match(one.address.url)
    if answer.outcome is Outcome.DEAD and hidden:
        repository = (hidden["repository"] or "").casefold()
        if hidden["asset"] or repository in own:
            reason = f"{answer.reason}, which it may be to strangers only"
            return replace(answer, outcome=Outcome.UNVERIFIED, reason=reason)
    return answer


def _own(items: Iterable[Item]) -> frozenset[str]:
    """The names of the repositories that the documents belong to."""
    standings = (item.workspace.standing(item.document) for item in items)
    return frozenset(name.casefold() for each in standings for name in each.repository.present)


def _added(
    reading: Reading,
    config: Config,
    chosen: Sequence[Rule],
    compared: Mapping[Path, Comparison] | None,
) -> Iterator[tuple[str, bool]]:
    """The addresses to ask, as they are written, and whether a picture should be there."""
    for root in {item.file.root: None for item in reading.items}:
        items = [item for item in reading.items if item.file.root == root]
        before: Counter[str] = Counter()
        if compared is not None:
            comparison = compared[root]
            items = [item for item in items if comparison.change(item.document.path)]
            before = _before(comparison)
        addresses = [
            address
            for item in items
            for address in _outward(item, [r for r in rules_for(item, config, chosen) if r.online])
            if not any(fnmatchcase(address.href, pattern) for pattern in config.unasked)
        ]
        added = Counter(address.href for address in addresses) - before
        yield from (
            (address.href, isinstance(address, Image))
            for address in addresses
            if added[address.href]
        )


def _before(comparison: Comparison) -> Counter[str]:
    """How often each address was written in the files that changed, before they did."""
    former = {change.former for change in comparison.changes.values() if change.former}
    documents = (comparison.before.document(path) for path in sorted(former))
    return Counter(one.href for document in documents if document for one in document.addresses)


def _outward(item: Item, rules: Sequence[Rule]) -> Iterator[Link | Image]:
    """The addresses of a document that nobody can judge without asking, and that are judged."""
    document, workspace = item.document, item.workspace
    for address in document.addresses if rules else ():
        href = address.href.strip()
        web = WEB.match(href)
        if not web or EXAMPLES.fullmatch(web["host"]) or TEMPLATE.search(href):
            continue
        landing = workspace.landing(document, address)
        if landing.fault is not None or landing.resolves is not None:
            continue
        silent = (
            any(
                silences(each, rule.finding(document, address.href_span, ""))
                for each in document.suppressions
            )
            for rule in rules
        )
        if not all(silent):
            yield address
