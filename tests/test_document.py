"""What is recognised as questions, answers, index, and suppressions."""

from __future__ import annotations

import pytest

from dsqa.detection import Choice
from dsqa.document import Document
from dsqa.parser import parse
from dsqa.slug import slug
from dsqa.source import Source


def document(text: str) -> Document:
    return parse(Source("qa.md", text))


@pytest.mark.parametrize(
    ("heading", "number", "words"),
    [
        pytest.param("### Q7: What is recall? ###", 7, "What is recall?", id="closed"),
        pytest.param("## Q7: What is recall?", 7, "What is recall?", id="open"),
        pytest.param("#### Q7. What is recall?", 7, "What is recall?", id="full stop"),
        pytest.param("### Q7:What is recall?", 7, "What is recall?", id="no blank"),
        pytest.param("###  Q7:  What is recall?", 7, "What is recall?", id="two blanks"),
        pytest.param("### Question 7 - What is recall?", 7, "What is recall?", id="in words"),
        pytest.param("### **Q7:** What is recall?", 7, "What is recall?", id="bold number"),
        pytest.param("### **Q7: What is recall?**", 7, "What is recall?", id="all bold"),
        pytest.param("### Q007) What is recall?", 7, "What is recall?", id="leading zeros"),
    ],
)
def test_a_question_is_a_heading_with_a_number(heading: str, number: int, words: str) -> None:
    (question,) = document(heading + "\n\nThe share.\n").questions
    assert (question.number, question.title) == (number, words)


@pytest.mark.parametrize(
    "heading",
    [
        "### Quality 7: x",
        "### Q: x",
        "### Q7",
        "### IQ 7: x",
        "### Q4 2024 results are in: x",
        "### Qu7: x",
    ],
)
def test_other_headings_are_no_questions(heading: str) -> None:
    assert document(heading + "\n").questions == ()


def test_a_question_ends_at_the_next_one_or_at_a_group() -> None:
    text = "# A\n### Q1: a?\nx\n#### part\ny\n## Q2: b?\nz\n# B\ntext\n## Q3: c?\n"
    found = document(text)
    answers = [found.source[question.answer.span] for question in found.questions]
    assert answers == ["x\n#### part\ny\n", "z\n", ""]
    assert [question.group for question in found.questions] == ["A", "A", "B"]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        pytest.param(
            "# T\n## A\n### Q1: a?\nx\n## B\n### Q2: b?\ny\n### Q3: c?\n", "ABB", id="below a title"
        ),
        pytest.param("# T\n## A\n## Q1: a?\nx\n## B\n## Q2: b?\n", "AB", id="as high"),
        pytest.param(
            "# A\n### Q1: a?\nx\n# T\n## B\n### Q2: b?\n", "AB", id="below a title further down"
        ),
        pytest.param(
            "# T\n## A\n### x\n## Q1: a?\ny\n### z\n## Q2: b?\n# B\n## Q3: c?\n",
            "AAB",
            id="a lower one parts no group",
        ),
        pytest.param(
            "# T\n## A\n**Q1: a?**\n\nx\n\n## B\n**Q2: b?**\n\ny\n\n**Q3: c?**\n\nz\n",
            "ABB",
            id="questions that are no headings",
        ),
    ],
)
def test_a_question_stands_in_the_innermost_group(text: str, groups: str) -> None:
    assert [question.group for question in document(text).questions] == list(groups)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param("", "empty", id="nothing"),
        pytest.param("Answer:\n", "empty", id="marker"),
        pytest.param("**Answer:**\n\n---\n", "empty", id="bold marker and a rule"),
        pytest.param("<!-- later -->\n", "empty", id="comment"),
        pytest.param("```\n```\n", "empty", id="empty fence"),
        pytest.param("Answer: TODO\n", "placeholder", id="todo"),
        pytest.param("*To be added.*\n", "placeholder", id="to be added"),
        pytest.param(".....\n", "placeholder", id="dots"),
        pytest.param("True\n", "answered", id="one word"),
        pytest.param("Answer: /dev\n", "answered", id="a path"),
        pytest.param("```\nx = 1\n```\n", "answered", id="code"),
        pytest.param("$$\nx\n$$\n", "answered", id="formula"),
        pytest.param("![x](y.png)\n", "image-only", id="image"),
        pytest.param("Answer:\n![x](y.png)\n", "image-only", id="marker and image"),
        pytest.param("The rest is [here](https://example.org).\n", "outsourced", id="elsewhere"),
        pytest.param("[An article](https://example.org)\n", "outsourced", id="only a link"),
        pytest.param("It is 5. More [here](https://example.org).\n", "answered", id="more to read"),
        pytest.param("See [Q2](#q2) for it all.\n", "answered", id="a link inside"),
    ],
)
def test_answer_states(answer: str, state: str) -> None:
    (question,) = document("## Q1: a?\n\n" + answer).questions
    assert str(question.answer.state) == state


