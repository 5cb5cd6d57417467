"""A fix proves itself, or it is not made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsqa.document import Document
from dsqa.finding import Edit, Finding, Fix, Severity, apply
from dsqa.parser import parse
from dsqa.repair.fixer import changed_lines, fix
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Source, Span
from dsqa.standing import Repository
from dsqa.workspace import Disk, Memory, Workspace

TEXT = "## Q1: one?\n\naaa\n\n## Q2: two?\n\nbbb\n"
EXAMPLES = (Good("x"), Bad("y", under=["y"]))


class Word(Rule):
    """A word is replaced by another one wherever it stands.

    For tests.
    """

    code = "TST001"
    severity = Severity.WARNING
    examples = EXAMPLES
    old, new, safe = "aaa", "ccc", True

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        start = document.source.text.find(self.old)
        if start >= 0:
            span = Span(start, start + len(self.old))
            edits = (Edit(document.path, span, self.new),)
            yield self.finding(document, span, self.old, fix=Fix(edits, self.safe, self.new))


def rule(old: str, new: str, *, safe: bool = True, changes_answers: bool = False) -> Word:
    made = Word()
    made.old, made.new, made.safe = old, new, safe
    made.changes_answers = changes_answers  # type: ignore[misc]  # a rule of this test only
    return made


def world(text: str = TEXT) -> Workspace:
    return Workspace(Memory({"qa.md": text}))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param("aaa", "ccc", "it changes the answer to Q1", id="an answer"),
        pytest.param("one?", "1?", "it changes the words of a question", id="a question"),
        pytest.param("## Q2: two?\n\n", "", "it changes which questions there are", id="fewer"),
        pytest.param(
            "## Q2", "## Q3: x?\n## Q2", "it changes which questions there are", id="more"
        ),
        pytest.param("aaa", "aaa", "it changes nothing", id="nothing"),
    ],
)
def test_a_safe_fix_that_does_more_than_it_says_is_refused(old: str, new: str, why: str) -> None:
    repair = fix("qa.md", world(), [rule(old, new)])
    assert repair.after.text == TEXT
    assert [refusal.why for refusal in repair.refused] == [why]


def test_a_fix_that_mends_nothing_is_refused() -> None:
    repair = fix("qa.md", world("x aaa\n"), [rule("aaa", "baaa")])
    assert [refusal.why for refusal in repair.refused] == ["it does not mend what it is for"]


def test_a_fix_that_brings_another_finding_is_refused() -> None:
    rules = [rule("xxx", "yyy"), Gone()]
    repair = fix("qa.md", world("xxx\n\n" + TEXT), rules)
    assert repair.after.text == "xxx\n\n" + TEXT
    assert [refusal.why for refusal in repair.refused] == ["it brings TST002 gone"]


class Gone(Rule):
    """There is no `xxx`.

    For tests.
    """

    code = "TST002"
    severity = Severity.ERROR
    examples = EXAMPLES

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        if "xxx" not in document.source.text:
            yield self.finding(document, Span(0, 1), "no xxx")


def test_fixes_that_need_each_other_are_made_together_and_the_rest_is_not_lost() -> None:
    repair = fix("qa.md", world("xxx zzz\n"), [rule("xxx", "yyy"), rule("zzz", "www"), Gone()])
    assert repair.after.text == "xxx www\n"
    assert len(repair.refused) == 1


def test_a_rule_about_answers_may_change_them() -> None:
    repair = fix("qa.md", world(), [rule("aaa", "ccc", changes_answers=True)])
    assert repair.after.text == TEXT.replace("aaa", "ccc")


def test_what_is_unsafe_waits_until_one_asks_for_it() -> None:
    rules = [rule("one?", "1?", safe=False)]
    assert not fix("qa.md", world(), rules).changed
    assert fix("qa.md", world(), rules, unsafe=True).after.text == TEXT.replace("one?", "1?")


def test_fixes_that_call_for_each_other_come_to_an_end() -> None:
    repair = fix("qa.md", world("xaa\n"), [rule("xaa", "xbb"), rule("xbb", "xaa")])
    assert repair.after.text == "xaa\n"
    assert [refusal.why for refusal in repair.refused] == ["it brings TST001 word"]


def test_one_bad_fix_among_many_stops_no_other() -> None:
    words = [f"w{letter}" for letter in "abcdefgh"]
    rules = [rule(word, word.upper()) for word in words] + [rule("x", "xx")]
    repair = fix("qa.md", world("wa wb wc wd x we wf wg wh\n"), rules)
    assert repair.after.text == "WA WB WC WD x WE WF WG WH\n"
    assert len(repair.refused) == 1


def test_edits_are_made_from_the_front_and_insertions_before_replacements() -> None:
    edits = [
        Edit("qa.md", Span(2, 3), "C"),
        Edit("qa.md", Span(0, 1), "A"),
        Edit("qa.md", Span(2, 2), "+"),
        Edit("qa.md", Span(4, 4), "!"),
    ]
    assert apply(Source("qa.md", "abcd"), edits).text == "Ab+Cd!"


def test_changed_lines_are_counted_once() -> None:
    assert changed_lines(Source("", "a\nb\nc\n"), Source("", "a\nB\nc\nd\n")) == 2


OWN = Repository(
    "youssefHosni/Data-Science-Interview-Questions-Answers",
    ("youssefHosni/Data-Science-Interview-Questions",),
)
CORPUS = "corpus/youssefHosni__Data-Science-Interview-Questions-Answers"


def repaired(
    folder: Path, name: str, *, unsafe: bool = False, known: Repository = OWN
) -> tuple[Document, Document]:
    world = Workspace(Disk(folder), known)
    repair = fix(name, world, unsafe=unsafe)
    again = fix(name, world.replacing({name: repair.after}), unsafe=unsafe)
    assert again.after == repair.after, "a second run changes nothing"
    return parse(repair.before), parse(repair.after)


@pytest.mark.parametrize("known", [OWN, Repository()], ids=["configured", "unknown"])
def test_the_index_of_the_founding_document_is_repaired(shared: Path, known: Repository) -> None:
    before, after = repaired(shared / "seed", "deep-learning.md", known=known)
    anchors = [question.heading.anchor for question in after.questions]
    assert len(anchors) == 19
    assert [entry.link and entry.link.href for entry in after.entries] == [f"#{a}" for a in anchors]
    assert [before.source[q.span] for q in before.questions] == [
        after.source[q.span] for q in after.questions
    ]
    world = Workspace(Memory({"deep-learning.md": after.source.text}), OWN)
    document = world.parsed("deep-learning.md")
    for entry in document.entries:
        assert entry.link
        assert world.landing(document, entry.link).question == entry.question


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_real_files_are_repaired_for_good(shared: Path, unsafe: bool) -> None:
    folder = shared / CORPUS
    names = sorted(path.name for path in folder.glob("*.md") if path.name != "coupled.md")
    assert len(names) == 8
    for name in names:
        before, after = repaired(folder, name, unsafe=unsafe)
        assert len(before.questions) == len(after.questions)


FRAGILE = "## Q1:  What is recall?\n\nThe share.\n\n## Q2: What is bias?\n\nAn error.\n"


LINKING = "See [recall](a.md#q1--what-is-recall).\n"


def test_a_repair_that_would_change_a_document_that_nobody_named_is_refused() -> None:
    world = Workspace(Memory({"a.md": FRAGILE, "b.md": LINKING}))
    repair = fix("a.md", world, unsafe=True)
    assert repair.after.text == FRAGILE
    assert [refusal.why for refusal in repair.refused] == [
        "it changes b.md, which is not among the files to repair"
    ]


def test_the_links_of_other_documents_follow_a_heading() -> None:
    world = Workspace(Memory({"a.md": FRAGILE, "b.md": LINKING}))
    repair = fix("a.md", world, unsafe=True, beside={"b.md": []})
    assert repair.after.text == FRAGILE.replace("  ", " ")
    assert [source.text for source in repair.carried] == [LINKING.replace("--", "-")]


def test_a_repair_that_harms_another_document_is_refused() -> None:
    """A text directive of another document needs the very words that would change."""
    linking = "See [recall](a.md#:~:text=Q1%3A-,What%20is%20recall%3F).\n"
    world = Workspace(Memory({"a.md": FRAGILE, "b.md": linking}))
    repair = fix("a.md", world, [rule("## Q1: ", "## Q1. ", safe=False)], unsafe=True)
    assert [refusal.why for refusal in repair.refused] == ["it breaks a link in b.md"]


def test_a_link_that_is_mended_makes_up_for_none_that_breaks() -> None:
    """Of two links of another document one was dead before, and another would be."""
    one = "[a](a.md#:~:text=Q1%3A%20What%20is%20bias,-X) [b](a.md#:~:text=leaf%3F%23%23%23)\n"
    text = "# T\n\n## Q1:  What is bias?\n\nE.\n\n## Q2: What is a leaf?###\n\nL.\n"
    world = Workspace(Memory({"a.md": text, "b.md": one}))
    repair = fix("a.md", world, unsafe=True, beside={"b.md": []})
    assert "leaf?###" in repair.after.text
    assert "Q1: What is bias?" in repair.after.text
    assert [refusal.why for refusal in repair.refused] == ["it breaks a link in b.md"]


def test_a_line_that_comes_above_a_lost_one_is_no_new_loss() -> None:
    text = (
        "* [Q1: What is recall?](#q1-what-is-recall)\n"
        "* [Q3: What is bias?](#q3-what-is-bias)\n"
        "* [Q4: How do trees grow?](#q4-how-do-trees-grow)\n"
        "\n## Q1: What is recall?\n\n## Q2: What is noise?\n\n## Q3: What is bias?\n"
    )
    repair = fix("qa.md", world(text))
    assert "* [Q2: What is noise?](#q2-what-is-noise)\n* [Q3" in repair.after.text
    assert repair.refused == ()


def test_a_repair_that_changes_what_is_read_elsewhere_is_refused() -> None:
    repair = fix("qa.md", world("aaa\n\n[bbb][c]\n"), [rule("aaa", "[c]: d.md")])
    assert [refusal.why for refusal in repair.refused] == [
        "it changes what a reader sees elsewhere"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("aaa\nbbb", "aaa\n\nbbb", id="one paragraph becomes two"),
        pytest.param("bbb\n\nccc", "bbb\nccc", id="two become one"),
        pytest.param("bbb\n\n", "", id="one is taken away"),
        pytest.param("ccc", "# new\n\nccc", id="one comes new"),
    ],
)
def test_what_an_edit_parts_or_joins_it_touches(old: str, new: str) -> None:
    text = "zzz\n\naaa\nbbb\n\nccc\n\nddd\n"
    repair = fix("qa.md", world(text), [rule(old, new), rule("zzz", "yyy")])
    assert "it changes what a reader sees elsewhere" not in [r.why for r in repair.refused]
    assert repair.after.text.startswith("yyy")


def test_what_is_refused_at_first_is_tried_again_when_more_was_repaired() -> None:
    """The two overlap, so that they cannot be made at once."""
    rules = [rule("zzz", "w"), rule("z xxx", "z vvv"), Unless()]
    repair = fix("qa.md", world("zzz xxx\n"), rules)
    assert repair.after.text == "w vvv\n"
    assert repair.refused == ()


class Unless(Rule):
    """There is no `zzz` where there is `xxx`.

    For tests.
    """

    code = "TST003"
    severity = Severity.ERROR
    examples = EXAMPLES

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        text = document.source.text
        if "xxx" in text and "zzz" not in text:
            yield self.finding(document, Span(0, 1), "no zzz")


def test_a_document_that_is_not_understood_is_left_alone() -> None:
    text = "* [Q1: one?]()\n\n## Q1: one?\n\n<<<<<<< HEAD\naaa\n=======\nbbb\n>>>>>>> theirs\n"
    repair = fix("qa.md", world(text))
    assert repair.after.text == text
    assert {refusal.why for refusal in repair.refused} == {
        "a part of the document is not read as it was meant"
    }
