"""What must change elsewhere when headings do, so that all that leads to them still does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from dsqa import markdown
from dsqa.document import Document, Heading
from dsqa.finding import Edit, apply
from dsqa.html import unescape
from dsqa.slug import unique_slugs
from dsqa.source import Source, Span
from dsqa.workspace import Workspace


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

    None if nobody can tell what one of the headings will read.
    """
    texts: dict[Heading, str] = {}
    for heading, inside in groupby(
        sorted(edits), lambda edit: document.heading_at(edit.span.start)
    ):
        if not heading or (text := _reworded(document, heading, list(inside))) is None:
            return None
        texts[heading] = text
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
    slugs = unique_slugs(texts.get(heading, heading.text) for heading in document.headings)
    anchors = {h.anchor: slug for h, slug in zip(document.headings, slugs, strict=True)}
    reworded = {heading.anchor for heading in texts}
    for source, link, landing in workspace.arrivals(document.path):
        by_words = landing.target.fragment is not None and bool(landing.target.fragment.directives)
        meant = landing.meant.anchor if by_words and landing.meant and landing.sure else ""
        old = landing.anchor or meant
        new = anchors.get(old)
        mark = _mark(source.source[link.href_span], link.href)
        if new and mark and (new != old or (by_words and old in reworded)):
            place = Span(link.href_span.start + mark - 1, link.href_span.end)
            yield Edit(source.path, place, f"#{new}")


def _mark(written: str, href: str) -> int:
    """How much of what is written leads up to the fragment of the href, with its mark.

    Nothing if the mark is written as an entity.
    """
    page = href.partition("#")[0]
    places = (place for place, character in enumerate(written, 1) if character == "#")
    return next((end for end in places if unescape(written[: end - 1]) == page), 0)
