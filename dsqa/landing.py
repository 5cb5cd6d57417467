"""Where a link of a document lands, and what is wrong with that."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from dsqa.document import Document, Entry, Heading, Image, Link, Question
from dsqa.fragment import DELIMITER, KEY, Fragment
from dsqa.html import TAGS_ONLY
from dsqa.slug import slug
from dsqa.source import Span
from dsqa.standing import Git, Standing, World, is_one_of, names, owned, path_of, target_of
from dsqa.target import MARKDOWN_SUFFIXES, OTHER_VIEWS, Kind, Target, decode, folder_of, join
from dsqa.words import LONGEST_COMPARED, comparable, fold, similarity

DEFAULT_BRANCHES = frozenset({"main", "master"})
"""Names of which one is left over when the default branch is renamed to the other."""
README = re.compile(r"readme\.(?:md|markdown|mdown|mkd)", re.IGNORECASE)
QUESTION_NUMBER = re.compile(r"(?:q|question)? ?0*([0-9]{1,9})\b")
"""The number with which the folded words of a question begin."""
TEMPLATE = re.compile(r"\{[{%]|\$\{|<%")
"""What a site builder or a shell replaces before anybody follows the link."""
PAGES_OF_REPOSITORY = frozenset(
    """actions commits contributors discussions fork graphs issues labels milestones network
    projects pull pulls pulse releases security stargazers tags watchers wiki""".split()
)
"""What the host has beside the files: `../../issues` leads there from a file at the root."""
LINES = re.compile(
    r"L(?P<first>[0-9]{1,9})(?:C[0-9]{1,9})?(?:-L?(?P<last>[0-9]{1,9})(?:C[0-9]{1,9})?)?"
)
"""How the host names lines of a file that it does not render."""
BETWEEN_NAME_AND_HEADING = re.compile(TAGS_ONLY)

NEAR = 0.8
"""A heading as like as this to an anchor, and clearly more so than the others, is meant by it."""
CLEARLY_LESS = 0.2
RELATED = 0.6
"""Less alike than this, nobody would guess what was meant."""
MOST_PLACES = 250_000
"""How many places are looked at for all text directives of a document."""
COMMON = 50
"""A word that so many headings have tells nothing."""
LONGEST_NORMALISED = 300
"""Characters of a path; to normalise a long one can take minutes."""

IGNORED = "git ignores it, so it is not on the host"
DELETED = "it was deleted"
DELETED_HERE = "it is deleted here, which is not committed yet"


class Fault(Enum):
    """What is wrong with the place where a link or an image leads."""

    EMPTY = "empty"
    NO_SECTION = "no section"
    WRONG_OWNER = "wrong owner"
    FORMER_NAME = "former name"
    MISSING_FILE = "missing file"
    WRONG_REF = "wrong ref"
    WRONG_FILE = "wrong file"
    MALFORMED_FRAGMENT = "malformed fragment"
    FURNITURE = "page furniture"
    SELF_MATCH = "self match"
    UNRESOLVED = "unresolved"
    WRONG_SECTION = "wrong section"
    BROKEN_ANCHOR = "broken anchor"
    NO_LINE = "no such line"
    NON_CANONICAL = "non-canonical anchor"
    PATH_SPELLING = "path spelling"
    PAGE_AS_IMAGE = "page as image"
    ABSOLUTE_SELF = "absolute self link"
    PREFER_ANCHOR = "prefer anchor"


PRECEDENCE = tuple(Fault)
"""Of several faults of one link the first one is its finding; the others follow from it or wait."""
IMAGE_PRECEDENCE = (
    Fault.EMPTY,
    Fault.PATH_SPELLING,
    Fault.MISSING_FILE,
    Fault.WRONG_OWNER,
    Fault.FORMER_NAME,
    Fault.WRONG_REF,
    Fault.PAGE_AS_IMAGE,
)


class Landing(NamedTuple):
    """Where a link leads.

    `path` is relative to the root; empty where the place is outside the workspace. `resolves` says
    whether the path is there, None if the files at hand cannot tell; `suggestion` is the path that
    may have been meant. `there` is the document that shows the place, which for a folder is its
    README; `span` is the place in it, `question` the one that holds it, `anchor` its name as
    GitHub writes it.
    """

    target: Target
    fault: Fault | None = None
    lesser: tuple[Fault, ...] = ()
    path: str = ""
    resolves: bool | None = None
    former: str = ""
    """The path that the link names, if git tells that the file was renamed from it to `path`."""
    renamed: bool = False
    """Whether the address names the document by a file name that its newer links do not use."""
    there: str = ""
    span: Span | None = None
    question: Question | None = None
    anchor: str = ""
    meant: Heading | None = None
    """The heading of `there` that was meant, as far as the link tells; it may lead elsewhere."""
    sure: bool = False
    """Whether no other heading can have been meant."""
    verdict: str = ""
    """What browsers make of the text directive, if that is what it leads by."""
    reason: str = ""
    suggestion: str = ""

    @property
    def by_words(self) -> bool:
        """Whether it leads by the words on the page."""
        return self.target.fragment is not None and bool(self.target.fragment.directives)

    @property
    def judged(self) -> str:
        """What browsers make of the text directive, and why."""
        return ": ".join(filter(None, (self.verdict, self.reason)))


class File(NamedTuple):
    """What the path of an address comes to; see Landing."""

    path: str = ""
    resolves: bool | None = None
    faults: tuple[Fault, ...] = ()
    reason: str = ""
    suggestion: str = ""
    former: str = ""


class Place(NamedTuple):
    """What the fragment of an address comes to in a document; see Landing."""

    span: Span | None = None
    anchor: str = ""
    meant: Heading | None = None
    sure: bool = False
    faults: tuple[Fault, ...] = ()
    verdict: str = ""
    reason: str = ""


def land(link: Link | Image, document: Document, world: World, where: Standing) -> Landing:
    """Where the link of the document lands, seen from where the document stands."""
    target = target_of(link.href, where.repository)
    entry = document.entry_of_link.get(link) if isinstance(link, Link) else None
    page = isinstance(link, Image) and target.view == "blob" and "raw=" not in target.query
    style = {Fault.PAGE_AS_IMAGE} if page else set()
    if target.kind is Kind.NOTHING:
        lost = entry is not None and entry.question is None
        return _landing(link, target, {Fault.NO_SECTION if lost else Fault.EMPTY})
    ours = _is_ours(link, target, world, where) and not target.permanent
    if not ours or (not entry and _is_other_branch(target, where)):
        astray = entry and entry.question and target.kind in (Kind.EXTERNAL, Kind.GITHUB)
        return _abroad(link, target, {*style, Fault.WRONG_FILE} if astray else style)
    file = _file(link, target, document, world, where)
    there = _shown(link, file, target, document, world)
    place = _place(entry, target, document, there, world, where) if there else Place()
    question = _question_at(place.span, there) if there and place.span is not None else None
    faults = {*_faults_of_names(target, world, where), *file.faults, *place.faults, *style}
    if file.resolves is None and (abroad := _abroad(link, target, set())).fault:
        faults.add(abroad.fault)
        place = place._replace(reason=abroad.reason)
    if end := _end_before(target, file, world, where) if not there else 0:
        faults.add(Fault.NO_LINE)
        place = place._replace(reason=f"it ends with line {end}")
    if entry and entry.question and file.resolves and not there:
        faults.add(Fault.WRONG_FILE)
    if entry and entry.question and there:
        if there is not document:
            faults.add(Fault.WRONG_FILE)
        elif place.span is not None and question is not entry.question:
            faults |= {Fault.WRONG_SECTION} if Fault.SELF_MATCH not in faults else set()
    elif entry and not entry.question:
        lost = question is None and (file.resolves is False or bool(faults))
        if lost or file.path == document.path:
            faults.add(Fault.NO_SECTION)
    return _landing(link, target, faults)._replace(
        path=file.path,
        resolves=file.resolves,
        former=file.former,
        renamed=bool(where.current_aliases)
        and target.path in where.aliases - where.current_aliases,
        there=there.path if there else "",
        span=place.span,
        question=question,
        anchor=place.anchor,
        meant=place.meant,
        sure=place.sure,
        verdict=place.verdict,
        reason=place.reason or file.reason,
        suggestion=file.suggestion,
    )


def resolve_anchor(name: str, document: Document) -> str | None:
    """The name in the document that a fragment finds; None if it finds nothing.

    The host strips `user-content-`, and its script finds a name whatever its letter case is.
    """
    if name in document.anchors:
        return name
    plain = decode(name)
    if plain in document.anchors:
        return plain
    plain = plain.removeprefix("user-content-")
    return plain if plain in document.anchors else _folded_anchors(document).get(plain.casefold())


def meant_heading(name: str, document: Document, *, near: bool) -> tuple[Heading | None, bool]:
    """The heading that an anchor without a place means, and whether it can mean no other.

    It is the one of the same words; or else, if `near` ones are looked for, the one of the same
    number and nearly these words, while all others are clearly less like them.
    """
    words = fold(decode(decode(name)).removeprefix("user-content-"))
    by_words = _headings_by_words(document)
    if equal := by_words.get(words):
        return equal[0], len(equal) == 1
    if not near:
        nearest, likeness = _nearest_by_words(words, document)
        return (by_words[nearest][0], False) if likeness >= RELATED else (None, False)
    likenesses = [(similarity(words, other, least=RELATED), other) for other in by_words]
    likenesses.sort(key=lambda pair: -pair[0])
    number = _number(words)
    numbered = [pair for pair in likenesses if pair[0] and _number(pair[1]) == number]
    if not likenesses or not likenesses[0][0]:
        return None, False
    likeness, nearest = (numbered or likenesses)[0]
    others = max((one for one, other in likenesses if other != nearest), default=0.0)
    sure = bool(numbered) and likeness >= NEAR and likeness - others >= CLEARLY_LESS
    return by_words[nearest][0], sure and len(by_words[nearest]) == 1


def _nearest_by_words(words: str, document: Document) -> tuple[str, float]:
    """The words of the heading that shares most words with these, and the share of them."""
    headings = _headings_by_word(document)
    mine = set(words.split())
    shared = Counter(
        other
        for word in mine
        if len(headings.get(word, ())) <= COMMON
        for other in headings.get(word, ())
    )
    likenesses = ((2 * n / (len(mine) + len(other.split())), other) for other, n in shared.items())
    likeness, nearest = max(likenesses, default=(0.0, ""))
    return nearest, likeness


def _landing(link: Link | Image, target: Target, faults: set[Fault]) -> Landing:
    """The landing with the gravest of the faults as its own."""
    order = IMAGE_PRECEDENCE if isinstance(link, Image) else PRECEDENCE
    found = [fault for fault in order if fault in faults]
    return Landing(target, found[0] if found else None, tuple(found[1:]))


def _abroad(link: Link | Image, target: Target, faults: set[Fault]) -> Landing:
    """The landing on a page that is not at hand: only its address can be judged."""
    written = target.fragment
    if written and DELIMITER in link.href and written.malformed and not written.directives:
        landing = _landing(link, target, {Fault.MALFORMED_FRAGMENT})
        return landing._replace(reason=written.malformed[0].reason)
    return _landing(link, target, faults)


def _is_ours(link: Link | Image, target: Target, world: World, where: Standing) -> bool:
    """Whether the files at hand can tell where it leads."""
    if target.kind is Kind.EXTERNAL or _is_no_path(link, target):
        return False
    abroad = target.kind is Kind.GITHUB and not owned(target, where.repository)
    return not abroad or _is_fork(target, world, where)


def _is_no_path(link: Link | Image, target: Target) -> bool:
    """Whether it only looks like a path: a bare host, a mail address, a template."""
    bare = link.style in ("bare", "autolink") and target.kind is Kind.RELATIVE
    return bare or TEMPLATE.search(target.path) is not None


def _is_other_branch(target: Target, where: Standing) -> bool:
    """Whether it leads to a branch or tag whose files are not at hand.

    Only an index leads to its own questions for sure, so that any other branch is a slip there.
    """
    ref, branch, git = target.ref, where.repository.branch, where.repository.git
    if not ref or ref in (branch, "HEAD"):
        return False
    if not branch:
        return ref not in DEFAULT_BRANCHES
    return not {ref, branch} <= DEFAULT_BRANCHES or (git is not None and ref in git.refs)


def _is_fork(target: Target, world: World, where: Standing) -> bool:
    """Whether the repository has our name, another owner, and a path that we have."""
    known = [name.casefold() for name in names(where.repository)]
    return (
        target.repository.casefold() not in known
        and target.repository_name.casefold() in {name.partition("/")[2] for name in known}
        and bool(target.path)
        and (
            world.has_file(target.path)
            or world.has_folder(target.path)
            or target.path in where.aliases
            or bool(_successor(target.path, world))
        )
    )


def _faults_of_names(target: Target, world: World, where: Standing) -> Iterator[Fault]:
    """What is wrong with the repository and the branch."""
    repository = where.repository
    if target.kind is not Kind.GITHUB:
        return
    if _is_fork(target, world, where):
        yield Fault.WRONG_OWNER
    elif not is_one_of(target.repository, repository.present):
        yield Fault.FORMER_NAME
    if repository.branch and target.ref and target.ref not in (repository.branch, "HEAD"):
        yield Fault.WRONG_REF


def _file(
    link: Link | Image, target: Target, document: Document, world: World, where: Standing
) -> File:
    """Whether the path is there."""
    image = isinstance(link, Image)
    if image and not target.path:
        return File(document.path, True, (Fault.EMPTY,))
    path = path_of(target, document)
    if path is None:
        beyond = next((part for part in target.path.split("/") if part.strip(".")), "")
        if beyond in PAGES_OF_REPOSITORY:
            return File("")
        reason = "the path leads out of the repository"
        return File("", False, (Fault.MISSING_FILE,), reason)
    index = isinstance(link, Link) and link in document.entry_of_link
    if index and target.kind is Kind.GITHUB and path in where.aliases:
        path = document.path
    git = world.repository.git
    if path == document.path or world.has_file(path) or (not image and world.has_folder(path)):
        if git and _is_ignored(path, document, git):
            return File("", False, (Fault.MISSING_FILE,), IGNORED)
        absolute = target.kind is Kind.GITHUB and target.path and not world.has_folder(path)
        self_link = absolute and not image and target.view not in OTHER_VIEWS
        return File(path, True, (Fault.ABSOLUTE_SELF,) if self_link else ())
    if target.kind is Kind.GITHUB and not where.complete:
        return File(path)
    respelled = next(_respelled(link, path, document, world), "")
    fault = Fault.PATH_SPELLING if image and respelled else Fault.MISSING_FILE
    reason = "it is a folder" if world.has_folder(path) else ""
    if git and not (respelled or reason):
        return _recorded(link, path, world, git)
    return File(path, False, (fault,), reason, respelled)


def _is_ignored(path: str, document: Document, git: Git) -> bool:
    """Whether what is at the path will never be on the host, though the document will be there."""
    if path in ("", document.path):
        return False
    return git.ignores(path) and not git.ignores(document.path)


def _successor(path: str, world: World) -> str:
    """The path that the file or folder has now; empty if git tells of none that is here."""
    git = world.repository.git
    later = git.successor(path) if git else None
    return later if later and (world.has_file(later) or world.has_folder(later)) else ""


def _recorded(link: Link | Image, path: str, world: World, git: Git) -> File:
    """What git tells of a path that is not at hand."""
    missing = File(path, False, (Fault.MISSING_FILE,))
    if git.spares(path):
        return File(path, True)
    if git.tracks(path):
        return missing._replace(reason=DELETED_HERE)
    later = _successor(path, world)
    if later and not (isinstance(link, Image) and world.has_folder(later)):
        return File(later, True, (Fault.FORMER_NAME,), former=path)
    return missing._replace(reason=DELETED if git.successor(path) == "" else "")


def _respelled(link: Link | Image, path: str, document: Document, world: World) -> Iterator[str]:
    """The paths that are there and that one may write in this way by mistake."""
    if found := world.respelled(path):
        yield found
    others = [join("", path.replace("\\", "/")), join("", decode(path))]
    if isinstance(link, Image) and "://" not in link.href:
        others.append(join(folder_of(document.path), decode(link.href)))
    if len(path) <= LONGEST_NORMALISED:
        others += [unicodedata.normalize(form, path) for form in ("NFC", "NFD")]
    yield from (other for other in others if other and other != path and world.has_file(other))


def _end_before(target: Target, file: File, world: World, where: Standing) -> int:
    """The last line of the file, if the address names a line behind it; else 0."""
    written = target.fragment
    match = LINES.fullmatch(written.element_id) if written and not written.directives else None
    if not match or not file.resolves or _is_other_branch(target, where):
        return 0
    end = world.line_count(file.path)
    return end if end and end < max(int(match["first"]), int(match["last"] or 0)) else 0


def _shown(
    link: Link | Image, file: File, target: Target, document: Document, world: World
) -> Document | None:
    """The document that a reader sees there: the file itself, or the README of the folder."""
    if isinstance(link, Image) or not file.resolves or "plain=1" in target.query:
        return None
    if file.path == document.path:
        return document
    if world.has_folder(file.path):
        names = [name for name in world.neighbours(file.path) if README.fullmatch(name)]
        return world.document(f"{file.path}/{names[0]}".lstrip("/")) if names else None
    if not file.path.lower().endswith(MARKDOWN_SUFFIXES):
        return None
    return world.document(file.path)


def _place(
    entry: Entry | None,
    target: Target,
    document: Document,
    there: Document,
    world: World,
    where: Standing,
) -> Place:
    """Where in the document the fragment leads."""
    meant, sure = None, False
    if entry and entry.question and there is document:
        meant, sure = entry.question.heading, entry.sure
    written = target.fragment
    if written is None:
        return Place(Span(0, 0), "", meant, sure)
    place = _anchored(written, there)._replace(meant=meant, sure=sure)
    plain = _is_plain(written)
    if written.directives:
        place = _worded(written, place, document, there, world, where)
    elif plain and place.span is None:
        reason = written.malformed[0].reason if written.malformed else ""
        near = _has_time(document, there)
        if not meant:
            meant, sure = meant_heading(written.element_id, there, near=near)
        place = Place(None, "", meant, sure, (Fault.BROKEN_ANCHOR,), reason)
    if not plain and written.malformed:
        faults = (*place.faults, Fault.MALFORMED_FRAGMENT)
        place = place._replace(faults=faults, reason=written.malformed[0].reason)
    return place


def _is_plain(written: Fragment) -> bool:
    """Whether it names an element only, and does not even look like a text directive."""
    return not written.directives and all(
        malformed.raw == written.element_id != "" and not malformed.instead
        for malformed in written.malformed
    )


def _anchored(written: Fragment, there: Document) -> Place:
    """Where the element is that the fragment names; at the top if it names none."""
    name = written.element_id
    if (found := resolve_anchor(name, there)) is not None:
        faults = () if found in (name, decode(name)) else (Fault.NON_CANONICAL,)
        return Place(there.anchors[found], found, faults=faults)
    if name.lower() == "readme" and README.fullmatch(there.path.rpartition("/")[2]):
        return Place(Span(0, 0))
    if name.lower() == "top" or not (name or written.directives or written.malformed):
        return Place(Span(0, 0))
    return Place()


def _worded(
    written: Fragment,
    place: Place,
    document: Document,
    there: Document,
    world: World,
    where: Standing,
) -> Place:
    """Where the text directives lead; a browser goes to the first one that it finds."""
    # few documents have any, and what judges them is half of all that would be imported
    from dsqa.verdict import Verdict, github_chrome, judge

    block = there.block_at(place.meant.span) if place.meant else None
    owner, _, name = where.repository.name.partition("/")
    chrome = github_chrome(owner, name, where.repository.branch, there.path)
    text = world.text(there)
    places = _places_for_each(document)
    judgements = [judge(one, text, block, chrome, places) for one in written.directives]
    found = next((one for one in judgements if one.match is not None), judgements[0])
    span = there.blocks[found.match.first_block].span if found.match else None
    heading = there.heading_at(span.start) if span else None
    if place.meant is None:
        same = _headings_by_words(there).get(fold(slug(written.directives[0].start)), ())
        meant = heading or (same[0] if len(same) == 1 else None)
        place = place._replace(meant=meant, sure=meant is not None)
    place = place._replace(reason=found.reason, verdict=found.verdict.value)
    if found.verdict is Verdict.UNDECIDED:
        return place
    if found.verdict is Verdict.DEPENDS_ON_PAGE:
        return place._replace(faults=(Fault.FURNITURE,))
    if span is None:
        return place._replace(faults=(Fault.FURNITURE if found.furniture else Fault.UNRESOLVED,))
    listed = there.entry_at(span.start) is not None
    if heading:
        return place._replace(span=span, anchor=heading.anchor, faults=(Fault.PREFER_ANCHOR,))
    faults = (Fault.SELF_MATCH,) if place.meant and listed else ()
    return place._replace(span=span, anchor="", faults=faults)


@lru_cache(maxsize=8)
def _places_for_each(document: Document) -> int:
    """How many places are looked at for each of the text directives in its links."""
    from dsqa.page import PATIENCE

    directives = sum(link.href.count(KEY) for link in document.links if DELIMITER in link.href)
    return min(PATIENCE, MOST_PLACES // max(directives, 1))


def _question_at(span: Span, there: Document) -> Question | None:
    """The question that a reader sees at the place, also if its heading is right below a name."""
    gap = BETWEEN_NAME_AND_HEADING.match(there.source.text, span.start)
    start = gap.end() if gap and span else span.start
    asked = there.question_at(start)
    below = there.heading_at(start) or (asked and start < asked.heading.span.end)
    return there.question_at(start if below else span.start)


@lru_cache(maxsize=8)
def _headings_by_words(document: Document) -> Mapping[str, tuple[Heading, ...]]:
    """The headings by the words of their anchors, without the numbers that make those unique."""
    found: dict[str, list[Heading]] = defaultdict(list)
    for heading in document.headings:
        found[fold(slug(heading.text))].append(heading)
    return {words: tuple(headings) for words, headings in found.items()}


@lru_cache(maxsize=8)
def _headings_by_word(document: Document) -> Mapping[str, Sequence[str]]:
    """The words of the headings, each with the headings that have it."""
    found: dict[str, list[str]] = defaultdict(list)
    for words in _headings_by_words(document):
        for word in set(words.split()):
            found[word].append(words)
    return found


@lru_cache(maxsize=8)
def _has_time(document: Document, there: Document) -> bool:
    """Whether there is time to compare its anchors that lead nowhere with all headings there."""
    names = (link.href.rpartition("#")[2] for link in document.links if "#" in link.href)
    lost = (name[:LONGEST_COMPARED] for name in names if name not in there.anchors)
    return comparable(lost, _headings_by_words(there))


@lru_cache(maxsize=8)
def _folded_anchors(document: Document) -> Mapping[str, str]:
    """The anchors by what they are without letter case; of several the first one."""
    return {anchor.casefold(): anchor for anchor in reversed(tuple(document.anchors))}


def _number(words: str) -> str:
    match = QUESTION_NUMBER.match(words)
    return match[1] if match else ""