BODY = "## Q1: What is recall?\n\nx\n\n## Q2: What is precision?\n\ny\n"


@pytest.mark.parametrize(
    ("index", "names"),
    [
        pytest.param("* [Q1: What is recall?]()\n", ["Q1"], id="empty target"),
        pytest.param("- Q2: What is precision?\n", ["Q2"], id="plain text"),
        pytest.param("1. [What is recall?](#x)\n", ["Q1"], id="words without a number"),
        pytest.param("+ [Q9: What is recall?](#x)\n", ["Q1"], id="wrong number"),
        pytest.param("* [Q2: What is precison?](#x)\n", ["Q2"], id="a slip"),
        pytest.param("* [Q3: What is accuracy?](#x)\n* [Q1: x](#q1)\n", [None, None], id="unknown"),
        pytest.param("* a\n* b\n* [Q1: What is recall?](#x)\n", [], id="another list"),
    ],
)
def test_an_index_names_questions_by_number_and_words(index: str, names: list[str | None]) -> None:
    entries = document(index + "\n" + BODY).entries
    assert [entry.question.name if entry.question else None for entry in entries] == names


def test_an_insertion_moves_no_other_entry() -> None:
    index = (
        "* [Q1: What is recall?](#a)\n* [Q2: What is new?](#b)\n* [Q3: What is precision?](#c)\n"
    )
    entries = document(index + "\n" + BODY).entries
    assert [entry.question.name if entry.question else None for entry in entries] == [
        "Q1",
        None,
        "Q2",
    ]
    assert [entry.sure for entry in entries] == [True, False, True]


@pytest.mark.parametrize(
    ("label", "question", "named"),
    [
        pytest.param("Q2: What is an F1 score?", "Q1: What is an F2 score?", False, id="F1"),
        pytest.param("Q2: What is a type I error?", "Q1: What is a type II error?", False, id="I"),
        pytest.param("What is an L1 penalty?", "What is an L2 penalty?", False, id="unnumbered"),
        pytest.param("What is new in Python 3?", "What is new in Python?", False, id="only one"),
        pytest.param("Q2: What is precison?", "Q1: What is precision?", False, id="numbers differ"),
        pytest.param("Q1: What is an F1 score?", "Q1: What is an F2 score?", True, id="one number"),
        pytest.param("What is an F1 scroe?", "What is an F1 score?", True, id="the same in both"),
        pytest.param("What is precison?", "What is precision?", True, id="unnumbered slip"),
    ],
)
def test_words_that_are_near_may_count_something_else(
    label: str, question: str, named: bool
) -> None:
    others = ["Q8: What is bias?", "Q9: What is recall?"]
    others = others if label.startswith("Q") else [other[4:] for other in others]
    index = "".join(f"* [{words}]()\n" for words in (label, *others))
    body = "".join(f"\n## {words}\n\nx\n" for words in (question, *others))
    entry, *rest = document(index + body).entries
    assert all(other.question for other in rest)
    assert (entry.question is not None) == named


