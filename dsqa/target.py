"""Where an href leads, as far as its letters tell."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from dsqa.fragment import Fragment, split_fragment

GITHUB_PAGE = re.compile(
    r"""
    https?:// (?:www\.)? github\.com /
    (?P<repository> [^/?\#]+ / [^/?\#]+? ) (?:\.git)?
    (?: / (?P<view> blob|raw|tree|edit|blame ) / (?P<ref> [^/?\#]+ ) (?: / (?P<path> [^?\#]* ) )?
      | /? )
    (?P<query> \?[^\#]* )?
    (?P<fragment> \#.* )?
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
GITHUB_RAW = re.compile(
    r"""
    https?:// raw\.githubusercontent\.com /
    (?P<repository> [^/?\#]+ / [^/?\#]+ ) / (?:refs/heads/)? (?P<ref> [^/?\#]+ ) /
    (?P<path> [^?\#]* ) (?P<query> \?[^\#]* )? (?P<fragment> \#.* )?
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
"""What the names of files end in that GitHub shows as Markdown."""
IMAGE_SUFFIXES = tuple(
    ".apng .avif .bmp .gif .ico .jfif .jpeg .jpg .png .svg .tif .tiff .webp".split()
)
OTHER_VIEWS = frozenset({"blame", "edit", "raw"})
"""What one does with a file, other than to look at it; no relative path leads there."""
RAW_HOST = "raw.githubusercontent.com"
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:")
COMMIT = re.compile(r"[0-9a-f]{40}")
LONGEST = 65_536
"""Characters of an href; nothing answers to a longer one, and its parts would fill the memory."""


class Kind(Enum):
    """What sort of place an href names."""

    NOTHING = auto()
    HERE = auto()
    """Only a fragment: a place in the same document."""
    RELATIVE = auto()
    """A path from the folder of the document."""
    ROOTED = auto()
    """A path from the root of the repository."""
    GITHUB = auto()
    """A file or folder of a repository on GitHub, by its whole address."""
    EXTERNAL = auto()
    """Anything else."""


class Target(NamedTuple):
    """The parts of an href.

    `path` is decoded, with `/`; `repository` is `owner/name`; `view` is blob, raw, tree, edit or
    blame, or empty for the front page of a repository.
    """

    kind: Kind
    path: str = ""
    repository: str = ""
    view: str = ""
    ref: str = ""
    query: str = ""
    fragment: Fragment | None = None

    @property
    def permanent(self) -> bool:
        """Whether it names a commit, whose files never change."""
        return COMMIT.fullmatch(self.ref) is not None

    @property
    def repository_name(self) -> str:
        return self.repository.partition("/")[2]


@lru_cache(maxsize=1024)
def parse_target(href: str) -> Target:
    """The parts of an href as it is written in a document on GitHub.

    One that is longer than any that is looked up has none, and leads to something else.
    """
    href = href.strip(" \t\r\n")
    if len(href) > LONGEST:
        return Target(Kind.EXTERNAL)
    if not href:
        return Target(Kind.NOTHING)
    if match := GITHUB_PAGE.fullmatch(href):
        return Target(
            Kind.GITHUB,
            path=decode(match["path"] or ""),
            repository=match["repository"],
            view=(match["view"] or "").lower(),
            ref=decode(match["ref"] or ""),
            query=match["query"] or "",
            fragment=_fragment(match["fragment"]),
        )
    if match := GITHUB_RAW.fullmatch(href):
        return Target(
            Kind.GITHUB,
            path=decode(match["path"]),
            repository=match["repository"],
            view="raw",
            ref=decode(match["ref"]),
            query=match["query"] or "",
            fragment=_fragment(match["fragment"]),
        )
    if SCHEME.match(href) or href.startswith("//"):
        return Target(Kind.EXTERNAL, fragment=_fragment(_after(href, "#")))
    if href.startswith("#"):
        return Target(Kind.HERE, fragment=_fragment(href))
    path, _, _ = href.partition("#")
    path, mark, query = path.partition("?")
    kind = Kind.ROOTED if path.startswith("/") else Kind.RELATIVE
    return Target(
        kind, path=decode(path), query=mark + query, fragment=_fragment(_after(href, "#"))
    )


def decode(text: str) -> str:
    """The text with its percent-escapes as characters (RFC 3986, section 2.1)."""
    if "%" not in text:
        return text
    from urllib.parse import unquote

    return unquote(text, errors="surrogateescape")


def encode_path(path: str) -> str:
    """The path as one writes it in a Markdown link: nothing in it ends or splits the address."""
    from urllib.parse import quote

    return quote(path, safe="/~!$'*+,;=:@&-._", errors="surrogateescape")


def join(folder: str, path: str) -> str | None:
    """The path, seen from the folder, without `.` and `..`; None if it leaves the root.

    So does one that is longer than any that is looked up.
    """
    if len(path) > LONGEST:
        return None
    parts: list[str] = [part for part in folder.split("/") if part]
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            return None
    return "/".join(parts)


def relative(path: str, folder: str) -> str:
    """The path as one writes it from the folder; both are relative to the root."""
    here, there = [part for part in folder.split("/") if part], path.split("/")
    while here and len(there) > 1 and here[0] == there[0]:
        here.pop(0)
        there.pop(0)
    return "/".join([*[".."] * len(here), *there])


def folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def _after(href: str, mark: str) -> str | None:
    _, found, rest = href.partition(mark)
    return found + rest if found else None


def _fragment(text: str | None) -> Fragment | None:
    return split_fragment(text) if text else None
