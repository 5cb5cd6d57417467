"""Text directives against our own tables, and against what two browsers really did."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import cmarkgfm  # type: ignore[import-untyped] # it has no types
import pytest
from cmarkgfm.cmark import Options  # type: ignore[import-untyped] # it has no types
from hypothesis import given, settings
from hypothesis import strategies as st

from dsqa.fragment import Fragment, TextDirective, split_fragment
from dsqa.page import Match, Text, matches
from dsqa.verdict import Chrome, Judgement, Verdict, github_chrome, judge
from dsqa.word_bounds import PARTS, Bound, bound

Row = dict[str, Any]


def encoded(term: str) -> str:
    """The term as it is written in a directive."""
    return quote(term, safe="").replace("-", "%2D")


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


# Our own tables


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        pytest.param("", Fragment(""), id="nothing"),
        pytest.param("#q1-what", Fragment("q1-what"), id="an element"),
        pytest.param(":~:text=a", Fragment("", (TextDirective("a", raw="a"),)), id="words"),
        pytest.param(
            "#top:~:text=a&text=b%2Dc",
            Fragment("top", (TextDirective("a", raw="a"), TextDirective("b-c", raw="b%2Dc"))),
            id="an element and words, twice",
        ),
        pytest.param(
            "#:~:text=p-,s,e,-x",
            Fragment("", (TextDirective("s", "e", "p", "x", raw="p-,s,e,-x"),)),
            id="all terms",
        ),
        pytest.param(
            "#:~:text=What%20is%20A%2FB%3F,-Answer%3A",
            Fragment(
                "",
                (
                    TextDirective(
                        "What is A/B?", suffix="Answer:", raw="What%20is%20A%2FB%3F,-Answer%3A"
                    ),
                ),
            ),
            id="escapes",
        ),
        pytest.param(
            "#:~:text=C#+%C3%A9%FF",
            Fragment("", (TextDirective("C#+é\ufffd", raw="C#+%C3%A9%FF"),)),
            id="what is taken as it is",
        ),
        pytest.param(
            "#:~:option=1&text=a",
            Fragment("", (TextDirective("a", raw="a"),)),
            id="another directive",
        ),
    ],
)
def test_split_fragment(fragment: str, expected: Fragment) -> None:
    assert split_fragment(fragment) == expected


@pytest.mark.parametrize(
    ("fragment", "directives", "reason", "instead"),
    [
        pytest.param(
            "#:~:text=pre-trained-,network,-in-situ",
            0,
            "the `-` in `pre-trained` must be `%2D`: Chrome and Edge drop the directive",
            "pre%2Dtrained-,network,-in%2Dsitu",
            id="dashes inside words",
        ),
        pytest.param(
            "#:~:text=one,two,three",
            0,
            "3 terms where at most two can be; a comma is `%2C`",
            "",
            id="commas",
        ),
        pytest.param("#:~:text=one,", 0, "one of its terms is empty", "", id="an empty term"),
        pytest.param(
            "#:~:text=one-,-two",
            0,
            "it has a prefix or a suffix, but no words between them",
            "",
            id="context alone",
        ),
        pytest.param(
            "#:~:text=100%%20sure",
            1,
            "`%%2` is no escape, and Chrome and Edge never match it; a `%` is `%25`",
            "100%25%20sure",
            id="a bad escape",
        ),
        pytest.param(
            "#:~:text=Q%20&%20A",
            1,
            "`&` ends the words, so `%20A` is ignored; an `&` of the text is `%26`",
            "",
            id="an ampersand",
        ),
        pytest.param("#text=one", 0, "no `:~:` before `text=`", ":~:text=one", id="no delimiter"),
        pytest.param(
            "#:~text=one", 0, "no `:~:` before `text=`", ":~:text=one", id="half a delimiter"
        ),
        pytest.param(
            "#%3A~%3Atext=one",
            0,
            "no `:~:` before `text=`",
            ":~:text=one",
            id="an escaped delimiter",
        ),
        pytest.param(
            "#:~:TEXT=one", 0, "a directive begins with exactly `text=`", "text=one", id="capitals"
        ),
        pytest.param("#:~:", 0, "no `text=` after `:~:`", "", id="no directive"),
        pytest.param("##what", 0, "an address has only one `#`", "", id="two hashes"),
        pytest.param(
            "#:~:text=one#:~:text=two",
            1,
            "only the first `:~:` counts; directives are joined by `&`",
            "",
            id="two delimiters",
        ),
        pytest.param(
            "#:~:text=" + "a" * 5_000,
            0,
            "longer than 4000 characters, so it was not judged",
            "",
            id="too long",
        ),
    ],
)
def test_malformed_fragments(fragment: str, directives: int, reason: str, instead: str) -> None:
    found = split_fragment(fragment)
    said = [(one.reason, one.instead) for one in found.malformed]
    assert (len(found.directives), said) == (directives, [(reason, instead)])


def directive_of(written: str) -> TextDirective:
    (directive,) = split_fragment(f":~:text={written}").directives
    return directive


def places(written: str, *blocks: str) -> list[str]:
    text = Text(blocks)
    return [quoted(match, text) for match in matches(directive_of(written), text)]


@pytest.mark.parametrize(
    ("fragment", "malformed"),
    [
        pytest.param("text=a", [("text=a", ":~:text=a")], id="nothing before it"),
        pytest.param("x:text=a", [("x:text=a", ":~:text=a")], id="a colon before it"),
        pytest.param("x~text=a", [("x~text=a", ":~:text=a")], id="a tilde before it"),
        pytest.param("x#text=a", [("x#text=a", ":~:text=a")], id="a second hash before it"),
        pytest.param(":%3Atext=a", [(":%3Atext=a", ":~:text=a")], id="an escaped colon before it"),
        pytest.param("TEXT=A", [("TEXT=A", ":~:text=A")], id="upper case"),
        pytest.param("text=", [("text=", ":~:text=")], id="without words"),
        pytest.param("text=a\nb", [("text=a\nb", ":~:text=a\nb")], id="in two lines"),
        pytest.param("context=a", [], id="another word"),
        pytest.param("textual", [], id="an id that begins so"),
        pytest.param("a#b:~:text=c", [("a#b", "")], id="two hashes before the delimiter"),
        pytest.param("a:~:text=b:~:text=c", [("text=b:~:text=c", "")], id="a second delimiter"),
        pytest.param("a:~:text=b#:~:c", [("text=b#:~:c", "")], id="a second fragment"),
        pytest.param("a:~:text=b:~:c#", [], id="the signs as words"),
        pytest.param(f":~:text={'x' * 4000}", [], id="as long as is looked at"),
        pytest.param(f":~:text={'x' * 4001}", [("x" * 80 + "…", "")], id="longer"),
        pytest.param(
            ":~:text=p-q-,a-b,c-d,-s-t",
            [("p-q-,a-b,c-d,-s-t", "p%2Dq-,a%2Db,c%2Dd,-s%2Dt")],
            id="dashes in each term",
        ),
    ],
)
def test_what_could_be_written_instead(fragment: str, malformed: list[tuple[str, str]]) -> None:
    told = split_fragment(fragment).malformed
    assert [(one.raw, one.instead) for one in told] == malformed


def test_the_reason_that_an_address_has_two_hashes() -> None:
    reasons = [one.reason for f in ("a#b", "a#b:~:text=c") for one in split_fragment(f).malformed]
    assert reasons == ["an address has only one `#`"] * 2


@pytest.mark.parametrize(
    ("ignored", "quoted"), [("y" * 40, "y" * 40), ("y" * 41, "y" * 39 + "…"), ("a \t b", "a b")]
)
def test_a_reason_quotes_words_in_one_line(ignored: str, quoted: str) -> None:
    (told,) = split_fragment(f":~:text=x&{ignored}").malformed
    assert f"so `{quoted}` is ignored" in told.reason


@pytest.mark.parametrize(
    ("written", "start"),
    [("%e2%80%A6%5b", "…["), ("%ff", "\ufffd"), ("a+b", "a+b"), ("\ud800", "?")],
    ids=["small and capital digits", "no UTF-8", "a plus", "no character"],
)
def test_escapes_are_read(written: str, start: str) -> None:
    fragment = split_fragment(f":~:text={written}")
    assert ([one.start for one in fragment.directives], fragment.malformed) == ([start], ())


@pytest.mark.parametrize(
    ("written", "instead"),
    [("100%", "100%25"), ("%a", "%25a"), ("%g0%2c", "%25g0%2c"), ("%2g%zz%aA", "%252g%25zz%aA")],
)
def test_what_is_no_escape_is_escaped(written: str, instead: str) -> None:
    assert [one.instead for one in split_fragment(f":~:text={written}").malformed] == [instead]


@pytest.mark.parametrize(
    ("written", "blocks", "expected"),
    [
        pytest.param("b", ["a b c"], ["b"], id="a word"),
        pytest.param("b", ["abc", "bb", "b"], ["b"], id="no part of a word"),
        pytest.param("a", ["a b a", "a"], ["a", "a", "a"], id="every place"),
        pytest.param("a%20b", ["a", "b", "a  b"], ["a b"], id="in one block"),
        pytest.param("a%20%20b", ["a  b"], [], id="no run of spaces in a term"),
        pytest.param("a%0Ab", ["a\nb"], [], id="no line end in a term"),
        pytest.param("a%20b", ["a\n\t b", "a\u00a0b"], ["a b", "a b"], id="all white space"),
        pytest.param("a,c", ["x a b", "b c d"], ["a b b c"], id="a range across blocks"),
        pytest.param("a,c,-e", ["a c d c e"], ["a c d c"], id="the end before the suffix"),
        pytest.param("a,c,-e", ["a c d"], [], id="no end before the suffix"),
        pytest.param("a-,b", ["b a x", "a", "b"], ["b"], id="a prefix in the block before"),
        pytest.param("b,-c", ["b d", "b", "", " c"], ["b"], id="a suffix in a later block"),
        pytest.param("a-,b,-c", ["a b", "a b c b"], ["b"], id="prefix and suffix"),
        pytest.param("foo-,bar", ["foo", "x", "foo bar"], ["bar"], id="a prefix of other words"),
        pytest.param("ba-,r", ["bar"], ["r"], id="a prefix may end inside a word"),
        pytest.param("ar-,t", ["bart"], [], id="a prefix begins a word"),
        pytest.param("ba,-r", ["bar"], ["ba"], id="a start may end where a suffix follows"),
        pytest.param("b,-ca", ["b car"], [], id="a suffix ends a word"),
        pytest.param("quick,ro", ["quick brown"], [], id="an end begins a word"),
        pytest.param("and%20a", ["hand and a"], ["and a"], id="overlapping candidates"),
        pytest.param("a%20a-,b", ["a a a b"], ["b"], id="overlapping prefixes"),
        pytest.param("b-,b", ["b b b b"], ["b", "b", "b"], id="a match may be the next prefix"),
    ],
)
def test_search(written: str, blocks: list[str], expected: list[str]) -> None:
    assert places(written, *blocks) == expected


@pytest.mark.parametrize(
    ("term", "block"),
    [
        pytest.param("STRASSE", "Straße", id="case, even where it grows"),
        pytest.param("resume", "re\u0301sume\u0301", id="accents of their own"),
        pytest.param("résumé", "resume", id="accents that the text lacks"),
        pytest.param("isn't", "isn\u2019t", id="single quotes"),
        pytest.param('"a"', "\u201ca\u201d", id="double quotes"),
        pytest.param("regularization", "regu\u00adlariza\u200btion", id="invisible characters"),
        pytest.param("How", "\U0001d407\U0001d428\U0001d430", id="math letters"),
        pytest.param("wait...", "wait\u2026", id="an ellipsis"),
        pytest.param("lodz", "Łódź", id="a stroke"),
        pytest.param("aether", "Æther", id="a ligature"),
        pytest.param("\u26a0", "\u26a0\ufe0f", id="a variation selector"),
        pytest.param("ネコ", "ねこ", id="kana"),
        pytest.param("が", "か\u3099", id="voiced kana of two parts"),
        pytest.param("й", "и\u0306", id="short i of two parts"),
        pytest.param("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8", id="Hangul in parts"),
        pytest.param("\u0e01\u0e38", "\u0e01\u0e38", id="a vowel below"),
        pytest.param("x\u00a0y", "x y", id="a no-break space in the term"),
        pytest.param("a\0b", "ab", id="NUL in the term"),
    ],
)
def test_words_that_are_equal(term: str, block: str) -> None:
    assert places(encoded(term), f"see {block} there") == [block]


@pytest.mark.parametrize(
    ("term", "block"),
    [
        pytest.param("2x2", "2×2", id="a multiplication sign"),
        pytest.param("3-5", "3–5", id="a dash"),
        pytest.param('"a"', "«a»", id="angle quotes"),
        pytest.param("パープル", "ﾊﾟｰﾌﾟﾙ", id="halfwidth kana"),
        pytest.param("か", "が", id="voiced kana"),
        pytest.param("и", "й", id="short i"),
        pytest.param("\u0e01", "\u0e01\u0e38", id="a vowel below"),
        pytest.param("s", "ß", id="half a letter"),
    ],
)
def test_words_that_differ(term: str, block: str) -> None:
    assert places(encoded(term), f"see {block} there") == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        pytest.param("What|:| |is| |it|?", "What: is it?", id="punctuation"),
        pytest.param("Q1|:|Why", "Q1:Why", id="a colon ends a word"),
        pytest.param("it's|.", "it's.", id="an apostrophe inside"),
        pytest.param("it\u2019s", "it\u2019s", id="a curly one"),
        pytest.param("'|t", "'t", id="an apostrophe before"),
        pytest.param("0.9,1|,| |2|.", "0.9,1, 2.", id="inside of numbers"),
        pytest.param("snake_case_", "snake_case_", id="an underscore"),
        pytest.param("eye|-|specific", "eye-specific", id="a hyphen"),
        pytest.param("e\u0301a|.", "e\u0301a.", id="a mark belongs to its letter"),
        pytest.param("ｶﾀ|a", "ｶﾀa", id="katakana"),
        pytest.param('\u05d0"\u05d0|"', '\u05d0"\u05d0"', id="Hebrew quotes"),
        pytest.param("深/度|a", "深度a", id="ideographs"),
        pytest.param(
            "\U0001f1e9\U0001f1ea|\U0001f1eb\U0001f1f7",
            "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7",
            id="flags",
        ),
        pytest.param("\u2764\u200d\u2600|\u2600", "\u2764\u200d\u2600\u2600", id="joined"),
    ],
)
def test_word_bounds(words: str, text: str) -> None:
    parts = text.translate(PARTS)
    shown = text[0]
    for place in range(1, len(text)):
        shown += {Bound.YES: "|", Bound.NO: "", Bound.GUESSED: "/"}[bound(parts, place)]
        shown += text[place]
    assert shown == words


PAGE = (
    "Deep Learning",
    "Questions",
    "Q1: What is recall?",
    "Q2: What is ROC?",
    "Questions & Answers",
    "Q1: What is recall?",
    "Answer:",
    "A share of the positives.",
    "Q2: What is ROC?",
    "A curve.",
)
HOST = github_chrome("dsqa", "interview-notes", "main", "docs/deep-learning.md")


@pytest.mark.parametrize(
    ("written", "block", "expected"),
    [
        pytest.param(
            "Q1%3A%20What%20is%20recall%3F,-Answer",
            5,
            Judgement(Verdict.MATCHES, "", Match(5, 0, 5, 19), 1),
            id="right",
        ),
        pytest.param(
            "Q1%3A%20What%20is%20recall%3F",
            5,
            Judgement(Verdict.WRONG_PLACE, "the same words come earlier", Match(2, 0, 2, 19), 2),
            id="the index line itself",
        ),
        pytest.param(
            "A%20curve",
            5,
            Judgement(Verdict.WRONG_PLACE, "its words are in another place", Match(9, 0, 9, 7), 1),
            id="another answer",
        ),
        pytest.param(
            "Q2%3A",
            3,
            Judgement(
                Verdict.MATCHES, "the first of 2 places with these words", Match(3, 0, 3, 3), 2
            ),
            id="right, the first of several",
        ),
        pytest.param(
            "Q2%3A",
            None,
            Judgement(Verdict.AMBIGUOUS, "2 places have these words", Match(3, 0, 3, 3), 2),
            id="nobody knows which is meant",
        ),
        pytest.param(
            "recall%3F,-Footer",
            5,
            Judgement(
                Verdict.CANNOT_MATCH,
                "after these words comes `Answer:`, not `Footer`",
                term="suffix",
                found="Answer:",
                furniture=True,
            ),
            id="the footer, but the article goes on",
        ),
        pytest.param(
            "A%20curve.,-%C2%A9%202022%20GitHub%2C%20Inc",
            9,
            Judgement(
                Verdict.CANNOT_MATCH,
                "after these words comes nothing, not `© 2022 GitHub, Inc`",
                term="suffix",
                furniture=True,
            ),
            id="words of the footer that do not touch the article",
        ),
        pytest.param(
            "A%20curve.,-Footer",
            9,
            Judgement(
                Verdict.DEPENDS_ON_PAGE,
                "`Footer` would have to stand right below the article",
                term="suffix",
                furniture=True,
            ),
            id="the footer below the last words",
        ),
        pytest.param(
            "Give%20feedback-,Q1%3A",
            5,
            Judgement(
                Verdict.CANNOT_MATCH,
                "before these words comes `Questions & Answers`, not `Give feedback`",
                term="prefix",
                found="Questions & Answers",
                furniture=True,
            ),
            id="a button before, but the article began earlier",
        ),
        pytest.param(
            "Raw-,Deep%20Learning",
            0,
            Judgement(
                Verdict.DEPENDS_ON_PAGE,
                "`Raw` would have to stand right above the article",
                term="prefix",
                furniture=True,
            ),
            id="the toolbar above the first words",
        ),
        pytest.param(
            "Raw-,Deep%20Learning,Footer",
            0,
            Judgement(
                Verdict.DEPENDS_ON_PAGE,
                "`Footer` would have to stand below the article",
                term="end",
                furniture=True,
            ),
            id="a range out of the article",
        ),
        pytest.param(
            "Q1%3A,Q3%3A",
            5,
            Judgement(Verdict.CANNOT_MATCH, "`Q3:` does not come after `Q1:`", term="end"),
            id="a range without end",
        ),
        pytest.param(
            "deep%2Dlearning.md",
            0,
            Judgement(
                Verdict.DEPENDS_ON_PAGE,
                "`deep-learning.md` is not in the article but may stand around it",
                term="start",
                furniture=True,
            ),
            id="the name of the file",
        ),
        pytest.param(
            "Call",
            5,
            Judgement(
                Verdict.CANNOT_MATCH,
                "`Call` is only a part of other words in the article",
                term="start",
            ),
            id="a part of a word",
        ),
        pytest.param(
            "Q3%3A%20What",
            5,
            Judgement(Verdict.CANNOT_MATCH, "`Q3: What` is not in the article", term="start"),
            id="not there",
        ),
        pytest.param(
            "100%",
            5,
            Judgement(Verdict.CANNOT_MATCH, "its words cannot be on any page", term="start"),
            id="a bad escape",
        ),
    ],
)
def test_judge(written: str, block: int | None, expected: Judgement) -> None:
    assert judge(directive_of(written), Text(PAGE), block, HOST) == expected


def test_words_above_the_article_come_first() -> None:
    text = Text(("Notes", "Interview"))
    found = judge(directive_of("Interview"), text, 1, HOST)
    assert (found.verdict, found.match) == (Verdict.DEPENDS_ON_PAGE, Match(1, 0, 1, 9))


WORDS = st.lists(st.sampled_from("a b ab é ß ﬁ ' . - , 9 深 ー \u0301 \u00ad &".split(" ")))
BLOCK = WORDS.map(" ".join) | WORDS.map("".join) | st.text(max_size=8)
SOME_BLOCKS = st.lists(BLOCK, min_size=1, max_size=6).map(tuple)


@given(st.text(), SOME_BLOCKS)
def test_no_fragment_is_too_odd_to_be_judged(fragment: str, blocks: tuple[str, ...]) -> None:
    for directive in split_fragment(f":~:text={fragment}").directives:
        judge(directive, Text(blocks), 0, HOST)


@given(SOME_BLOCKS)
def test_folded_text_knows_where_it_comes_from(blocks: tuple[str, ...]) -> None:
    text = Text(blocks)
    origins = [text.folded.origin(place) for place in range(len(text.folded.text))]
    known = [origin for origin in origins if origin >= 0]
    assert known == sorted(set(known))
    assert len(text.parts) == len(text.raw)


MANY_TIMES = 300_000
HOSTILE = [
    pytest.param(("a" + "\u0301" * MANY_TIMES,), "a,b", id="marks"),
    pytest.param(("a\u0301" * MANY_TIMES,), "a,b", id="letters and marks"),
    pytest.param(("a" + " " * MANY_TIMES + "c",), "a-,b", id="spaces"),
    pytest.param(("a\u00a0" + "\u00a0" * MANY_TIMES + "c",), "a%C2%A0-,b", id="no-break spaces"),
    pytest.param(("",) * MANY_TIMES, "a,-b", id="empty blocks"),
    pytest.param(("a",) * MANY_TIMES, "a,-b", id="a start again and again"),
    pytest.param(("a " * MANY_TIMES,), "a,a,-b", id="an end again and again"),
    pytest.param(("a " * MANY_TIMES,), "a-,a,a,-b", id="a prefix again and again"),
    pytest.param(("ab " * MANY_TIMES,), "b" + "%20ab" * 500 + "%20a", id="a long start"),
    pytest.param(("ab " * MANY_TIMES,), "ab,-ab" + "%20ab" * 500 + "%20c", id="a long suffix"),
    pytest.param(("ß" * MANY_TIMES,), "s", id="letters that grow"),
    pytest.param(("\ufdfa " * MANY_TIMES,), "x,-y", id="letters that grow a lot"),
    pytest.param(("a\u200d" * MANY_TIMES,), "a", id="joiners"),
    pytest.param(("\U0001f1e6" * MANY_TIMES,), "\U0001f1e6,-b", id="half flags"),
    pytest.param(("深" * MANY_TIMES,), "%E6%B7%B1,-b", id="ideographs"),
]


@pytest.mark.parametrize(("blocks", "written"), HOSTILE)
def test_hostile_pages_end(blocks: tuple[str, ...], written: str) -> None:
    """The sizes would take hours if any step went over the text again for each place."""
    text = Text(blocks)
    assert judge(directive_of(written), text, 0, HOST).verdict in {
        Verdict.CANNOT_MATCH,
        Verdict.UNDECIDED,
        Verdict.DEPENDS_ON_PAGE,
    }


def test_many_directives_share_one_preparation() -> None:
    text = Text(PAGE * 5_000)
    before = text.folded, text.parts
    for number in range(400):
        judge(directive_of(f"Q{number}%3A%20Why,-Answer"), text, 5, HOST)
    assert (text.folded is before[0], text.parts is before[1]) == (True, True)


SHREDS = [
    "q",
    "q1",
    "q12",
    "1q",
    "a",
    "b",
    "ab",
    "ba",
    "é",
    "éa",
    "™",
    "a™",
    "-",
    ".",
    " ",
    " ",
    "  ",
]


@given(
    st.lists(st.lists(st.sampled_from(SHREDS), max_size=12).map("".join), max_size=5),
    st.lists(st.sampled_from(SHREDS), min_size=1, max_size=5).map("".join),
    st.sampled_from([None, "q", "a", "1 b"]),
    st.sampled_from([None, None, "b", "q1"]),
)
@settings(max_examples=1_000, deadline=None)
def test_words_that_are_looked_up_are_found_where_they_are_searched(
    blocks: list[str], start: str, prefix: str | None, end: str | None
) -> None:
    directive = TextDirective(start, end, prefix)
    searched, looked_up = Text(tuple(blocks)), Text(tuple(blocks), often=True)
    assert list(matches(directive, looked_up)) == list(matches(directive, searched))


def test_counting_ends() -> None:
    found = judge(directive_of("a"), Text(("a",) * 1_000), None)
    assert (found.verdict, found.count) == (Verdict.AMBIGUOUS, 100)
    assert found.reason == "at least 100 places have these words"


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
