"""What is read of a page: words and names, whether it has more to show, whether it is one."""

from __future__ import annotations

import gc
import json
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsqa.fragment import split_fragment
from dsqa.page import matches
from dsqa.webpage import WebPage, decoded, is_image, leads_somewhere, read_names, read_page

PROSE = "What the terms mean, and what they are good for. " * 60
"""More text than a page has that a script is about to fill."""


def shown(html: str) -> list[str]:
    """The blocks of a page that a reader sees, each in one line."""
    blocks = (" ".join(block.split()) for block in read_page(html).text.blocks)
    return [block for block in blocks if block]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>one <b>two</b></p><p>three", ["one two", "three"], id="paragraphs"),
        pytest.param("one<br/>two", ["one", "two"], id="a line break"),
        pytest.param("<ul><li>one<li>two</ul>three", ["one", "two", "three"], id="a list"),
        pytest.param(
            "<table><tr><td>one<td>two<tr><th>three</table>",
            ["one", "two", "three"],
            id="the cells of a table",
        ),
        pytest.param("<pre>one\ntwo</pre>", ["one two"], id="lines of code"),
        pytest.param(
            "<details><summary>one</summary>two</details>", ["one", "two"], id="what is folded up"
        ),
        pytest.param("<span>one</span><span>two</span>", ["onetwo"], id="running text"),
        pytest.param(
            "<div style='display: flex'><span>one</span><span>two</span></div>",
            ["one", "two"],
            id="beside each other by a style",
        ),
        pytest.param("<span style=display:block>one</span>two", ["one", "two"], id="a block"),
        pytest.param("<li style='display:inline'>one</li>two", ["onetwo"], id="no block"),
        pytest.param("a &lt; b &amp;amp; c", ["a < b &amp; c"], id="character references"),
        pytest.param("one < two <3 <> 3", ["one < two <3 <> 3"], id="no tags"),
        pytest.param(
            "one<!-- <p>two --> <!--> three<!-- > --!> four", ["one three four"], id="comments"
        ),
        pytest.param("one<!doctype x><?two?></ three>", ["one"], id="what is like a comment"),
        pytest.param(
            "<title>one</title><style>p{}</style><script>'<p>two'</script>three",
            ["three"],
            id="what belongs to the head",
        ),
        pytest.param("<script>'</scripts>'</script >one", ["one"], id="the end of a script"),
        pytest.param("<noscript>one</noscript><template>two</template>", [], id="for others"),
        pytest.param(
            "<div><template shadowrootmode=open><p>one</template></div>", ["one"], id="in a shadow"
        ),
        pytest.param("<p hidden>one</p>two<p hidden=until-found>3", ["two", "3"], id="hidden"),
        pytest.param("<li hidden>one<li>two", ["two"], id="an item whose end is not written"),
        pytest.param("<p hidden>one<div>two</div>", ["two"], id="a paragraph the like"),
        pytest.param("<td hidden>one<td>two", ["two"], id="a cell the like"),
        pytest.param(
            "<ul hidden><li>one<ul><li>two</ul><li>three</ul>four", ["four"], id="a hidden list"
        ),
        pytest.param(
            "<div hidden><div>one</div>two</div>three", ["three"], id="hidden with all inside"
        ),
        pytest.param(
            "<div hidden><table><td></div>one</table></div>two", ["two"], id="a cell stays closed"
        ),
        pytest.param("one <i hidden>x</i>two", ["one two"], id="hidden in running text"),
        pytest.param("one<div hidden>x</div>two", ["onetwo"], id="what is hidden parts no text"),
        pytest.param(
            "<b style='color: red;VISIBILITY:hidden'>one</b>two", ["two"], id="by its style"
        ),
        pytest.param("<dialog>one</dialog><dialog open>two</dialog>", ["two"], id="dialogs"),
        pytest.param("<textarea>one <b></textarea>two", ["one <b>", "two"], id="a field"),
        pytest.param(
            "<input value=one><input type=hidden value=two>", ["one"], id="the value of a field"
        ),
        pytest.param("<svg><title/><style/><script/></svg>one", ["one"], id="empty in a drawing"),
        pytest.param("<svg/><title>one</title>two", ["two"], id="an empty drawing"),
        pytest.param("<title/>one", [], id="not empty elsewhere"),
        pytest.param('one<p class="two>three', ["one"], id="a quotation without an end"),
        pytest.param("one<p class", ["one"], id="a tag without an end"),
        pytest.param("one<!-- two", ["one"], id="a comment without an end"),
        pytest.param("one<script>two", ["one"], id="a script without an end"),
        pytest.param("one</b></div></p>two", ["one", "two"], id="ends without a beginning"),
        pytest.param("<P ID=a/>one</P>two", ["one", "two"], id="capitals"),
    ],
)
def test_what_a_reader_sees(html: str, expected: list[str]) -> None:
    assert shown(html) == expected


