"""What git knows of a tree of files; it is asked when somebody wants to know, and only then.

What every check needs, the names of the repository and of its default branch, is read from the
files in which git keeps it, so that no process is started for it.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from dsqa.sight import look, look_below, so_far

MARK = ".git"
"""What lies at the top of a checkout: a folder, or in worktrees and submodules a file."""
COMMON = "commondir"
"""The file in which a worktree names the folder that it shares with others."""
PARTS = ("HEAD", COMMON, "config", "index", "info/exclude", "objects", "packed-refs", "refs")
"""What makes up a repository; none of it may be a link that leads elsewhere."""
WORKTREE = r"""(?imx) ^ \s* worktree \s* = \s* "? (?P<folder> [^"\n]+? ) "? \s* $"""
"""Where a submodule says that it is laid out, in its settings."""
ORIGIN = "origin"
UPSTREAM = "upstream"
"""What people call the repository that their own one was forked from."""
USUAL_BRANCHES = ("main", "master")
ADDRESS = r"""(?ix)
    (?: (?: git\+ )? (?: https? | ssh | git ) :// )? (?: [^@/\s]+ @ )?
    (?: www\. | ssh\. )? github\.com (?: :[0-9]+ (?= / ) | -[\w.-]+ (?= : ) )? [:/] /?
    (?P<repository> [^/\s]+ / [^/\s]+? ) (?: \.git )? /?
"""
"""Where a remote on GitHub is; `github.com-work:` is how people tell apart their keys for it."""
SECTION = r'(?ix)\s* \[ \s* (?: remote \s+ "(?P<remote>[^"]*)" )?'
URL = r'(?ix)(?: [^\]]* \] )? \s* url \s* = \s* "? (?P<url>[^"\s;\#]+)'

IGNORE = ".gitignore"
NOT_IGNORED = "--exclude-standard"
STATE = (
    *("HEAD", "config", "config.worktree", "index", "info/exclude", "packed-refs", "reftable"),
    "shallow",
)
"""Where git keeps what it answers from, but for the history itself, which never changes."""
SETTINGS = ("/etc/gitconfig", "~/.gitconfig", "{}/git/config", "{}/git/ignore")
"""Where a user settles what git does and ignores; the last two in the folder of their settings."""

PATIENCE = 60.0
"""Seconds that git has for an answer."""
PATIENCE_FOR_HISTORY = 20.0
MOST_OUTPUT = 256 * 1024 * 1024
"""Bytes that are listened to."""
MOST_COMMITS = 20_000
"""How far back former names are looked for."""
LARGEST_FILE = 16 * 1024 * 1024
"""Bytes that are read of a file of git's own."""

UNTRUSTING = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "log.showSignature=false"),
    *("-c", "safe.bareRepository=explicit"),
)
"""The settings of a checkout may come from a stranger: none of them starts another program."""
SILENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "DSQA_NOTHING": "",
}
"""Nothing is fetched, nothing is written, nobody is asked."""
OF_ANOTHER_CHECKOUT = frozenset(
    """GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_DIR GIT_GRAFT_FILE GIT_INDEX_FILE
    GIT_LITERAL_PATHSPECS GIT_NAMESPACE GIT_OBJECT_DIRECTORY GIT_PREFIX GIT_REPLACE_REF_BASE
    GIT_SHALLOW_FILE GIT_WORK_TREE""".split()
)
"""What git tells its hooks of the checkout that they run in, which need not be the one in hand."""


class Incomparable(Exception):
    """There is nothing to compare with; the message says why, in one line."""


def ask(folder: Path, *words: str, seconds: float = PATIENCE, index: str = "") -> list[str] | None:
    """The parts of git's answer, seen from the folder; None if it has none, or none in time."""
    output = answer(folder, *words, seconds=seconds, index=index)
    return None if output is None else os.fsdecode(output).split("\0")[:-1]


