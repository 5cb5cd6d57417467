"""What the letters of an address say, and how a path is written in one."""

from __future__ import annotations

import pytest

from dsqa.fragment import split_fragment
from dsqa.target import (
    IMAGE_SUFFIXES,
    MARKDOWN_SUFFIXES,
    OTHER_VIEWS,
    RAW_HOST,
    Kind,
    Target,
    decode,
    encode_path,
    folder_of,
    join,
    parse_target,
    relative,
)

HOST = "https://github.com/own/qa"


def on_github(
    path: str = "",
    view: str = "blob",
    ref: str = "main",
    *,
    query: str = "",
    fragment: str = "",
    repository: str = "own/qa",
) -> Target:
    inside = split_fragment(fragment) if fragment else None
    return Target(Kind.GITHUB, path, repository, view, ref, query, inside)


FRONT = on_github(view="", ref="")
OUTSIDE = Target(Kind.EXTERNAL)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        pytest.param("", Target(Kind.NOTHING), id="nothing"),
        pytest.param(" \t\r\n", Target(Kind.NOTHING), id="blanks"),
        pytest.param("\n a.md\t", Target(Kind.RELATIVE, "a.md"), id="blanks around"),
        pytest.param("\u00a0", Target(Kind.RELATIVE, "\u00a0"), id="a no-break space is a name"),
        pytest.param("#q1", Target(Kind.HERE, fragment=split_fragment("#q1")), id="here"),
        pytest.param("#", Target(Kind.HERE, fragment=split_fragment("#")), id="here, the top"),
        pytest.param("a/b.md", Target(Kind.RELATIVE, "a/b.md"), id="relative"),
        pytest.param("/a/b.md", Target(Kind.ROOTED, "/a/b.md"), id="rooted"),
        pytest.param("a%20b.md", Target(Kind.RELATIVE, "a b.md"), id="escaped"),
        pytest.param(
            "a.md?x=%20#y?z#w",
            Target(Kind.RELATIVE, "a.md", query="?x=%20", fragment=split_fragment("#y?z#w")),
            id="with a query and a fragment",
        ),
        pytest.param("a.md?", Target(Kind.RELATIVE, "a.md", query="?"), id="an empty query"),
        pytest.param("?x", Target(Kind.RELATIVE, "", query="?x"), id="only a query"),
        pytest.param("//host/a", OUTSIDE, id="a host without a scheme"),
        pytest.param("mailto:a@b.c", OUTSIDE, id="a scheme"),
        pytest.param("x+1.-:a", OUTSIDE, id="a scheme with signs"),
        pytest.param("c:/a.md", Target(Kind.RELATIVE, "c:/a.md"), id="one letter is no scheme"),
        pytest.param("1a:b", Target(Kind.RELATIVE, "1a:b"), id="a scheme begins with a letter"),
        pytest.param("a" * 32 + ":b", OUTSIDE, id="the longest scheme"),
        pytest.param("a" * 33 + ":b", Target(Kind.RELATIVE, "a" * 33 + ":b"), id="too long"),
        pytest.param("Ab:c", OUTSIDE, id="a capital scheme"),
        pytest.param("zZ:c", OUTSIDE, id="a scheme of the last letters"),
        pytest.param("Zz09+.-:c", OUTSIDE, id="a scheme of all sorts"),
        pytest.param(
            "https://a.b/c#d", Target(Kind.EXTERNAL, fragment=split_fragment("#d")), id="outside"
        ),
        pytest.param(HOST, FRONT, id="a repository"),
        pytest.param(f"{HOST}/", FRONT, id="a repository with a slash"),
        pytest.param(f"{HOST}.git", FRONT, id="a repository to clone"),
        pytest.param(f"{HOST}.git/blob/main/a.md", on_github("a.md"), id="to clone, a file"),
        pytest.param("http://github.com/own/qa", FRONT, id="without a lock"),
        pytest.param("HTTPS://WWW.GitHub.COM/own/qa", FRONT, id="in capitals, with www"),
        pytest.param("https://xgithub.com/own/qa", OUTSIDE, id="another host"),
        pytest.param("https://github.com.evil.example/own/qa", OUTSIDE, id="one that goes on"),
        pytest.param("https://githubxcom/own/qa", OUTSIDE, id="a dot is a dot"),
        pytest.param("https://wwwxgithub.com/own/qa", OUTSIDE, id="a dot behind www, too"),
        pytest.param("https://ww.github.com/own/qa", OUTSIDE, id="another name of the host"),
        pytest.param("https://github.com/own", OUTSIDE, id="an owner"),
        pytest.param("https://github.com//qa", OUTSIDE, id="no owner"),
        pytest.param("https://github.com/own/", OUTSIDE, id="no name"),
        pytest.param("https://github.com/own/?a", OUTSIDE, id="no name, but a query"),
        pytest.param(
            "https://github.com/own/#a",
            Target(Kind.EXTERNAL, fragment=split_fragment("#a")),
            id="no name, but a fragment",
        ),
        pytest.param("https://github.com/own?x/qa", OUTSIDE, id="a query of the owner"),
        pytest.param(
            "https://github.com/own#x/qa",
            Target(Kind.EXTERNAL, fragment=split_fragment("#x/qa")),
            id="a fragment of the owner",
        ),
        pytest.param(
            f"{HOST}?a/blob/main/b",
            on_github(view="", ref="", query="?a/blob/main/b"),
            id="a query that looks like a path",
        ),
        pytest.param(
            f"{HOST}#a/blob/main/b",
            on_github(view="", ref="", fragment="#a/blob/main/b"),
            id="a fragment that looks like a path",
        ),
        pytest.param(f"{HOST}/issues", OUTSIDE, id="another view"),
        pytest.param(f"{HOST}/blob", OUTSIDE, id="a view of nothing"),
        pytest.param(f"{HOST}/blob/main", on_github(), id="a branch"),
        pytest.param(f"{HOST}/blob/main/", on_github(), id="a branch with a slash"),
        pytest.param(f"{HOST}/blob/main/a/b.md", on_github("a/b.md"), id="a file"),
        pytest.param(f"{HOST}/BLOB/main/a.md", on_github("a.md"), id="a view in capitals"),
        pytest.param(f"{HOST}/raw/main/a.md", on_github("a.md", "raw"), id="raw"),
        pytest.param(f"{HOST}/tree/main/a", on_github("a", "tree"), id="a folder"),
        pytest.param(f"{HOST}/edit/main/a", on_github("a", "edit"), id="to edit"),
        pytest.param(f"{HOST}/blame/main/a", on_github("a", "blame"), id="to blame"),
        pytest.param(f"{HOST}/blob//a", OUTSIDE, id="no branch"),
        pytest.param(f"{HOST}/blob/a%20b/c%2Fd", on_github("c/d", ref="a b"), id="escaped there"),
        pytest.param(
            f"{HOST}/blob/main/a?b/c#d?e#f",
            on_github("a", query="?b/c", fragment="#d?e#f"),
            id="query and fragment there",
        ),
        pytest.param(
            f"{HOST}?tab=readme#x",
            on_github(view="", ref="", query="?tab=readme", fragment="#x"),
            id="query and fragment of a repository",
        ),
        pytest.param(f"{HOST}/?", on_github(view="", ref="", query="?"), id="an empty query there"),
        pytest.param(f"{HOST}#", on_github(view="", ref="", fragment="#"), id="a bare hash there"),
        pytest.param(f"{HOST}/blob/main#x", on_github(fragment="#x"), id="a fragment of a branch"),
        pytest.param(f"{HOST}/blob/ma?x", on_github(ref="ma", query="?x"), id="a query of one"),
        pytest.param(
            f"{HOST}/blob/main/a#:~:text=b\nc",
            on_github("a", fragment="#:~:text=b\nc"),
            id="words in two lines",
        ),
        pytest.param(
            "https://raw.githubusercontent.com/own/qa/main/a%20b.md?c#d",
            on_github("a b.md", "raw", query="?c", fragment="#d"),
            id="the host of raw files",
        ),
        pytest.param(
            "http://RAW.githubusercontent.com/own/qa/refs/heads/main/a/b",
            on_github("a/b", "raw"),
            id="the host of raw files, the branch in full",
        ),
        pytest.param(
            "https://raw.githubusercontent.com/own/qa/main/a#b\nc",
            on_github("a", "raw", fragment="#b\nc"),
            id="the host of raw files, in two lines",
        ),
        pytest.param(
            "https://raw.githubusercontent.com/own/qa/main/",
            on_github("", "raw"),
            id="raw, no path",
        ),
        pytest.param(
            "https://raw.githubusercontent.com/own/qa/m%61in/a", on_github("a", "raw"), id="raw ref"
        ),
        pytest.param(
            "https://raw.githubusercontent.com/own/qa/main/a?#",
            on_github("a", "raw", query="?", fragment="#"),
            id="the host of raw files, an empty query and fragment",
        ),
        *(
            pytest.param(
                f"https://raw.githubusercontent.com/{path}",
                Target(Kind.EXTERNAL, fragment=split_fragment(f"#{path.partition('#')[2]}")),
                id=f"raw, {path}",
            )
            for path in ("own#/qa/main/a", "own/q#a/main/a", "own/qa/ma#in/a")
        ),
        pytest.param("https://raw.githubusercontent.com/own/qa/main", OUTSIDE, id="raw, no slash"),
        pytest.param("https://rawxgithubusercontent.com/o/q/m/a", OUTSIDE, id="raw, no dot"),
        pytest.param("https://raw.githubusercontentxcom/o/q/m/a", OUTSIDE, id="raw, no second dot"),
        pytest.param("https://raw.githubusercontent.com/own?/qa/main/a", OUTSIDE, id="raw ?"),
        pytest.param("https://raw.githubusercontent.com/own/q?a/main/a", OUTSIDE, id="raw ??"),
        pytest.param("https://raw.githubusercontent.com/own/qa/ma?in/a", OUTSIDE, id="raw ???"),
        pytest.param("https://raw.githubusercontent.com//qa/main/a", OUTSIDE, id="raw, no owner"),
        pytest.param("https://raw.githubusercontent.com/own//main/a", OUTSIDE, id="raw, no name"),
        pytest.param("https://raw.githubusercontent.com/own/qa//a", OUTSIDE, id="raw, no branch"),
    ],
)
def test_parse_target(href: str, expected: Target) -> None:
    assert parse_target(href) == expected