@pytest.mark.parametrize(
    ("html", "names"),
    [
        pytest.param("<h2 id=recall>", {"recall"}, id="an id"),
        pytest.param("<a name='recall'>", {"recall"}, id="a name of a link"),
        pytest.param("<input name=recall>", set(), id="a name of something else"),
        pytest.param("<i id='a&amp;b' ID=c>", {"a&b"}, id="the first of two"),
        pytest.param('<i id = "a b"/><i id=a/b>', {"a b", "a/b"}, id="quoted or not"),
        pytest.param("<i data-id=a title='id=b'>", set(), id="in something else"),
        pytest.param("<i id>", set(), id="empty"),
        pytest.param("<!-- <i id=a> --><script>'<i id=b>'</script>", set(), id="in no element"),
        pytest.param("<template><i id=a></template>", {"a"}, id="for a script to use"),
    ],
)
def test_names(html: str, names: set[str]) -> None:
    assert read_page(html).names == names


PROGRAM = "<script src=app.js></script>"


@pytest.mark.parametrize(
    ("html", "incomplete"),
    [
        pytest.param("<p id=a>Short.", False, id="short, but without scripts"),
        pytest.param("", True, id="empty"),
        pytest.param("<title>Just a moment</title><p>One moment", True, id="nearly empty"),
        pytest.param(f"{PROSE[:900]}", False, id="some text, and no name"),
        pytest.param(
            "<form id=login>Your name <input name=who> <input type=password></form>",
            True,
            id="a login",
        ),
        pytest.param(
            f"{PROSE}<form id=login><input type=password></form>", False, id="a page with a login"
        ),
        pytest.param(
            f"{PROSE[:900]}<div hidden><input type=password></div>", False, id="a hidden login"
        ),
        pytest.param("<div id=a><iframe src=/challenge></iframe></div>", True, id="in one frame"),
        pytest.param(f"{PROSE}<iframe src=/film></iframe>", False, id="a film beside the text"),
        pytest.param(f"{PROSE}<turbo-frame src=/more></turbo-frame>", True, id="fetched later"),
        pytest.param(f"{PROSE}<turbo-frame id=a>All.</turbo-frame>", False, id="fetched already"),
        pytest.param(
            f"{PROSE[:900]}<i class='page-loading'>Wait</i>{PROGRAM}", True, id="being fetched"
        ),
        pytest.param(
            f"{PROSE[:900]}<i class=downloading>Wait</i>{PROGRAM}", False, id="another word"
        ),
        pytest.param(f"{PROSE[:900]}<p aria-busy=true>Wait</p>{PROGRAM}", True, id="still busy"),
        pytest.param(
            f"{PROSE}<script type=application/ld+json>"
            '{"@type": "Article", "isAccessibleForFree": "False"}</script>',
            True,
            id="to be paid for",
        ),
        pytest.param(
            f"{PROSE}<script type=application/ld+json>"
            '{"@type": "Article", "isAccessibleForFree": true}</script>',
            False,
            id="for free",
        ),
        pytest.param(f"<div id=root></div>{PROGRAM}", True, id="an empty element and a script"),
        pytest.param(f"<div id=app> <i>Loading</i></div>{PROGRAM}", True, id="a sign to wait"),
        pytest.param(f"<app-root></app-root>{PROGRAM}", True, id="an element of its own"),
        pytest.param(f"{PROSE}<div id=ads></div>{PROGRAM}", False, id="much text, and a script"),
        pytest.param(f"{PROSE[:900]}{PROGRAM}", False, id="some text, and no sign of more"),
        pytest.param(f"{PROSE[:900]}<main id=a></main>{PROGRAM}", True, id="a frame to be filled"),
        pytest.param(
            f"{PROSE[:900]}<noscript>Scripts are needed.</noscript>{PROGRAM}",
            True,
            id="an excuse to those without scripts",
        ),
        pytest.param(
            f"{PROSE[:900]}<noscript><img src=x></noscript>{PROGRAM}", False, id="a counter"
        ),
        pytest.param(f"{PROSE[:900]}<script>{'x=1;' * 9000}</script>", True, id="a large program"),
        pytest.param(
            f"{PROSE}<script type=application/json>{PROSE * 3}</script>", True, id="more data"
        ),
        pytest.param(
            f"{PROSE}<script type=application/ld+json>{PROSE * 3}</script>",
            False,
            id="data for search engines",
        ),
        pytest.param(
            f"{PROSE}<meta http-equiv=Refresh content='0; URL=/new'>", True, id="sent elsewhere"
        ),
        pytest.param(f"{PROSE}<meta http-equiv=refresh content=60>", False, id="read again"),
        pytest.param("<frameset><frame src=a></frameset>", True, id="in frames"),
    ],
)
def test_pages_that_have_more_to_show(html: str, incomplete: bool) -> None:
    assert read_page(html).incomplete is incomplete


