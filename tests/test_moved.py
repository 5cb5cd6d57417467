"""Where an address has moved, the new one is written so that it is read as it is meant."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsqa.document import Document, Link
from dsqa.finding import Finding, Fix, apply
from dsqa.linter import lint
from dsqa.outside import Answer, Hop, Outcome
from dsqa.parser import parse
from dsqa.repair.fixer import fix
from dsqa.rule import Rule
from dsqa.rules import rules
from dsqa.source import Source
from dsqa.target import decode
from tests.examples import PATH, workspace

OLD = "http://old.example.org/a_b"
SITE = "https://new.example.org"
ASKED = 1767225600


def rule(code: str) -> Rule:
    return next(rule for rule in rules() if rule.code == code)


def moved(target: str, *hops: str) -> Answer:
    way = tuple(Hop(301, address) for address in hops or (target,))
    return Answer(Outcome.MOVED, "200 OK", ASKED, 200, way, target)


def found(text: str, target: str, old: str = OLD) -> tuple[Document, list[Finding]]:
    """The document, and what is said of it where the old address has moved to the target."""
    world = workspace(text, outside={old: moved(target)})
    document = world.parsed(PATH)
    return document, list(lint(document, world, [rule("NET002")]))


def repaired(document: Document, mended: Fix) -> Document:
    return parse(apply(document.source, mended.edits))


def texts(document: Document) -> list[str]:
    """What a reader sees of each block, in one line; some addresses are shown without escapes."""
    return [decode(" ".join(block.text.split())) for block in document.blocks]


def assert_only_the_address_changed(
    before: Document, after: Document, target: str, old: str = OLD
) -> None:
    """Exactly one address, or one that several have in common, leads to the target now."""
    assert len(after.addresses) == len(before.addresses)
    changed = [
        (one, other)
        for one, other in zip(before.addresses, after.addresses, strict=True)
        if one.href != other.href
    ]
    assert {(one.href, other.href) for one, other in changed} == {(old, target)}
    assert len({other.href_span for _, other in changed}) == 1
    for one, other in zip(before.addresses, after.addresses, strict=True):
        assert isinstance(other, type(one))
        if isinstance(one, Link) and isinstance(other, Link):
            shown = one.text.replace(old, target) if one.href != other.href else one.text
            assert decode(other.text) == decode(shown)
    assert [h.text for h in after.headings] == [h.text for h in before.headings]
    assert len(after.codes) == len(before.codes)
    shown = decode(target)
    kept = [text.replace(old, "…").replace(shown, "…") for text in texts(before)]
    assert [text.replace(shown, "…").replace(old, "…") for text in texts(after)] == kept


MARKDOWN = {
    "inline": "[Recall]({old})",
    "with a title": '[Recall]({old} "A share")',
    "in brackets": "[Recall](<{old}>)",
    "in bold": "_See **[Recall]({old})** or *that*_",
    "beside code": "`one` [Recall]({old}) `two`",
    "beside a formula": "A $b$ [Recall]({old}) and *so_ on*",
    "in a table": "| a | b |\n|---|---|\n| *x* [Recall]({old}) | c_ |",
    "in a quotation": "> * _one_ [Recall]({old})\n>   and *more*",
    "an image": "![ROC]({old})",
    "an image in a link": "[![ROC]({old})](http://other.example.org/_)",
    "an image's link": "[![ROC](http://other.example.org/_)]({old})",
    "reference": "[Recall][1] *and*\n\n[1]: {old}",
    "a reference with a title": '[Recall]\n\n[recall]: {old} "A share"',
    "a reference in brackets": "[Recall][]\n\n[recall]: <{old}>",
    "a reference in a quotation": "[Recall][1]\n\n> [1]: {old}",
    "a reference that many share": "[Recall][1] ![ROC][1] [more][1]\n\n[1]: {old}",
    "html": '<a href="{old}">Recall</a>',
    "html in single quotes": "<a href='{old}'>Recall</a> 'tis",
    "html without quotes": "<a href={old}>Recall</a>",
    "html in text": 'See <a class=x href="{old}">Recall</a> and *more*',
    "an html image": '<p><img src="{old}" alt="ROC"></p>',
}
"""Ways to write an address whose words are others, in a document that has more."""
LABELLED = {
    "its own label": "[{old}]({old})",
    "its own label in a table": "| a |\n|---|\n| _x_ [{old}]({old}) |",
    "its own label in bold": "**see [{old}]({old})** *and*",
    "its own label in code": "[`{old}`]({old})",
    "its own label with escapes": "[{old_escaped}]({old})",
    "its own label in brackets": "[{old}](<{old}>)",
    "its own label of a reference": "[{old}][1]\n\n[1]: {old}",
    "its own label in html": '<p><a href="{old}">{old}</a></p>',
    "its own label in html in text": '*See* <a href="{old}">{old}</a> or _that_',
}
AUTOMATIC = {
    "autolink": "See <{old}>.",
    "bare": "See {old} *and more*",
    "bare at the end": "See {old}.",
    "bare in parentheses": "See ({old})!",
    "bare in bold": "See **{old}** and _that_",
    "bare and slanted": "_See_ *{old}* _and_ {old_other}",
    "bare in a table": "| a |\n|---|\n| {old} | b |",
}
TARGETS = [
    pytest.param(f"{SITE}/wiki/Recall_(memory)", id="with parentheses"),
    pytest.param(f"{SITE}/_a_*b*~~c~~/__d__", id="with what makes words bold"),
    pytest.param(f"{SITE}/a*b*_c_~~d~~/e", id="with what makes words bold, and an end"),
    pytest.param(f"{SITE}/a_b", id="with an underscore in a word"),
    pytest.param(f"{SITE}/(a", id="with an open parenthesis"),
    pytest.param(f"{SITE}/a)(b", id="with parentheses the wrong way"),
    pytest.param(f"{SITE}/{'(' * 40}{')' * 40}", id="with many parentheses"),
    pytest.param(f"{SITE}/?a=1&b=2&copy=3", id="with a query"),
    pytest.param(f"{SITE}/O'Brien's", id="with apostrophes"),
    pytest.param(f"{SITE}/a.,!?:;'", id="with punctuation at its end"),
    pytest.param(f"{SITE}/a%20b%28%29#c%2Fd", id="with escapes and a place"),
    pytest.param(f"{SITE}/$a$+b=c@d;e", id="with other marks"),
    pytest.param(f"{SITE}", id="a front page without a slash"),
    pytest.param(f"{SITE}:8080/a/", id="with a port"),
    pytest.param("https://localhost/a", id="without a dot"),
    pytest.param(f"{SITE}/#召回", id="with a place in other letters"),
]
ENTITIES = [
    pytest.param(f"{SITE}/?a=1&copy;=2&b", id="with a name of a character"),
    pytest.param(f"{SITE}/?a&amp;b&lt;c&#38;d", id="with many of them"),
]


def written(markdown: str) -> str:
    """A document with the address, between others that must stay."""
    escaped = OLD.replace("_", "\\_")
    body = markdown.format(old=OLD, old_escaped=escaped, old_other="http://other.example.org/a_")
    return f"# *One_ `two*\n\nSee [*it*](http://other.example.org/_).\n\n{body}\n\n_end* `\n"


def fixed(markdown: str, target: str) -> None:
    document, findings = found(written(markdown), target)
    (finding,) = findings
    assert finding.target == target
    assert finding.fix is not None
    assert not finding.fix.safe
    assert_only_the_address_changed(document, repaired(document, finding.fix), target)


@pytest.mark.parametrize("markdown", [pytest.param(m, id=i) for i, m in MARKDOWN.items()])
@pytest.mark.parametrize("target", [*TARGETS, *ENTITIES])
def test_an_address_is_written_as_it_is_meant(markdown: str, target: str) -> None:
    fixed(markdown, target)


@pytest.mark.parametrize("markdown", [pytest.param(m, id=i) for i, m in LABELLED.items()])
@pytest.mark.parametrize("target", [*TARGETS, *ENTITIES])
def test_words_that_are_the_address_change_with_it(markdown: str, target: str) -> None:
    fixed(markdown, target)
    document, (finding,) = found(written(markdown), target)
    assert finding.fix
    old_words = {link.text for link in document.links if link.href == OLD}
    new_words = {x.text for x in repaired(document, finding.fix).links if x.href == target}
    assert (old_words, new_words) == ({OLD}, {target})


@pytest.mark.parametrize("markdown", [pytest.param(m, id=i) for i, m in AUTOMATIC.items()])
@pytest.mark.parametrize("target", TARGETS)
def test_addresses_without_words_of_their_own(markdown: str, target: str) -> None:
    fixed(markdown, target)


@pytest.mark.parametrize("markdown", [pytest.param(m, id=i) for i, m in AUTOMATIC.items()])
@pytest.mark.parametrize("target", ENTITIES)
def test_what_only_some_read_as_it_is_meant_is_not_written(markdown: str, target: str) -> None:
    _, (finding,) = found(written(markdown), target)
    assert (finding.fix, finding.target) == (None, target)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("See {old}.", "See {new}/a.", id="bare"),
        pytest.param("({old})", "({new}/a)", id="bare in parentheses"),
        pytest.param("[Recall]({old})", "[Recall]({new}/a)", id="inline"),
        pytest.param("<a href={old}>it</a>", '<a href="{new}/a">it</a>', id="no quotes"),
        pytest.param("[old.example.org/a_b]({old})", "[{bare}/a]({new}/a)", id="without a scheme"),
        pytest.param("[{old}/]({old})", "[{new}/a]({new}/a)", id="with a slash"),
        pytest.param("[see {old}]({old})", "[see {old}]({new}/a)", id="with other words"),
        pytest.param("[**{old}**]({old})", None, id="a label that is not known"),
        pytest.param("[{old}]\n\n[{old}]: {old}", None, id="a label that tells the definition"),
        pytest.param("[{old}][]\n\n[{old}]: {old}", None, id="a label that tells it, too"),
        pytest.param("[it][1] [{old}][1]\n\n[1]: {old}", "[it][1] [{new}/a][1]\n\n[1]: {new}/a"),
        pytest.param("[1] [{old}]\n\n[1]: {old}\n[{old}]: {old}", "[1] [{old}]\n\n[1]: {new}/a\n"),
        pytest.param("## See <{old}>", None, id="a name of a heading"),
        pytest.param("## [{old}]({old})", None, id="a name of a heading, by a label"),
        pytest.param("## [Recall]({old})", "## [Recall]({new}/a)", id="a heading's link"),
    ],
)
def test_how_it_is_written(before: str, after: str | None) -> None:
    text = before.format(old=OLD) + "\n"
    document, findings = found(text, f"{SITE}/a")
    fixes = [finding.fix for finding in findings if finding.fix]
    if after is None:
        assert (len(findings), fixes) == (1, [])
    else:
        expected = after.format(old=OLD, new=SITE, bare=SITE.partition("//")[2])
        assert apply(document.source, fixes[0].edits).text.startswith(expected)


def test_a_definition_is_one_finding_and_changes_once() -> None:
    text = f"[one][1] [two][1] [{OLD}][1] ![three][1] [1]\n\n[1]: {OLD}\n"
    world = workspace(text, outside={OLD: moved(f"{SITE}/a")})
    (finding,) = lint(world.parsed(PATH), world, [rule("NET002")])
    assert world.parsed(PATH).source[finding.span] == OLD
    repair = fix(PATH, world, [rule("NET002")], unsafe=True)
    assert (len(repair.fixed), repair.refused) == (1, ())
    assert repair.after.text == text.replace(OLD, f"{SITE}/a")


def test_all_of_them_at_once() -> None:
    """The fixer proves for itself that nothing else has changed, and that nothing is left."""
    every = {**MARKDOWN, **LABELLED, **AUTOMATIC}.values()
    pieces = [markdown.replace("[1]", f"[{n}]") for n, markdown in enumerate(every)]
    pieces = [
        p.replace("[Recall]\n", "[x]\n").replace("[recall]: {old} ", "[x]: {old} ") for p in pieces
    ]
    text = "\n\n".join(written(markdown) for markdown in pieces)
    world = workspace(text, outside={OLD: moved(f"{SITE}/b_(c)")})
    count = len(lint(world.parsed(PATH), world, [rule("NET002")]))
    repair = fix(PATH, world, [rule("NET002")], unsafe=True)
    assert (len(repair.fixed), repair.refused, repair.left) == (count, (), ())
    after = parse(repair.after)
    assert [a.href for a in after.addresses if a.href == OLD] == []


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(f"{SITE}/a[b]", id="brackets"),
        pytest.param(f"{SITE}/](http://evil.example.org)", id="the end of a link"),
        pytest.param(f'{SITE}/"onclick="x', id="a quotation mark"),
        pytest.param(f"{SITE}/a b", id="a blank"),
        pytest.param(f"{SITE}/a\nb", id="a line"),
        pytest.param(f"{SITE}/a\r\n::error::b", id="a command for a log"),
        pytest.param(f"{SITE}/a\u2028b", id="a line of another kind"),
        pytest.param(f"{SITE}/`a`", id="code"),
        pytest.param(f"{SITE}/<b>", id="a tag"),
        pytest.param(f"{SITE}/a|b", id="the end of a cell"),
        pytest.param(f"{SITE}/a\\b", id="a backslash"),
        pytest.param(f"{SITE}/a{{{{b}}}}", id="a template"),
        pytest.param(f"{SITE}/a\x1b[31mb", id="a terminal's command"),
        pytest.param(f"{SITE}/a#\u202egpj.exe", id="letters the other way round"),
        pytest.param(f"{SITE}/a#\u200bb", id="letters that one does not see"),
        pytest.param(f"{SITE}/a#\ud800", id="half a letter"),
        pytest.param(f"{SITE}/пример", id="other letters in a path"),
        pytest.param("https://ехample.org/", id="other letters in a host"),
        pytest.param("https://me:secret@example.org/", id="a password"),
        pytest.param("https://[2001:db8::1]/", id="a host in brackets"),
        pytest.param("javascript:alert(1)", id="a program"),
        pytest.param("data:text/html,a", id="a page of its own"),
        pytest.param("//example.org/a", id="no scheme"),
        pytest.param("/a", id="a path"),
        pytest.param("", id="nothing"),
        pytest.param(f"{SITE}/{'a' * 10_000}", id="much too long"),
        pytest.param(f"{SITE}/a#b#c", id="two places"),
    ],
)
@pytest.mark.parametrize(
    "markdown", [pytest.param(m, id=i) for i, m in {**MARKDOWN, **LABELLED, **AUTOMATIC}.items()]
)
def test_a_target_that_may_do_harm_is_never_written(markdown: str, target: str) -> None:
    _, (finding,) = found(written(markdown), target)
    assert finding.fix is None
    assert finding.message.isprintable()
    assert finding.message.count("`") == 4
    assert len(finding.message) < 1_000
    assert finding.target.isprintable()
    assert finding.target == "" or finding.target.startswith("https://")
    assert len(finding.target) < 3_000


@pytest.mark.parametrize(
    ("href", "hops", "expected"),
    [
        pytest.param("#a", ["{new}"], "{new}#a", id="the place of the link"),
        pytest.param("#a", ["{new}#b"], "{new}#b", id="that of the redirect"),
        pytest.param("#a", ["{site}/c#b", "{new}"], "{new}#b", id="that of one on the way"),
        pytest.param("#a", ["{new}", "{site}/c#b"], "{new}#a", id="not that of one behind it"),
        pytest.param("#a", ["{new}#"], "{new}#", id="the top of it"),
        pytest.param("", ["{new}#b"], "{new}#b", id="only that of the redirect"),
        pytest.param("#:~:text=a", ["{new}"], "{new}#:~:text=a", id="words"),
    ],
)
def test_the_place_on_the_page_that_browsers_go_to(
    href: str, hops: list[str], expected: str
) -> None:
    new = f"{SITE}/new"
    way = [hop.format(new=new, site=SITE) for hop in hops]
    target = next(hop for hop in way if hop.startswith(new))
    world = workspace(f"[Recall]({OLD}{href})\n", outside={f"{OLD}{href}": moved(target, *way)})
    (finding,) = lint(world.parsed(PATH), world, [rule("NET002")])
    assert finding.target == expected.format(new=new)
    assert finding.message == f"`{OLD}` has moved for good, to `{target}`"
    after = fix(PATH, world, [rule("NET002")], unsafe=True).after
    assert parse(after).links[0].href == finding.target


GOOD_MARKS = [*"abZ09/_*()~&;#?=.,:!'$%@+-", "&amp;", "&copy", "**", "__", "é"]
MARKS = [*GOOD_MARKS, *'"[]<>\\`|{} \n\t', "](", "\u202e"]
EVERY = [*MARKDOWN.values(), *LABELLED.values(), *AUTOMATIC.values()]
REST = st.lists(st.sampled_from(GOOD_MARKS)) | st.lists(st.sampled_from(MARKS), max_size=12)


@given(REST.map("".join), st.sampled_from(EVERY))
def test_whatever_the_target_is(rest: str, markdown: str) -> None:
    """No fix, or one after which the link leads to the target and nothing else has changed."""
    target = f"{SITE}/{rest}"
    document, (finding,) = found(written(markdown), target)
    assert finding.message.isprintable()
    if finding.fix:
        assert_only_the_address_changed(document, repaired(document, finding.fix), target)


@given(st.lists(st.sampled_from(MARKS), max_size=12).map("".join), st.sampled_from(EVERY))
def test_whatever_stands_around_it(around: str, markdown: str) -> None:
    """Marks before and behind the address change nothing of that."""
    target = f"{SITE}/a_(b)_*c*"
    text = f"{around} {markdown.format(old=OLD, old_escaped=OLD, old_other='x')}{around}\n"
    document, findings = found(text, target)
    for finding in findings:
        if finding.fix:
            assert_only_the_address_changed(document, repaired(document, finding.fix), target)


def test_many_links_cost_no_more_than_many_links() -> None:
    assert any(_spent(1_200) < 30 * _spent(150) + 0.5 for _ in range(3))


def _spent(count: int) -> float:
    """The seconds of the processor that so many links take, each written in three ways."""
    text = "".join(f"[Recall][1] {OLD}) ![b]({OLD})\n\n" for _ in range(count))
    world = workspace(f"{text}[1]: {OLD}\n", outside={OLD: moved(f"{SITE}/a_(b")})
    document = world.parsed(PATH)
    gc.disable()  # which would look through all that other tests have left
    try:
        start = time.process_time()
        findings = lint(document, world, [rule("NET002")])
        spent = time.process_time() - start
    finally:
        gc.enable()
    assert len(findings) == 2 * count + 1
    return spent


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(
            Answer(Outcome.ALIVE, "200 OK", ASKED, 200, fragments={"a": False}),
            [(f"The page `{OLD}` has no place `#a`", OLD)],
            id="a page",
        ),
        pytest.param(
            Answer(
                Outcome.MOVED,
                "200 OK",
                ASKED,
                200,
                (Hop(301, f"{SITE}/new"), Hop(302, f"{SITE}/now")),
                f"{SITE}/new",
                fragments={"a": False},
            ),
            [(f"The page `{OLD}` has no place `#a`", f"{SITE}/new")],
            id="a page that has moved",
        ),
        pytest.param(
            Answer(
                Outcome.ALIVE,
                "200 OK",
                ASKED,
                200,
                (Hop(302, f"{SITE}/new#b"),),
                fragments={"a": False},
            ),
            [],
            id="a redirect to a place",
        ),
        pytest.param(
            Answer(
                Outcome.ALIVE,
                "200 OK",
                ASKED,
                200,
                (Hop(302, f"{SITE}/new#b"), Hop(302, f"{SITE}/now")),
                fragments={"a": False},
            ),
            [],
            id="a redirect to a place, and on",
        ),
    ],
)
def test_a_place_that_is_not_on_the_page(answer: Answer, expected: list[tuple[str, str]]) -> None:
    world = workspace(f"[Recall]({OLD}#a)\n", outside={f"{OLD}#a": answer})
    findings = lint(world.parsed(PATH), world, [rule("NET003")])
    assert [(finding.message, finding.target) for finding in findings] == expected


def test_words_that_are_not_on_the_page() -> None:
    fragment = ":~:text=a"
    answer = Answer(Outcome.ALIVE, "200 OK", ASKED, 200, fragments={fragment: False})
    world = workspace(f"[Recall]({OLD}#{fragment})\n", outside={f"{OLD}#{fragment}": answer})
    (finding,) = lint(world.parsed(PATH), world, [rule("NET003")])
    assert finding.message == f"The page `{OLD}` has no words that fit `#{fragment}`"


def test_the_source_of_a_document_stays_what_it_is() -> None:
    document, (finding,) = found(f"[Recall]({OLD})\r\n\r\nMore.\r\n", f"{SITE}/a")
    assert finding.fix
    assert apply(document.source, finding.fix.edits) == Source(
        PATH, f"[Recall]({SITE}/a)\r\n\r\nMore.\r\n"
    )
