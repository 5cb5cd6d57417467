"""An independent renderer sees the same text before and after a safe repair."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import cmarkgfm  # type: ignore[import-untyped]  # it has no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsqa.document import Document
from dsqa.parser import parse
from dsqa.repair.fixer import fix
from dsqa.rule import Rule
from dsqa.rules import rules
from dsqa.source import Source
from dsqa.standing import Repository
from dsqa.words import fold
from dsqa.workspace import Disk, Memory, Workspace

TAG = re.compile(r"<[^>]*>")
CORPUS = "corpus/youssefHosni__Data-Science-Interview-Questions-Answers"
OWN = Repository(
    "youssefHosni/Data-Science-Interview-Questions-Answers",
    ("youssefHosni/Data-Science-Interview-Questions",),
)


def visible(markdown: str) -> list[str]:
    """The lines of text that a reader of the rendered document sees, without those of indexes."""
    text = unescape(TAG.sub("", cmarkgfm.github_flavored_markdown_to_html(markdown)))
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def outside_index(document: Document) -> str:
    """The text without its index lines, whose labels a repair may mend."""
    text = document.source.text
    for entry in reversed(document.sorted_entries):
        text = text[: entry.span.start] + text[entry.span.end :]
    return text


@pytest.mark.parametrize("folder", ["seed", CORPUS])
def test_real_documents_read_as_before(shared: Path, folder: str) -> None:
    world = Workspace(Disk(shared / folder), OWN)
    names = sorted(path.name for path in (shared / folder).glob("*.md"))
    assert names
    for name in names:
        before = world.parsed(name)
        # the colon that answer-marker puts behind `Answer` is seen, and meant to be
        chosen = [rule for rule in rules() if rule.on and rule.name != "answer-marker"]
        after = parse(fix(name, world, chosen).after)
        assert visible(outside_index(after)) == visible(outside_index(before))
        assert [fold(e.title) for e in after.entries] == [fold(e.title) for e in before.entries]


TITLES = st.sampled_from(
    ["What is recall?", "What is  bias?", "What is\u00a0noise?", "Why `x`?", "𝐇𝐨𝐰?", "A & B?", "é?"]
)
HREFS = st.sampled_from(
    ["", "#", "#q1-what-is-recall", "#Q2-What-Is-Bias", "qa.md", "other.md#x", "#:~:text=What"]
)
MARKS = st.sampled_from(["Q{}: ", "Q{}:", "Q{}:  ", "Q{}. "])
ANSWERS = st.sampled_from(
    [
        "",
        "Answer:\n",
        "The share.\n",
        "1) a\n2) b\ntext\n",
        "```\n## Q9: x\n```\n",
        "---\n",
        "![](a.png)\n",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Documents with an index and questions that fit each other more or less."""
    titles = draw(st.lists(TITLES, min_size=1, max_size=5))
    lines = ["# Notes\n", "\n"]
    for number, title in enumerate(draw(st.permutations(titles)) if titles else [], start=1):
        if draw(st.booleans()) or number == 1:
            mark = draw(MARKS).format(number)
            lines.append(f"* [{mark}{title}]({draw(HREFS)})\n")
    lines.append("\n")
    for number, title in enumerate(titles, start=1):
        closing = draw(st.sampled_from(["", " ##", " ###"]))
        lines += [f"## {draw(MARKS).format(number)}{title}{closing}\n", draw(ANSWERS), "\n"]
    return "".join(lines).replace("\n", draw(ENDS))


def world(text: str) -> Workspace:
    return Workspace(Memory({"qa.md": text, "other.md": "# X\n"}), Repository("own/qa"))


@settings(deadline=None, max_examples=150)
@given(documents())
def test_any_document_is_repaired_for_good(text: str) -> None:
    before = parse(Source("qa.md", text))
    repair = fix("qa.md", world(text))
    after = parse(repair.after)
    assert fix("qa.md", world(repair.after.text)).after == repair.after
    assert [q.heading.text for q in after.questions] == [q.heading.text for q in before.questions]
    assert visible(outside_index(after)) == visible(outside_index(before))
    for entry in after.entries:
        if entry.sure and entry.link and entry.question and repair.refused == ():
            landing = world(after.source.text).landing(after, entry.link)
            assert landing.span == entry.question.heading.span


SAFE = [rule for rule in rules() if rule.on and rule.fixable]


@settings(deadline=None, max_examples=150)
@given(documents(), st.sets(st.sampled_from(SAFE), min_size=1))
def test_any_set_of_safe_repairs_keeps_questions_answers_and_words(
    text: str, chosen: set[Rule]
) -> None:
    before = parse(Source("qa.md", text))
    repair = fix("qa.md", world(text), sorted(chosen, key=lambda rule: rule.code))
    after = parse(repair.after)
    pairs = list(zip(before.questions, after.questions, strict=True))
    assert [(q.number, q.title) for q, _ in pairs] == [(q.number, q.title) for _, q in pairs]
    if not any(rule.changes_answers for rule in chosen):
        for old, new in pairs:
            assert before.source[old.answer.span] == after.source[new.answer.span]
    assert visible(outside_index(after)) == visible(outside_index(before))
    again = fix("qa.md", world(repair.after.text), sorted(chosen, key=lambda rule: rule.code))
    assert again.after == repair.after


@settings(deadline=None, max_examples=300)
@given(documents() | st.text(max_size=300))
def test_a_document_is_its_questions_and_what_stands_between_them(text: str) -> None:
    """Nothing is lost on the way into the model, and nothing is in it twice."""
    document = parse(Source("qa.md", text))
    source = document.source
    pieces, end = [], 0
    for question in document.questions:
        heading, answer = question.heading.span, question.answer.span
        pieces += [source.text[end : heading.start], source[heading]]
        pieces += [source.text[heading.end : answer.start], source[answer]]
        end = answer.end
    pieces.append(source.text[end:])
    assert "".join(pieces) == source.text
    assert all(
        not source.text[q.heading.span.end : q.answer.span.start].strip(" #\t\r\n=-")
        for q in document.questions
        if q.heading.genuine
    )
    for entry in document.entries:
        assert fold(entry.title) in fold(source[entry.label_span])


@settings(deadline=None, max_examples=300)
@given(documents() | st.text(max_size=300))
def test_every_span_is_where_its_text_is(text: str) -> None:
    document = parse(Source("qa.md", text))
    source = document.source
    for link in document.links:
        assert link.text_span in link.span or link.style == "reference"
        if link.style in ("inline", "autolink", "bare"):
            assert source[link.href_span] == link.href
    for question in document.questions:
        assert question.title_span in question.heading.span
        assert question.marker is None or source[question.marker.number_span][0].isdigit()
    ends = [question.span.end for question in document.questions]
    starts = [question.span.start for question in document.questions]
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    assert (
        "\0" in text
        or text.startswith("\ufeff")
        or Source.decode("qa.md", source.encode()) == source
    )
