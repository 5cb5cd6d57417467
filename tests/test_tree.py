"""What is judged of a tree as a whole: which runs do, and what counts as a use of an image."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from dsqa.cli import main
from dsqa.git import OF_ANOTHER_CHECKOUT
from dsqa.linter import lint_tree
from dsqa.rules.images.unused_image import UnusedImage
from dsqa.workspace import Disk
from tests.examples import workspace

IMAGES = ("img/roc.png", "img/bias.png", "img/gain.png")
SHOWN = "".join(["## Q1: What is recall?\n", *(f"\n![A curve]({image})\n" for image in IMAGES)])
FILES = {"qa.md": SHOWN, "img/old.png": "", **dict.fromkeys(IMAGES, "")}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with an image that nothing uses."""
    for name in OF_ANOTHER_CHECKOUT & set(os.environ):
        monkeypatch.delenv(name)
    root = tmp_path / "tree"
    lay(root, FILES)
    monkeypatch.chdir(root)
    return root


def lay(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def unused(capsys: pytest.CaptureFixture[str], *paths: str) -> list[str]:
    main(["check", "--format", "json", "--allow-no-questions", *paths])
    report = json.loads(capsys.readouterr().out)
    return [found["path"] for found in report["findings"] if found["rule"] == "IMG005"]


# Which runs judge the tree


@pytest.mark.parametrize(
    ("git", "folder", "path", "found"),
    [
        pytest.param(False, ".", "", ["img/old.png"], id="the working folder"),
        pytest.param(False, ".", ".", ["img/old.png"], id="by its name"),
        pytest.param(False, ".", "qa.md", [], id="one file"),
        pytest.param(False, "..", "tree", [], id="a part of the working folder"),
        pytest.param(True, "..", "tree", ["tree/img/old.png"], id="a checkout"),
        pytest.param(True, "..", "", ["tree/img/old.png"], id="a checkout below"),
        pytest.param(True, "img", "..", ["old.png"], id="the checkout above"),
        pytest.param(True, "img", "", [], id="a part of a checkout"),
        pytest.param(True, ".", "qa.md", [], id="one file of a checkout"),
    ],
)
def test_a_tree_is_judged_where_all_of_it_was_asked_for(
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    git: bool,
    folder: str,
    path: str,
    found: list[str],
) -> None:
    if git:
        subprocess.run(["git", "init", "--quiet"], check=True)
    monkeypatch.chdir(folder)
    assert unused(capsys, *([path] if path else [])) == found


def test_nobody_knows_what_an_unread_document_says(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "bytes.md").write_bytes(b"\xff")
    assert unused(capsys) == []
    lay(tree, {"dsqa.toml": 'exclude = ["bytes.md"]\n'})
    assert unused(capsys) == []


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        pytest.param('exclude = ["other.md"]', ["img/old.png"], id="a document"),
        pytest.param('exclude = ["img"]', [], id="the images"),
        pytest.param('per-file-ignores = { "img/old*" = ["unused-image"] }', [], id="the rule"),
        pytest.param('ignore = ["IMG005"]', [], id="the rule everywhere"),
    ],
)
def test_settings_speak_for_images_too(
    tree: Path, capsys: pytest.CaptureFixture[str], settings: str, found: list[str]
) -> None:
    lay(tree, {"dsqa.toml": f"{settings}\n", "other.md": "# Notes\n"})
    assert unused(capsys) == found


def test_what_is_excluded_uses_images_all_the_same(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(tree, {"dsqa.toml": 'exclude = ["other.md"]\n', "other.md": "![Old](img/old.png)\n"})
    assert unused(capsys) == []


def test_what_git_ignores_is_not_told(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    lay(tree, {".gitignore": "old.*\n"})
    assert unused(capsys) == []


@pytest.mark.parametrize("form", ["text", "github", "sarif", "jsonl"])
def test_an_image_is_named_without_a_line(
    tree: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    lay(tree, {"qa.md": f"{SHOWN}\nThe share that was found.\n"})
    assert main(["check", "--format", form, "--show", "info", "--fail-on", "info"]) == 1
    assert "img/old.png" in capsys.readouterr().out


# What uses an image


def suspected(files: Mapping[str, str]) -> list[str]:
    world = workspace(SHOWN, {**FILES, **files})
    return [finding.path for finding in lint_tree(world, [UnusedImage()])]


@pytest.mark.parametrize(
    ("name", "files"),
    [
        pytest.param("a b.png", {"x.md": "![x](img/a%20b.png)\n"}, id="encoded"),
        pytest.param("a_b.png", {"x.md": "![x](img/a\\_b.png)\n"}, id="escaped"),
        pytest.param("a&b.png", {"x.html": "<img src='img/a&amp;b.png'>"}, id="entity"),
        pytest.param("a.png", {"x.html": "<img srcset='b.png 1x, img/a.png 2x'>"}, id="srcset"),
        pytest.param("a.png", {"x.md": "[x](https://example.org/raw/img/a.png)\n"}, id="address"),
        pytest.param("a.png", {"x.md": "`a.png`\n"}, id="in words"),
        pytest.param("A.png", {"x.md": "![x](img/a.PNG)\n"}, id="letter case"),
        pytest.param("\u00e9.png", {"x.ipynb": '{"a": "e\\u0301.png"}'}, id="JSON"),
        pytest.param("e\u0301.png", {"x.md": "![x](img/\u00e9.png)\n"}, id="composed"),
        pytest.param("见.png", {"x.rst": "图见.png。"}, id="no blank around"),
        pytest.param("a.png", {".github/x.yml": "cover: a.png\n"}, id="a hidden folder"),
        pytest.param("7.png", {"x.js": "`img/${number}.png`"}, id="a computed name"),
        pytest.param("7.png", {"x.sh": "cp img/*.png site\n"}, id="a pattern"),
        pytest.param("7.png", {"x.c": 'sprintf(name, "img/%d.png", n)'}, id="a format"),
        pytest.param("roc.webp", {}, id="the same picture in another format"),
    ],
)
def test_a_name_in_any_text_is_a_use(name: str, files: Mapping[str, str]) -> None:
    others = {"img/old.png"} if not name.startswith("7") else set()
    assert set(suspected({f"img/{name}": "", **files})) == others


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param({}, ["img/old.png"], id="one of four"),
        pytest.param({f"img/{n}.png": "" for n in range(3)}, [], id="most of a folder"),
        pytest.param({"art/1.png": "", "1.png": ""}, ["img/old.png"], id="no document shows any"),
        pytest.param({"x.md": "A png and img/olds.png\n"}, ["img/old.png"], id="no use"),
        pytest.param({"img/notes.md": "# Old\n"}, ["img/old.png"], id="no image"),
        pytest.param({"x.pdf": "old.png"}, ["img/old.png"], id="not a text"),
    ],
)
def test_only_what_lies_among_shown_images_is_told(
    files: Mapping[str, str], found: list[str]
) -> None:
    assert suspected(files) == found


def test_folders_that_lead_in_circles_are_walked_once(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        lay(tmp_path, {f"{name}/x.md": "# x\n"})
        for number in range(3):
            (tmp_path / name / f"up{number}").symlink_to("..")
    paths = [path for path in Disk(tmp_path).paths() if path.endswith("x.md")]
    assert paths == ["a/x.md", "b/x.md", "c/x.md"]
