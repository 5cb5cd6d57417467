"""Where links lead: against what other tools and GitHub say, and against paths that lead astray."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dsqa.document import Document
from dsqa.landing import Fault, Landing
from dsqa.remedy import right_href
from dsqa.source import Source
from dsqa.standing import Repository
from dsqa.target import Kind, parse_target
from dsqa.workspace import Disk, Memory, Workspace
from tests.conftest import SHARED
from tests.examples import PATH, workspace

NOT_THERE = frozenset({Fault.BROKEN_ANCHOR, Fault.MISSING_FILE})
Row = Mapping[str, Any]


def rows(name: str) -> list[Row]:
    file = SHARED / "conformance" / name
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else []


def landings(document: Document, world: Workspace) -> list[tuple[int, str, Landing]]:
    """The line, the href and the landing of each link and image."""
    return [
        (document.source.line_of(link.span.start), link.href, world.landing(document, link))
        for link in document.addresses
    ]


# What other tools and GitHub say of anchors and files

ANCHORS = [pytest.param(row, id=row["id"]) for row in rows("anchors.json")]


def judged(row: Row) -> list[tuple[int, str, Landing]]:
    name = row["settings"].get("repository") or ""
    own = Repository(name, (), "main" if name else "", authoritative=bool(name))
    world = Workspace(Memory(row["files"]), own)
    document = world.document(row["check"])
    assert document
    if not row["check"].endswith(".md"):
        pytest.skip(f"NOT MEASURED: {row['check']} is not Markdown")
    return landings(document, world)


@pytest.mark.parametrize("row", ANCHORS)
def test_dead_anchors_of_a_document_are_those_of_github(shared: Path, row: Row) -> None:
    dead = [href for _, href, landing in judged(row) if landing.fault is Fault.BROKEN_ANCHOR]
    here = {href for href in dead if href.startswith("#")}
    assert here == set(row["github_reference_broken_in_document"])


WITH_FILES = [
    pytest.param(row, id=row["id"])
    for row in rows("anchors.json")
    if row["source"].startswith("remarkjs/")
]


@pytest.mark.parametrize("row", WITH_FILES)
def test_what_is_not_there_is_what_a_tool_that_reads_all_files_says(shared: Path, row: Row) -> None:
    found = {(line, href) for line, href, landing in judged(row) if landing.fault in NOT_THERE}
    expected = {(broken["line"], broken["url"]) for broken in row["broken"]}
    elsewhere = {(line, href) for line, href in expected if is_elsewhere(href)}
    assert found == expected - elsewhere
    if elsewhere:
        pytest.skip(f"{len(expected)} agree but for {len(elsewhere)} at a branch not at hand")


def is_elsewhere(href: str) -> bool:
    target = parse_target(href)
    return target.kind is Kind.GITHUB and target.ref not in ("main", "HEAD")


# Paths that lead astray

LATER = {
    "///etc/passwd": "taken for an address without a scheme, and not judged",
    "empty.png": "what stands in an image is not looked at",
}
OUTSIDE = ("scheme-relative URL", "scheme not allowed")
HERE = ("#", "?raw=true")
PATHS = [
    pytest.param(
        row,
        id=row["destination"][:40],
        marks=[pytest.mark.xfail(strict=True, reason=LATER[row["destination"]])]
        if row["destination"] in LATER
        else [],
    )
    for row in rows("threats/paths.json")
]


class Watched(Disk):
    """A folder that notes which places it was asked for."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked: list[str] = []

    def names(self, folder: str) -> Mapping[str, bool]:
        self.asked.append(folder)
        return super().names(folder)

    def read(self, path: str) -> Source:
        self.asked.append(path)
        return super().read(path)


def laid_out(folder: Path, row: Row) -> Watched:
    """A folder with images, beside one that is none of its business."""
    root = folder / "repository" / "root"
    (root / "img").mkdir(parents=True)
    for name in ("img/a.png", "img/a b.png", "empty.png", "lfs.png"):
        (root / name).write_bytes(b"")
    (folder / "outside.png").write_bytes(b"")
    for link in (row["setup"] or "").split(", "):
        name, arrow, place = link.partition(" -> ")
        if arrow:
            (root / name).symlink_to(place)
    return Watched(root)


