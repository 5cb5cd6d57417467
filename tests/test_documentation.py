"""What the documentation shows is what the commands print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dsqa.config import load
from dsqa.manual import manual
from dsqa.rules import rules

ROOT = Path(__file__).resolve().parents[1]
TOUR = re.compile(r"<!-- tour: dsqa (?P<command>.*?) -->\n```text\n(?P<shown>.*?)```", re.DOTALL)
RECORD = bool(os.environ.get("DSQA_RECORD"))
FIRST_PARAGRAPHS = 3


def printed(command: str, folder: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "dsqa", *command.split()],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "COLUMNS": "100"},
        check=False,
    )
    assert result.stderr == ""
    return result.stdout


def shortened(text: str) -> str:
    """The first paragraphs, and the last one, which sums up."""
    paragraphs = text.rstrip("\n").split("\n\n")
    if len(paragraphs) <= FIRST_PARAGRAPHS + 1:
        return text
    return "\n\n".join([*paragraphs[:FIRST_PARAGRAPHS], "…", paragraphs[-1]]) + "\n"


def copy(folder: Path, name: str) -> Path:
    """A fresh copy of our own content with its settings."""
    place = folder / name
    shutil.copytree(ROOT / "content", place / "content")
    shutil.copy(ROOT / "pyproject.toml", place)
    return place


def test_the_tour_shows_what_is_printed(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tours = list(TOUR.finditer(readme))
    assert len(tours) == 2
    current = readme
    for tour in reversed(tours):
        start, end = tour.span("shown")
        text = shortened(printed(tour["command"], copy(tmp_path, str(tour.start()))))
        current = current[:start] + text + current[end:]
    if RECORD:
        (ROOT / "README.md").write_text(current, encoding="utf-8")
    assert current == readme or RECORD


def test_the_manual_is_current() -> None:
    place = ROOT / "dsqa" / "rules" / "README.md"
    if RECORD:
        place.write_text(manual(rules()), encoding="utf-8")
    assert place.read_text(encoding="utf-8") == manual(rules()), "run with DSQA_RECORD=1"


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.code) for rule in rules()])
def test_the_manual_has_an_anchor_for_each_rule(rule: object) -> None:
    from dsqa.manual import help_uri
    from dsqa.parser import parse
    from dsqa.rule import Rule
    from dsqa.source import Source

    assert isinstance(rule, Rule)
    anchors = parse(Source("README.md", manual([rule]))).anchors
    assert help_uri(rule).partition("#")[2] in anchors


SETTINGS = re.compile(r"```toml\n(?P<settings>.*?)```", re.DOTALL)


def test_the_settings_that_are_shown_can_be_used(tmp_path: Path) -> None:
    shown = [
        match["settings"]
        for place in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
        for match in SETTINGS.finditer(place.read_text(encoding="utf-8"))
    ]
    assert shown
    for settings in shown:
        (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
        load(tmp_path)


def test_the_example_of_the_package_runs() -> None:
    from dsqa import Memory, Source, Workspace, lint, parse

    text = "* [Q1: What is recall?]()\n\n## Q1: What is recall?\n\nThe share.\n"
    findings = lint(parse(Source("qa.md", text)), Workspace(Memory({"qa.md": text})))
    assert [finding.name for finding in findings] == ["entry-without-target"]
