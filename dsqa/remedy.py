"""Where a link should lead instead, and the fix that makes it lead there."""

from __future__ import annotations

import re
from itertools import accumulate

from dsqa.document import Document, Image, Link
from dsqa.finding import Edit, Fix, Related
from dsqa.landing import Fault, Landing
from dsqa.source import Span
from dsqa.standing import Repository, is_one_of
from dsqa.target import OTHER_VIEWS, RAW_HOST, encode_path, folder_of, relative
from dsqa.workspace import Workspace

ESCAPED = re.compile(r"\\.")
UNRESOLVED_PLACES = frozenset(
    {
        Fault.BROKEN_ANCHOR,
        Fault.FURNITURE,
        Fault.MALFORMED_FRAGMENT,
        Fault.SELF_MATCH,
        Fault.UNRESOLVED,
    }
)
BESIDES = {
    Fault.MALFORMED_FRAGMENT: "its fragment is misspelt as well",
    Fault.FURNITURE: "its text fragment rests on words of the page around the document as well",
    Fault.SELF_MATCH: "its text fragment stops at an index line as well",
    Fault.UNRESOLVED: "its text fragment fits no place in the document either",
    Fault.WRONG_SECTION: "it leads to another question as well",
    Fault.BROKEN_ANCHOR: "no heading has its anchor either",
    Fault.NO_LINE: "it names a line that is not there as well",
}
"""What is wrong with the place where a link leads, said beside what is wrong with its way there."""


def right_href(document: Document, workspace: Workspace, link: Link | Image) -> str | None:
    """The href that leads where the link means to lead; None if nobody but its author knows.

    An index entry leads to the anchor of the question that it names. Any other link keeps its place
    and loses what is wrong about the names on the way there. One that does something with a file,
    such as to edit or download it, goes on to do that.
    """
    entry = document.entry_of_link.get(link) if isinstance(link, Link) else None
    if entry and entry.question:
        anchor = entry.question.heading.anchor
        return f"#{anchor}" if anchor else None
    landing = workspace.landing(document, link)
    if isinstance(link, Image):
        path = landing.path if landing.resolves else landing.suggestion
        return written_path(document, path) if path else None
    if landing.fault is Fault.FORMER_NAME and not landing.target.path:
        name = workspace.standing(document).repository.name
        return link.href.replace(landing.target.repository, name, 1)
    if not landing.path or not landing.resolves:
        return None
    if landing.target.view in OTHER_VIEWS:
        return _same_view(link, landing, workspace.standing(document).repository)
    if {landing.fault, *landing.lesser} & UNRESOLVED_PLACES:
        return likely_href(document, landing) if landing.sure else None
    written = landing.target.fragment
    if written is None:
        return written_path(document, landing.path) + landing.target.query
    if written.directives and not landing.anchor:
        return None
    return _address(document, landing, landing.anchor or written.element_id)


def likely_href(document: Document, landing: Landing) -> str | None:
    """The href of the heading that was probably meant."""
    return _address(document, landing, landing.meant.anchor) if landing.meant else None


def written_path(document: Document, path: str) -> str:
    """The path as one writes it in the document."""
    folder = folder_of(document.path)
    return encode_path(relative(path, folder) or relative(document.path, folder))


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


def _address(document: Document, landing: Landing, anchor: str) -> str:
    here, query = landing.there == document.path, landing.target.query
    path = "" if here else written_path(document, landing.there or landing.path) + query
    return f"{path}#{anchor}"


def _same_view(link: Link, landing: Landing, repository: Repository) -> str:
    """The address that does the same with the file under its present names."""
    target = landing.target
    host, _, _ = link.href.partition(target.repository)
    known = is_one_of(target.repository, repository.present)
    name = target.repository if known else repository.name
    view = () if RAW_HOST in host.lower() else (target.view,)
    ref = repository.branch if Fault.WRONG_REF in (landing.fault, *landing.lesser) else target.ref
    _, mark, fragment = link.href.partition("#")
    place = "/".join((name, *view, encode_path(f"{ref}/{landing.path}")))
    return f"{host}{place}{target.query}{mark}{fragment}"


def parted(document: Document, line: Span) -> Fix:
    """The fix that puts a blank line above the line; safe unless that is a part of an answer."""
    place = line.start
    newline = re.search(r"\r\n|\r|\n", document.source.text)
    edit = Edit(document.path, Span(place, place), newline[0] if newline else "\n")
    question = document.question_at(place - 1) if place else None
    safe = question is None or not question.answer.span.overlaps(edit.span)
    return Fix((edit,), safe, "a blank line above")


def linkable(document: Document, words: Span) -> bool:
    """Whether the words can be the label of a link as they are written."""
    text = ESCAPED.sub("", document.source[words])
    open_brackets = list(accumulate({"[": 1, "]": -1}.get(character, 0) for character in text))
    balanced = not open_brackets or (min(open_brackets) >= 0 and open_brackets[-1] == 0)
    free = not document.linked.overlap(words)
    return balanced and free and not {"<", "\n", "\r"} & set(text)


def together(reason: str, landing: Landing) -> str:
    """The reason for the fault of a link, and what is wrong with it besides."""
    lesser = (BESIDES[fault] for fault in landing.lesser if fault in BESIDES)
    return "; ".join(filter(None, (reason, *lesser)))


def meant_place(landing: Landing) -> tuple[Related, ...]:
    """The heading that the link was to lead to, if that can be told."""
    if not landing.meant:
        return ()
    return (Related(landing.there, landing.meant.text_span, "the heading that was meant"),)
