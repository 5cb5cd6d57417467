"""Where a link of a document lands, and what is wrong with that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from dsqa import fragment
from dsqa.document import Document, Entry, Image, Link, Question
from dsqa.fragment import Fragment, Text, Verdict
from dsqa.source import Span
from dsqa.target import Kind, Target, decode, folder_of, join, parse_target

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")


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
    NON_CANONICAL = "non-canonical anchor"
    LETTER_CASE = "letter case"
    PAGE_AS_IMAGE = "page as image"
    ABSOLUTE_SELF = "absolute self link"
    PREFER_ANCHOR = "prefer anchor"


PRECEDENCE = tuple(Fault)
"""Of several faults of one link the first one is its finding; the others follow from it or wait."""
IMAGE_PRECEDENCE = (
    Fault.EMPTY,
    Fault.LETTER_CASE,
    Fault.MISSING_FILE,
    Fault.WRONG_OWNER,
    Fault.FORMER_NAME,
    Fault.WRONG_REF,
    Fault.PAGE_AS_IMAGE,
)


@dataclass(frozen=True, slots=True)
class Repository:
    """The names of the repository that the files belong to; `name` is empty if not known."""

    name: str = ""
    former: tuple[str, ...] = ()
    branch: str = ""
    """The default branch; empty if not known, and then no branch is a wrong one."""
    authoritative: bool = False
    """Whether the files at hand are all of the repository, so that others are missing."""


class World(Protocol):
    """What the judgement of a link asks about the world around its document."""

    @property
    def repository(self) -> Repository: ...
    def has_file(self, path: str) -> bool: ...
    def has_folder(self, path: str) -> bool: ...
    def respelled(self, path: str) -> str | None:
        """The path of the file or folder that differs from the one given in letter case only."""

    def document(self, path: str) -> Document | None:
        """The Markdown document at the path."""

    def text(self, document: Document) -> Text:
        """The visible text of the document, prepared for the search of text directives."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which repository and which paths a document takes for its own.

    `aliases` are paths that are not among the files at hand, but whose index entries name questions
    of this very document: it was copied out of its repository, or lies there under another name.
    """

    repository: Repository
    inferred: bool
    complete: bool
    aliases: frozenset[str]
    current_aliases: frozenset[str]


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a link leads.

    `path` is relative to the root; empty where the place is outside the workspace. `span` is the
    place in the document there. `suggestion` is the path that may have been meant. `resolves` says
    whether the path is there, None if the files at hand cannot tell.
    """

    target: Target
    fault: Fault | None = None
    lesser: tuple[Fault, ...] = ()
    path: str = ""
    resolves: bool | None = None
    renamed: bool = False
    """Whether the address names the document by a file name that its newer links do not use."""
    span: Span | None = None
    question: Question | None = None
    reason: str = ""
    suggestion: str = ""


def standing(document: Document, world: World) -> Standing:
    """Which repository and which paths the document takes for its own."""
    own = [parse_target(link.href) for link in document.addresses]
    own = [target for target in own if target.kind is Kind.GITHUB]
    entries = [entry for entry in document.entries if entry.link and entry.question]
    named = [parse_target(entry.link.href) for entry in entries if entry.link]
    repository = world.repository
    inferred = False
    if not repository.name:
        names = Counter(target.repository for target in named if target.kind is Kind.GITHUB)
        if names:
            repository = Repository(name=min(names, key=lambda name: (-names[name], name)))
            inferred = True
    complete = repository.authoritative or any(
        _owned(target, repository) and target.path and world.has_file(target.path) for target in own
    )
    aliases: set[str] = set()
    current: set[str] = set()
    if not complete:
        for target in named:
            if _owned(target, repository) and target.path and not world.has_file(target.path):
                aliases.add(target.path)
                if _same_name(target.repository, repository.name):
                    current.add(target.path)
    return Standing(repository, inferred, complete, frozenset(aliases), frozenset(current))


