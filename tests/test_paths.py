"""Where a document may lead: nothing outside of its tree is opened, nor told to be there."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SHARED
from tests.test_cli import Run, git, run

__all__ = ["run"]

ROWS: Sequence[dict[str, Any]] = (
    json.loads((SHARED / "conformance" / "threats" / "paths.json").read_text(encoding="utf-8"))
    if (SHARED / "conformance" / "threats" / "paths.json").is_file()
    else ()
)
OURS = (
    ("../outside.png", "broken", "above the root"),
    ("../../../../../../etc/passwd", "broken", "far above the root"),
    ("img/../../outside.png", "broken", "down and up again"),
    ("..%2foutside.png", "broken", "an encoded slash"),
    ("%2e%2e/outside.png", "broken", "encoded dots"),
    ("%2e%2e%2f%2e%2e%2fetc/passwd", "broken", "all of it encoded"),
    ("img/a%00.png", "broken", "an encoded NUL"),
    ("/../outside.png", "broken", "above the root, from the root"),
    ("./.././outside.png", "broken", "dots between"),
    ("/proc/self/environ", "broken", "a file of the system"),
    ("/dev/stdin", "broken", "a device"),
    ("~/.ssh/id_ed25519", "broken", "no home"),
    ("link-abs-out.png", "broken", "an absolute link out"),
    ("dirlink/secret.md#q1-what-is-it", "broken", "a document behind a folder that leads out"),
    ("pipe.md#q1-what-is-it", "not waited for", "a pipe"),
    ("pipe.png", "not waited for", "a pipe for a picture"),
    ("loop/loop/loop/a.png", "broken", "a folder that leads to itself"),
    (".git/config", "not told", "what git keeps"),
)
CASES = [
    *(
        pytest.param(
            row["destination"], row["expect"], id=f"{row['why'] or row['expect']} {number}"
        )
        for number, row in enumerate(ROWS)
    ),
    *(pytest.param(destination, expected, id=why) for destination, expected, why in OURS),
]
QUESTION = "## Q1: What is it?\n\nIt is [there]({0}) and ![a picture of it]({0}).\n"
SECRET = "# Secret\n\n## Q1: What is it?\n\nThe-secret-of-another-tree.\n"

UNDECIDED = {
    "///etc/passwd",  # browsers take it for the host `etc`, of which files tell nothing
    "empty.png",  # nobody looks into pictures
}

opened: list[str] = []
watching: list[bool] = []


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if watching and event in ("open", "os.listdir", "os.scandir"):
        opened.append(os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else "")


sys.addaudithook(watch)


@contextmanager
def watched() -> Iterator[list[str]]:
    """What is opened meanwhile."""
    opened.clear()
    watching.append(True)
    try:
        yield opened
    finally:
        watching.clear()


@pytest.fixture(params=[True, False], ids=["outside is there", "outside is not"])
def tree(request: pytest.FixtureRequest, run: Run, tmp_path: Path) -> Path:
    """A checkout, beside which there are files or not."""
    outside = tmp_path / "outside"
    if request.param:
        outside.mkdir()
        (tmp_path / "outside.png").write_bytes(b"picture")
        (outside / "secret.md").write_text(SECRET)
    root = tmp_path / "tree"
    (root / "img").mkdir(parents=True)
    for name in ("img/a.png", "img/a b.png"):
        (root / name).write_bytes(b"\x89PNG")
    (root / "empty.png").touch()
    (root / "lfs.png").write_text("version https://git-lfs.github.com/spec/v1\n")
    for name, target in {
        "link-rel-out.png": "../outside.png",
        "link-abs-out.png": str(tmp_path / "outside.png"),
        "dirlink": str(outside),
        "l1": "l2",
        "l2": "l1",
        "loop": ".",
        "dangling.png": "nothing",
        "link-out.md": str(outside / "secret.md"),
    }.items():
        (root / name).symlink_to(target)
    for name in ("pipe.md", "pipe.png"):
        os.mkfifo(root / name)
    os.chdir(root)
    git("init", "-q")
    return root


def told(run: Run, destination: str) -> tuple[str, list[dict[str, Any]]]:
    """What is said of a link and a picture of this destination, and what of it is an error."""
    Path("qa.md").write_text(QUESTION.format(destination), encoding="utf-8")
    _, out, err = run("check", "qa.md", "--format", "json", "--select", "ALL")
    found = [f for f in json.loads(out)["findings"] if f["rule"][:3] in ("LNK", "IMG", "ANC")]
    return out + err, [f for f in found if f["severity"] == "error"]


def inside(path: str, root: Path) -> bool:
    """Whether what was opened is of the tree, of Python, or of git's and our own settings."""
    place = os.path.realpath(path)
    ours = (os.path.realpath(root), sys.prefix, sys.base_prefix, str(Path(__file__).parents[1]))
    return place.startswith(tuple(os.path.realpath(one) for one in ours)) or place == os.devnull


