"""What is printed of a text, character by character."""

from __future__ import annotations

import json

import pytest

from dsqa.exporters import dumped, indented
from dsqa.report import Looked, Report
from dsqa.reporters import disarmed, logged, printable, render
from dsqa.reporters._printable import LOOKS_LIKE_A_SPACE, UNSEEN
from dsqa.reporters._xml import element, escaped, text_element
from dsqa.reporters.github import data_escaped, property_escaped
from dsqa.reporters.summary import code, plain, quoted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b", "a b"),
        ("naïve 日本 𝐇 🙂 e\u0301", "naïve 日本 𝐇 🙂 e\u0301"),
        ("a\tb\nc\r", "a\\u{9}b\\u{a}c\\u{d}"),
        ("\x1b]0;x\x07", "\\u{1b}]0;x\\u{7}"),
        ("\x7f\x9b", "\\u{7f}\\u{9b}"),
        ("\u202e\u2066", "\\u{202e}\\u{2066}"),
        ("\u200b\u200d\ufeff\u00ad", "\\u{200b}\\u{200d}\\u{feff}\\u{ad}"),
        ("\U000e0041", "\\u{e0041}"),
        ("\udce9", "\\u{dce9}"),
        ("a\u00a0b\u2009c", "a\\u{a0}b\\u{2009}c"),
        ("##[error]x", "##\\u{5b}error]x"),
        ("a##vso[x]##VSO[", "a##vso\\u{5b}x]##VSO\\u{5b}"),
        ("##teamcity[x]##TeamCity[", "##teamcity\\u{5b}x]##TeamCity\\u{5b}"),
        ("[#[vso[#vso[#teamcity[##x[", "[#[vso[#vso[#teamcity[##x["),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_printable_cuts() -> None:
    assert printable("abcdef", limit=4) == "abc…"
    assert printable("abcd", limit=4) == "abcd"


@pytest.mark.parametrize(
    ("output", "lines"),
    [
        ("::error::x\n", "\\u{3a}:error::x\n"),
        ("a\n  ::error::x", "a\n  \\u{3a}:error::x"),
        ("a ::error::x", "a ::error::x"),
        ("\x1b[1m::error::x", "\x1b[1m\\u{3a}:error::x"),
        (":one", ":one"),
        ("x##[group]", "x##\\u{5b}group]"),
        ("##vso[a] ##teamcity[b]", "##vso\\u{5b}a] ##teamcity\\u{5b}b]"),
        ("\u3000\x1b[1;31m \x1b[0m::x::y", "\u3000\x1b[1;31m \x1b[0m\\u{3a}:x::y"),
        ("\x1b[m::x::", "\x1b[m\\u{3a}:x::"),
        ("a\nb:: c\n\n::", "a\nb:: c\n\n\\u{3a}:"),
    ],
)
def test_disarmed(output: str, lines: str) -> None:
    assert disarmed(output) == lines


# Where runs of characters that one does not see, or takes for a space, begin and end.
RUNS = (
    *("\0 \x1f", "\x7f \x9f", "\xad", "\u034f", "\u0600 \u0605", "\u061c", "\u06dd", "\u070f"),
    *("\u0890 \u0891", "\u08e2", "\u115f \u1160", "\u17b4 \u17b5", "\u180b \u180f"),
    *("\u200b \u200f", "\u2028 \u202e", "\u2060 \u206f", "\u3164", "\ud800 \udfff"),
    *("\ufe00 \ufe0f", "\ufeff", "\uffa0", "\ufff0 \ufffb", "\U000110bd", "\U000110cd"),
    *("\U00013430 \U0001343f", "\U0001bca0 \U0001bca3", "\U0001d173 \U0001d17a"),
    "\U000e0000 \U000e0fff",
)
SPACES = ("\xa0", "\u1680", "\u2000 \u200a", "\u202f", "\u205f")