PAGE = f"""
<h1 id=terms>Terms</h1>
<p>{PROSE}</p>
<h2 id="user-content-recall">Recall</h2>
<p>The share that was found.<sup class=note>2</sup> It is never more than one.</p>
<h2>Hit Rate</h2>
<a name="caf\u00e9"></a> <i id="50%25">half</i>
<div class=row><span>Precision</span><span>5 minutes</span></div>
<script>draw("later-on")</script>
<template><p>Only with a click.</p></template>
<h2>3.1 Bias and variance</h2>
<h2>What the average of some numbers says about them</h2>
<b id="%E5%9B%9E">kai</b> <b id="user-content-%E7%8E%87">ritsu</b>
<a href="#tab-linux">Penguin</a> <a href="/other#moved">Moved</a> <a href="#%C3%A9l%C3%A8ve">P</a>
<button data-target="#pane-b" aria-controls="pane-c pane-d" onclick="show('pane-e')">B</button>
<label for=field-f>F</label> <b class=note-g title=note-h>G</b>
"""


def words(*terms: str) -> str:
    return ":~:text=" + ",".join(quote(term, safe="").replace("-", "%2D") for term in terms)


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        pytest.param("", True, id="nothing"),
        pytest.param("top", True, id="the top"),
        pytest.param("TOP", True, id="the top in capitals"),
        pytest.param("terms", True, id="an element"),
        pytest.param("recall", True, id="an element under a longer name"),
        pytest.param("user-content-recall", True, id="the longer name"),
        pytest.param("caf%C3%A9", True, id="escaped"),
        pytest.param("caf\u00e9", True, id="not escaped"),
        pytest.param("50%25", True, id="as it is written"),
        pytest.param("hit-rate", None, id="a title that a script may give a name to"),
        pytest.param("hit-rate-2", None, id="the second title of its name"),
        pytest.param("toc-hit-rate", None, id="a title with what a script adds"),
        pytest.param("bias-and-variance", None, id="a title without its number"),
        pytest.param("31-bias-and-variance", None, id="a title with its number"),
        pytest.param("what-the-average-of-some-numbers-says", None, id="a title cut off"),
        pytest.param("what-the-average", False, id="no title, but its beginning"),
        pytest.param(
            "what-the-average-of-some-numbers-lacks", False, id="more than the beginning of one"
        ),
        pytest.param("precision", False, id="a word in no title"),
        pytest.param("\u56de", True, id="not escaped, but on the page it is"),
        pytest.param("%E5%9B%9E", True, id="escaped, as on the page"),
        pytest.param("%e5%9b%9e", None, id="escaped in small letters"),
        pytest.param("\u7387", True, id="escaped on the page under a longer name"),
        pytest.param("\u53ec", False, id="no such element, not escaped"),
        pytest.param("tab-linux", None, id="what the page itself links to"),
        pytest.param("tab-windows", False, id="nothing the page links to"),
        pytest.param("moved", None, id="what the page links to elsewhere"),
        pytest.param("\u00e9l\u00e8ve", None, id="what it links to with escapes"),
        pytest.param("pane-b", None, id="what a button opens"),
        pytest.param("pane-d", None, id="what a button controls"),
        pytest.param("pane-e", None, id="what a button calls"),
        pytest.param("field-f", None, id="what a label is for"),
        pytest.param("note-g", False, id="a kind of thing"),
        pytest.param("note-h", False, id="what a thing is called"),
        pytest.param("Terms", None, id="in capitals"),
        pytest.param("later-on", None, id="what a script speaks of"),
        pytest.param("late", False, id="a part of what a script speaks of"),
        pytest.param("all-tearms", False, id="no such element"),
        pytest.param("r%C3%A9cord", False, id="no such element, escaped"),
        pytest.param("/terms", None, id="a place in an app"),
        pytest.param("!terms", None, id="an old place in an app"),
        pytest.param("tab=terms", None, id="a setting"),
        pytest.param("page=3", None, id="a page of a document"),
        pytest.param("t=10", None, id="a time"),
        pytest.param("L10", None, id="a line"),
        pytest.param("L10-L20", None, id="lines"),
        pytest.param("lines-10", None, id="lines by another name"),
        pytest.param("7", None, id="a slide"),
        pytest.param("comment-88123", None, id="one of many comments"),
        pytest.param("comment-7", None, id="one of some comments"),
        pytest.param("comments", None, id="all comments"),
        pytest.param("replies", None, id="all replies"),
        pytest.param("commented", False, id="no comments"),
        pytest.param("disqus_thread", None, id="comments of another host"),
        pytest.param("answer-12345", None, id="one of many answers"),
        pytest.param("12345", None, id="one of many things"),
        pytest.param("f3a9", None, id="a paragraph with a number for a name"),
        pytest.param("facade", False, id="a word of few letters"),
        pytest.param("mjx-eqn-recall", None, id="a formula that a script writes"),
        pytest.param("score(int)", None, id="a method"),
        pytest.param("text=recall", None, id="words without their delimiter"),
        pytest.param(words("share that was found"), True, id="words"),
        pytest.param(words("all", "found"), None, id="words that are there, but in another order"),
        pytest.param(words("a share that was lost"), False, id="other words"),
        pytest.param(words("share that", "was lost"), False, id="another end"),
        pytest.param(words("found. It is"), False, id="words with a note between"),
        pytest.param(words("found.2 It is"), True, id="with the note"),
        pytest.param(words("Precision"), None, id="words that a style may part"),
        pytest.param(words("Recall The share"), None, id="words that a style may join"),
        pytest.param(words("Only with a click"), None, id="words that a script may show"),
        pytest.param(":~:text=nowhere-,share", None, id="a prefix that is not there"),
        pytest.param(":~:text=share,-nowhere", None, id="a suffix that is not there"),
        pytest.param(":~:text=lost&text=share", True, id="the second of two"),
        pytest.param(":~:text=lost&text=gone%20too", False, id="none of two"),
        pytest.param(":~:text=lost&text=nowhere-,share", None, id="one of two may be"),
        pytest.param("terms:~:text=lost%20for%20good", True, id="an element, if not the words"),
        pytest.param("all-tearms:~:text=share", True, id="words, if not the element"),
        pytest.param("all-tearms:~:text=lost", False, id="neither"),
        pytest.param("/terms:~:text=lost", None, id="no words, but a place in an app"),
        pytest.param(":~:text=a-b", None, id="words that browsers drop"),
        pytest.param("all-tearms:~:text=a-b", False, id="and no element"),
        pytest.param(":~:", None, id="no words"),
        pytest.param(":~:text=%E2%80%A6", None, id="no letters"),
    ],
)
def test_where_a_fragment_leads(fragment: str, expected: bool | None) -> None:
    page = read_page(PAGE)
    assert leads_somewhere(fragment, page, whole=True) is expected
    assert leads_somewhere(fragment, page, whole=False) is (expected or None)
    drawn = WebPage(page.names, page.text, True, page.unseen)
    assert leads_somewhere(fragment, drawn, whole=True) is (expected or None)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        pytest.param("é".encode(), "", "é", id="no word about it"),
        pytest.param(b"\xe9.", "", "é.", id="no word, and no UTF-8"),
        pytest.param("é".encode()[:1], "", "", id="cut off inside of a character"),
        pytest.param(b"\xff\xfe\xe9\0", "text/html; charset=utf-8", "é", id="first bytes"),
        pytest.param(b"\xfe\xff\0\xe9", "", "é", id="first bytes, the other way round"),
        pytest.param(
            b"\xef\xbb\xbf\xc3\xa9", "text/html; charset=latin1", "é", id="first bytes, 8"
        ),
        pytest.param(b"\xe9", 'text/html; Charset="ISO-8859-1"', "é", id="the header"),
        pytest.param(b"\x93", "text/html; charset=iso-8859-1", "\u201c", id="as browsers read it"),
        pytest.param("深".encode("gbk"), "text/html;charset=GB2312", "深", id="more than its name"),
        pytest.param(b"\xe9", "text/html; charset=x-none", "\ufffd", id="an unknown one"),
        pytest.param(b"789c", "text/html; charset=hex", "789c", id="none that runs or unpacks"),
        pytest.param(
            b"<meta charset=koi8-r>\xc1", "text/html", "<meta charset=koi8-r>а", id="the page"
        ),
        pytest.param(
            b"<META http-equiv=Content-Type content='text/html; charset=windows-1251'>\xe0",
            "",
            "<META http-equiv=Content-Type content='text/html; charset=windows-1251'>а",
            id="the page, at length",
        ),
        pytest.param(b"<meta charset=utf-16>a", "", "<meta charset=utf-16>a", id="it cannot be"),
        pytest.param(
            b" " * 1024 + b"<meta charset=koi8-r>\xc3\xa9",
            "",
            " " * 1024 + "<meta charset=koi8-r>é",
            id="too far down",
        ),
    ],
)
def test_encodings(body: bytes, content_type: str, text: str) -> None:
    assert decoded(body, content_type) == text


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'>"


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        pytest.param(PNG, "image/png", True, id="png"),
        pytest.param(PNG, "text/html", True, id="png, whatever is said"),
        pytest.param(b"\xff\xd8\xff\xe0", "", True, id="jpeg"),
        pytest.param(b"GIF89a..", "", True, id="gif"),
        pytest.param(b"RIFF\1\2\3\4WEBPVP8", "", True, id="webp"),
        pytest.param(b"RIFF\1\2\3\4WAVEfmt", "", None, id="a sound"),
        pytest.param(b"\0\0\0\x1cftypavif", "", True, id="avif"),
        pytest.param(b"\0\0\0\x1cftypisom", "video/mp4", None, id="a film"),
        pytest.param(b"BM\x36\0\x0c\0\0\0\0\0\x36\0", "", True, id="bmp"),
        pytest.param(b"BM is short", "text/plain", False, id="letters"),
        pytest.param(b"\0\0\1\0\1\0", "", True, id="ico"),
        pytest.param(b"II*\0", "", True, id="tiff"),
        pytest.param(b"MM\0*", "", True, id="tiff, the other way round"),
        pytest.param(b"\xff\x0a", "", True, id="jxl"),
        pytest.param(SVG, "text/plain", True, id="svg"),
        pytest.param(b"<svg:svg>", "", True, id="svg with a name space"),
        pytest.param(
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <html> -->\n"
            b"<!DOCTYPE svg PUBLIC 'a' 'b' [ <!ENTITY c 'd'> ]>\n" + SVG,
            "",
            True,
            id="svg with all that may stand before it",
        ),
        pytest.param("\ufeff<svg >".encode("utf-16-le"), "", True, id="svg in UTF-16"),
        pytest.param(b"anything", "image/x-new", True, id="what is said to be one"),
        pytest.param(b"", "Image/PNG; a=b", True, id="said, and nothing seen"),
        pytest.param(b"\n<!DOCTYPE html><title>", "image/png", False, id="a page after all"),
        pytest.param(b"<!-- svg --><html lang=en>", "", False, id="a page with a comment"),
        pytest.param(b"<p>No.</p>" + SVG, "text/html", False, id="a page with a drawing"),
        pytest.param(b"Not found", "text/plain; charset=utf-8", False, id="text"),
        pytest.param(b"{}", "application/json", False, id="data"),
        pytest.param(b"<feed>", "application/atom+xml", False, id="other data"),
        pytest.param(b"a\0b", "text/plain", None, id="said to be text, but is none"),
        pytest.param(b"", "", None, id="nothing"),
        pytest.param(b"", "text/html", None, id="nothing but a type"),
        pytest.param(b"abc", "application/octet-stream", None, id="anything"),
    ],
)
def test_pictures(body: bytes, media_type: str, expected: bool | None) -> None:
    assert is_image(body, media_type) is expected


