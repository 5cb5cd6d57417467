"""One run over some files: each read once, in the workspace of the tree that it belongs to."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from dsqa.config import Config, ignored_codes, matching, way_at
from dsqa.coverage import Coverage, total
from dsqa.detection import FREE, Choice
from dsqa.discovery import File, excluded
from dsqa.document import Document, Question
from dsqa.facts import Facts, facts
from dsqa.finding import Finding
from dsqa.linter import lint, lint_tree, order
from dsqa.manual import help_uri
from dsqa.question_ids import question_ids
from dsqa.report import Looked, Report, RuleInfo
from dsqa.rule import Rule
from dsqa.source import Astray, Failed, Source, Unreadable
from dsqa.standing import Repository
from dsqa.workspace import Disk, Files, Workspace

if TYPE_CHECKING:
    from dsqa.outside import Answer
    from dsqa.unjudged import Hindrance

T = TypeVar("T")


class Item(NamedTuple):
    """A document of a run: the path to print, seen from the working folder, the file it is, and the
    world around it.

    `known` is what is known of it where another process has read it.
    """

    shown: str
    folder: Path
    file: File
    workspace: Workspace
    known: Facts | None = None

    @property
    def document(self) -> Document:
        return self.workspace.parsed(self.file.path)

    @property
    def facts(self) -> Facts:
        return self.known or facts(self.document, self.workspace)

    @property
    def asks(self) -> bool:
        """Whether anything in it is recognised as questions, or as an index of some."""
        known = self.known
        if known:
            return bool(known.coverage.questions or known.indexes)
        return bool(self.document.questions or self.document.indexes)

    def beside(self, path: str) -> str:
        """The path to print for one from the root."""
        return _shown_below(self.file.root, path, self.folder)

    def below_root(self, shown: str) -> str:
        """The path from the root for one to print."""
        place = Path(os.path.normpath(self.folder / shown))
        return place.relative_to(self.file.root).as_posix()


Found: TypeAlias = tuple[Finding, Item]
"""A finding, and a document of its tree."""


class Unread(NamedTuple):
    """A file that could not be read: the path to print, the file, and why."""

    shown: str
    file: File
    why: Unreadable


class Reading(NamedTuple):
    """What was read, and what could not be.

    `trees` are the roots of which every document was asked for. `skipped` are links in folders that
    lead to no file of the tree, as remarks. `judged` is what was found in documents, where another
    process has read them. `piped` is what came by the standard input, unless that is too much.
    """

    items: tuple[Item, ...] = ()
    unread: tuple[Unread, ...] = ()
    trees: frozenset[Path] = frozenset()
    skipped: tuple[str, ...] = ()
    judged: Mapping[File, Sequence[Finding]] = MappingProxyType({})
    piped: bytes = b""

    @property
    def missed(self) -> tuple[Unread, ...]:
        """What could not be read, and where dsqa failed to read what the documents link to."""
        known = {one.file for one in self.unread}
        failed = {
            File(item.file.root / path, item.file.root): (item.beside(path), why)
            for item in self.items
            for path, why in item.workspace.failed.items()
        }
        more = (Unread(shown, file, why) for file, (shown, why) in sorted(failed.items()))
        return (*self.unread, *(one for one in more if one.file not in known))

    def knowing(self, outside: Mapping[str, Answer]) -> Reading:
        """The same in worlds of which one knows what the addresses in them answer."""
        worlds = {item.file.root: item.workspace.knowing(outside) for item in self.items}
        items = (item._replace(workspace=worlds[item.file.root]) for item in self.items)
        return self._replace(items=tuple(items))


def read(
    files: Sequence[File],
    folder: Path,
    config: Config,
    texts: Mapping[Path, Source] | None = None,
    trees: frozenset[Path] = frozenset(),
    laid_out: Callable[[Disk, Repository], tuple[Files, Repository]] | None = None,
    known: Mapping[File, Facts] = MappingProxyType({}),
    beside: Sequence[File] = (),
) -> Reading:
    """Read the files, seen from the working folder; `texts` stand instead of some of them.

    `laid_out` gives other files than those on disk, and what is known of them. Documents of which
    the facts are `known` are not read again. `beside` are all files of the run, if these are not.
    """
    texts = texts or {}
    worlds: dict[Path, Workspace] = {}
    items: list[Item] = []
    unread: list[Unread] = []
    for file in files:
        shown = shown_path(file.place, folder)
        if file.root not in worlds:
            world = worlds[file.root] = world_around(file, config, texts, laid_out)
            of_root = (one for one in beside or files if one.root == file.root)
            world.named = frozenset(one.path for one in of_root)
        world = worlds[file.root]
        if laid_out and not world.has_file(file.path):
            continue
        if file in known:
            world.told[file.path] = known[file].shown
        else:
            try:
                world.parsed(file.path)
            except Unreadable as error:
                unread.append(Unread(shown, file, error))
                continue
        items.append(Item(shown, folder, file, world, known.get(file)))
    return Reading(tuple(items), tuple(unread), trees)


def world_around(
    file: File,
    config: Config,
    texts: Mapping[Path, Source],
    laid_out: Callable[[Disk, Repository], tuple[Files, Repository]] | None = None,
) -> Workspace:
    """The world of the tree that the file belongs to."""
    given = {
        place.relative_to(file.root).as_posix(): source
        for place, source in texts.items()
        if place.is_relative_to(file.root)
    }
    disk = Disk(file.root)
    own = repository(disk, config, file.place)
    tree, own = laid_out(disk, own) if laid_out else (disk, own)
    return Workspace(tree, own, given, partial(choice, config, file.root))


def without_astray(reading: Reading, named: Collection[Path]) -> Reading:
    """The reading, in which a link astray is skipped, with a remark, unless it was named itself."""
    skipped = [
        one for one in reading.unread if isinstance(one.why, Astray) and one.file.place not in named
    ]
    return reading._replace(
        unread=tuple(one for one in reading.unread if one not in skipped),
        skipped=tuple(f"{one.shown}: {one.why}; it was skipped" for one in skipped),
    )


def attempted(
    items: Iterable[Item], made_of: Callable[[Item], T]
) -> tuple[list[T], tuple[Unread, ...]]:
    """What is made of each of the items, and those of them at which dsqa itself failed."""
    made: list[T] = []
    failed: list[Unread] = []
    for item in items:
        try:
            made.append(made_of(item))
        except Exception as error:
            why = Failed("dsqa itself failed at it")
            why.__cause__ = error
            failed.append(Unread(item.shown, item.file, why))
    return made, tuple(failed)


def choice(config: Config, root: Path, path: str) -> Choice:
    """What the settings say about how the file at the path is read."""
    place = root / path
    if not place.is_relative_to(config.folder):
        return FREE
    below = place.relative_to(config.folder).as_posix()
    return Choice(*(way_at(ways, below) for ways in (config.question, config.answer, config.index)))


@lru_cache(maxsize=1024)
def shown_path(place: Path, folder: Path) -> str:
    """The path to print: from the working folder, with slashes."""
    return Path(os.path.relpath(place, folder)).as_posix()


@lru_cache(maxsize=1024)
def _shown_below(root: Path, path: str, folder: Path) -> str:
    return shown_path(root / path, folder)


def repository(disk: Disk, config: Config, place: Path) -> Repository:
    """The names of the repository of a file, from the settings and from git; settings go first.

    In the checkout of a fork the links lead where it was forked from, and may lead to the fork:
    unless the settings say which of the two it is, both names are its own.
    """
    names = (disk.git.name, disk.git.parent) if disk.git else ("", "")
    named = tuple(dict.fromkeys(filter(None, names)))
    branch = disk.git.branch if disk.git else ""
    if not config.holds(place):
        config = Config(config.folder)
    own = {known.casefold() for known in (config.repository, *config.former_names)}
    ours = any(not config.repository or name.casefold() in own for name in named)
    return Repository(
        config.repository or next(iter(named), ""),
        config.former_names,
        config.default_branch or branch,
        authoritative=ours,
        settled=bool(config.repository),
        also=() if config.repository else named[1:],
        git=disk.git,
    )


def rules_for(item: Item, config: Config, chosen: Sequence[Rule]) -> list[Rule]:
    """The rules that judge the document: those of the run without those that are ignored there."""
    ignored = ignored_at(item.file, config)
    return [rule for rule in chosen if rule.code not in ignored]


def ignored_at(file: File, config: Config) -> frozenset[str]:
    """The codes of the rules that the settings ignore there."""
    if not config.per_file_ignores or not file.place.is_relative_to(config.folder):
        return frozenset()
    path = file.place.relative_to(config.folder).as_posix()
    return frozenset(ignored_codes(config, path))


def heard(findings: Sequence[Finding], item: Item, config: Config) -> Sequence[Finding]:
    """The findings without those that the settings ignore for a question."""
    if not config.per_question_ignores or not item.file.place.is_relative_to(config.folder):
        return findings
    path = item.file.place.relative_to(config.folder).as_posix()
    names = {f"{path}#{name}": q for q, name in question_ids(item.document).items()}
    ignored: dict[Question | None, set[str]] = {
        names[name]: matching(rules) for name, rules in config.per_question_ignores if name in names
    }
    return [
        finding
        for finding in findings
        if finding.code not in ignored.get(item.document.asked_at(finding.span.start)[0], set())
    ]


def found_in(item: Item, config: Config, chosen: Sequence[Rule]) -> Sequence[Finding]:
    """What the rules find in the document."""
    rules = rules_for(item, config, chosen)
    return heard(lint(item.document, item.workspace, rules), item, config)


def all_found(reading: Reading, config: Config, chosen: Sequence[Rule]) -> list[Found]:
    """What the rules find in the documents, and in the files around them."""
    found: list[Found] = []
    for item in reading.items:
        judged = reading.judged.get(item.file)
        findings = found_in(item, config, chosen) if judged is None else judged
        found += ((finding, item) for finding in findings)
    return [*found, *found_in_trees(reading, config, chosen)]


def report(
    reading: Reading,
    config: Config,
    chosen: Sequence[Rule],
    *,
    version: str,
    ways: Iterable[Callable[[Sequence[Found]], Iterable[Found]]] = (),
    notes: Iterable[str] = (),
) -> Report:
    """What the rules find in all that was read, and what of it is left in each of the ways.

    Hosts know files by their path from the root of the checkout. Where that does not tell them
    apart, or where there is no checkout, each is known by the path that is printed.
    """
    items = [item._replace(known=item.facts) for item in reading.items]
    found = all_found(reading, config, chosen)
    # none of the ways hides that something could not be judged
    unjudged = [one for one in found if one[0].unjudged]
    found = [one for one in found if not one[0].unjudged]
    for way in ways:
        found = list(way(found))
    found += unjudged
    missed = reading.missed
    roots = {one.file.root for one in items} | {one.file.root for one in missed}
    by_root = len(roots) == 1 and all(Disk(root).git for root in roots)
    if not by_root:
        found = [(_renamed(finding, item), item) for finding, item in found]
    sources: dict[str, Source] = {}
    display: dict[str, str] = {}
    covered: list[Coverage] = []
    untold: list[Finding] = []
    for one in missed:
        finding, seen = unread_finding(one, one.file.path if by_root else one.shown)
        untold.append(finding)
        display[finding.path] = one.shown
        sources |= {finding.path: seen} if seen else {}
    for item in items:
        key = item.file.path if by_root else item.shown
        sources[key], display[key] = item.workspace.read(item.file.path), item.shown
        covered.append(item.facts.coverage._replace(path=key))
    for finding, item in found:
        if by_root and finding.path not in sources:
            display[finding.path] = item.beside(finding.path)
        paths = {finding.path, *(place.path for place in finding.related)}
        paths |= {edit.path for edit in finding.fix.edits} if finding.fix else set()
        for path in sorted(paths - sources.keys()):
            known = path if by_root else item.below_root(path)
            display.setdefault(path, item.beside(known))
            with suppress(Unreadable):
                sources[path] = item.workspace.read(known)
    findings = sorted(dict.fromkeys((*untold, *(finding for finding, _ in found))), key=order)
    return Report(
        findings=tuple(findings),
        sources=sources,
        looked=looked_at(items, total(covered)),
        rules={one.code: one for one in (*map(info, chosen), *map(info, hindrances(findings)))},
        version=version,
        notes=(*notes, *reading.skipped, *remarks(items)),
        unreadable=tuple((one.shown, str(one.why)) for one in missed),
        fail_on=config.fail_on,
        display=display,
        coverage=tuple(covered),
    )


def found_in_trees(
    reading: Reading, config: Config, chosen: Sequence[Rule]
) -> Iterator[tuple[Finding, Item]]:
    """What is found in files that are no documents, each with a document of the same tree.

    Where a document could not be read nobody knows what it says of them.
    """
    trees = {item.file.root: item for item in reading.items if item.file.root in reading.trees}
    for root, item in sorted(trees.items()) if not reading.unread else ():
        for finding in lint_tree(item.workspace, chosen):
            file = File(root / finding.path, root)
            left_out = excluded(file.place, config) or finding.code in ignored_at(file, config)
            if finding.unjudged or not left_out:
                yield finding, item


def unread_finding(one: Unread, path: str) -> tuple[Finding, Source | None]:
    """The finding that it could not be read, at this path, and what can be shown of it."""
    from dsqa.unjudged import unread

    return unread(path, one.why)


def hindrances(findings: Iterable[Finding]) -> Iterable[Hindrance]:
    """What kept files from being judged."""
    codes = {finding.code for finding in findings if finding.unjudged}
    if not codes:
        return ()
    from dsqa.unjudged import HINDRANCES

    return (one for one in HINDRANCES if one.code in codes)


def _renamed(finding: Finding, item: Item) -> Finding:
    """The finding, in which each path is the one to print."""
    fix = finding.fix and finding.fix._replace(
        edits=tuple(edit._replace(path=item.beside(edit.path)) for edit in finding.fix.edits),
    )
    related = tuple(place._replace(path=item.beside(place.path)) for place in finding.related)
    return replace(finding, path=item.beside(finding.path), related=related, fix=fix)


def looked_at(items: Sequence[Item], covered: Coverage) -> Looked:
    known = [item.facts for item in items]
    outside = {
        href.partition("#")[0]: str(answer.outcome)
        for item in items
        for href, answer in item.workspace.outside.items()
    }
    return Looked(
        files=len(known),
        indexes=sum(one.indexes for one in known),
        questions=covered.questions,
        entries=sum(one.entries for one in known),
        links=sum(one.links for one in known),
        images=sum(one.images for one in known),
        answers=covered.answers,
        addresses=dict(sorted(Counter(outside.values()).items())),
    )


def remarks(items: Sequence[Item]) -> Iterable[str]:
    """What was concluded from the documents, or could not be judged without knowing more."""
    told: dict[str, list[str]] = {}
    for item in items:
        for said in item.facts.remarks:
            told.setdefault(said, []).append(item.shown)
    for said, shown in told.items():
        more = f" and {len(shown) - 1} more" if len(shown) > 1 else ""
        yield f"{shown[0]}{more}: {said}"


def info(rule: Rule | Hindrance) -> RuleInfo:
    return RuleInfo(
        rule.code, rule.name, rule.summary, rule.rationale, rule.severity, help_uri(rule)
    )