@pytest.mark.parametrize(
    ("ref", "permanent"),
    [
        ("0123456789abcdef" * 2 + "01234567", True),
        ("0123456789abcdef" * 2 + "0123456", False),
        ("0123456789abcdef" * 2 + "012345678", False),
        ("0123456789ABCDEF" * 2 + "01234567", False),
        ("main", False),
    ],
)
def test_a_commit_is_permanent(ref: str, *, permanent: bool) -> None:
    target = parse_target(f"{HOST}/blob/{ref}/a.md")
    assert (target.permanent, target.repository_name) == (permanent, "qa")


def test_what_names_of_files_end_in() -> None:
    names = [f"a{suffix}" for suffix in (".md", ".markdown", ".mdown", ".mkd", ".png", ".txt")]
    assert [name.endswith(MARKDOWN_SUFFIXES) for name in names] == [True] * 4 + [False] * 2
    assert [name.endswith(IMAGE_SUFFIXES) for name in names] == [False] * 4 + [True, False]


def test_who_looks_at_a_file_in_another_way_than_a_reader() -> None:
    views = [parse_target(f"{HOST}/{view}/main/a").view for view in ("blob", "tree", "raw")]
    assert [view in OTHER_VIEWS for view in views] == [False, False, True]
    assert {"blame", "edit"} < OTHER_VIEWS
    assert parse_target(f"https://{RAW_HOST}/own/qa/main/a").view == "raw"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("a b.md", "a%20b.md"),
        ("a/b-c_d.e~f", "a/b-c_d.e~f"),
        ("!$'*+,;=:@&", "!$'*+,;=:@&"),
        ('(a)[b]<c>#?%"\\^`{|}', "%28a%29%5Bb%5D%3Cc%3E%23%3F%25%22%5C%5E%60%7B%7C%7D"),
        ("é", "%C3%A9"),
        ("caf\udce9", "caf%E9"),
    ],
)
def test_a_path_is_written_and_read(path: str, written: str) -> None:
    assert encode_path(path) == written
    assert decode(written) == path