def land(link: Link | Image, document: Document, world: World, where: Standing) -> Landing:
    """Where the link of the document lands, seen from where the document stands."""
    target = parse_target(link.href)
    entry = document.entry_of_link.get(link) if isinstance(link, Link) else None
    order = IMAGE_PRECEDENCE if isinstance(link, Image) else PRECEDENCE
    journey = _Journey(document, world, where, target, entry, isinstance(link, Image))
    faults = sorted(set(journey.faults()), key=PRECEDENCE.index)
    faults = [fault for fault in order if fault in faults]
    return Landing(
        target=target,
        fault=faults[0] if faults else None,
        lesser=tuple(faults[1:]),
        path=journey.path,
        resolves=journey.resolves,
        renamed=bool(where.current_aliases)
        and target.path in where.aliases - where.current_aliases,
        span=journey.span,
        question=journey.question,
        reason=journey.reason,
        suggestion=journey.suggestion,
    )


def resolve_anchor(name: str, document: Document) -> tuple[Span | None, bool]:
    """The place that a fragment names in a document, and whether it is written as GitHub writes it.

    The host strips `user-content-`, and its script finds a name whatever its letter case is.
    """
    if name in document.anchors:
        return document.anchors[name], True
    plain = decode(name).removeprefix("user-content-").rstrip("#")
    if plain in document.anchors:
        return document.anchors[plain], plain == decode(name)
    if plain.lower() in ("", "top"):
        return Span(0, 0), True
    folded = plain.casefold()
    for anchor, span in document.anchors.items():
        if anchor.casefold() == folded:
            return span, False
    return None, False


