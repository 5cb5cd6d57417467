"""IDX001."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dsqa.document import Document
from dsqa.finding import Finding, Related, Severity
from dsqa.landing import Fault
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

MOST_NAMESAKES = 5


class EntryWithoutSection(Rule):
    """An index line names a question that the document does not ask.

    The reader clicks it and stays where they are, or ends up somewhere else. It happens when the
    index is written ahead of the answers, and when a section is moved, renamed or taken away.
    """

    code = "IDX001"
    severity = Severity.ERROR
    examples = (
        Good(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "The share that was found.\n"
        ),
        Good(
            "* [Q1: What is recall?](recall.md#q1-what-is-recall)\n",
            {"recall.md": "## Q1: What is recall?\n"},
        ),
        Good(
            "1. Q1: What is recall?\n"
            "\n"
            "   The share that was found.\n"
            "\n"
            "2. Q2: What is precision?\n"
            "\n"
            "   The share that is right.\n"
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is precision?]()\n"
            "* [Q3: What is accuracy?](#q3-what-is-accuracy)\n"
            "* Q4: What is bias?\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
            under=["Q2: What is precision?", "Q3: What is accuracy?", "Q4: What is bias?"],
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is precision?](#q2-what-is-precision)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: Where do vectors live?\n",
            under=["Q2: What is precision?"],
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        namesakes = _namesakes(document)
        for index in document.indexes:
            answered = any(entry.question for entry in index.entries)
            for entry in index.entries:
                if entry.question or not (
                    workspace.landing(document, entry.link).fault is Fault.NO_SECTION
                    if entry.link
                    else answered
                ):
                    continue
                yield self.finding(
                    document,
                    document.label_words(entry),
                    "No section asks the question of this index line",
                    reason="" if document.questions else "the whole file has no such section",
                    related=tuple(() if entry.number is None else namesakes.get(entry.number, ())),
                )


def _namesakes(document: Document) -> Mapping[int, Sequence[Related]]:
    """By number the questions that have it, of many only the first ones."""
    namesakes: dict[int, list[Related]] = defaultdict(list)
    for question in document.questions:
        if question.number is not None and len(namesakes[question.number]) < MOST_NAMESAKES:
            words = question.heading.text_span
            told = f"{question.name} is another question here"
            namesakes[question.number].append(Related(document.path, words, told))
    return namesakes
