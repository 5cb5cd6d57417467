"""Whose a document is: its repository, the names of that, and the paths it takes for its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dsqa.document import Document
from dsqa.target import Kind, Target, folder_of, join, parse_target

if TYPE_CHECKING:
    from dsqa.page import Text

FEWEST_BELIEVED = 3
"""Fewer links of an index than these may all be slips."""

USUAL = re.compile(r"(?:readme|licen[cs]e|contributing|changelog)\b", re.IGNORECASE)
"""Files that every repository has, so that they tell none from another."""


class Git(Protocol):
    """What git knows of the files at hand, and of those that are not; see dsqa.git.Checkout."""

    @property
    def refs(self) -> Collection[str]:
        """The names of the branches of the remote, and of tags."""

    @property
    def branches_here(self) -> Collection[str]:
        """The names of the branches of the checkout."""

    def ignores(self, path: str) -> bool: ...
    def spares(self, path: str) -> bool: ...
    def tracks(self, path: str) -> bool: ...
    def successor(self, path: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Repository:
    """The names of the repository that the files belong to; `name` is empty if not known."""

    name: str = ""
    former: tuple[str, ...] = ()
    branch: str = ""
    """The default branch; empty if not known, and then no branch is a wrong one."""
    authoritative: bool = False
    """Whether the files at hand are all of the repository, so that others are missing."""
    settled: bool = False
    """Whether a person said what it is called, so that no link knows better."""
    also: tuple[str, ...] = ()
    """Names that are as right as the first one: of the repository that it was forked from."""
    git: Git | None = field(default=None, compare=False, repr=False)
    """Whom to ask about the files; it is asked for nothing that no link needs."""

    @property
    def present(self) -> tuple[str, ...]:
        """The names that are no former ones."""
        return tuple(name for name in (self.name, *self.also) if name)


class World(Protocol):
    """What the judgement of a link asks about the world around its document."""

    @property
    def repository(self) -> Repository: ...
    def has_file(self, path: str) -> bool: ...
    def has_folder(self, path: str) -> bool: ...
    def neighbours(self, folder: str) -> tuple[str, ...]:
        """The names of the files in a folder, sorted."""

    def respelled(self, path: str) -> str | None:
        """The path of the file or folder that differs from the one given in letter case only."""

    def document(self, path: str) -> Document | None:
        """The Markdown document at the path."""

    def line_count(self, path: str) -> int | None:
        """How many lines the file has; None if it is no text."""

    def text(self, document: Document) -> Text:
        """The visible text of the document, prepared for the search of text directives."""


class Standing(NamedTuple):
    """Which repository and which paths a document takes for its own.

    `aliases` are paths that are not among the files at hand, but whose index entries name questions
    of this very document: it was copied out of its repository, or lies there under another name.
    """

    repository: Repository
    inferred: bool
    complete: bool
    aliases: frozenset[str]
    current_aliases: frozenset[str]


def standing(document: Document, world: World) -> Standing:
    """Which repository and which paths the document takes for its own.

    The files at hand are those of the repository if one of them is where a link says: then what is
    not there is missing. Relative links count as well, for that is what addresses are mended to.
    """
    repository = world.repository
    targets = [target_of(link.href, repository) for link in document.addresses]
    entries = [entry for entry in document.entries if entry.link and entry.question]
    named = [target_of(entry.link.href, repository) for entry in entries if entry.link]
    believed = _believed(repository, named)
    if not repository.name:
        believed = _recognised(believed, targets, world)
    inferred = believed != repository
    repository = believed
    complete = repository.authoritative or (
        not inferred and any(_proves(target, repository, document, world) for target in targets)
    )
    aliases: set[str] = set()
    current: set[str] = set()
    if not complete:
        for target in named:
            if owned(target, repository) and target.path and not world.has_file(target.path):
                aliases.add(target.path)
                if is_one_of(target.repository, repository.present):
                    current.add(target.path)
    return Standing(repository, inferred, complete, frozenset(aliases), frozenset(current))


def _believed(repository: Repository, named: Sequence[Target]) -> Repository:
    """The repository with the names that the index uses for it, if nobody said what it is called.

    An index leads to its own questions. So where no name is known, its links tell some; and where
    git only knows the name of a copy, they tell that of the original.
    """
    used = Counter(target.repository for target in named if target.kind is Kind.GITHUB)
    if not used or repository.settled:
        return repository
    told = sorted(used, key=lambda name: (-used[name], name))
    if not repository.name:
        owner = told[0].partition("/")[0].casefold()
        also = tuple(name for name in told[1:] if name.partition("/")[0].casefold() == owner)
        return replace(repository, name=told[0], also=also)
    known = {name.casefold() for name in names(repository)}
    tails = {name.partition("/")[2] for name in known}
    originals = tuple(name for name in told if name.partition("/")[2].casefold() in tails)
    if used.total() < FEWEST_BELIEVED or known & {name.casefold() for name in told}:
        return repository
    return replace(repository, also=(*repository.also, originals[0])) if originals else repository


def _recognised(repository: Repository, targets: Sequence[Target], world: World) -> Repository:
    """The repository with the names under which most links lead to files that are at hand.

    Each name is judged by its own links: those of another one may be mended some day.
    """
    abroad = {(t.repository, t.path) for t in targets if t.kind is Kind.GITHUB and not t.permanent}
    told = Counter(name for name, path in abroad if path and not USUAL.match(path))
    here = Counter(
        name for name, path in abroad if path and not USUAL.match(path) and world.has_file(path)
    )
    known = dict.fromkeys(repository.present)
    for name in sorted(here, key=lambda name: (-here[name], name)):
        if here[name] >= FEWEST_BELIEVED and 2 * here[name] > told[name]:
            known.setdefault(name)
    name, *also = known or ("",)
    return replace(repository, name=name, also=tuple(also)) if name else repository


def names(repository: Repository) -> tuple[str, ...]:
    return (*repository.present, *repository.former)


def _proves(target: Target, repository: Repository, document: Document, world: World) -> bool:
    """Whether a link shows that the files at hand are those that the document belongs to."""
    relative = target.kind in (Kind.RELATIVE, Kind.ROOTED)
    if not target.path or not (relative or owned(target, repository)):
        return False
    path = path_of(target, document)
    # a link to the document itself becomes an anchor some day, and must not take a proof with it
    return bool(path and path != document.path and world.has_file(path))


def path_of(target: Target, document: Document) -> str | None:
    """The path that it names, relative to the root; None if it leaves the root."""
    if target.kind is Kind.HERE or (target.kind is Kind.RELATIVE and not target.path):
        return document.path
    folder = folder_of(document.path) if target.kind is Kind.RELATIVE else ""
    return join(folder, target.path)


def is_one_of(name: str, names: Collection[str]) -> bool:
    return name.casefold() in {known.casefold() for known in names}


def owned(target: Target, repository: Repository) -> bool:
    return target.kind is Kind.GITHUB and is_one_of(target.repository, names(repository))


def target_of(href: str, repository: Repository) -> Target:
    """The parts of the href, in which the name of one of our branches may have slashes."""
    target = parse_target(href)
    if not (target.path and target.ref and owned(target, repository)):
        return target
    if target.permanent or target.ref in (repository.branch, "HEAD"):
        return target
    git = repository.git
    refs = {repository.branch, *((*git.refs, *git.branches_here) if git else ())}
    place = f"{target.ref}/{target.path}"
    ref = max((ref for ref in refs if f"{place}/".startswith(f"{ref}/")), key=len, default="")
    return target._replace(ref=ref, path=place[len(ref) + 1 :]) if ref else target