@pytest.mark.parametrize("run", [*RUNS, *SPACES], ids=ascii)
def test_what_is_not_seen_is_shown_by_its_number(run: str) -> None:
    first, last = run[0], run[-1]
    for character in (first, chr((ord(first) + ord(last)) // 2), last):
        assert printable(f"a{character}b") == f"a\\u{{{ord(character):x}}}b"


@pytest.mark.parametrize("run", RUNS, ids=ascii)
def test_what_stands_beside_is_seen(run: str) -> None:
    others = "".join(pattern.pattern for pattern in (UNSEEN, LOOKS_LIKE_A_SPACE))
    for character in (chr(max(ord(run[0]) - 1, 0)), chr(ord(run[-1]) + 1)):
        if not any(known[0] <= character <= known[-1] for known in (*RUNS, *SPACES)):
            assert printable(character) == character, others


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        pytest.param("a\u200b\n\tb\r\n", "a\u200b\n\tb\r\n", id="no command"),
        pytest.param(" ::x::\n\u200by", " \\u{3a}:x::\n\u200by", id="a command"),
        pytest.param("\u200b::x::", "\\u{200b}::x::", id="one that is heard"),
        pytest.param(":\u200b:x::", ":\\u{200b}:x::", id="one that is heard as one"),
        pytest.param("a\r::x::\r", "a\\u{d}::x::\\u{d}", id="one behind a carriage return"),
        pytest.param("-#\u200b#[x]", "-#\\u{200b}#[x]", id="a mark that is heard"),
        pytest.param("a##[x]", "a##\\u{5b}x]", id="a mark"),
        pytest.param("a\x1b[0K\nb", "a\\u{1b}[0K\nb", id="an escape"),
    ],
)
def test_data_in_a_log_keeps_each_line_that_is_no_command(data: str, shown: str) -> None:
    assert logged(data) == shown


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("a b", "a b"),
        ("<&>\"'", "&#60;&#38;&#62;&#34;&#39;"),
        ("\t\n\r", "&#9;&#10;&#13;"),
        ("\0\x08\x0b\x0c\x0e\x1f", "\ufffd" * 6),
        ("\ud800\udfff\ufffe\uffff", "\ufffd" * 4),
        ("\ud7ff\ue000\ufffd", "\ud7ff\ue000\ufffd"),
        ("\x7f\x9f\u202e\U000e0041", "&#127;&#159;&#8238;&#917569;"),
        ("\xa0", "&#160;"),
        ("##[a]##vso[b]##teamcity[c][", "##&#91;a]##vso&#91;b]##teamcity&#91;c]["),
    ],
)
def test_xml_holds_no_more_than_text(text: str, held: str) -> None:
    assert escaped(text) == held
    assert element("a", b=text, c=1) == (f'<a b="{held}" c="1"/>',)
    assert text_element("a", text, b=text) == (f'<a b="{held}">{held}</a>',)
    assert element("a", element("b", x=text), y=2) == ('<a y="2">', f'  <b x="{held}"/>', "</a>")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("é 日本", "é 日本"),
        ("\x7f\x9b\u202e\xa0", r"\u007f\u009b\u202e\u00a0"),
        ("\U000e0041\ud800", r"\udb40\udc41\ud800"),
        ("\n\t\x1b", r"\n\t\u001b"),
        ("##[a]##vso[b][", r"##\u005ba]##vso\u005bb]["),
    ],
)
def test_exported_data_shows_what_one_does_not_see(text: str, written: str) -> None:
    assert "".join(indented([text])) == f'[\n  "{written}"\n]'
    assert json.loads(dumped(text)) == text


@pytest.mark.parametrize("form", ["checkstyle", "junit"])
def test_xml_says_how_it_is_written(form: str) -> None:
    report = Report(findings=(), sources={}, looked=Looked(), rules={}, version="0")
    assert render(form, report).startswith('<?xml version="1.0" encoding="UTF-8"?>\n<')


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("a b;]\"'", "a b;]\"'", "a b;]\"'"),
        ("%\r\n", "%25%0D%0A", "%25%0D%0A"),
        (":,", ":,", "%3A%2C"),
        ("%25%0D%0A%3A%2C", "%2525%250D%250A%253A%252C", "%2525%250D%250A%253A%252C"),
        ("\n::error::x", "%0A::error::x", "%0A%3A%3Aerror%3A%3Ax"),
    ],
)
def test_a_command_holds_no_other(text: str, data: str, value: str) -> None:
    assert data_escaped(text) == data
    assert property_escaped(text) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a b-c/(d)=+^{e};'\"?", "a b-c/(d)=+^{e};'\"?"),
        ("&<>", "&#38;&#60;&#62;"),
        ("*_~", "&#42;&#95;&#126;"),
        ("[]", "&#91;&#93;"),
        ("\\|$", "&#92;&#124;&#36;"),
        (":.!", "&#58;&#46;&#33;"),
        ("a@b #1", "a<span>@</span>b <span>#</span>1"),
        ("a\u200b\n", "a&#92;u{200b}&#92;u{a}"),
    ],
)
def test_markdown_shows_text_as_it_is(text: str, shown: str) -> None:
    assert plain(text) == shown
    assert code(text) == f"<code>{shown}</code>"
    assert quoted(f"{text} `{text}` {text}") == f"{shown} <code>{shown}</code> {shown}"


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("`a`", "<code>a</code>"),
        ("a `b` c `de` f", "a <code>b</code> c <code>de</code> f"),
        ("a` b", "a&#96; b"),
        ("`a` b` c", "<code>a</code> b&#96; c"),
        ("a `` b", "a &#96;&#96; b"),
    ],
)
def test_what_stands_between_backticks_is_code(sentence: str, shown: str) -> None:
    assert quoted(sentence) == shown
    assert plain("`a`") == "&#96;a&#96;"


def test_a_summary_cuts_what_is_long() -> None:
    assert plain("a" * 100) == "a" * 100
    assert plain("a" * 101) == "a" * 99 + "…"
    assert quoted("a" * 400) == "a" * 400
    assert quoted("a" * 401) == "a" * 399 + "…"