def answer(folder: Path, *words: str, seconds: float = PATIENCE, index: str = "") -> bytes | None:
    """What git answers, seen from the folder; None if it has no answer, or none in time.

    `index` is the file of what is staged, where that is not the usual one.
    """
    if so_far():
        _look(folder, words)
    return _answer(folder, *words, seconds=seconds, index=index)


def _answer(folder: Path, *words: str, seconds: float = PATIENCE, index: str = "") -> bytes | None:
    import subprocess
    from threading import Timer

    environment = {n: v for n, v in os.environ.items() if n not in OF_ANOTHER_CHECKOUT} | SILENT
    if index:
        environment["GIT_INDEX_FILE"] = index
    try:
        process = subprocess.Popen(
            ["git", "-C", str(folder), *UNTRUSTING, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None
    guard = Timer(seconds, process.kill)
    guard.daemon = True
    with process:
        guard.start()
        try:
            output = process.stdout.read(MOST_OUTPUT + 1) if process.stdout else b""
            if len(output) > MOST_OUTPUT:
                process.kill()
            process.wait()
        finally:
            guard.cancel()
    return None if process.returncode != 0 or len(output) > MOST_OUTPUT else output


def unfiltered(folder: Path) -> tuple[str, ...]:
    """The words before a command that compares files on disk, so that no filter is started for it.

    Which ones there are the settings say, and these may be a stranger's.
    """
    settings = ask(folder, "config", "-z", "--name-only", "--get-regexp", r"^filter\.") or ()
    drivers = sorted({setting.rpartition(".")[0] for setting in settings})
    return tuple(
        f"--config-env={driver}.{key}=DSQA_NOTHING"
        for driver in drivers
        for key in ("clean", "process", "required")
    )


def belongs(root: Path) -> bool:
    """Whether git keeps its own of the tree at this root, in the tree or where that is known.

    The mark of a worktree or a submodule is a file that names a folder elsewhere, which names the
    tree in turn. What a stranger has put there may name any repository, whose names, history and
    texts are not for those who read about this one.
    """
    mark = root / MARK
    look_for_mark(root)
    if not os.path.exists(mark):
        return False
    home = os.path.realpath(mark)
    if os.path.isdir(home):
        common = _common(home)
        return common == home and is_within(home, os.path.realpath(root)) and _is_whole(home)
    home = os.path.realpath(root / _gitdir(mark))
    common = _common(home)
    worktree = re.search(WORKTREE, _text(Path(home, "config")))
    named = os.path.join(worktree["folder"], MARK) if worktree else ""
    if common != home:
        named = _text(Path(home, "gitdir")).strip()
    known = named and os.path.realpath(os.path.join(home, named)) == os.path.realpath(mark)
    return bool(known) and is_within(home, common) and _is_whole(home) and _is_whole(common)


def _common(home: str) -> str:
    """The folder of git's that this one shares its parts with; itself, if with none."""
    return os.path.realpath(os.path.join(home, _text(Path(home, COMMON)).strip()))


def _is_whole(home: str) -> bool:
    """Whether no part of the repository is a link that leads elsewhere, nor a pipe."""
    places = [os.path.realpath(os.path.join(home, part)) for part in PARTS]
    return all(
        is_within(place, home)
        and (os.path.isfile(place) or os.path.isdir(place) or not os.path.lexists(place))
        for place in places
    )


def is_within(real: str, folder: str) -> bool:
    """Whether the one real path is the other one, or is below it."""
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)


def look_for_mark(*folders: Path) -> None:
    """Say that the run rests on whether the folders are tops of checkouts.

    The folder of git itself changes all the time; its settings hardly ever do.
    """
    marks = (folder / MARK for folder in folders)
    look(*(mark / "config" if os.path.isdir(mark) else mark for mark in marks))


def _gitdir(mark: Path) -> str:
    """The folder that the file names."""
    return _text(mark).removeprefix("gitdir:").strip()


def not_ignored(folder: Path) -> list[str] | None:
    """The paths below the folder that git has or would add; None where it does not rule."""
    above = (folder, *folder.parents)
    look_for_mark(*above)
    top = next((place for place in above if os.path.lexists(place / MARK)), None)
    if top is None or not belongs(top):
        return None
    return ask(folder, "ls-files", "-z", "--cached", "--others", NOT_IGNORED)


class Listing(NamedTuple):
    """Paths that git named, and the folders above them."""

    files: frozenset[str]
    folders: frozenset[str]

    def has(self, path: str) -> bool:
        return path in self.files or path in self.folders

    def reaches(self, path: str) -> bool:
        """Whether it names the path, or what the path is in: a submodule, a link to a folder."""
        while path and not self.has(path):
            path = path.rpartition("/")[0]
            if path in self.folders:
                return False
        return bool(path)


class Checkout:
    """What git knows of the files below a folder. Paths are relative to it, with `/`.

    Where git does not answer, nothing is claimed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def name(self) -> str:
        """`owner/name` of the origin, or else of the only remote; empty if it is not on GitHub."""
        return _repository(self._remotes.get(self._main_remote, ""))

    @cached_property
    def parent(self) -> str:
        """`owner/name` of the repository that it was forked from, as far as the remotes tell."""
        return _repository(self._remotes.get(UPSTREAM, ""))

    @cached_property
    def branch(self) -> str:
        """The default branch; empty if this checkout does not know it.

        It is what the remote showed first when it was cloned, or else the one of the usual names
        that the remote has. What git calls new branches here says nothing about the remote.
        """
        prefix = f"refs/remotes/{self._main_remote}/"
        head = self._symbolic(f"{prefix}HEAD").removeprefix(prefix)
        if head and self._has_ref(prefix + head):
            return head
        usual = [branch for branch in USUAL_BRANCHES if self._has_ref(prefix + branch)]
        return usual[0] if len(usual) == 1 else ""

    @cached_property
    def refs(self) -> frozenset[str]:
        """The names of the branches of the remote, and of all tags."""
        return self._below(f"refs/remotes/{self._main_remote}/") | self._below("refs/tags/")

    @cached_property
    def branches_here(self) -> frozenset[str]:
        """The names of the branches of this checkout, which the remote may not have any more."""
        return self._below("refs/heads/")

    @property
    def index_in_making(self) -> str:
        """The file of what is about to be committed, if a hook runs us; empty if it is the usual.

        `git commit FILE` makes one for itself.
        """
        place = os.path.realpath(os.environ.get("GIT_INDEX_FILE") or os.devnull)
        return place if is_within(place, os.path.realpath(self._folder)) else ""

    def ignores(self, path: str) -> bool:
        """Whether git keeps nothing of what is at the path, and would not add it."""
        if self._index is None or self._index.reaches(path):
            return False
        return self._others is not None and not self._others.reaches(path)

    def spares(self, path: str) -> bool:
        """Whether git has the path but was told not to lay it out here (a sparse checkout)."""
        return self._index is not None and self._spared.has(path)

    def tracks(self, path: str) -> bool:
        """Whether git has the path, so that it is there until somebody commits that it is not."""
        return self._index is not None and self._index.has(path)

    def puts_into(self, folder: Path) -> bool:
        """Whether git has something in the folder, or where the way to it leads."""
        root, unknown = Path(os.path.realpath(self.root)), self._entries is None
        names = {entry[2:].casefold() for entry in self._entries or ()}
        for place in {Path(os.path.normpath(Path.cwd() / folder)), Path(os.path.realpath(folder))}:
            for top in {root, self.root}:
                if place.is_relative_to(top):
                    path = place.relative_to(top).as_posix().casefold()
                    ways = {path, *(parent.as_posix() for parent in Path(path).parents)}
                    inside = any(name.startswith(f"{path}/") for name in names)
                    if unknown or inside or path == "." or not names.isdisjoint(ways):
                        return True
        return False

    def successor(self, path: str) -> str | None:
        """The path to which the file or folder was renamed; empty if it was deleted.

        None if who knows. Of paths that differ in letter case only, one is taken for the other.
        """
        if path not in self._successors:
            path = self._spellings.get(path.casefold(), path)
        folder = path
        while folder and folder not in self._successors:
            folder = folder.rpartition("/")[0]
        later = self._successors.get(folder)
        return f"{later}{path[len(folder) :]}" if later else (later if folder == path else None)

    @cached_property
    def _folder(self) -> Path:
        """Where git keeps the settings and refs of the repository, for all of its worktrees."""
        return self._own_folder / _text(self._own_folder / COMMON).strip()

    @cached_property
    def _own_folder(self) -> Path:
        """Where git keeps what belongs to this worktree alone."""
        place = self.root / MARK
        look_for_mark(self.root)
        if os.path.isfile(place):
            place = self.root / _gitdir(place)
        return place

    def look(self) -> None:
        """Say that what follows rests on all that git answers from."""
        places = {self._folder, self._own_folder}
        look(*(place / name for place in places for name in STATE))
        look_below(str(self._folder / "refs"))

    @cached_property
    def _remotes(self) -> Mapping[str, str]:
        """The addresses of the remotes, by their names."""
        remotes: dict[str, str] = {}
        remote = ""
        for line in _text(self._folder / "config").splitlines():
            if section := re.match(SECTION, line):
                remote = section["remote"] or ""
            if remote and (url := re.match(URL, line)):
                remotes.setdefault(remote, url["url"])
        return remotes

    @property
    def _main_remote(self) -> str:
        return next(iter(self._remotes)) if len(self._remotes) == 1 else ORIGIN

    def _symbolic(self, ref: str) -> str:
        """The ref that a ref stands for; empty if there is none."""
        if self._in_tables:
            return self._refs.get(ref, "")
        name, _, other = _text(self._folder / ref).partition(":")
        return other.strip() if name == "ref" else ""

    def _below(self, prefix: str) -> frozenset[str]:
        """The names of the refs that begin so, without that beginning."""
        return frozenset(ref[len(prefix) :] for ref in self._refs if ref.startswith(prefix))

    def _has_ref(self, ref: str) -> bool:
        if self._in_tables:
            return ref in self._refs
        look(self._folder / ref)
        return os.path.isfile(self._folder / ref) or f" {ref}\n" in self._packed

    @cached_property
    def _in_tables(self) -> bool:
        """Whether the refs are kept in a way that only git can read."""
        look(self._folder / "reftable")
        return os.path.isdir(self._folder / "reftable")

    @cached_property
    def _packed(self) -> str:
        return _text(self._folder / "packed-refs")

    @cached_property
    def _refs(self) -> Mapping[str, str]:
        """The refs, and for each the one that it stands for, if any."""
        parts = ask(
            self.root,
            "for-each-ref",
            "--format=%(refname)%00%(symref)%00",
            f"refs/remotes/{self._main_remote}",
            "refs/heads",
            "refs/tags",
        )
        names = [part.strip("\n") for part in parts or ()]
        return dict(zip(names[::2], names[1::2], strict=True))

    @cached_property
    def _entries(self) -> list[str] | None:
        """The paths in the index, each after the letter of its state and a blank."""
        return ask(self.root, "ls-files", "-z", "-t", "--cached")

    @cached_property
    def _index(self) -> Listing | None:
        return None if self._entries is None else _listing(entry[2:] for entry in self._entries)

    @cached_property
    def _spared(self) -> Listing:
        return _listing(entry[2:] for entry in self._entries or () if entry.startswith("S"))

    @cached_property
    def _others(self) -> Listing | None:
        """What is here, not in the index and not ignored."""
        names = ask(self.root, "ls-files", "-z", "--others", NOT_IGNORED)
        return None if names is None else _listing(name.rstrip("/") for name in names)

    @cached_property
    def _successors(self) -> Mapping[str, str]:
        """What became of each file and folder that was renamed or deleted, as far as is known."""
        history = ask(
            self.root,
            *("log", "-z", "--format=", "--name-status", "--diff-filter=RD", "--topo-order"),
            *("--find-renames", "--no-rename-empty", "-l1000", "--no-relative"),
            *("--no-ext-diff", "--no-textconv", f"--max-count={MOST_COMMITS}", "HEAD", "--"),
            seconds=PATIENCE_FOR_HISTORY,
        )
        files = successors(history or ())
        return {**moved_folders(files), **files}

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """The former paths by what they are without letter case."""
        return {path.casefold(): path for path in self._successors}


def successors(history: Iterable[str]) -> Mapping[str, str]:
    """What became of each path: where its file is now, or nothing if that was deleted.

    The history is what git lists from the newest change to the oldest: `R`, former and later path,
    or `D` and a path.
    """
    last: dict[str, str] = {}
    now: dict[str, str] = {}  # of the files that had the paths just then
    parts = iter(history)
    for status in parts:
        path = next(parts)
        later = next(parts) if status.startswith("R") else ""
        now[path] = now.pop(later, later)
        last.setdefault(path, now[path])
    return last


def moved_folders(files: Mapping[str, str]) -> Mapping[str, str]:
    """Where the folders are now of whose files most were renamed alike, and the rest deleted."""
    places: dict[str, Counter[str | None]] = defaultdict(Counter)
    for former, later in files.items():
        folder = former.rpartition("/")[0]
        while folder:
            below = former[len(folder) :]
            alike = later.endswith(below) or not later
            places[folder][later.removesuffix(below) if alike else None] += 1
            folder = folder.rpartition("/")[0]
    return {
        folder: place
        for folder, now in places.items()
        for place, times in now.items()
        if place and 2 * times > now.total() and now.keys() <= {place, ""}
    }


def _listing(paths: Iterable[str]) -> Listing:
    files = frozenset(paths)
    folders: set[str] = set()
    for path in files:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return Listing(files, frozenset(folders))


def _look(folder: Path, words: Sequence[str]) -> None:
    """Say that what follows rests on what git answers from, and on what it is told to ignore."""
    above = (folder, *folder.parents)
    usual = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    look_for_mark(*above)
    look(*(Path(place.format(usual)).expanduser() for place in SETTINGS))
    top = next((place for place in above if os.path.exists(place / MARK)), None)
    if top is None:
        return
    Checkout(top).look()
    if NOT_IGNORED not in words:
        return
    settings = os.fsdecode(_answer(folder, "config", "--list", "--show-origin", "-z") or b"")
    origins = settings.split("\0")[:-1]
    for origin, setting in zip(origins[::2], origins[1::2], strict=True):
        kind, _, file = origin.partition(":")
        if kind == "file":
            look(folder / file)
        name, _, value = setting.partition("\n")
        # a relative one is seen from the top, that of settings to include from where they are
        if name == "core.excludesfile":
            look(top / Path(value).expanduser())
        if name.startswith("include") and name.endswith(".path"):
            look((folder / file).parent / Path(value).expanduser())
    words = ("ls-files", "-z", "--others", "--ignored", "--directory", NOT_IGNORED)
    ignored = os.fsdecode(_answer(folder, *words) or b"").split("\0")
    look(*(place / IGNORE for place in above[above.index(top) :: -1]))
    without = frozenset(str(folder / path.rstrip("/")) for path in ignored)
    look_below(str(folder), IGNORE, without=without)


def _repository(url: str) -> str:
    match = re.fullmatch(ADDRESS, url)
    return match["repository"] if match else ""


def _text(place: Path) -> str:
    """The text of a file of git's own; empty if there is none."""
    look(place)
    try:
        if not os.path.isfile(place):
            return ""
        with place.open("rb") as file:
            return file.read(LARGEST_FILE).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""
