"""A run that asks the world outside: which addresses, with what manners, and what came of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dsqa import __version__
from dsqa.config import Config, Misuse
from dsqa.git import MARK, Checkout
from dsqa.history.comparison import Comparison
from dsqa.network.address import Address, Malformed, Refused, parse
from dsqa.network.asking import NO_TIME, Headers, asked
from dsqa.network.cache import Cache, trusted, with_history
from dsqa.network.errand import Manners, Wanted
from dsqa.network.guard import Guard
from dsqa.network.proxy import Proxy, proxy
from dsqa.outside import Answer, Outcome
from dsqa.outward import is_unasked, outward, owners
from dsqa.reporters import counted
from dsqa.rule import Rule
from dsqa.run import Reading

USER_AGENT = f"dsqa/{__version__} (+https://github.com/dsqa/dsqa)"
DRAWN_BY_HOST = frozenset({"github.com", "www.github.com", "gist.github.com"})
"""Hosts that draw their pages by script, so that what they send does not show all its places."""
HIDDEN = re.compile(
    r"""
    https?://(?:www\.)?github\.com/
    (?: (?P<asset> user-attachments/ | orgs/ | [^/]+/[^/]+/assets/ ) | (?P<owner> [^/?]+ ) /[^/?] )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What the host says is not there, except to who may see it."""
HEADER = re.compile(r"(?P<name>[\w!#$%&'*+.^`|~-]+)\s*:\s*(?P<value>[!-~][ -~]*)", re.ASCII)
"""A line of a request (RFC 9110, section 5)."""
HOUR = 3600
KEPT_TOGETHER = 100
"""So many answers are stored at once."""


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
        header = HEADER.fullmatch(environment.get(variable, "").strip())
        if not mark or not host:
            raise Misuse(f"--header {one}: this is not HOST=VARIABLE")
        if header is None:
            raise Misuse(f"--header {one}: ${variable} holds no header such as `Name: value`")
        try:
            origin = parse(host if "://" in host else f"https://{host}").origin
        except (Malformed, Refused) as error:
            raise Misuse(f"--header {one}: {error}") from None
        headers.setdefault(origin, {})[header["name"]] = header["value"]
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
    if terms.cache:
        _vet(terms.cache, reading)
    hrefs = sorted(set(outward(reading, config, chosen, compared)))
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
            if is_unasked(address.host, (href, address.url), config):
                continue
            addresses[href] = address
            fragment = (
                "" if image or address.host in DRAWN_BY_HOST else href.strip().partition("#")[2]
            )
            known = wanted.get(address.url, Wanted(address))
            places = known.fragments | {fragment} if fragment else known.fragments
            wanted[address.url] = Wanted(address, known.image or image, places)
    found, notes, interrupted = _asked(wanted, guard, terms, owners(reading.items), watched, now)
    answers |= {href: found[a.url] for href, a in addresses.items() if a.url in found}
    return Outside(answers, notes, interrupted)


def _vet(cache: Path, reading: Reading) -> None:
    """Raises Misuse if whoever wrote the tree that is checked may have written the cache."""
    for root in {item.file.root: None for item in reading.items}:
        if (root / MARK).exists() and Checkout(root).puts_into(cache):
            why = "the tree that is checked has files there, which may be forged"
            raise Misuse(f"{cache}: no cache can be kept here: {why}")


def _asked(
    wanted: Mapping[str, Wanted],
    guard: Guard,
    terms: Terms,
    owners: frozenset[str],
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
    unkept: dict[str, Answer] = {}
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
            answer = _believed(one, answer, owners)
            if cache or not terms.confirm_after:  # or else nobody will know of it at the next run
                answer = with_history(answer, former.get(key), confirm_after=terms.confirm_after)
            fresh[key] = found[one.address.url] = unkept[key] = answer
            if cache and len(unkept) >= KEPT_TOGETHER:  # lest all be lost with the process
                cache.keep(unkept)
                unkept.clear()
            watched(len(fresh), len(left))
    except KeyboardInterrupt:
        interrupted = True
    notes = (*_remarks(left, fresh, remembered, interrupted=interrupted), *_keyless(found, terms))
    if cache:
        cache.keep(unkept)
        notes = (*notes, *cache.notes)
        cache.close()
    return found, notes, interrupted


def _remarks(
    left: Sequence[Wanted], fresh: Mapping[str, Answer], remembered: int, *, interrupted: bool
) -> Iterator[str]:
    """What is to be said of the run: how far it got, and what it rests on."""
    asked = [answer for answer in fresh.values() if answer.reason != NO_TIME]
    if remembered:
        were = "was" if remembered == 1 else "were"
        yield f"{_addresses(remembered)} had answered not long before and {were} not asked again"
    if interrupted:
        yield f"stopped when {len(fresh)} of {_addresses(len(left))} had answered"
    elif len(asked) < len(fresh):
        late = _addresses(len(fresh) - len(asked))
        yield f"the time of the run was over before {late} could be asked (--time-limit)"
    if asked and not interrupted and not any(map(_reached, asked)):
        none = f"none of the {len(asked)} addresses could"
        none = none if len(asked) > 1 else "the address could not"
        yield f"{none} be reached; this machine may have no way to the internet"


def _keyless(found: Mapping[str, Answer], terms: Terms) -> Iterator[str]:
    """The headers that nobody got, perhaps for a slip in the name of the host."""
    spoken_to = [*found, *(hop.address for answer in found.values() for hop in answer.hops)]
    for origin in sorted(terms.headers):
        if found and not any(f"{url}/".startswith(f"{origin}/") for url in spoken_to):
            yield f"the header for `{origin}` was sent to nobody: no address begins so"


def _addresses(number: int) -> str:
    return counted(number, "address", "addresses")


def _reached(answer: Answer) -> bool:
    """Whether somebody said something to it."""
    return answer.status is not None or answer.outcome in (Outcome.DEAD, Outcome.REFUSED)


def _key(one: Wanted, terms: Terms) -> str:
    """What an answer is kept by: what one is told with a key of one's own is not for all."""
    own = sorted(f"{origin} {name}" for origin, names in terms.headers.items() for name in names)
    return " ".join((one.address.url, *own))


def _tells(answer: Answer, one: Wanted) -> bool:
    """Whether the answer says all that is wanted; one of a dead address does."""
    if answer.outcome not in (Outcome.ALIVE, Outcome.MOVED):
        return True
    return one.fragments <= answer.fragments.keys() and not (one.image and answer.image is None)


def _believed(one: Wanted, answer: Answer, owners: frozenset[str]) -> Answer:
    """The answer; an address that may only be hidden from us is not taken for dead."""
    if answer.outcome is not Outcome.DEAD or answer.status != 404:
        return answer
    for url in (one.address.url, *(hop.address for hop in answer.hops)):
        hidden = HIDDEN.match(url)
        if hidden and (hidden["asset"] or hidden["owner"].casefold() in owners):
            reason = f"{answer.reason}, which it may be to strangers only"
            return replace(answer, outcome=Outcome.UNVERIFIED, reason=reason)
    return answer
