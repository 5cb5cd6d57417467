"""Whatever stands in a file, each command reads it, and a second repair changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsqa.exporters.building import document_data
from dsqa.linter import lint
from dsqa.repair.fixer import fix
from dsqa.source import Source, Unreadable
from dsqa.standing import Repository
from dsqa.workspace import Disk, Memory, Workspace

PATH = "qa.md"
INDEX = "* [Q1: Why?](#q1-why)\n* [Q2: How?](#how)\n"
FEWER = 10
"""Of so many examples one is tried where not all of them are."""


def passes(world: Workspace, path: str) -> None:
    """Every way through the document ends, and a repair is for good or nothing at all."""
    document = world.parsed(path)
    findings = lint(document, world)
    document_data(path, document, world)
    repair = fix(path, world)
    assert repair.before.text == document.source.text
    if not repair.fixed:
        assert repair.after.encode() == document.source.encode()
    elif repair.changed:
        assert findings
        again = fix(path, world.replacing({path: repair.after}))
        assert again.after == repair.after
        assert not again.fixed


def examples(shared: Path) -> Iterator[tuple[str, str]]:
    """The Markdown of each example of the public suites, by where it stands."""
    for file in sorted((shared / "conformance" / "robustness").glob("*.json")):
        suite = json.loads(file.read_text(encoding="utf-8"))
        for number, each in enumerate(suite.get("examples", ())):
            yield f"{file.stem} {number}", each["markdown"]


def test_every_example_of_the_public_suites_passes(shared: Path, long: bool) -> None:
    known = dict(examples(shared))
    assert len(known) > 1400
    for place, markdown in list(known.items())[:: 1 if long else FEWER]:
        try:
            source = Source.decode(PATH, markdown.encode())
        except Unreadable:
            assert "\0" in markdown
            continue
        try:
            passes(Workspace(Memory({}), Repository("own/qa"), {PATH: source}), PATH)
        except Exception as error:
            error.add_note(f"at {place}: {markdown!r}")
            raise


def test_every_example_passes_as_the_answer_to_a_question(shared: Path, long: bool) -> None:
    """An example alone asks nothing; here what judges and repairs questions has to do with it."""
    for place, markdown in list(examples(shared))[:: 1 if long else FEWER]:
        if "\0" in markdown:
            continue
        text = f"{INDEX}\n## Q1: Why?\n\n{markdown}\n\n## Q2: How?\n"
        try:
            passes(Workspace(Memory({PATH: text}), Repository("own/qa")), PATH)
        except Exception as error:
            error.add_note(f"at {place}: {text!r}")
            raise


def test_every_real_document_passes(shared: Path, long: bool) -> None:
    """By itself; and where all count, as it lies in its repository, with all around it."""
    files = sorted(path for path in (shared / "corpus").rglob("*.md") if path.is_file())
    assert len(files) > 100
    for file in files if long else files[::60]:
        repository = shared / "corpus" / file.relative_to(shared / "corpus").parts[0]
        path = file.relative_to(repository).as_posix()
        disk = Disk(repository)
        alone = Memory({path: disk.read(path).text})
        try:
            passes(Workspace(disk if long else alone, Repository("own/qa")), path)
        except Exception as error:
            error.add_note(f"at {file}")
            raise


@pytest.mark.parametrize("digits", [10, 4_301, 100_000])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("## Q{}: Why?\n\nSo.\n", id="question"),
        pytest.param("{}. Why?\n", id="item"),
        pytest.param("* [Q{}: Why?](#q{})\n\n## Q1: Why?\n", id="index line"),
        pytest.param("[a](b.md#L{})\n", id="line"),
        pytest.param("&#{};\n\n<p>&#{};</p>\n", id="character"),
        pytest.param("# {} questions\n\n## Q1: Why?\n\nSo.\n", id="count"),
        pytest.param("## Q1: Why?\n\n{}) so\n{}) on\n", id="mark made by hand"),
        pytest.param("## Q1: Why?\n\n![{}]({}.png)\n", id="image"),
    ],
)
def test_a_number_of_thousands_of_digits_is_text(text: str, digits: int) -> None:
    written = text.replace("{}", "9" * digits)
    passes(Workspace(Memory({PATH: written}), Repository("own/qa")), PATH)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("> " * 5_000 + "a\n", id="quotations"),
        pytest.param("- " * 5_000 + "a\n", id="lists"),
        pytest.param("".join(" " * 2 * n + "* a\n" for n in range(300)), id="indented lists"),
        pytest.param("*" * 5_000 + "a" + "*" * 5_000 + "\n", id="emphasis"),
        pytest.param("[" * 5_000 + "a" + "](b)" * 5_000 + "\n", id="links"),
        pytest.param("![" * 5_000 + "a" + "](b)" * 5_000 + "\n", id="images"),
        pytest.param("<details><summary>Why?</summary>\n\n" * 2_000 + "So.\n", id="folds"),
        pytest.param("<div>" * 5_000 + "\n", id="elements"),
    ],
)
def test_what_is_nested_deeply_never_ends_in_a_crash(text: str) -> None:
    passes(Workspace(Memory({PATH: text}), Repository("own/qa")), PATH)
