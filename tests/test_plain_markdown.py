"""What is plain is read without markdown-it, and never otherwise than by it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from markdown_it.common.html_blocks import block_names

from benchmarks import questions
from benchmarks.questions import ANCHORS, Kind
from dsqa.markdown import _Reading
from dsqa.markdown.blocks import DOUBTFUL_HTML, HTML_BLOCKS
from dsqa.markdown.tokens import Token
from dsqa.source import Source
from tests.nasty import difference, documents

ROOT = Path(__file__).resolve().parents[1]
SUITES = ("commonmark_spec", "gfm_spec", "gfm_extensions", "gfm_regression", "cmark_regression")
MANY, FEW = 60_000, 1_500
ONE_OF = 16
"""Where not every case counts, so many real documents stand for one."""


def test_nasty_documents_are_read_alike(long: bool) -> None:
    assert not [found for text in documents(MANY if long else FEW) if (found := difference(text))]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("> ```\n> ", id="code in a quotation that ends with the text"),
        pytest.param(">\n     > a", id="quotation that goes on far to the right"),
        pytest.param("- > a\n  b\n\n [c]: d", id="definition below an item in doubt"),
        pytest.param("> - " * 40 + "a", id="deeper than anybody reads"),
        pytest.param("[a\n===\nb]: c", id="underline in a definition"),
        pytest.param("a\0b\n\n> c\nd", id="no character"),
    ],
)
def test_what_was_once_read_otherwise_is_read_alike(text: str) -> None:
    assert difference(text) == ""


@pytest.mark.parametrize("suite", SUITES)
def test_the_examples_of_the_specifications_are_read_alike(shared: Path, suite: str) -> None:
    path = shared / "conformance" / "robustness" / f"{suite}.json"
    examples = json.loads(path.read_text(encoding="utf-8"))["examples"]
    assert examples
    assert not [found for each in examples if (found := difference(each["markdown"]))]


def test_real_documents_are_read_alike(shared: Path, long: bool) -> None:
    paths = sorted([*shared.glob("corpus/**/*.md"), *shared.glob("seed/*.md")])
    assert paths
    different = [path for path in paths[:: 1 if long else ONE_OF] if difference(_text(path))]
    assert different == []


def test_our_own_documents_are_read_alike() -> None:
    paths = sorted([*ROOT.glob("*.md"), *ROOT.glob("content/**/*.md"), *ROOT.glob("docs/*.md")])
    assert paths
    assert [path for path in paths if difference(_text(path))] == []


def test_a_usual_file_needs_no_markdown_it(tmp_path: Path) -> None:
    path = tmp_path / "qa.md"
    path.write_text(questions.text(Kind(19, ANCHORS)), encoding="utf-8")
    program = (
        "import sys; from pathlib import Path; from dsqa import Source, parse;"
        "document = parse(Source('qa.md', Path(sys.argv[1]).read_text(encoding='utf-8')));"
        "print(len(document.questions), 'markdown_it' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["19", "False"]


@pytest.mark.parametrize(
    "doubtful",
    [
        pytest.param("> a\nb", id="quotation that goes on without its mark"),
        pytest.param("| a |\n| -- | -- |", id="table of too few titles"),
        pytest.param("- a\n  > b\n  c\n- d", id="in a list"),
        pytest.param("<pre>\n\n# a\n\n</pre>", id="HTML"),
        pytest.param("[r]: b.md", id="reference"),
        pytest.param("- a\n  > ```\n  b", id="code that never ends"),
    ],
)
def test_what_is_in_doubt_is_judged_alone(doubtful: str) -> None:
    section = "## a\n\nb *c* [d](e.md)\n\n- f\n- g\n\n```\nh\n```\n\n"
    text = section * 100 + doubtful + "\n\n" + section * 100
    assert difference(text) == ""
    reading = _Counting(Source("qa.md", text))
    list(reading.tokens())
    assert 0 < reading.judged <= doubtful.count("\n") + section.count("\n")


def test_an_item_in_doubt_is_judged_alone() -> None:
    """A whole file may be one list."""
    items = "7. ### a\n\n   b\n\n   - c\n" * 200
    text = f"# d\n\n{items}7. ### e\n\n   > f\n   g\n\n{items}7. h\n\n   > i\n   j\n"
    assert difference(text) == ""
    reading = _Counting(Source("qa.md", text))
    list(reading.tokens())
    assert 0 < reading.judged < 15


def test_the_elements_that_begin_blocks_are_those_of_markdown_it() -> None:
    assert set(block_names) - DOUBTFUL_HTML == HTML_BLOCKS - DOUBTFUL_HTML


class _Counting(_Reading):
    """Counts the lines that are judged."""

    judged = 0

    def _judged(self, line: int, ends: Iterable[int]) -> tuple[list[Token], int]:
        found, end = super()._judged(line, ends)
        self.judged += end - line
        return found, end

    def _judged_items(self, line: int, ends: Iterable[int]) -> tuple[list[Token], int]:
        found, end = super()._judged_items(line, ends)
        self.judged += end - line
        return found, end


def _text(path: Path) -> str:
    return Source.decode(path.name, path.read_bytes()).text
