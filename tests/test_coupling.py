"""A change of a heading takes with it all that leads there, in every file, or it is not made."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsqa.document import Document
from dsqa.finding import Edit
from dsqa.linter import lint
from dsqa.repair.fixer import fix
from dsqa.rule import Rule
from dsqa.rules import rules
from dsqa.source import Source
from dsqa.standing import Repository
from dsqa.workspace import Disk, Memory, Workspace

CORPUS = "corpus/youssefHosni__Data-Science-Interview-Questions-Answers"
DEEP_LEARNING = "Deep Learning Questions & Answers for Data Scientists.md"
OWN = Repository(
    "youssefHosni/Data-Science-Interview-Questions-Answers",
    ("youssefHosni/Data-Science-Interview-Questions",),
)


def named(*codes: str) -> list[Rule]:
    return [rule for rule in rules() if rule.code in codes]


def lands(world: Workspace, document: Document) -> dict[int | None, int | None]:
    """The number of each index line, and that of the question to which its link leads."""
    return {
        entry.number: question.number
        for entry in document.entries
        if entry.link and (question := world.landing(document, entry.link).question)
    }


@pytest.mark.parametrize(
    ("number", "line", "anchor"),
    [
        pytest.param(10, 15, "#q10-when-it-comes-to-", id="two blanks, and a link that has both"),
        pytest.param(15, 20, "-to-classify-1d-signal", id="two no-break spaces"),
        pytest.param(43, 53, "#q43-what-is-the-purpose", id="two blanks, and an empty link"),
    ],
)
def test_an_index_line_follows_its_heading(
    shared: Path, number: int, line: int, anchor: str
) -> None:
    world = Workspace(Disk(shared / CORPUS), OWN)
    repair = fix(DEEP_LEARNING, world, unsafe=True)
    assert anchor in repair.after.lines()[line - 1]
    after = world.replacing({DEEP_LEARNING: repair.after})
    assert lands(after, after.parsed(DEEP_LEARNING))[number] == number


def test_where_a_heading_is_not_tidied_the_link_has_its_blanks(shared: Path) -> None:
    repair = fix(DEEP_LEARNING, Workspace(Disk(shared / CORPUS), OWN))
    assert "(#q43--what-is-the-purpose" in repair.after.lines()[52]


def test_a_link_by_words_becomes_an_anchor_with_the_label_that_would_catch_it(
    shared: Path,
) -> None:
    repair = fix("deep-learning.md", Workspace(Disk(shared / "seed"), OWN))
    line = repair.after.lines()[7]
    assert line.startswith("* [Q5: How")
    assert "](#q5-how" in line


def test_headings_of_one_name_keep_it_at_another_level(shared: Path) -> None:
    world = Workspace(Disk(shared / CORPUS), OWN)
    before = world.parsed(DEEP_LEARNING)
    repair = fix(DEEP_LEARNING, world, named("STR003", "STR004"), unsafe=True)
    after = world.replacing({DEEP_LEARNING: repair.after}).parsed(DEEP_LEARNING)
    assert [h.anchor for h in after.headings] == [h.anchor for h in before.headings]
    assert [h.level for h in after.headings] != [h.level for h in before.headings]


def test_an_index_line_far_away_is_repaired_when_somebody_rewords_its_heading(
    shared: Path,
) -> None:
    """A word of a heading is corrected by hand, and nothing else."""
    world = Workspace(Disk(shared / "seed"), OWN)
    clean = fix("deep-learning.md", world).after
    for word, better in (("three practical", "3 practical"), ("hyperparameters", "parameters")):
        place = clean.text.index("\n### ")
        text = clean.text[:place] + clean.text[place:].replace(word, better, 1)
        assert text != clean.text
        edited = Workspace(Memory({"deep-learning.md": text}), OWN)
        broken = lint(edited.parsed("deep-learning.md"), edited)
        assert "ANC001" in [finding.code for finding in broken]
        repair = fix("deep-learning.md", edited)
        after = edited.replacing({"deep-learning.md": repair.after})
        document = after.parsed("deep-learning.md")
        assert lands(after, document) == {number: number for number in range(1, 20)}


INDEX = "* [Q1: Recall?](#q1-recall)\n* [Q3: Bias?](#q3-bias)\n\n"
BODY = "## Q1: Recall?\n\nA share.\n\n## Q3: Bias?\n\nSee Q1 and [Q3](#q3-bias).\n"
HUB = "* [Q3: bias](qa.md#q3-bias)\n* [more](qa.md#:~:text=Q3%3A%20Bias%3F)\n"


def test_all_that_names_a_question_follows_its_number() -> None:
    world = Workspace(Memory({"qa.md": INDEX + BODY, "README.md": HUB}))
    repair = fix("qa.md", world, named("NUM001"), unsafe=True, beside={"README.md": []})
    assert repair.after.text == (INDEX + BODY).replace("Q3", "Q2").replace("#q3", "#q2")
    assert [source.text for source in repair.carried] == [
        "* [Q2: bias](qa.md#q2-bias)\n* [more](qa.md#q2-bias)\n"
    ]
    assert repair.refused == ()


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        pytest.param("Q3", "Q2", id="its name"),
        pytest.param("question 3", "question 2", id="in words"),
        pytest.param("3", "2", id="only the number"),
        pytest.param("No. 3", "No. 2", id="with another label"),
        pytest.param("Q#3", "Q#2", id="with a hash"),
        pytest.param("see Q3 of 3", "see Q2 of 3", id="inside"),
        pytest.param("Q33", "Q33", id="another one"),
        pytest.param("chapter 3", "chapter 3", id="another thing"),
    ],
)
def test_a_label_follows_however_it_names_the_number(label: str, expected: str) -> None:
    text = BODY.replace("[Q3]", f"[{label}]")
    repair = fix("qa.md", Workspace(Memory({"qa.md": text})), named("NUM001"), unsafe=True)
    assert f"[{expected}](#q2-bias)" in repair.after.text


def test_a_label_without_a_letter_follows() -> None:
    text = "## 1. Bias?\n\nb\n\n## 2. Noise?\n\n[4. A leaf?](#4-a-leaf)\n\n## 4. A leaf?\n\nc\n"
    repair = fix("qa.md", Workspace(Memory({"qa.md": text})), named("NUM001"), unsafe=True)
    assert "[3. A leaf?](#3-a-leaf)" in repair.after.text


OWN_QA = Repository("own/qa", ("own/notes",), "main")


def test_an_address_that_is_its_own_label_is_edited_once() -> None:
    text = BODY + "\nSee https://github.com/own/qa/blob/main/qa.md#q3-bias here.\n"
    world = Workspace(Memory({"qa.md": text}), OWN_QA)
    repair = fix("qa.md", world, named("NUM001"), unsafe=True)
    assert "See https://github.com/own/qa/blob/main/qa.md#q2-bias here.\n" in repair.after.text


def test_two_repairs_that_contradict_each_other_come_one_after_the_other() -> None:
    text = "* [Q1: Recall?](#q1-recall)\n* [Q3: Bias?](#q1-recall)\n\n" + BODY
    chosen = [rule for rule in rules() if rule.on and rule.code != "ANC001"]
    repair = fix("qa.md", Workspace(Memory({"qa.md": text})), chosen, unsafe=True)
    assert "* [Q2: Bias?](#q2-bias)\n" in repair.after.text
    assert "## Q2: Bias?" in repair.after.text


def test_a_new_index_line_must_not_catch_a_link_of_another_file() -> None:
    text = "* [Q1: Recall?](#q1-recall)\n\n## Q1: Recall?\n\nA.\n\n## Q2: Bias?\n\nB.\n"
    world = Workspace(Memory({"qa.md": text, "b.md": "[x](qa.md#:~:text=Bias%3F)\n"}))
    repair = fix("qa.md", world, named("IDX002"))
    assert [refusal.why for refusal in repair.refused] == ["it breaks a link in b.md"]


def test_a_name_that_an_author_gave_must_not_be_caught() -> None:
    text = BODY.replace("A share.", "<a name='q2-bias'></a>A share.")
    linking = "[y](qa.md#q2-bias) [z](qa.md#q3-bias)\n"
    world = Workspace(Memory({"qa.md": text, "b.md": linking}))
    repair = fix("qa.md", world, named("NUM001"), unsafe=True, beside={"b.md": []})
    assert not repair.changed


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        pytest.param("it&#39;s.md#q3-bias", "it&#39;s.md#q2-bias", id="entity"),
        pytest.param("it&#39;s.md?a&amp;b#q3-bias", "it&#39;s.md?a&amp;b#q2-bias", id="query"),
    ],
)
def test_of_an_address_only_the_place_changes(href: str, expected: str) -> None:
    world = Workspace(Memory({"it's.md": BODY, "b.md": f"<a href='{href}'>x</a>\n"}))
    repair = fix("it's.md", world, named("NUM001"), unsafe=True, beside={"b.md": []})
    assert [source.text for source in repair.carried] == [f"<a href='{expected}'>x</a>\n"]


def test_numbers_in_the_words_of_a_question_are_words() -> None:
    text = "* [Q1: A?](#q1-a)\n* [Q3: What does Q3 mean?](#q3-what-does-q3-mean)\n"
    text += "\n## Q1: A?\n\n1\n\n## Q3: What does Q3 mean?\n\n3\n"
    repair = fix("qa.md", Workspace(Memory({"qa.md": text})), unsafe=True)
    assert "* [Q2: What does Q3 mean?](#q2-what-does-q3-mean)\n" in repair.after.text


def test_zeros_before_numbers_stay() -> None:
    text = "## Q01: A?\n\n1\n\n## Q03: B?\n\n2\n\n## Q10: C?\n\n3\n"
    repair = fix("qa.md", Workspace(Memory({"qa.md": text})), unsafe=True)
    assert repair.after.text == text.replace("Q03", "Q02").replace("Q10", "Q03")


def test_a_file_that_cannot_be_read_may_hold_a_link(tmp_path: Path) -> None:
    (tmp_path / "qa.md").write_text(BODY, encoding="utf-8")
    (tmp_path / "b.md").write_bytes(b"caf\xe9 [x](qa.md#q3-bias)\n")
    repair = fix("qa.md", Workspace(Disk(tmp_path)), named("NUM001"), unsafe=True)
    assert [refusal.why for refusal in repair.refused] == [
        "a link to it may stand in b.md, which cannot be read"
    ]


def test_many_gaps_are_closed_at_once() -> None:
    numbers = [number for number in range(1, 161) if number % 4]
    repair = fix("qa.md", Workspace(Memory({"qa.md": numbered(numbers)})), unsafe=True)
    document = Workspace(Memory({"qa.md": repair.after.text})).parsed("qa.md")
    assert [question.number for question in document.questions] == list(range(1, 121))
    assert {finding.code for finding in repair.fixed} == {"NUM001"}


def test_a_document_in_a_hidden_folder_follows_if_it_is_named() -> None:
    path = ".github/CONTRIBUTING.md"
    world = Workspace(Memory({"qa.md": BODY, path: "See [it](../qa.md#q3-bias).\n"}))
    world.named = frozenset({path})
    repair = fix("qa.md", world, named("NUM001"), unsafe=True, beside={path: []})
    assert [source.text for source in repair.carried] == ["See [it](../qa.md#q2-bias).\n"]


def test_running_text_keeps_its_numbers_and_one_is_told() -> None:
    text = BODY.replace("See Q1", "See Q3")
    world = Workspace(Memory({"qa.md": text}))
    (finding,) = lint(world.parsed("qa.md"), world, named("NUM001"))
    assert finding.fix
    assert "running text still has old numbers on line 7" in finding.fix.summary
    after = fix("qa.md", world, named("NUM001"), unsafe=True).after.text
    assert "See Q3 and [Q2](#q2-bias)" in after


def test_a_gap_that_the_index_promises_to_fill_is_not_closed() -> None:
    text = INDEX.replace("* [Q3", "* Q2: Noise?\n* [Q3") + BODY
    world = Workspace(Memory({"qa.md": text}))
    assert not fix("qa.md", world, named("NUM001"), unsafe=True).changed


def numbered(numbers: list[int]) -> str:
    words = [f"What is thing {chr(97 + n % 26)}{n // 26}x?" for n in range(len(numbers))]
    index = "".join(
        f"* [Q{n}: {w}](#q{n}-{w.lower().replace(' ', '-')[:-1]})\n"
        for n, w in zip(numbers, words, strict=True)
    )
    return index + "".join(
        f"\n## Q{n}: {w}\n\nAnswer {w}\n" for n, w in zip(numbers, words, strict=True)
    )


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_any_numbers_can_be_put_right(numbers: list[int]) -> None:
    world = Workspace(Memory({"qa.md": numbered(numbers)}))
    repair = fix("qa.md", world, unsafe=True)
    after = world.replacing({"qa.md": repair.after})
    document = after.parsed("qa.md")
    found = [question.number for question in document.questions]
    first = found[0] or 0
    assert found == list(range(first, first + len(found)))
    for entry in document.entries:
        assert entry.link
        assert entry.question
        assert after.landing(document, entry.link).question == entry.question
        assert entry.number == entry.question.number
    assert [q.title for q in document.questions] == [
        q.title for q in world.parsed("qa.md").questions
    ]


def test_edits_for_other_files_name_them() -> None:
    world = Workspace(Memory({"qa.md": "## Q1:  Recall?\n", "b.md": "[x](qa.md#q1--recall)\n"}))
    (finding,) = lint(world.parsed("qa.md"), world, named("ANC004"))
    assert finding.fix
    assert [(edit.path, edit.text) for edit in finding.fix.edits] == [
        ("qa.md", " "),
        ("b.md", "#q1-recall"),
    ]
    assert all(isinstance(edit, Edit) for edit in finding.fix.edits)


def test_a_document_knows_who_leads_to_it() -> None:
    files = {
        "a.md": "## Q1: one?\n\n[x](#q1-one) [y](b.md#z) [z](b.md)\n",
        "b.md": "# z\n\n[x](a.md#q1-one) [y](./a.md#Q1-One) [n](a.md#no)\n",
    }
    world = Workspace(Memory(files))
    arrived = [(one.document.path, one.link.text) for one in world.arrivals("a.md")]
    assert arrived == [("a.md", "x"), ("b.md", "x"), ("b.md", "y"), ("b.md", "n")]
    changed = world.replacing({"b.md": Source("b.md", "# z\n")})
    assert [one.link.text for one in changed.arrivals("a.md")] == ["x"]