def test_the_groups_of_an_index_are_those_of_the_questions() -> None:
    index = (
        "## One\n* [Q1: What is recall?](#a)\n\n## Two\n* [Q2: What is precision?](#b)\n\n# All\n"
    )
    found = document(index + BODY)
    assert len(found.indexes) == 1
    assert [question.group for question in found.questions] == ["One", "Two"]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        pytest.param("<!-- dsqa: ignore[IDX] why -->\n# a\n\n# b\n", "# a", id="next block"),
        pytest.param("<!-- dsqa: ignore -->\n\n* a\n* b\n", "* a", id="first item"),
        pytest.param("x\n\n* a <!-- dsqa: ignore -->\n* b\n", "* a", id="own line"),
        pytest.param(
            "<!-- dsqa: disable -->\na\n\n<!-- dsqa: enable -->\n\nb\n", "\na\n", id="range"
        ),
        pytest.param("x\n\n<!-- dsqa: disable-file[TXF] -->\n", "x\n", id="file"),
    ],
)
def test_the_scope_of_a_suppression(text: str, scope: str) -> None:
    found = document(text)
    covered = found.source[found.suppressions[0].scope]
    assert scope in covered
    assert "b" not in covered.replace("disable", "")


def test_a_suppression_names_rules_and_says_why() -> None:
    (found,) = document("<!-- dsqa: ignore[IDX001, broken-anchor] moved soon -->\n").suppressions
    assert [name for name, _ in found.rules] == ["IDX001", "broken-anchor"]
    assert found.reason == "moved soon"


def test_comments_of_other_linters_are_none_of_ours() -> None:
    assert document("<!-- markdownlint-disable MD013 -->\n").suppressions == ()


ANSWER = "The share that was found.\n"
DIALECTS = {
    "label in another language": "## Вопрос 1: {}\n\n" + ANSWER,
    "bare number": "### {n}. {}\n\n" + ANSWER,
    "other digits": "### س{n}: {}\n\n" + ANSWER,
    "counted in Chinese": "### 第 {n} 题：{}\n\n" + ANSWER,
    "several parts": "### 2-{n}. {}\n\n" + ANSWER,
    "number above the words": "## #{n}\n\n#### {}\n\n" + ANSWER,
    "label without a number": "## Q. {}\n\n" + ANSWER,
    "plain heading": "### {}\n\n" + ANSWER,
    "heading in a list": "{n}. ### {}\n\n   " + ANSWER,
    "bold line": "**{}**\n\n" + ANSWER,
    "bold line above a bold marker": "**{}**\n\n**Answer:**\n\n" + ANSWER,
    "bold number": "**{n})** {}\n\n" + ANSWER,
    "something to unfold": "<details>\n<summary><b>{}</b></summary>\n\n"
    + ANSWER
    + "\n</details>\n",
    "item of a list": "* {}\n",
    "heading in HTML": '<h3><a href="#{n}" name="{n}">\n{}\n</a></h3>\n\n' + ANSWER,
}
ASKED = ("What is recall?", "Why is bias bad?", "How deep is a tree?", "When does it overfit?")


@pytest.mark.parametrize("form", [pytest.param(text, id=name) for name, text in DIALECTS.items()])
def test_questions_are_read_however_they_are_marked(form: str) -> None:
    parts = [form.replace("1:", "{n}:").format(words, n=n) for n, words in enumerate(ASKED, 1)]
    found = document("# Title\n\n" + "\n".join(parts))
    titles = [" ".join(question.title.split()) for question in found.questions]
    assert [title.removeprefix("Q. ") for title in titles] == list(ASKED)
    answered = [str(question.answer.state) for question in found.questions]
    assert answered == ["empty" if form.startswith("*") and "**" not in form else "answered"] * 4


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "# Tool\n\n## Install\n\nx\n\n## Usage\n\nx\n\n## Why?\n\nx\n\n## License\n\nx\n",
            id="a manual",
        ),
        pytest.param(
            "# Helping\n\n* Create a branch\n* Write a test\n* Explain the change\n* Open it\n",
            id="instructions",
        ),
        pytest.param(
            "## 1. Install\n\nx\n\n## 2. Configure\n\nx\n\n## 3. Run\n\nx\n\n## 4. Test\n",
            id="steps",
        ),
        pytest.param(
            "* [Install](#install)\n* [Usage](#usage)\n* [FAQ](#faq)\n* [License](#license)\n\n"
            "## Install\n\n## Usage\n\n## FAQ\n\n## License\n",
            id="a list of contents",
        ),
        pytest.param("# Notes\n\nIs it so? **It is so!** Who knows?\n", id="text that asks"),
    ],
)
def test_what_asks_nothing_is_read_as_no_questions(text: str) -> None:
    found = document(text)
    assert (found.questions, found.indexes) == ((), ())


