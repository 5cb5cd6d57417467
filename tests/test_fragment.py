"""Text directives against our own tables, and against what two browsers really did."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from dsqa.fragment import (
    Chrome,
    Judgement,
    Match,
    Text,
    TextDirective,
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
            self.close("p")
        if tag not in VOID:
            flex = bool(style and style["flex"])
            self.open.append(Element(tag, given.get("id", ""), hidden, flex))
        if cuts:
            self.cut()
        if tag == "input":
            self.handle_data(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if any(element.name == tag for element in self.open):
            self.close(tag)
            if self.cuts(tag):
                self.cut()

    def close(self, tag: str) -> None:
        while self.open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1].hidden:
            self.hidden.append(data)
        else:
            self.blocks[-1].text += data

    @property
    def text(self) -> Text:
        return Text(tuple(block.text for block in self.blocks))


def page_of_html(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close_all()
    return page


def page_of_markdown(markdown: str) -> Page:
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return page_of_html(cmarkgfm.github_flavored_markdown_to_html(markdown, options))
