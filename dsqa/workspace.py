"""The world around a document: which files there are, what stands in them, whose they are."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from dsqa.detection import FREE, Choice
from dsqa.document import Document, Image, Link
from dsqa.fragment import KEY
from dsqa.git import MARK, Checkout, belongs, is_within
from dsqa.landing import Fault, Landing, land
from dsqa.parser import parse
from dsqa.sight import look, walk
from dsqa.source import Astray, Failed, Oversized, Source, Unreadable
from dsqa.standing import Repository, Standing, standing
from dsqa.target import IMAGE_SUFFIXES, MARKDOWN_SUFFIXES, folder_of

if TYPE_CHECKING:
    from dsqa.outside import Answer, Outcome
    from dsqa.page import Text

A = TypeVar("A", bound=Link | Image)

MOST_SEARCHED = 5_000_000
"""Characters that are searched for text fragments before it pays to look their words up."""
MOST_DOCUMENTS = 5_000
"""How many documents are read to learn who links to one of them."""
MOST_ASKED = 40
"""How many other files are asked in which way questions are marked, where one cannot tell."""
BESIDE_QUESTIONS = r"""(?xi)
    (?: changelog | code_of_conduct | contribut (?: ing | ors ) | history | license | readme
      | security | support ) .*
"""
"""Files that are not written as those around them are."""
LINK_TO_A_PLACE_ELSEWHERE = re.compile(r"""[^\s("'<\[\#&\\]\#[^\s\#]""")
"""What stands in every document that links to a place inside another one."""
NOT_OURS = frozenset({"node_modules", "__pycache__", MARK})
LARGEST_FILE = 32 * 1024 * 1024
"""Bytes; a larger file is refused, not read."""
NEITHER_WAIT_NOR_FOLLOW = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


class Files(Protocol):
    """A tree of files. Paths are relative to its root, with `/`; nothing outside is ever seen."""

    def names(self, folder: str) -> Mapping[str, bool]:
        """The names in a folder, and whether each is a folder; none if there is no such folder."""

    def paths(self) -> Iterator[str]:
        """All files, without those that others made; none is reached by a link to a folder."""

    def read(self, path: str) -> Source:
        """The text at the path; raises Unreadable."""


class Memory:
    """Files that are nowhere but here: for examples, tests and texts from a pipe."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files

    def names(self, folder: str) -> Mapping[str, bool]:
        prefix = f"{folder}/" if folder else ""
        inside = [path.removeprefix(prefix) for path in self.files if path.startswith(prefix)]
        return {path.partition("/")[0]: "/" in path for path in inside}

    def paths(self) -> Iterator[str]:
        return iter(self.files)

    def read(self, path: str) -> Source:
        if path not in self.files:
            raise Unreadable("no such file")
        return Source.decode(path, self.files[path].encode("utf-8", "surrogatepass"))


class Disk:
    """The files below a folder. What a link brings in from outside of it is not there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def real_root(self) -> str:
        return os.path.realpath(self.root)

    def names(self, folder: str) -> Mapping[str, bool]:
        place = str(self.root / folder)
        try:
            if folder and not self._holds(place):
                return {}
            look(place)
            with os.scandir(place) as entries:
                return {entry.name: entry.is_dir() for entry in entries if self._has(entry)}
        except (OSError, ValueError):
            return {}

    def _has(self, entry: os.DirEntry[str]) -> bool:
        """Whether the entry is there, and not only a link to nothing or to what is outside."""
        if not entry.is_symlink():
            return True
        look(entry.path)
        return self._holds(entry.path) and os.path.exists(entry.path)

    def _holds(self, path: str) -> bool:
        return is_within(os.path.realpath(path), self.real_root)

    def paths(self) -> Iterator[str]:
        return iter(self._paths)

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        found: list[str] = []
        for place, folders, names in walk(str(self.root)):
            look(place)
            folders[:] = sorted(set(folders) - NOT_OURS)
            folder = Path(place).relative_to(self.root)
            found += [(folder / name).as_posix() for name in sorted(names)]
        return tuple(found)

    def read(self, path: str) -> Source:
        # a folder on the way may become a link to where it has gone
        look(*list((self.root / path).parents)[: path.count("/")])
        try:
            real = os.path.realpath(self.root / path)
        except ValueError:
            raise Unreadable("not the name of a file") from None
        if not is_within(real, self.real_root):
            raise Astray("a link that leads out of the folder that is checked")
        if os.path.islink(self.root / path) and not os.path.isfile(real):
            raise Astray("a link that leads to no file")
        if os.path.isdir(real):
            raise Unreadable("a folder that cannot be looked into")
        return Source.decode(path, read_bytes(real))

    @cached_property
    def git(self) -> Checkout | None:
        """What git knows of the files; None if the folder is not the top of a checkout."""
        return Checkout(self.root) if belongs(self.root) else None


def read_bytes(real: str, most: int = LARGEST_FILE) -> bytes:
    """The content of the regular file at a real path, if it is not too large; raises Unreadable."""
    look(real)
    try:
        # some devices act on being opened, and to wait for a pipe may take for ever
        check_regular(Path(real).stat(), most)
        descriptor = os.open(real, os.O_RDONLY | NEITHER_WAIT_NOR_FOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            size = check_regular(os.fstat(descriptor), most)
            content = file.read(size + 1)
            # some files tell no size, or a wrong one
            content += file.read(most - size) if len(content) > size else b""
    except ValueError:
        raise Unreadable("not the name of a file") from None
    except OSError as error:
        raise Unreadable((error.strerror or "cannot be read").lower()) from None
    check_size(len(content), most)
    return content


def check_regular(status: os.stat_result, most: int) -> int:
    """The size of a regular file of so many bytes at the most; raises Unreadable."""
    if stat.S_ISDIR(status.st_mode):
        raise Unreadable("a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable("not a regular file")
    check_size(status.st_size, most)
    return status.st_size


def check_size(size: int, most: int = LARGEST_FILE) -> None:
    """Raises Oversized if so many bytes are more than are read."""
    if size > most:
        raise Oversized(f"larger than {most // 1024**2} MiB")


class Arrival(NamedTuple):
    """A link, the document in which it stands, and where it lands."""

    document: Document
    link: Link
    landing: Landing


class Workspace:
    """Files, the names of their repository, and what was already found out about them.

    What it answers never changes: a change of a document is a new workspace (`replacing`).
    `outside` holds what addresses answer, as they are written in documents, if they were asked.
    """

    def __init__(
        self,
        files: Files,
        repository: Repository | None = None,
        sources: Mapping[str, Source] | None = None,
        choice: Callable[[str], Choice] = lambda path: FREE,
        outside: Mapping[str, Answer] | None = None,
    ) -> None:
        self.files = files
        self.repository = repository or Repository()
        self.sources = dict(sources or {})
        self.choice = choice
        self.outside = outside or {}
        self.named: frozenset[str] = frozenset()
        """The paths of which a run was asked, whatever they are called."""
        self.told: dict[str, frozenset[str]] = {}
        """The images that documents show of which somebody told, so that they need not be read."""
        self._names: dict[str, Mapping[str, bool]] = {}
        self._documents: dict[str, Document | None] = {}
        self._read: dict[str, Document] = {}
        self._standings: dict[str, Standing] = {}
        self._texts: dict[str, Text] = {}
        self._landings: dict[tuple[str, str, int, int, type], Landing] = {}
        """By document, address and its places: the hash of a link takes ten times as long."""
        self._linking: frozenset[str] | None = None
        self._unread: set[str] = set()
        self.failed: dict[str, Failed] = {}
        """Where dsqa itself failed to read a document, whoever asked for it."""
        self._arrivals: dict[str, tuple[Arrival, ...]] = {}
        self._arrivals_at: dict[str, Mapping[str, Sequence[Arrival]]] = {}

    def replacing(self, sources: Mapping[str, Source]) -> Workspace:
        """The same world in which these sources stand instead of the files of the same paths."""
        replaced = Workspace(
            self.files, self.repository, {**self.sources, **sources}, self.choice, self.outside
        )
        replaced._names = self._names
        replaced._standings = self._standings
        replaced._read = {path: read for path, read in self._read.items() if path not in sources}
        replaced._documents = {
            path: document for path, document in self._documents.items() if path not in sources
        }
        replaced._linking, replaced._unread = self._linking, self._unread
        replaced.named, replaced.failed = self.named, self.failed
        return replaced

    def knowing(self, outside: Mapping[str, Answer]) -> Workspace:
        """The same world, of which one knows what the addresses answer that are written in it."""
        told = copy(self)
        told.outside = outside
        return told

    def _entries(self, folder: str) -> Mapping[str, bool]:
        if folder not in self._names:
            self._names[folder] = self.files.names(folder)
        return self._names[folder]

    def _is_folder(self, path: str) -> bool | None:
        """Whether the path is a folder, True, or a file, False; None if there is nothing.

        Each part is looked up in the listing of its folder, so that letter case counts everywhere.
        """
        folder, answer = "", True
        for part in path.split("/"):
            if not answer or part not in (names := self._entries(folder)):
                return None
            answer = names[part]
            folder = f"{folder}/{part}" if folder else part
        return answer

    def has_file(self, path: str) -> bool:
        return path in self.sources or self._is_folder(path) is False

    def has_folder(self, path: str) -> bool:
        return not path or self._is_folder(path.rstrip("/")) is True

    def respelled(self, path: str) -> str | None:
        """The one path that differs from the given one in letter case only."""
        found = ""
        for part in path.split("/"):
            names = [n for n in self._entries(found) if n.casefold() == part.casefold()]
            if len(names) != 1:
                return None
            found = f"{found}/{names[0]}" if found else names[0]
        return found if found != path else None

    def neighbours(self, folder: str) -> tuple[str, ...]:
        """The names of the files in a folder, sorted."""
        return tuple(sorted(n for n, folder in self._entries(folder).items() if not folder))

    def parsed(self, path: str) -> Document:
        """The document at the path; raises Unreadable."""
        document = self._documents.get(path)
        if document is None:
            document = self._alone(path)
            if document.doubtful and (habits := self._habits(path)):
                document = self._parse(path, habits)
            self._documents[path] = document
        return document

    def _alone(self, path: str) -> Document:
        """The document at the path as it is read without a look at others; raises Unreadable."""
        if path not in self._read:
            self._read[path] = self._parse(path)
        return self._read[path]

    def _parse(self, path: str, habits: Mapping[str, int] | None = None) -> Document:
        """The document in the file; raises Failed where dsqa fails, and keeps that in mind."""
        try:
            return parse(self.read(path), habits or {}, self.choice(path))
        except Unreadable:
            raise
        except Exception as error:
            self.failed[path] = Failed("dsqa itself failed to read it")
            raise self.failed[path] from error

    def _habits(self, path: str) -> Mapping[str, int]:
        """In how many files near the path the questions are marked in which way."""
        if re.fullmatch(BESIDE_QUESTIONS, path.rpartition("/")[2]):
            return {}
        habits: Counter[str] = Counter()
        for other in islice(self._near(path), MOST_ASKED):
            try:
                document = self._alone(other)
            except Unreadable:
                continue
            if document.recognitions:
                habits[document.recognitions[0].key] += 1
        return habits

    def _near(self, path: str) -> Iterator[str]:
        """The Markdown files in the folder of the path, and those of its name in folders beside."""
        folder, _, name = path.rpartition("/")
        for other in self.neighbours(folder):
            if other != name and other.lower().endswith(MARKDOWN_SUFFIXES):
                yield f"{folder}/{other}".lstrip("/")
        above = folder.rpartition("/")[0]
        for beside, is_folder in sorted(self._entries(above).items()):
            other = f"{above}/{beside}/{name}".lstrip("/")
            if folder and is_folder and other != path and self.has_file(other):
                yield other
        for other in self.neighbours(above) if folder else ():
            if other.lower().endswith(MARKDOWN_SUFFIXES):
                yield f"{above}/{other}".lstrip("/")

    def arrivals(self, path: str) -> tuple[Arrival, ...]:
        """The links of all documents to places inside the document at the path, its own first."""
        if path not in self._arrivals:
            own = (one for one in self._departures(path) if one.landing.there == path)
            self._arrivals[path] = (*own, *self._arrivals_from_elsewhere.get(path, ()))
        return self._arrivals[path]

    def arrivals_at(self, path: str) -> Mapping[str, Sequence[Arrival]]:
        """The same by the anchors where they land, or which they mean if they lead by words."""
        if path not in self._arrivals_at:
            places: dict[str, list[Arrival]] = defaultdict(list)
            for one in self.arrivals(path):
                landing = one.landing
                meant = landing.meant if landing.by_words and landing.sure else None
                places[landing.anchor or (meant.anchor if meant else "")].append(one)
            self._arrivals_at[path] = places
        return self._arrivals_at[path]

    @cached_property
    def _arrivals_from_elsewhere(self) -> Mapping[str, Sequence[Arrival]]:
        """The links to places inside each document that stand in other ones."""
        arrivals: dict[str, list[Arrival]] = defaultdict(list)
        others = self.named - set(self._places())
        for source in sorted({*self._linking_files(), *self.sources, *others}):
            for one in self._departures(source):
                if one.landing.there != source:
                    arrivals[one.landing.there].append(one)
        return arrivals

    def _departures(self, path: str) -> Iterator[Arrival]:
        """The links of the document that lead to places inside documents."""
        document = self.document(path)
        for link in document.links if document else ():
            if document and "#" in link.href and (landing := self.landing(document, link)).there:
                yield Arrival(document, link, landing)

    def _linking_files(self) -> frozenset[str]:
        """The Markdown files in which something looks like a link to a place inside another one."""
        if self._linking is None:
            self._linking = frozenset(filter(self._links_elsewhere, self._places()))
        return self._linking

    def unread(self) -> str:
        """A Markdown file that may link to others, but cannot be read; empty if there is none."""
        for path in self._linking_files():
            self.document(path)
        return min({*self._unread, *self.failed}, default="")

    def _links_elsewhere(self, path: str) -> bool:
        try:
            text = self.files.read(path).text
        except Astray:
            return False
        except Unreadable:
            self._unread.add(path)
            return False
        return LINK_TO_A_PLACE_ELSEWHERE.search(text) is not None

    def shown_by(self, document: Document) -> frozenset[str]:
        """The files that the document shows, or leads to, as images."""
        return frozenset(
            landing.path
            for address in document.addresses
            if (landing := self.landing(document, address)).resolves
            and landing.path.lower().endswith(IMAGE_SUFFIXES)
        )

    def shown(self) -> frozenset[str]:
        """The images that any of the documents at hand shows."""
        read = (self.document(path) for path in self._places() if path not in self.told)
        return frozenset().union(*self.told.values(), *(self.shown_by(one) for one in read if one))

    def _places(self) -> Sequence[str]:
        """The paths of the documents at hand."""
        return sorted(self._markdown())[:MOST_DOCUMENTS]

    def read(self, path: str) -> Source:
        """The text at the path; raises Unreadable."""
        return self.sources.get(path) or self.files.read(path)

    def _markdown(self) -> Iterator[str]:
        for path in self.files.paths():
            if path.lower().endswith(MARKDOWN_SUFFIXES):
                hidden = "/." in f"/{folder_of(path)}"
                git = self.repository.git if hidden else None
                if not hidden or (git and git.tracks(path)):
                    yield path

    def document(self, path: str) -> Document | None:
        """The document at the path; None if it cannot be read."""
        if path not in self._documents:
            try:
                self.parsed(path)
            except Unreadable:
                self._documents[path] = None
        return self._documents[path]

    def line_count(self, path: str) -> int | None:
        """How many lines the file has; None if it is no text."""
        try:
            return self.read(path).line_count
        except Unreadable:
            return None

    def text(self, document: Document) -> Text:
        """The visible text of the document, prepared for the search of text directives."""
        if document.path not in self._texts:
            from dsqa.page import Text

            directives = sum(KEY in link.href for link in document.links)
            often = directives * len(document.source.text) >= MOST_SEARCHED
            blocks = tuple(block.text for block in document.blocks)
            self._texts[document.path] = Text(blocks, often)
        return self._texts[document.path]

    def standing(self, document: Document) -> Standing:
        if document.path not in self._standings:
            self._standings[document.path] = standing(document, self)
        return self._standings[document.path]

    def landing(self, document: Document, link: Link | Image) -> Landing:
        """Where the link of the document lands."""
        key = (document.path, link.href, link.span.start, link.href_span.start, type(link))
        if key not in self._landings:
            self._landings[key] = land(link, document, self, self.standing(document))
        return self._landings[key]

    def answers(
        self, document: Document, *outcomes: Outcome
    ) -> Iterator[tuple[Link | Image, Answer]]:
        """The links and images of the document whose addresses had one of these outcomes."""
        for address in document.addresses if self.outside else ():
            answer = self.outside.get(address.href)
            if answer and answer.outcome in outcomes:
                yield address, answer

    def landings(
        self, document: Document, addresses: Iterable[A], fault: Fault
    ) -> Iterator[tuple[A, Landing]]:
        """Those of the links and images of the document with the fault, and where they land."""
        for address in addresses:
            if (landing := self.landing(document, address)).fault is fault:
                yield address, landing