LENGTH = 1 << 18
AGAIN = """< <! <!-- <!--> <!--- <!--a-- </ <? <a <a_ <a_b <a_b= <a_b=' <a_b=" <a_b='" <a_id=a> <b>
</b> <b></i> <p> <div> <div_hidden> <li> <li></li> <ul><li> <table><td> <td><table> <tr> <svg>
</svg> <svg/> <script> <script></script <script></script> <script><!-- <title> <style></ <textarea>
<textarea></textarea> & &a &# &#1 &#x1 &amp; &ampamp a _ __ \0 \u0301 <p_style=' ; <p_style=display
<p_style='display:none'> <i_style=';;;;;;;;;;;;;;;;'> <span><li></li> <details> <noscript>
<template> <a/ <a_= <a_== <x-y> <x-y></x-y> <meta_charset <svg><title> <dl><dt><dd> <option> <br>
<input_value=a> <a_href=#a> <i_data-a=b> <i_data-a='%%%'> <i_class=loading> <i_class='a_a_a_a'>
<iframe></iframe> <script_type=application/ld+json>"isAccessibleForFree"</script>""".split()


def _spent(html: str) -> float:
    """The seconds of the processor that it takes to read the page."""
    gc.disable()  # which would look through all that other tests have left
    try:
        start = time.process_time()
        read_page(html)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("again", [pytest.param(each, id=ascii(each)) for each in AGAIN])
