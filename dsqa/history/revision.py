"""Files as git keeps them: those of a commit, or those that are staged for the next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from dsqa.git import Checkout, Incomparable, answer, ask
from dsqa.source import Astray, Source, Unreadable
from dsqa.workspace import check_size

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""What git calls a tree without files; every repository knows it."""
LINK, MODULE = "120000", "160000"
"""The modes of what is listed, but holds no text of its own: a link, another repository."""


class Revision:
    """The files of a commit, or of the index: as files, and as what git knows of them."""

    def __init__(
        self, checkout: Checkout, objects: Mapping[str, tuple[str, str]], commit: str
    ) -> None:
        self.checkout = checkout
        self.objects = objects
        self.commit = commit

    @cached_property
    def _folders(self) -> Mapping[str, Mapping[str, bool]]:
        """The names in each folder, and whether each is a folder."""
        folders: dict[str, dict[str, bool]] = defaultdict(dict)
        for path, (mode, _) in self.objects.items():
            folder, _, name = path.rpartition("/")
            folders[folder][name] = mode == MODULE
            while folder:
                above, _, name = folder.rpartition("/")
                if name in folders[above]:
                    break
                folders[above][name] = True
                folder = above
        return folders

    def names(self, folder: str) -> Mapping[str, bool]:
        return self._folders.get(folder, {})

    def paths(self) -> Iterator[str]:
        return (path for path, (mode, _) in self.objects.items() if mode != MODULE)

    def read(self, path: str) -> Source:
        mode, name = self.objects.get(path, ("", ""))
        if mode == LINK:
            raise Astray("a link, which holds no text of its own")
        content = None if mode in ("", MODULE) else self._content(name)
        if content is None:
            raise Unreadable("no such file")
        check_size(len(content))
        return Source.decode(path, content)

    def _content(self, name: str) -> bytes | None:
        return answer(self.checkout.root, "cat-file", "blob", name)

    @property
    def refs(self) -> Collection[str]:
        return self.checkout.refs

    @property
    def branches_here(self) -> Collection[str]:
        return self.checkout.branches_here

    def ignores(self, path: str) -> bool:
        return False

    def spares(self, path: str) -> bool:
        return False

    def tracks(self, path: str) -> bool:
        return path in self.objects or path in self._folders

    def successor(self, path: str) -> str | None:
        return self.checkout.successor(path)


def committed(checkout: Checkout, commit: str) -> Revision:
    """The files of the commit."""
    listed = ask(checkout.root, "ls-tree", "-r", "-z", "--full-tree", commit)
    if listed is None:
        raise Incomparable("git cannot list the files of that commit")
    entries = (entry.split("\t", 1) for entry in listed)
    return Revision(
        checkout,
        {path: (about.split(" ")[0], about.split(" ")[2]) for about, path in entries},
        commit,
    )


def staged(checkout: Checkout) -> Revision:
    """The files as they would be committed now."""
    listed = ask(checkout.root, "ls-files", "-s", "-z", index=checkout.index_in_making)
    if listed is None:
        raise Incomparable("git cannot list what is staged")
    entries = [(about.split(" "), path) for about, path in (e.split("\t", 1) for e in listed)]
    if unmerged := [path for (_, _, stage), path in entries if stage != "0"]:
        raise Incomparable(f"{min(unmerged)} has conflicts that are not resolved yet")
    return Revision(checkout, {path: (mode, name) for (mode, name, _), path in entries}, "")


def base_of(checkout: Checkout, ref: str) -> str:
    """The commit at which what is checked out left the ref; raises Incomparable."""
    root = checkout.root
    shallow = answer(root, "rev-parse", "--is-shallow-repository") == b"true\n"
    deepening = "git fetch --unshallow, or `fetch-depth: 0` for actions/checkout"
    if not ref or ref.startswith("-") or _commit(root, ref) is None:
        if shallow:
            raise Incomparable(
                f"`{ref}` is no commit that is known in this shallow clone; fetch its history: "
                f"{deepening}"
            )
        raise Incomparable(
            f"`{ref}` is no commit that is known here; fetch it first: git fetch origin {ref}"
        )
    if _commit(root, "HEAD") is None:
        raise Incomparable("nothing is committed here yet")
    common = answer(root, "merge-base", ref, "HEAD")
    if common is not None:
        return common.decode("ascii").strip()
    if shallow:
        raise Incomparable(
            f"this clone is too shallow to tell where it left `{ref}`; fetch its history: "
            f"{deepening}"
        )
    raise Incomparable(f"`{ref}` and what is checked out have no common history")


def head_of(checkout: Checkout) -> str | None:
    """The commit that is checked out; None before the first one."""
    return _commit(checkout.root, "HEAD")


def _commit(root: Path, ref: str) -> str | None:
    found = answer(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
    )
    return found.decode("ascii").strip() if found else None
