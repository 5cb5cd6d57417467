"""What must change elsewhere when headings do, so that all that leads to them still does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, groupby, islice

from dsqa import markdown
from dsqa.document import Document, Heading
from dsqa.finding import Edit, apply
from dsqa.html import unescape
from dsqa.slug import slug, unique_slugs
from dsqa.source import Source, Span
from dsqa.workspace import Workspace

MOST_NAMESAKES = 100
"""Headings that may have to be named anew when one of them is reworded."""
MOST_MARKS = 100


def followers(
    document: Document, workspace: Workspace, texts: Mapping[Heading, str]
) -> tuple[Edit, ...]:
    """The edits of all links, in all documents, to headings that will read as given.

    A name that two headings share has a number behind it, so that other headings may be renamed as
    well. A link that stops at its heading by the words on the page, leads to its anchor from now
    on: the words will be others.
    """
    return tuple(sorted(set(_follow(document, workspace, texts))))


def coupled(
    document: Document, workspace: Workspace, edits: Sequence[Edit]
) -> tuple[Edit, ...] | None:
    """The edits of headings together with those of all links that follow them.

    None if nobody can tell what one of the headings will read, or where too many share its name.
    """
    texts: dict[Heading, str] = {}
    for heading, inside in groupby(
        sorted(edits), lambda edit: document.heading_at(edit.span.start)
    ):
        if not heading or (text := _reworded(document, heading, list(inside))) is None:
            return None
        texts[heading] = text
    if sum(map(len, _namesakes(document, texts))) > MOST_NAMESAKES:
        return None
    return (*edits, *followers(document, workspace, texts))


def _reworded(document: Document, heading: Heading, edits: Sequence[Edit]) -> str | None:
    """What the heading will read; None if it says something else alone than where it stands."""
    start = heading.span.start
    old = Source(document.path, document.source[heading.span])
    new = apply(
        old,
        [Edit(e.path, Span(e.span.start - start, e.span.end - start), e.text) for e in edits],
    )
    before, after = markdown.read(old).headings, markdown.read(new).headings
    alone = [one.text for one in before] == [heading.text] and len(after) == 1
    return after[0].text if alone else None


def _follow(
    document: Document, workspace: Workspace, texts: Mapping[Heading, str]
) -> Iterator[Edit]:
    headings = sorted(chain(*_namesakes(document, texts)), key=lambda heading: heading.span)
    slugs = unique_slugs(texts.get(heading, heading.text) for heading in headings)
    reworded = {heading.anchor for heading in texts}
    for heading, new in zip(headings, slugs, strict=True):
        old = heading.anchor
        arrivals = workspace.arrivals_at(document.path).get(old, ()) if old and new else ()
        for source, link, landing in arrivals:
            mark = _mark(source.source[link.href_span], link.href)
            if mark and (new != old or (landing.by_words and old in reworded)):
                place = Span(link.href_span.start + mark - 1, link.href_span.end)
                yield Edit(source.path, place, f"#{new}")


def _namesakes(document: Document, texts: Mapping[Heading, str]) -> list[Sequence[Heading]]:
    """The headings whose anchors may depend on how these read, which are among them."""
    families = _families(document)
    names = {_family(text) for heading, new in texts.items() for text in (heading.text, new)}
    return [families[name] for name in names if name in families]


@lru_cache(maxsize=8)
def _families(document: Document) -> Mapping[str, Sequence[Heading]]:
    """The headings whose anchors differ in nothing but the number behind them."""
    families: dict[str, list[Heading]] = defaultdict(list)
    for heading in document.headings:
        families[_family(heading.text)].append(heading)
    return families


def _family(text: str) -> str:
    return slug(text).rstrip("-0123456789")


def _mark(written: str, href: str) -> int:
    """How much of what is written leads up to the fragment of the href, with its mark.

    Nothing if the mark is written as an entity.
    """
    page = href.partition("#")[0]
    marks = (place for place, character in enumerate(written, 1) if character == "#")
    places = islice(marks, MOST_MARKS)
    return next((end for end in places if unescape(written[: end - 1]) == page), 0)