@pytest.mark.parametrize(
    ("folder", "path", "joined"),
    [
        ("", "a.md", "a.md"),
        ("x/y", "a.md", "x/y/a.md"),
        ("x/y", "../a.md", "x/a.md"),
        ("x/y", "../../a.md", "a.md"),
        ("x/y", "../../../a.md", None),
        ("", "..", None),
        ("/x/", "./a//b/.", "x/a/b"),
        ("x", "a/../b", "x/b"),
        ("x", "", "x"),
        ("x", "...", "x/..."),
    ],
)
def test_join(folder: str, path: str, joined: str | None) -> None:
    assert join(folder, path) == joined


@pytest.mark.parametrize(
    ("path", "folder", "written"),
    [
        ("a.md", "", "a.md"),
        ("x/a.md", "x", "a.md"),
        ("x/y/a.md", "x", "y/a.md"),
        ("a.md", "x/y", "../../a.md"),
        ("x/z/a.md", "x/y", "../z/a.md"),
        ("x/a.md", "y/x", "../../x/a.md"),
        ("x", "x", "../x"),
        ("x/y", "x/y", "../y"),
        ("a.md", "/x/", "../a.md"),
    ],
)
def test_relative(path: str, folder: str, written: str) -> None:
    assert relative(path, folder) == written
    assert folder_of(path) == path[: len(path) - len(path.split("/")[-1])].rstrip("/")


def test_an_address_longer_than_any_leads_elsewhere_and_is_not_taken_apart() -> None:
    long = "../" * 30_000 + "x.md"
    assert parse_target(long) == Target(Kind.EXTERNAL)
    assert join("docs", long) is None
    assert parse_target("docs/" + "x" * 60_000).kind is Kind.RELATIVE
