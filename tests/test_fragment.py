"""Text directives against our own tables, and against what two browsers really did."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cmarkgfm  # type: ignore[import-untyped] # it has no types
import pytest
from cmarkgfm.cmark import Options  # type: ignore[import-untyped] # it has no types

from dsqa.fragment import (
    Chrome,
    Match,
    Text,
    Verdict,
    generate,
    github_chrome,
    judge,
    matches,
    split_fragment,
)

Row = dict[str, Any]


@pytest.fixture
def shared() -> Path:
    """The folder of public conformance data, which is no part of the project."""
    beside = Path(__file__).resolve().parents[1].parent / "shared"
    folder = Path(os.environ.get("DSQA_SHARED", beside))
    if not (folder / "conformance").is_dir():
        pytest.skip(f"NOT TESTED against public data: there is no {folder}/conformance")
    return folder


# Pages


VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
UNSEEN = frozenset("head iframe noscript script style title".split())
BLOCKS = frozenset(
    "article blockquote body caption center dd details div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td"
    " textarea tfoot th thead tr ul".split()
)
STYLED = re.compile(r"(?P<hidden>display:none|visibility:hidden)|(?P<flex>display:(?:flex|grid))")


@dataclass
class Block:
    """A block of a page, the element it is of, and the id around it."""

    element: str
    id: str
    text: str = ""


@dataclass
class Element:
    name: str
    id: str
    hidden: bool
    flex: bool


@dataclass
class Page(HTMLParser):
    """What is visible of an HTML document, as far as a document of text needs it."""

    blocks: list[Block] = field(default_factory=lambda: [Block("", "")])
    open: list[Element] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def cut(self) -> None:
        named = [element.id for element in self.open if element.id]
        inside = [element.name for element in self.open if element.name in BLOCKS]
        self.blocks.append(Block((inside or [""])[-1], (named or [""])[-1]))

    def cuts(self, name: str) -> bool:
        return name in BLOCKS or name == "br" or bool(self.open and self.open[-1].flex)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        style = STYLED.match(given.get("style", "").replace(" ", ""))
        hidden = tag in UNSEEN or bool(style and style["hidden"])
        hidden = hidden or given.get("hidden", "until-found") != "until-found"
        hidden = hidden or bool(self.open and self.open[-1].hidden)
        cuts = self.cuts(tag)
        if tag in BLOCKS and any(element.name == "p" for element in self.open):
            self.leave("p")
        if tag not in VOID:
            flex = bool(style and style["flex"])
            self.open.append(Element(tag, given.get("id", ""), hidden, flex))
        if cuts:
            self.cut()
        if tag == "input":
            self.handle_data(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if any(element.name == tag for element in self.open):
            self.leave(tag)
            if self.cuts(tag):
                self.cut()

    def leave(self, tag: str) -> None:
        while self.open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1].hidden):
            self.blocks[-1].text += data
        elif not any(element.name in UNSEEN for element in self.open):
            self.hidden.append(data)

    @property
    def text(self) -> Text:
        return Text(tuple(block.text for block in self.blocks))


def page_of_html(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    return page


def page_of_markdown(markdown: str) -> Page:
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return page_of_html(cmarkgfm.github_flavored_markdown_to_html(markdown, options))


def quoted(match: Match, text: Text) -> str:
    """The words of a match, in one line."""
    if match.first_block == match.last_block:
        return one_line(text.blocks[match.first_block][match.start : match.end])
    between = text.blocks[match.first_block + 1 : match.last_block]
    first = text.blocks[match.first_block][match.start :]
    return one_line(" ".join((first, *between, text.blocks[match.last_block][: match.end])))


def one_line(words: str) -> str:
    return " ".join(words.split())


def first_match(fragment: str, text: Text) -> Match | None:
    """Where a browser goes: to the first match of the first directive that has one."""
    found = (next(matches(each, text), None) for each in split_fragment(fragment).directives)
    return next((match for match in found if match), None)


def found_in(html: str, fragment: str) -> str | None:
    text = page_of_html(html).text
    match = first_match(fragment, text)
    return None if match is None else quoted(match, text)


# Public data


def rows(shared: Path, kind: str) -> list[Row]:
    listed = json.loads((shared / "conformance/text_fragments.json").read_text("utf-8"))
    return [row for row in listed if row["kind"] == kind]


def test_parsing_agrees_with_the_specification(shared: Path) -> None:
    found = {}
    expected = {}
    for row in rows(shared, "parse"):
        fragment = split_fragment(row["fragment"])
        directives = [
            {"prefix": one.prefix, "start": one.start, "end": one.end, "suffix": one.suffix}
            for one in fragment.directives
        ]
        found[row["id"]] = (fragment.element_id, directives)
        expected[row["id"]] = (row["element_fragment"], row["expect_directives"] or [])
    assert found == expected


def agrees(row: Row) -> bool:
    """Whether we find what the row says that the browsers found."""
    page = page_of_html(row["html"])
    match = first_match(row["fragment"], page.text)
    if match is None or not row["expect_match"]:
        return (match is not None) is bool(row["expect_match"])
    words = row["matched_text"]
    for hidden in page.hidden:
        words = words.replace(hidden, "", 1)
    block = page.blocks[match.first_block]
    found = (block.id, quoted(match, page.text))
    expected: tuple[str, str] = (row.get("matched_element_id", block.id), one_line(words))
    return found == expected


def engines_differ(row: Row) -> bool:
    return len(set(row["engines"].values())) > 1


def needs_dictionary(row: Row) -> bool:
    """Whether our match has a bound between letters of a script without spaces."""
    match = first_match(row["fragment"], page_of_html(row["html"]).text)
    return match is not None and match.guessed


def test_matching_agrees_with_both_browsers(shared: Path) -> None:
    judged = [row for row in rows(shared, "match") if not engines_differ(row)]
    wrong = [row["id"] for row in judged if not agrees(row) and not needs_dictionary(row)]
    assert judged
    assert wrong == []


def test_matching_where_a_browser_needs_a_dictionary(shared: Path) -> None:
    judged = [row for row in rows(shared, "match") if not engines_differ(row)]
    guessed = [row for row in judged if needs_dictionary(row)]
    wrong = [f"{row['id']} ({row['description']})" for row in guessed if not agrees(row)]
    if wrong:
        pytest.skip(f"{len(wrong)} of {len(guessed)} guesses about words are wrong: {wrong}")


def test_matching_where_the_browsers_differ(shared: Path) -> None:
    judged = [row for row in rows(shared, "match") if engines_differ(row)]
    other = []
    for row in judged:
        found = found_in(row["html"], row["fragment"]) is not None
        if found != row["engines"]["chromium-156"]:
            other.append(f"{row['id']} ({row['description']})")
    pytest.skip(f"{len(judged)} rows have no answer; we differ from Chromium in {other}")


VERDICTS = {
    "depends on page chrome": Verdict.DEPENDS_ON_PAGE,
    "no match in the article": Verdict.CANNOT_MATCH,
    "matches in the article": Verdict.MATCHES,
}


def test_verdicts_on_a_page_of_github(shared: Path) -> None:
    listed = json.loads((shared / "conformance/text_fragment_verdicts.json").read_text("utf-8"))
    chrome = github_chrome("owner", "questions", "main", "Questions for Data Scientists.md")
    found = {}
    for row in listed:
        (directive,) = split_fragment(row["fragment"]).directives
        text = page_of_markdown(row["markdown"]).text
        found[row["name"]] = judge(directive, text, chrome=chrome).verdict
    assert found == {row["name"]: VERDICTS[row["verdict"]] for row in listed}


@pytest.mark.parametrize(
    "chrome",
    [
        pytest.param(Chrome(), id="article alone"),
        pytest.param(
            github_chrome("youssefHosni", "Data-Science-Interview-Questions", "main", "a/b.md"),
            id="on github",
        ),
    ],
)
def test_links_of_a_real_document(shared: Path, chrome: Chrome) -> None:
    document = (shared / "seed/deep-learning.md").read_text("utf-8")
    listed = json.loads((shared / "conformance/seed_text_fragments.json").read_text("utf-8"))
    page = page_of_markdown(document)
    found = {}
    expected = {}
    for row in listed["links"]:
        (directive,) = split_fragment(row["fragment"]).directives
        heading = next(
            index
            for index, block in enumerate(page.blocks)
            if block.element == "h3" and block.text.startswith(row["question"] + ":")
        )
        judgement = judge(directive, page.text, heading, chrome)
        element = page.blocks[judgement.match.first_block].element if judgement.match else ""
        found[row["question"]] = (judgement.verdict, element[:1], judgement.furniture)
        observed = row["observed"]["article"]["chromium_156"]
        if observed is None:
            expected[row["question"]] = (Verdict.CANNOT_MATCH, "", chrome != Chrome())
        elif observed.startswith("heading"):
            expected[row["question"]] = (Verdict.MATCHES, "h", False)
        else:
            expected[row["question"]] = (Verdict.WRONG_PLACE, "l", False)
    assert found == expected


def test_every_question_of_a_real_document_can_be_linked(shared: Path) -> None:
    page = page_of_markdown((shared / "seed/deep-learning.md").read_text("utf-8"))
    headings = [n for n, block in enumerate(page.blocks) if block.element == "h3" and block.text]
    found = []
    for heading in headings:
        fragment = generate(page.text, heading)
        match = first_match(fragment or "", page.text)
        found.append(match and match.first_block)
    assert len(headings) == 19
    assert found == headings