@pytest.mark.parametrize("row", PATHS)
@pytest.mark.parametrize("mark", ["!", ""], ids=["image", "link"])
def test_a_path_is_there_or_not_and_nothing_outside_is_asked_for(
    shared: Path, tmp_path: Path, row: Row, mark: str
) -> None:
    files = laid_out(tmp_path, row)
    source = Source(PATH, f"{mark}[x]({row['destination']})\n")
    world = Workspace(files, Repository(authoritative=True), {PATH: source})
    document = world.document(PATH)
    assert document
    found = landings(document, world)
    root = os.path.realpath(files.root)
    assert [
        a
        for a in files.asked
        if os.path.commonpath([root, os.path.realpath(f"{root}/{a}")]) != root
    ] == []
    if not found:
        return
    ((_, _, landing),) = found
    if row["expect"].startswith(OUTSIDE):
        assert (landing.fault, landing.path) == (None, "")
    elif row["destination"] in HERE or row["expect"].startswith("directory"):
        assert (landing.fault is not None) == (mark == "!")
    elif row["expect"].startswith("ok"):
        assert landing.fault is None
    else:
        assert landing.fault in (Fault.MISSING_FILE, Fault.PATH_SPELLING)


@pytest.mark.parametrize("href", ["../secret.md#x", "/../secret.md", "a/../../secret.md#:~:text=x"])
def test_what_leaves_the_root_is_missing_and_never_opened(tmp_path: Path, href: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.md").write_text("# x\n", encoding="utf-8")
    files = Watched(root)
    world = Workspace(files, Repository(), {PATH: Source(PATH, f"[x]({href})\n")})
    document = world.document(PATH)
    assert document
    ((_, _, landing),) = landings(document, world)
    assert (landing.fault, landing.there, files.asked) == (Fault.MISSING_FILE, "", [])


# What else there is to know of a place


def landing_of(markdown: str, files: Mapping[str, str] | None = None) -> Landing:
    """The landing of the last link or image."""
    world = workspace(markdown, files)
    document = world.document(PATH)
    assert document
    return landings(document, world)[-1][2]


@pytest.mark.parametrize(
    ("anchor", "headings", "meant"),
    [
        pytest.param("recall-", ["Recall"], ("recall", True), id="the same words"),
        pytest.param("recall#", ["Recall"], ("recall", True), id="one hash too many"),
        pytest.param("#recall", ["Recall"], ("recall", True), id="two hashes"),
        pytest.param("%25C3%25BCber", ["Über"], ("über", True), id="encoded twice"),
        pytest.param("recall-", ["Recall", "Recall"], ("recall", False), id="two of them"),
        pytest.param(
            "q1-what-is-the-recall", ["Q1: What is recall?"], ("q1-what-is-recall", True), id="near"
        ),
        pytest.param(
            "q2-what-is-the-recall",
            ["Q1: What is recall?"],
            ("q1-what-is-recall", False),
            id="near, but of another number",
        ),
        pytest.param(
            "what-is-recal",
            ["What is recall?", "What is a call?"],
            ("what-is-recall", False),
            id="near to two",
        ),
        pytest.param("precision", ["Recall"], None, id="far"),
    ],
)
def test_a_dead_anchor_may_tell_what_was_meant(
    anchor: str, headings: list[str], meant: tuple[str, bool] | None
) -> None:
    body = "\n\n".join(f"## {heading}" for heading in headings)
    landing = landing_of(f"{body}\n\n[x](#{anchor})\n")
    assert landing.fault is Fault.BROKEN_ANCHOR
    assert (landing.meant and (landing.meant.anchor, landing.sure)) == meant


@pytest.mark.parametrize(
    ("markdown", "question"),
    [
        pytest.param("[x](#q2-b)\n", "Q2", id="its heading"),
        pytest.param("[x](#above)\n", "Q2", id="a name right above the heading"),
        pytest.param("[x](#inside)\n", "Q2", id="a name in the answer"),
        pytest.param("[x](#more)\n", "Q2", id="a sub-heading of the answer"),
        pytest.param("[x](#)\n", None, id="the top"),
    ],
)
def test_a_place_belongs_to_a_question(markdown: str, question: str | None) -> None:
    body = (
        "## Q1: A?\n\nYes.\n\n<a name='above'></a>\n\n## Q2: B?\n\n"
        "It <a id='inside'></a> is.\n\n### More\n\n# End\n\n"
    )
    landing = landing_of(f"# Start\n\n{body}{markdown}")
    assert landing.fault is None
    assert (landing.question.name if landing.question else None) == question


@pytest.mark.parametrize(
    ("href", "files", "there"),
    [
        pytest.param("docs", {"docs/readme.markdown": "# x\n"}, "docs/readme.markdown", id="bare"),
        pytest.param("docs/#x", {"docs/README.md": "# x\n"}, "docs/README.md", id="anchor"),
        pytest.param("docs", {"docs/list.md": "# x\n"}, "", id="no README"),
        pytest.param(
            "https://github.com/own/qa#x", {"README.md": "# x\n"}, "README.md", id="front page"
        ),
    ],
)
def test_a_folder_shows_its_readme(href: str, files: Mapping[str, str], there: str) -> None:
    landing = landing_of(f"[x]({href})\n", files)
    assert (landing.fault, landing.there) == (None, there)


@pytest.mark.parametrize(
    ("href", "name", "suggestion"),
    [
        pytest.param("IMG/A.PNG", "img/a.png", "img/a.png", id="letter case"),
        pytest.param(r"img\a.png", "img/a.png", "img/a.png", id="backslash"),
        pytest.param("a%2520b.png", "a b.png", "a b.png", id="encoded twice"),
        pytest.param("a?.png", "a?.png", "a?.png", id="question mark"),
        pytest.param("a\u0301.png", "\u00e1.png", "\u00e1.png", id="decomposed letter"),
        pytest.param("b.png", "a.png", "", id="another name"),
    ],
)
def test_a_path_may_be_spelled_otherwise(href: str, name: str, suggestion: str) -> None:
    landing = landing_of(f"![x]({href})\n", {name: ""})
    assert landing.suggestion == suggestion
    assert landing.fault is (Fault.PATH_SPELLING if suggestion else Fault.MISSING_FILE)


@pytest.mark.parametrize(
    ("href", "mended"),
    [
        pytest.param("own/notes/edit/main/a b.md", "own/qa/edit/main/a%20b.md", id="edit"),
        pytest.param("own/qa/edit/master/a b.md", "own/qa/edit/main/a%20b.md", id="branch"),
        pytest.param("own/notes/raw/main/t.csv#x", "own/qa/raw/main/t.csv#x", id="download"),
        pytest.param("else/qa/blame/main/t.csv", "own/qa/blame/main/t.csv", id="copy"),
    ],
)
def test_what_one_does_with_a_file_stays_what_it_is(href: str, mended: str) -> None:
    files = {"a b.md": "# x\n", "t.csv": ""}
    href, host = href.replace(" ", "%20"), "https://github.com/"
    for written, right in ((host + href, host + mended), (raw(href), raw(mended))):
        if not written:
            continue
        world = workspace(f"[x]({written})\n", files)
        document = world.document(PATH)
        assert document
        assert right_href(document, world, document.links[0]) == right


def raw(href: str) -> str:
    """The same file on the host that knows nothing but files; empty if that is another view."""
    host = "https://raw.githubusercontent.com/"
    return host + href.replace("/raw/", "/") if "/raw/" in href else ""


@pytest.mark.parametrize(
    ("href", "beyond"),
    [
        pytest.param("a.py#L2", False, id="a line"),
        pytest.param("a.py#L3", True, id="a line behind the last"),
        pytest.param("a.py#L1-L3", True, id="lines, the last of them too far"),
        pytest.param("a.py#L1C2-L2C9", False, id="lines with columns"),
        pytest.param("a.py#Label", False, id="another anchor"),
        pytest.param("b.md?plain=1#L3", True, id="a document that is not rendered"),
        pytest.param("https://github.com/own/qa/blob/main/a.py#L3", True, id="address"),
        pytest.param("https://github.com/own/qa/blob/v1.0/a.py#L3", False, id="another version"),
        pytest.param("https://github.com/ada/qa/blob/main/b.py#L3", False, id="elsewhere"),
        pytest.param("docs#L3", False, id="a folder"),
    ],
)
def test_a_file_may_have_no_such_line(href: str, *, beyond: bool) -> None:
    landing = landing_of(
        f"[x]({href})\n", {"a.py": "a = 1\nb = 2\n", "b.md": "# B\n\n", "docs/x.txt": ""}
    )
    assert (landing.fault, landing.reason) == (
        (Fault.NO_LINE, "it ends with line 2") if beyond else (None, "")
    )


@pytest.mark.parametrize(
    ("paths", "inferred"),
    [
        pytest.param(["a.md", "b.md", "c.png"], True, id="three files"),
        pytest.param(["a.md", "a.md", "a.md", "b.md"], False, id="two files, often"),
        pytest.param(["README.md", "LICENSE", "a.md"], False, id="what every repository has"),
        pytest.param(["x.md", "y.md", "z.md"], False, id="files that are not here"),
        pytest.param(["a.md", "b.md", "c.png", "x", "y", "z"], False, id="as many that are not"),
        pytest.param(
            [
                f"{name}:{path}"
                for name in ("own/qa", "ada/qa")
                for path in ("a.md", "b.md", "c.png")
            ],
            True,
            id="two repositories alike",
        ),
    ],
)
def test_links_to_files_that_are_here_tell_the_name(paths: list[str], *, inferred: bool) -> None:
    places = [path.rpartition(":") for path in paths]
    markdown = "\n".join(
        f"[x](https://github.com/{name or 'own/qa'}/blob/main/{path})" for name, _, path in places
    )
    files = dict.fromkeys(("a.md", "b.md", "c.png", "README.md", "LICENSE"), "# x\n")
    world = Workspace(Memory({PATH: markdown, **files}))
    document = world.document(PATH)
    assert document
    where = world.standing(document)
    assert (where.inferred, "own/qa" in where.repository.present) == (inferred, inferred)
    assert not where.complete