class _Journey:
    """The way of one link, noted as it is gone. Lives as long as `land` runs."""

    def __init__(
        self,
        document: Document,
        world: World,
        where: Standing,
        target: Target,
        entry: Entry | None,
        image: bool,
    ) -> None:
        self.document = document
        self.world = world
        self.where = where
        self.target = target
        self.entry = entry
        self.image = image
        self.path = ""
        self.resolves: bool | None = None
        self.span: Span | None = None
        self.question: Question | None = None
        self.reason = ""
        self.suggestion = ""

    def faults(self) -> Iterator[Fault]:
        target = self.target
        if target.kind is Kind.NOTHING:
            yield Fault.NO_SECTION if self.entry and not self.entry.question else Fault.EMPTY
            return
        if target.kind is Kind.EXTERNAL:
            return
        if target.kind is Kind.GITHUB:
            if self.image and target.view == "blob" and "raw=" not in target.query:
                yield Fault.PAGE_AS_IMAGE
            if not self._is_ours() or target.permanent:
                return
        found = list(self._faults_of_names()) + list(self._faults_of_path())
        if self.entry and not self.entry.question:
            nowhere = self.question is None and (self.resolves is False or bool(found))
            here = self.path == self.document.path
            if nowhere or here:
                yield Fault.NO_SECTION
        yield from found

    def _is_ours(self) -> bool:
        return _owned(self.target, self.where.repository) or self._is_fork()

    def _is_fork(self) -> bool:
        """Whether the repository has our name, another owner, and a path that we have."""
        names = {name.partition("/")[2].casefold() for name in self._names() if name}
        owners = {name.casefold() for name in self._names()}
        return (
            self.target.repository.casefold() not in owners
            and self.target.repository_name.casefold() in names
            and bool(self.target.path)
            and (
                self.world.has_file(self.target.path)
                or self.world.has_folder(self.target.path)
                or self.target.path in self.where.aliases
            )
        )

    def _names(self) -> tuple[str, ...]:
        return (self.where.repository.name, *self.where.repository.former)

    def _faults_of_names(self) -> Iterator[Fault]:
        """What is wrong with the repository and the branch."""
        target, repository = self.target, self.where.repository
        if target.kind is not Kind.GITHUB:
            return
        if self._is_fork():
            yield Fault.WRONG_OWNER
        elif not _same_name(target.repository, repository.name):
            yield Fault.FORMER_NAME
        if repository.branch and target.ref and target.ref not in (repository.branch, "HEAD"):
            yield Fault.WRONG_REF

    def _faults_of_path(self) -> Iterator[Fault]:
        """What is wrong with the file, and then with the place in it."""
        target = self.target
        if target.kind is Kind.HERE:
            path: str | None = self.document.path
        elif target.kind is Kind.RELATIVE and not target.path:
            path = self.document.path
        elif target.kind is Kind.RELATIVE:
            path = join(folder_of(self.document.path), target.path)
        else:
            path = join("", target.path)
        if path is None:
            self.resolves = False
            self.reason = "the path leads out of the repository"
            yield Fault.MISSING_FILE
            return
        if target.kind is Kind.GITHUB and path in self.where.aliases and self.entry:
            path = self.document.path
        self.path = path
        self.resolves = self._resolve(path)
        if self.resolves is None:
            return
        if not self.resolves:
            respelled = self.world.respelled(path)
            self.suggestion = respelled or ""
            yield Fault.LETTER_CASE if respelled and self.image else Fault.MISSING_FILE
            return
        if self.image:
            return
        yield from self._faults_of_place()
        absolute = target.kind is Kind.GITHUB and target.path and target.view != "edit"
        if absolute and target.view != "raw" and not self.world.has_folder(path):
            yield Fault.ABSOLUTE_SELF

    def _resolve(self, path: str) -> bool | None:
        if not path or path == self.document.path:
            return True
        if self.world.has_file(path) or self.world.has_folder(path):
            return True
        judged = self.target.kind is not Kind.GITHUB or self.where.complete
        return False if judged else None

    def _faults_of_place(self) -> Iterator[Fault]:
        """What is wrong with the place in the document, and whether it is the one that is meant."""
        there = self._destination()
        if there is None:
            return
        written = self.target.fragment
        if written is None:
            self.span = Span(0, 0)
        else:
            yield from self._faults_of_fragment(written, there)
        if self.span is not None:
            asked = there.question_at(self.span.start)
            if asked and asked.heading.span.start <= self.span.start < asked.heading.span.end:
                self.question = asked
        if not self.entry or not self.entry.question:
            return
        if there.path != self.document.path:
            yield Fault.WRONG_FILE
        elif self.span is not None and self.question is not self.entry.question:
            at_own_line = self.span in self.entry.span
            yield Fault.SELF_MATCH if at_own_line else Fault.WRONG_SECTION

    def _destination(self) -> Document | None:
        if self.path == self.document.path:
            return self.document
        if self.world.has_folder(self.path):
            for name in ("README.md", "readme.md", "Readme.md"):
                inside = f"{self.path}/{name}".lstrip("/")
                if self.world.has_file(inside):
                    return self.world.document(inside)
            return None
        if not self.path.lower().endswith(MARKDOWN_SUFFIXES) or "plain=1" in self.target.query:
            return None
        return self.world.document(self.path)

    def _faults_of_fragment(self, written: Fragment, there: Document) -> Iterator[Fault]:
        if written.malformed:
            self.reason = written.malformed[0].reason
            yield Fault.MALFORMED_FRAGMENT
        if written.element_id:
            span, canonical = resolve_anchor(written.element_id, there)
            if span is not None:
                self.span = span
                if not canonical:
                    yield Fault.NON_CANONICAL
        elif not written.directives and not written.malformed:
            self.span = Span(0, 0)
        if written.directives:
            yield from self._faults_of_directives(written, there)
        elif self.span is None and not written.malformed:
            yield Fault.BROKEN_ANCHOR

    def _faults_of_directives(self, written: Fragment, there: Document) -> Iterator[Fault]:
        """What is wrong with text directives; a browser goes to the first one that it finds."""
        text = self.world.text(there)
        meant = self._meant_block(there)
        owner, _, name = self.where.repository.name.partition("/")
        chrome = fragment.github_chrome(owner, name, self.where.repository.branch, there.path)
        judgements = [fragment.judge(one, text, meant, chrome) for one in written.directives]
        found = next((one for one in judgements if one.match is not None), judgements[0])
        self.reason = found.reason
        if found.verdict is Verdict.DEPENDS_ON_PAGE:
            yield Fault.FURNITURE
        elif found.match is None:
            yield Fault.FURNITURE if found.furniture else Fault.UNRESOLVED
        else:
            self.span = there.blocks[found.match.first_block].span
            heading = there.heading_at(self.span.start)
            if heading:
                yield Fault.PREFER_ANCHOR
            elif self.entry:
                yield Fault.SELF_MATCH

    def _meant_block(self, there: Document) -> int | None:
        if not self.entry or not self.entry.question or there is not self.document:
            return None
        meant = self.entry.question.heading.span
        blocks = enumerate(there.blocks)
        return next((n for n, block in blocks if block.span.overlaps(meant)), None)


def _same_name(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _owned(target: Target, repository: Repository) -> bool:
    return target.kind is Kind.GITHUB and any(
        _same_name(target.repository, name)
        for name in (repository.name, *repository.former)
        if name
    )