@pytest.mark.parametrize(
    "index",
    [
        pytest.param(
            "| No. | Questions |\n| - | - |\n| 1 | [{0}](#a) |\n| 2 | [{1}](#b) |\n", id="table"
        ),
        pytest.param("[{0}](#a)\n\n[{1}](#b)\n", id="paragraphs"),
        pytest.param("[{0}](#a)<br>\n[{1}](#b)\n", id="lines"),
        pytest.param(
            '<ol>\n<li><a href="#a">{0}</a></li>\n<li><a href="#b">{1}</a></li>\n</ol>\n', id="HTML"
        ),
        pytest.param(
            "1. [Recall](#q1-what-is-recall)\n2. [Bias](#q2-why-is-bias-bad)\n", id="own words"
        ),
    ],
)
def test_an_index_is_read_however_it_is_made(index: str) -> None:
    body = "".join(f"## Q{n}: {words}\n\nx\n\n" for n, words in enumerate(ASKED, 1))
    found = document(f"{index.format(*ASKED)}\n{body}\n[Back to top](#q1-what-is-recall)\n")
    names = [entry.question.name if entry.question else None for entry in found.entries]
    assert names == ["Q1", "Q2"]


@pytest.mark.parametrize(
    ("before", "each", "behind"),
    [
        pytest.param("", "* [{0}](#{1})\n", "", id="list"),
        pytest.param("", "[{0}](#{1})<br>\n", "", id="lines"),
        pytest.param("| |\n| - |\n", "| [{0}](#{1}) |\n", "", id="table"),
        pytest.param("<ul>\n", '<li><a href="#{1}">{0}</a></li>\n', "</ul>\n", id="HTML"),
    ],
)
def test_what_stands_above_an_index_asks_nothing(before: str, each: str, behind: str) -> None:
    lines = [each.format(words, slug(words)) for words in ASKED]
    body = "".join(f"## {words}\n\n{ANSWER}\n" for words in ASKED)
    found = document(f"## Übersicht\n\n{before}{''.join(lines)}{behind}\n{body}")
    assert [question.title for question in found.questions] == list(ASKED)
    assert [entry.question for entry in found.entries] == list(found.questions)


def test_two_ways_to_ask_stand_side_by_side() -> None:
    text = "# Opinions\n\n" + "".join(f"* {words}\n" for words in ASKED) + "\n# Facts\n\n"
    folds = (
        f"<details>\n<summary>{words[:-1]} now?</summary>\n\nx\n\n</details>\n" for words in ASKED
    )
    found = document(text + "\n".join(folds))
    styles = [question.heading.style for question in found.questions]
    assert styles == ["item"] * 4 + ["summary"] * 4


def test_an_option_without_a_tick_is_no_answer() -> None:
    quiz = "### {}\n\n- [ ] yes\n- [{}] no\n"
    ticks = ("x", "x", " ", "x")
    found = document("\n".join(quiz.format(w, t) for w, t in zip(ASKED, ticks, strict=True)))
    states = [str(question.answer.state) for question in found.questions]
    assert states == ["answered", "answered", "empty", "answered"]


def test_what_was_settled_goes_before_what_was_found() -> None:
    text = "".join(f"### {words}\n\n{ANSWER}\n" for words in ASKED)
    chosen = [
        [
            question.heading.level
            for question in parse(Source("qa.md", text), choice=choice).questions
        ]
        for choice in (Choice(), Choice("none"), Choice("bold"), Choice("heading-3"))
    ]
    assert chosen == [[3] * 4, [], [], [3] * 4]


def test_what_stands_in_place_of_a_heading_has_the_name_that_its_author_gave() -> None:
    named = (f"<a name='q{n}'></a>\n\n**{words}**\n\nx\n\n" for n, words in enumerate(ASKED[:3]))
    found = document("".join(named) + f"**{ASKED[3]}**\n\nx\n")
    anchors = [question.heading.anchor for question in found.questions]
    assert anchors == ["q0", "q1", "q2", ""]
