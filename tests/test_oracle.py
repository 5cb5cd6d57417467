"""Headings, links and images are those that GitHub's own parser finds.

What differs is told by its kind: what cmark-gfm does there, and why a reader is served better.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import cmarkgfm  # type: ignore[import-untyped]  # it has no types
import pytest

from dsqa.document import Image, Link
from dsqa.markdown import read
from dsqa.source import Source

ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
MAIL = re.compile(r"[^\s:/@]+@[^\s:/@]+")


class Found(NamedTuple):
    """What a parser finds: a heading by its level, a link or an image by its address; its text."""

    kind: str
    what: str
    text: str


@dataclass
class Page(HTMLParser):
    """Reads what cmark-gfm writes, which leaves raw HTML out."""

    found: list[Found] = field(default_factory=list)
    opened: list[tuple[str, str, list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "img":
            self.found.append(one("image", known.get("src") or "", known.get("alt") or ""))
        elif tag == "a" or re.fullmatch("h[1-6]", tag):
            self.opened.append((tag, known.get("href") or "", []))
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if any(opened == tag for opened, *_ in self.opened):
            opened, href, text = self.opened.pop()
            assert opened == tag
            kind, what = ("link", href) if tag == "a" else ("heading", tag[1])
            self.found.append(one(kind, what, "".join(text)))

    def handle_data(self, data: str) -> None:
        for _, _, text in self.opened:
            text.append(data)


def one(kind: str, what: str, text: str) -> Found:
    """What was found, with its blanks as a reader sees them, and its address not encoded."""
    return Found(kind, unquote(what).strip(), " ".join(text.split()))


def theirs(text: str) -> Counter[Found]:
    page = Page()
    page.feed(cmarkgfm.github_flavored_markdown_to_html(text))
    page.close()
    return Counter(page.found)


def ours(text: str) -> Counter[Found]:
    """What we find, without what is raw HTML."""
    seen = read(Source("qa.md", text))
    headings = (one("heading", str(h.level), h.text) for h in seen.headings if not h.html)
    links = (one("link", address(link), link.text) for link in seen.links if link.style != "html")
    images = (one("image", address(i), i.alt) for i in seen.images if i.style != "html")
    return Counter([*headings, *links, *images])


def address(of: Link | Image) -> str:
    """Where it leads, as a browser is told."""
    href = of.href
    if of.style == "bare":
        return f"http://{href}" if href.lower().startswith("www.") else href
    if of.style == "autolink":
        return f"mailto:{href}" if MAIL.fullmatch(href) else href
    return unescape(ESCAPED.sub(lambda match: f"&#{ord(match[1])};", href))


class Difference(NamedTuple):
    """A kind of difference: what cmark-gfm does, and why what we do is better for a reader.

    `ours` and `theirs` match what only one of them finds, `text` the document.
    """

    theirs_do: str
    why: str
    ours: str = r"(?!)"
    theirs: str = r"(?!)"
    text: str = ""


DIFFERENCES = {
    "mail": Difference(
        "makes a link of a mail address in running text",
        "nobody can tell whether somebody reads it, so there is nothing to judge",
        theirs=r"link (?:mailto|xmpp):",
    ),
    "scheme": Difference(
        "makes a link of `http://localhost` and of `ftp://`",
        "the first is a machine of the reader, and browsers do not open the second any more",
        theirs=r"link (?:https?://[^./]+(?:[:/].*)?|ftp:.*) ",
    ),
    "bracket": Difference(
        "makes no link of an address behind a bracket that is never closed",
        "the page at hand shows it as one",
        ours=r"link https?://",
        text=r"\[[^\]\n]*\n(?s:.*)(?:https?://|www\.)",
    ),
    "front matter": Difference(
        "takes the data between two lines of hyphens at the top for text",
        "GitHub shows them as a table; so do we",
        theirs=r".*",
        text=r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)",
    ),
    "mark": Difference(
        "takes the byte-order mark away",
        "that is done where bytes are read, so that it can be kept",
        theirs=r"heading ",
        text=r"\A\ufeff",
    ),
    "label": Difference(
        "compares labels by rules of an older Unicode",
        "CommonMark says how: the example with these letters is from its own suite",
        ours=r"link /url ",
        text="µÓĐĹŠƆƦǏ",
    ),
    "title": Difference(
        "takes a definition whose title never ends for one without a title",
        "newer versions of cmark take it for none, as the example of its own suite says",
        theirs=r"link z ",
        text=r'\[f\]: z "\\"\n',
    ),
    "lazy tag": Difference(
        "begins raw HTML with a tag alone on a line that still belongs to a paragraph of a list or "
        "a quotation",
        "CommonMark lets no such tag end a paragraph",
        ours=r".*",
        text=r"\n[ ]*</?[a-z]+(?: [^>\n]*)?>[ \t]*\n",
    ),
    "raw text": Difference(
        "takes the end of raw text, `</pre>` alone, for words, or what is below it for raw HTML",
        "it is a mistake of the author either way, and the next blank line ends its effect",
        ours=r".*",
        theirs=r".*",
        text=r"</(?:pre|script|style)>",
    ),
    "definition": Difference(
        "goes on with the paragraph of a definition on the next line, whatever stands there",
        "who begins a list, a heading or code right below a definition means to begin it",
        ours=r".*",
        theirs=r".*",
        text=r"(?m)^[ >*+-]*\[[^\]\n]+\]:.*\n.*\S",
    ),
    "far quotation": Difference(
        "goes on with a quotation on a line whose `>` is indented as far as code",
        "the sign says that a quotation is meant, and what stands in it",
        ours=r".*",
        theirs=r".*",
        text=r"\n[ ]{4,}>",
    ),
    "no-break space": Difference(
        "takes a line of nothing but a no-break space for words",
        "nobody sees them",
        ours=r".*",
        theirs=r".*",
        text=r"\n[ >]*\u00a0\n",
    ),
}


def explained(text: str) -> Iterator[str]:
    """The kinds of the differences in the text; whatever is of none is told itself."""
    before, now = theirs(text), ours(text)
    sides = ((now - before, "ours"), (before - now, "theirs"))
    for found, side in sides:
        for each in found.elements():
            told = f"{each.kind} {each.what} {each.text}"
            kinds = (
                name
                for name, kind in DIFFERENCES.items()
                if re.match(getattr(kind, side), told) and re.search(kind.text, text)
            )
            yield next(kinds, f"{side}: {told} in {text!r}")


def compared(texts: Iterable[str]) -> Counter[str]:
    """How often each kind of difference occurs; cmark-gfm itself fails at very few texts."""
    kinds: Counter[str] = Counter()
    for text in texts:
        if "\0" in text:
            continue  # no document, as we see it
        try:
            kinds.update(explained(text))
        except UnicodeDecodeError:
            kinds["not written as UTF-8 by cmark-gfm"] += 1
    print(", ".join(f"{kind}: {number}" for kind, number in sorted(kinds.items())))
    return kinds


KNOWN = {*DIFFERENCES, "not written as UTF-8 by cmark-gfm"}


def test_every_example_of_the_suites_is_read_alike(shared: Path) -> None:
    files = sorted((shared / "conformance" / "robustness").glob("*.json"))
    suites = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    texts = [each["markdown"] for suite in suites for each in suite.get("examples", ())]
    assert len(texts) > 1400
    kinds = compared(texts)
    assert kinds.keys() <= KNOWN, sorted(kinds.keys() - KNOWN)
    assert kinds.total() <= 20


def test_every_real_document_is_read_alike(shared: Path, long: bool) -> None:
    files = sorted(path for path in (shared / "corpus").rglob("*.md") if path.is_file())
    files = files if long else files[::25]
    kinds = compared(file.read_text(encoding="utf-8-sig") for file in files)
    allowed = {"bracket", "front matter", "mail", "scheme"}
    assert kinds.keys() <= allowed, sorted(kinds.keys() - allowed)
    assert kinds.total() - kinds["front matter"] <= 10


LINES = r"""
# a|## Q1: a? ##|#|# |  # x|#x|* b|* [a](b)|1. c|10) y|+ x|- |-|  d|    e|	- f|> g|> # h
```|~~~|> ```|[r]: /u "t"|[a]: <>|[^1]: n|[r]|[a][r]|[^1]|![i](j.png)|![i][r]|[![i](j)](k)|![a
<!-- x|-->|<div>|</div>|<details>|<summary>q</summary>|</details>|<a href="x">y</a>|<b>|<pre>|</pre>
---|===|***|_ _ _|* * *|&amp; &copy;|$x$|~~a~~|*a **b* c**|`a` ``b`|\[a](b)|[a](<b c>)|[a](b "t")
[a]()|[]( )|[a](b|](c)|[[a]](b)|[a](b\)c)|[a](&quot;)|https://a.b/c.|(https://a.b/c)|"https://a.b"
www.a.b|<https://a.b>|x@y.z|a\|é ü|第https://a.b/|
"""
NASTY = [line for row in LINES.strip("\n").split("\n") for line in row.split("|")]
NASTY += ["| a | b |", "|-|-|", "| `x\\|y` | [a](b) |", "\u00a0", "  ", "a  ", "[a\nb](c)"]
INDENTS = ["", "", "", "", "", "", " ", "  ", "    ", "> ", "- "]


def nasty(chance: random.Random) -> str:
    """Some lines that mean something else beside each other."""
    lines = (chance.choice(INDENTS) + chance.choice(NASTY) for _ in range(chance.randrange(1, 9)))
    return "".join(f"{line}\n" for line in lines)


def test_lines_that_mean_something_else_beside_each_other_are_read_alike(long: bool) -> None:
    chance = random.Random(9)
    texts = [nasty(chance) for _ in range(10_000 if long else 400)]
    kinds = compared(texts)
    assert kinds.keys() <= KNOWN, sorted(kinds.keys() - KNOWN)
    odd = kinds.total() - kinds["mail"]
    assert odd <= len(texts) / 20


@pytest.mark.parametrize("name", DIFFERENCES)
def test_a_difference_says_what_and_why(name: str) -> None:
    difference = DIFFERENCES[name]
    assert difference.theirs_do
    assert difference.why
