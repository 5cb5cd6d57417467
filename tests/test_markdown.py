"""Every link, image and heading is found where it is written."""

from __future__ import annotations

import pytest

from dsqa.markdown import bare_addresses, read
from dsqa.source import Source


def source(text: str) -> Source:
    return Source("qa.md", text)


@pytest.mark.parametrize(
    ("text", "span", "label", "href"),
    [
        pytest.param("see [a](b.md) there", "[a](b.md)", "a", "b.md", id="inline"),
        pytest.param("see [a]() there", "[a]()", "a", "", id="empty"),
        pytest.param("[a](<b c.md> 'title')", "[a](<b c.md> 'title')", "a", "b c.md", id="angles"),
        pytest.param("* [a](b.md)\r\n* x\r\n", "[a](b.md)", "a", "b.md", id="list, CRLF"),
        pytest.param("> quoted\n> [a](b.md)", "[a](b.md)", "a", "b.md", id="quotation"),
        pytest.param("x\n[a](b.md)\n===\n", "[a](b.md)", "a", "b.md", id="underlined heading"),
        pytest.param("## x [a](b.md) ##", "[a](b.md)", "a", "b.md", id="heading"),
        pytest.param("\t- x\n\n-\t[a](b.md)", "[a](b.md)", "a", "b.md", id="tabs"),
        pytest.param("* x\n\t[a](b.md)", "[a](b.md)", "a", "b.md", id="a tab over an indent"),
        pytest.param("\x85\n\n[a](b.md)", "[a](b.md)", "a", "b.md", id="a blank of one byte"),
        pytest.param("[*a* `b`](c.md)", "[*a* `b`](c.md)", "*a* `b`", "c.md", id="markup"),
        pytest.param("[a\nb](c.md)", "[a\nb](c.md)", "a\nb", "c.md", id="two lines"),
        pytest.param("|x|y|\n|-|-|\n|a\\|b|[a](b.md)|", "[a](b.md)", "a", "b.md", id="table"),
        pytest.param("[a][r]\n\n[r]: b.md 'x'", "[a][r]", "a", "b.md", id="reference"),
        pytest.param("[r]\n\n[r]:\n  <b.md>", "[r]", "r", "b.md", id="reference by its label"),
        pytest.param(
            "x <http://a.b/c> y", "<http://a.b/c>", "http://a.b/c", "http://a.b/c", id="auto"
        ),
        pytest.param("(http://a.b/c).", "http://a.b/c", "http://a.b/c", "http://a.b/c", id="bare"),
        pytest.param("x <a href='b.md'>a</a> y", "<a href='b.md'>a</a>", "a", "b.md", id="html"),
        pytest.param(
            "<p>\n<a href=b.md>a</a>\n</p>", "<a href=b.md>a</a>", "a", "b.md", id="block"
        ),
        pytest.param("𝐇 é [a](b.md)", "[a](b.md)", "a", "b.md", id="wide characters"),
        pytest.param("[a](b\\_c.md)", "[a](b\\_c.md)", "a", "b\\_c.md", id="escape"),
        pytest.param(
            "[a](#:~:text=x%20&y)", "[a](#:~:text=x%20&y)", "a", "#:~:text=x%20&y", id="raw"
        ),
    ],
)
def test_a_link_is_where_it_is_written(text: str, span: str, label: str, href: str) -> None:
    written = source(text)
    (link,) = read(written).links
    assert written[link.span] == span
    assert written[link.text_span] == label
    assert written[link.href_span] == href


