"""Whatever a stranger writes, and wherever: what is printed of it is text, and nothing but text.

The table is a product: each hostile string, in each place where a string of a stranger gets in, in
each format and command, on the output and among the complaints.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from dsqa.cli import main
from dsqa.reporters import formats
from tests import logs
from tests.hostile import (  # noqa: F401  one is a hook
    PLACES,
    documents,
    named,
    pytest_generate_tests,
    written,
)
from tests.logs import assert_only_text

SETTINGS = {
    "key": '"{}" = 1',
    "rule": 'select = ["{}"]',
    "way": 'question = "{}"',
    "repository": 'repository = "{}"',
    "severity": 'fail-on = "{}"',
    "pattern": '[per-file-ignores]\n"{}" = ["{}"]',
    "text": "{}",
}
WORDS: dict[str, tuple[str, ...]] = {
    "a command": ("{}",),
    "a path": ("check", "{}"),
    "an option": ("check", "--{}"),
    "an option of one letter": ("fix", "-{}"),
    "a format": ("check", "--format", "{}"),
    "a rule": ("check", "--select", "{}"),
    "a commit": ("check", "--since", "{}"),
    "settings": ("status", "--config", "{}"),
    "a baseline": ("check", "--baseline", "{}"),
    "a place of a baseline": ("baseline", "-o", "{}/x"),
    "a place of a report": ("check", "--output-file", "json={}/x"),
    "a format of a report": ("check", "--output-file", "{}=x"),
    "a badge": ("status", "--badge", "{}/x"),
    "an export": ("export", "-o", "{}/x"),
    "a name": ("check", "-", "--stdin-filename", "{}"),
    "a subject": ("explain", "{}"),
    "a number": ("check", "--online", "--timeout", "{}"),
}


def world(text: str) -> None:
    """A repository with the string in each place, and in what git knows of it."""
    git = Path(".git")
    git.mkdir()
    (git / "HEAD").write_bytes(b"ref: refs/heads/" + os.fsencode(named(text)))
    config = f'[remote "origin"]\n\turl = https://github.com/own/qa\n[branch "{written(text)}"]\n'
    (git / "config").write_bytes(config.encode())
    Path(named(text)).mkdir()
    for name, document in documents(text).items():
        Path(name).write_bytes(document.encode())
    (Path(named(text)) / "bytes.md").write_bytes(b"\xff")


class Told(NamedTuple):
    """What a command said."""

    code: int
    out: str
    err: str


Run = Callable[..., Told]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as a build does, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def run(*words: str) -> Told:
        stdin = io.TextIOWrapper(io.BytesIO(PLACES["label"].encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stdin)
        code = main(words)
        return Told(code, *capsys.readouterr())

    return run


def assert_nothing_commands(said: Told) -> None:
    assert_only_text(said.out)
    assert_only_text(said.err)
    assert "Traceback" not in said.err


def test_a_check_is_text_in_every_format(hostile: str, run: Run) -> None:
    world(hostile)
    others = [form for form in formats() if form != "text"]
    files = [word for form in others for word in ("--output-file", f"{form}=../{form}.out")]
    said = run("check", "--select", "ALL", "--show", "info", *files)
    assert said.code == 2
    assert_nothing_commands(said)
    outputs = {form: Path(f"../{form}.out").read_bytes().decode("utf-8") for form in others}
    findings = json.loads(outputs["json"])["findings"]
    found = {finding["path"] for finding in findings} & {f"{place}.md" for place in PLACES}
    # some strings make of a question what is none
    assert len(found) > len(PLACES) - 4
    for form, output in outputs.items():
        assert_only_text(output, commands=len(findings) if form == "github" else 0)


COMMANDS: dict[str, tuple[str, ...]] = {
    "explain": ("explain", "."),
    "status": ("status", "--badge", "../badge.svg"),
    "status as data": ("status", "--format", "json"),
    "export": ("export",),
    "export by line": ("export", "--format", "jsonl"),
    "baseline": ("baseline", "-o", "../baseline.json"),
    "what would be repaired": ("fix", "--unsafe", "--diff"),
    "what was repaired": ("fix", "--unsafe", "--proof"),
    "what is new": ("check", "--staged"),
}


@pytest.mark.parametrize("row", COMMANDS)
def test_a_command_is_text(hostile: str, row: str, run: Run) -> None:
    world(hostile)
    said = run(*COMMANDS[row])
    assert said.out or said.err
    if row == "what would be repaired":
        # a diff is data: a log must not obey it, but what is not seen stays in it
        assert (logs.github(said.out), logs.others(said.out)) == ([], [])
        said = said._replace(out="")
    assert_nothing_commands(said)


@pytest.mark.parametrize("row", WORDS)
def test_a_complaint_about_a_word_is_text(hostile: str, row: str, run: Run) -> None:
    # no command line holds a NUL, or half a character that is not half of a byte
    word = re.sub("[\0\ud800-\udc7f\udd00-\udfff]", "", hostile)
    if not word.strip():
        return
    Path("qa.md").write_text(PLACES["label"], encoding="utf-8")
    said = run(*(one.replace("{}", word) for one in WORDS[row]))
    assert said.code == 2 or row == "a name"
    assert_nothing_commands(said)


@pytest.mark.parametrize("row", SETTINGS)
def test_a_complaint_about_a_setting_is_text(hostile: str, row: str, run: Run) -> None:
    Path("qa.md").write_text(PLACES["label"], encoding="utf-8")
    for quoted in (written(hostile), json.dumps(written(hostile))[1:-1]):
        Path("dsqa.toml").write_bytes(SETTINGS[row].replace("{}", quoted).encode())
        said = run("check")
        assert said.code in {1, 2}
        assert_nothing_commands(said)


def test_a_badge_is_an_image_and_holds_no_word_of_a_document(hostile: str, run: Run) -> None:
    world(hostile)
    run("status", "--badge", "../badge.svg")
    badge = Path("../badge.svg").read_bytes()
    assert badge.isascii()
    assert {re.sub("{.*}", "", each.tag) for each in ElementTree.fromstring(badge).iter()} == {
        *("svg", "title", "clipPath", "g", "rect", "text")
    }


def test_what_is_exported_is_what_was_written(hostile: str, run: Run) -> None:
    """Escapes are for eyes: who reads the data gets each character back."""
    answer = "It is `x`.\n\n    " + re.sub("[\r\n]", " ", written(hostile)) + "."
    Path("qa.md").write_bytes(f"## Q1: Why?\n\n{answer}\n".encode())
    for form in ("json", "jsonl"):
        said = run("export", "--format", form)
        assert_nothing_commands(said)
        data = json.loads(said.out)
        question = data if form == "jsonl" else data["documents"][0]["questions"][0]
        assert question["answer"]["markdown"] == answer
