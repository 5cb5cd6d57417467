"""Which addresses lead out of the documents, so that nobody can judge them without asking."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from dsqa.config import Config
from dsqa.document import Image, Link
from dsqa.history.comparison import Comparison
from dsqa.landing import TEMPLATE
from dsqa.rule import Rule, is_silenced
from dsqa.run import Item, Reading, heard, rules_for

WEB = re.compile(r"(?:https?:)?//(?P<host>[^/?\#:]*)", re.IGNORECASE)
PASSWORD = re.compile(r"(?:https?:)?//[^/?\#]*@", re.IGNORECASE)
EXAMPLES = re.compile(
    r"(?:.+\.)?(?:example(?:\.(?:com|edu|net|org))?|invalid|test)\.?", re.IGNORECASE
)
"""Names that stand for others (RFC 2606, RFC 6761): what they answer says nothing."""


def outward(
    reading: Reading,
    config: Config,
    chosen: Sequence[Rule],
    compared: Mapping[Path, Comparison] | None,
) -> Iterator[tuple[str, bool]]:
    """The addresses to ask, as they are written, and whether a picture should be there.

    Where two states are `compared`, they are those that the later one added.
    """
    for root in {item.file.root: None for item in reading.items}:
        items = [item for item in reading.items if item.file.root == root]
        before: Counter[str] = Counter()
        if compared is not None:
            comparison = compared[root]
            items = [item for item in items if comparison.change(item.document.path)]
            before = _before(comparison)
        addresses = [address for item in items for address in _judged(item, config, chosen)]
        added = Counter(address.href for address in addresses) - before
        yield from (
            (address.href, isinstance(address, Image))
            for address in addresses
            if added[address.href]
        )


def is_unasked(host: str, urls: Iterable[str], config: Config) -> bool:
    """Whether the settings leave the address alone: by its host, or by one of its spellings."""
    return any(
        fnmatchcase(host, pattern.lower())
        if "/" not in pattern
        else any(fnmatchcase(url, each) for url in urls for each in (pattern, f"{pattern}/"))
        for pattern in config.unasked
    )


def owners(items: Iterable[Item]) -> frozenset[str]:
    """Who owns the repositories that the documents belong to."""
    standings = (item.workspace.standing(item.document) for item in items)
    names = (name for each in standings for name in each.repository.present)
    return frozenset(name.partition("/")[0].casefold() for name in names)


def _before(comparison: Comparison) -> Counter[str]:
    """How often each address was written in the files that changed, before they did."""
    former = {change.former for change in comparison.changes.values() if change.former}
    documents = (comparison.before.document(path) for path in sorted(former))
    return Counter(one.href for document in documents if document for one in document.addresses)


def _judged(item: Item, config: Config, chosen: Sequence[Rule]) -> Iterator[Link | Image]:
    """The addresses that lead out of the document and that a rule about them would judge."""
    document = item.document
    rules = [rule for rule in rules_for(item, config, chosen) if rule.online]
    addresses = [one for one in document.addresses if rules and _leads_out(item, one)]
    probes = [rule.finding(document, one.href_span, "") for one in addresses for rule in rules]
    told = {probe.span for probe in heard(probes, item, config) if not is_silenced(document, probe)}
    return (address for address in addresses if address.href_span in told)


def _leads_out(item: Item, address: Link | Image) -> bool:
    """Whether the files at hand say nothing of the address, and it is one that somebody answers."""
    href = address.href.strip()
    web = WEB.match(href)
    if not web or TEMPLATE.search(href):
        return False
    if EXAMPLES.fullmatch(web["host"]) and not PASSWORD.match(href):
        return False
    landing = item.workspace.landing(item.document, address)
    return landing.fault is None and landing.resolves is None
