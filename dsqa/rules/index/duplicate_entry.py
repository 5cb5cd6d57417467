"""IDX008."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dsqa.document import Document, Entry, Question
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.words import fold
from dsqa.workspace import Workspace


class DuplicateEntry(Rule):
    """One list of an index names the same question twice.

    The reader looks for a difference that is not there, or misses the question whose line this
    should have been. It happens when two people add a question, and when a line is copied and left
    unchanged.
    """

    code = "IDX008"
    severity = Severity.WARNING
    examples = (
        Good(
            "By topic\n"
            "\n"
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "By level\n"
            "\n"
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
        ),
        Good(
            "* [What is recall?](#q1-what-is-recall)\n"
            "* [What is recall?](#q2-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is recall?\n"
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n",
            under=["Q1: What is recall?"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n",
            under=["Q2: What is recall?"],
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        asked = Counter(fold(question.title) for question in document.questions)
        first: dict[tuple[Span, Question], Entry] = {}
        for entry in document.entries:
            question = entry.question
            if not question or asked[fold(question.title)] > 1:
                continue
            earlier = first.setdefault((entry.listing, question), entry)
            if earlier is entry:
                continue
            yield self.finding(
                document,
                document.label_words(entry),
                "The index lists this question twice",
                related=[
                    Related(document.path, document.label_words(earlier), "it is already here")
                ],
                fix=_removed(document, entry, earlier),
            )


def _removed(document: Document, entry: Entry, earlier: Entry) -> Fix | None:
    """The fix that takes the line away if it is the same as the earlier one."""
    if not {entry, earlier} <= document.item_of_entry.keys():
        return None
    source = document.source
    items, item = document.item_of_entry[entry]
    if items.ordered or source[item.span] != source[document.item_of_entry[earlier][1].span]:
        return None
    lines = source.lines_span(source.line_of(item.span.start), source.line_of(item.span.end))
    return Fix((Edit(document.path, lines, ""),), True, "take this line away")