def test_hostile_pages_end(again: str) -> None:
    """A page eight times as long takes about eight times as long, and not sixty-four times."""
    endless = "<p>" + again.replace("_", " ") * LENGTH
    short, long = endless[: LENGTH // 8], endless[:LENGTH]
    assert any(_spent(long) < 30 * _spent(short) + 0.5 for _ in range(3))


def test_a_hostile_page_is_judged() -> None:
    page = read_page("<p>a <b>" * (LENGTH // 8))
    assert leads_somewhere(words("b" * 2_000), page, whole=True) is False
    assert leads_somewhere(words("a a", "b"), page, whole=True) is False
    assert leads_somewhere("b" * 150, page, whole=True) is False


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(piece, id=piece)
        for piece in ("<!--a-->", "<!--", " ", "<?", "<?a>", "<!DOCTYPE a [")
    ],
)
def test_what_stands_before_a_picture_does_not_cost_much(before: str) -> None:
    start = time.process_time()
    assert is_image((before * LENGTH)[:LENGTH].encode(), "") is None
    assert time.process_time() - start < 5


PIECES = """<p> </p> <div> </div> <b/hidden> </b> <li> <ul> </ul> <td> <table> </table> <svg> </svg>
<title/> <script> </script> <!-- --> <br> a b &lt; < > " ' = /""".split()


@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_no_page_is_too_odd_to_be_read(html: str) -> None:
    page = read_page(html)
    leads_somewhere("a:~:text=a", page, whole=True)
    assert "".join(page.text.blocks).count("<") <= html.count("<") + html.count("&lt;")


# Public data


def browsers_agree(row: dict[str, dict[str, bool]]) -> bool:
    return len(set(row["engines"].values())) == 1


def test_no_browser_finds_what_we_call_missing(shared: Path) -> None:
    """And what both of them find, we find, unless a style or a dictionary of theirs has a say."""
    listed = json.loads((shared / "conformance/text_fragments.json").read_text("utf-8"))
    rows = [row for row in listed if row["kind"] == "match" and browsers_agree(row)]
    assert rows
    wrong = []
    for row in rows:
        page = read_page(row["html"])
        directives = split_fragment(row["fragment"]).directives
        found = next((m for one in directives for m in matches(one, page.text)), None)
        led = leads_somewhere(row["fragment"].removeprefix("#"), page, whole=True)
        differs = (found is not None) is not row["expect_match"]
        if (led is False and row["expect_match"]) or (differs and not (found and found.guessed)):
            wrong.append(f"{row['id']} ({row['description']})")
    assert wrong == []


@pytest.mark.parametrize(
    ("html", "names"),
    [
        pytest.param('<h1 id="a">A</h1><a name=b>B</a><p name=c>', {"a", "b"}, id="both kinds"),
        pytest.param('<!-- <i id=a> --><script>"<i id=b>"</script>', set(), id="no tags"),
        pytest.param('<i id="a', set(), id="cut off"),
    ],
)
def test_the_names_alone_are_the_same_as_of_the_page(html: str, names: set[str]) -> None:
    assert read_names(html).names == read_page(html).names == names