@pytest.mark.parametrize(("destination", "expected"), CASES)
def test_no_destination_leads_out_of_the_tree(
    run: Run, tree: Path, destination: str, expected: str
) -> None:
    told(run, "img/a.png")  # imports all that it needs
    with watched() as opened:
        said, errors = told(run, destination)
    assert [path for path in opened if path and not inside(path, tree)] == []
    assert "FIL" not in said
    assert "secret-of-another-tree" not in said
    if expected.startswith(("ok", "scheme")):
        assert errors == []
    if expected.startswith(("empty fragment", "same document")):
        assert [finding for finding in errors if finding["rule"][:3] != "IMG"] == []
    if expected.startswith("broken") and destination not in UNDECIDED:
        assert {finding["rule"][:3] for finding in errors} & {"LNK", "IMG"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_nothing_tells_whether_a_file_outside_is_there(run: Run, tmp_path: Path) -> None:
    def all_said(name: str, *, there: bool) -> str:
        root = tmp_path / name / "tree"
        root.mkdir(parents=True)
        outside = tmp_path / name / "outside"
        if there:
            (outside / "folder").mkdir(parents=True)
            (outside / "secret.md").write_text(SECRET)
            (outside / "picture.png").write_bytes(b"picture")
        os.chdir(root)
        for link, target in {
            "link.md": "../outside/secret.md",
            "folder.md": "../outside/folder",
            "picture.png": "../outside/picture.png",
            "docs": "../outside",
            "dsqa-baseline.md": "../outside/none.md",
        }.items():
            Path(link).symlink_to(target)
        destinations = (
            *("link.md#q1-what-is-it", "picture.png", "docs/secret.md", "docs", "folder.md"),
            *("../outside/secret.md", "../outside/picture.png", "docs/picture.png#L3"),
        )
        text = "".join(
            f"## Q{number}: What is {number}?\n\nSee [it]({to}), ![a picture of it]({to}).\n\n"
            for number, to in enumerate(destinations, start=1)
        )
        Path("qa.md").write_text(text, encoding="utf-8")
        commands = (
            *(("check", "--format", "json", "--select", "ALL"), ("check", "link.md", "folder.md")),
            *(("check", "docs"), ("check", "docs/folder"), ("check", "docs/secret.md")),
            *(("fix", "--unsafe", "--diff"), ("status",), ("export",), ("explain", "qa.md")),
            ("export", "link.md"),
        )
        said = "".join(f"{command} {run(*command)}\n" for command in commands)
        assert "secret-of-another-tree" not in said
        return said

    assert all_said("one", there=True) == all_said("two", there=False).replace("two", "one")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_no_pipe_is_waited_for(run: Run) -> None:
    git("init", "-q")
    for name in ("qa-pipe.md", "picture.png"):
        os.mkfifo(name)
    text = QUESTION.format("qa-pipe.md#a") + "\n![A picture](picture.png)\n"
    Path("qa.md").write_text(text, encoding="utf-8")
    for command in ("check", "fix", "status", "export", "baseline"):
        assert run(command)[0] in (0, 1)


def test_a_fix_does_not_write_through_a_link_out(run: Run, tmp_path: Path) -> None:
    unfilled = "* [Q1: What is it?]()\n\n## Q1: What is it?\n\nThis.\n"
    outside = tmp_path / "outside.md"
    outside.write_text(unfilled)
    root = tmp_path / "tree"
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "in.md").write_text(unfilled)
    (root / "in.md").symlink_to("docs/in.md")
    (root / "out.md").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path)
    os.chdir(root)
    assert run("fix")[0] == 0
    assert run("fix", "out.md", "in.md")[0] == 2
    assert outside.read_text() == unfilled
    assert "#q1-what-is-it" in (root / "docs" / "in.md").read_text()
    assert (root / "in.md").is_symlink()
