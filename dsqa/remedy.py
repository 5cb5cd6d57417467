"""Where a link should lead instead, and the fix that makes it lead there."""

from __future__ import annotations

from dsqa.document import Document, Image, Link
from dsqa.finding import Edit, Fix
from dsqa.landing import Fault
from dsqa.target import encode_path, folder_of, relative
from dsqa.workspace import Workspace

UNRESOLVED_PLACES = frozenset({Fault.BROKEN_ANCHOR, Fault.UNRESOLVED, Fault.MALFORMED_FRAGMENT})


def right_href(document: Document, workspace: Workspace, link: Link | Image) -> str | None:
    """The href that leads where the link means to lead; None if nobody but its author knows.

    An index entry leads to the anchor of the question that it names. Any other link keeps its place
    and loses what is wrong about the names on the way there.
    """
    entry = document.entry_of_link.get(link) if isinstance(link, Link) else None
    if entry and entry.question:
        return f"#{entry.question.heading.anchor}"
    landing = workspace.landing(document, link)
    faults = {landing.fault, *landing.lesser}
    if not landing.path or not landing.resolves or faults & UNRESOLVED_PLACES:
        return None
    here = landing.path == document.path
    path = "" if here else encode_path(relative(landing.path, folder_of(document.path)))
    written = landing.target.fragment
    if written is None or isinstance(link, Image):
        return path or encode_path(landing.path.rpartition("/")[2])
    if written.directives:
        there = document if here else workspace.document(landing.path)
        heading = there.heading_at(landing.span.start) if there and landing.span else None
        return f"{path}#{heading.anchor}" if heading else None
    return f"{path}#{written.element_id}"


def mended(document: Document, workspace: Workspace, link: Link | Image) -> Fix | None:
    """The fix that writes the right href; safe unless it rests on a guess about what is meant.

    A bare address is its own label: to change it would change the words that a reader sees.
    """
    href = right_href(document, workspace, link)
    if href is None or href == link.href or link.style in ("bare", "autolink"):
        return None
    entry = document.entry_of_link.get(link) if isinstance(link, Link) else None
    safe = entry is None or entry.question is None or entry.sure
    return Fix((Edit(document.path, link.href_span, href),), safe, f"`{href}`")