@pytest.mark.parametrize(
    ("text", "alt", "href"),
    [
        pytest.param("x ![a b](c.png) y", "a b", "c.png", id="inline"),
        pytest.param("[![a](b.png)](c.md)", "a", "b.png", id="in a link"),
        pytest.param("![a][r]\n\n[r]: b.png", "a", "b.png", id="reference"),
        pytest.param('<img alt="a" src="b.png">', "a", "b.png", id="html"),
        pytest.param("<div>\n<img src='b.png' alt='a'/>\n</div>", "a", "b.png", id="block"),
    ],
)
def test_an_image_is_where_it_is_written(text: str, alt: str, href: str) -> None:
    written = source(text)
    (image,) = read(written).images
    assert (image.alt, written[image.alt_span]) == (alt, alt)
    assert (image.href, written[image.href_span]) == (href, href)


@pytest.mark.parametrize(
    ("text", "level", "words", "seen"),
    [
        pytest.param("### Q1: a? ###", 3, "Q1: a?", "Q1: a?", id="closed"),
        pytest.param("##  Q1: a?  ", 2, "Q1: a?", "Q1: a?", id="blanks"),
        pytest.param("1. ### Q1: a?", 3, "Q1: a?", "Q1: a?", id="in a list"),
        pytest.param("a\nb\n---", 2, "a\nb", "a\nb", id="underlined"),
        pytest.param("# a `#b` *c*", 1, "a `#b` *c*", "a #b c", id="markup"),
        pytest.param("# a &amp; b\\*", 1, "a &amp; b\\*", "a & b*", id="entities and escapes"),
        pytest.param("<h2 id=x>a <b>b</b></h2>", 2, "a <b>b</b>", "a b", id="html"),
    ],
)
def test_a_heading_is_where_it_is_written(text: str, level: int, words: str, seen: str) -> None:
    written = source(text)
    (heading,) = read(written).headings
    assert (heading.level, written[heading.text_span], heading.text) == (level, words, seen)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("see https://a.b/c.", ["https://a.b/c"]),
        ("(https://a.b/c_(d))", ["https://a.b/c_(d)"]),
        ("https://a.b/?x=1&amp; y", ["https://a.b/?x=1"]),
        ("www.a.b, xwww.a.b", ["www.a.b"]),
        ("https://localhost http://", []),
    ],
)
def test_bare_addresses_end_as_on_github(text: str, addresses: list[str]) -> None:
    assert [text[start:end] for start, end in bare_addresses(text)] == addresses


def test_visible_text_is_cut_at_blocks_and_hard_breaks() -> None:
    text = "# a\n\nb\nc  \nd<br>e\n\n* f\n  g\n\n```\nh\n\n h\n```\n\n<p>i</p><!-- j -->\n"
    texts = [block.text for block in read(source(text)).blocks]
    assert texts == ["a", "b\nc", "d", "e", "f\ng", "h", " h", "i"]


def test_what_is_nested_deeply_is_not_lost() -> None:
    text = "".join("  " * depth + "* x\n" for depth in range(30)) + "  " * 30 + "* [a](b.md)\n"
    assert [link.href for link in read(source(text)).links] == ["b.md"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_is_no_text(end: str) -> None:
    text = end.join(["---", "a: '[x](y)'", "# no heading", "---", "[a](b.md)", ""])
    read_text = read(source(text))
    assert [link.href for link in read_text.links] == ["b.md"]
    assert read_text.headings == ()
    assert source(text)[read_text.links[0].span] == "[a](b.md)"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_front_matter_that_never_ends_is_text(end: str) -> None:
    """The size would take longer than the sun has if a line could be read in two ways."""
    text = f"---{end}" + f"x{end}" * 5_000 + "[a](b.md)"
    assert len(read(source(text)).links) == 1


def test_references_that_nobody_defined_are_text() -> None:
    assert read(source("[a][r] and [b]")).links == ()


@pytest.mark.parametrize("end", ["", "\n"])
def test_html_that_never_ends_fails_at_no_end_of_the_text(end: str) -> None:
    """In an item of a quotation, markdown-it looks behind the last character."""
    text = f"> - a\n>   <!-- b\n> {end}"
    assert [item.text for each in read(source(text)).lists for item in each.items] == ["a"]
