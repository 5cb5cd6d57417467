"""STR002."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import AnswerState, Document, Entry
from dsqa.finding import Finding, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace


class IndexOnlyFile(Rule):
    """A document lists questions, but asks and answers none of them.

    The reader came for the answers. It happens when the questions are collected first, and when the
    answers are moved away.
    """

    code = "STR002"
    severity = Severity.WARNING
    examples = (
        Good("* Q1: What is recall?\n\n## Q1: What is recall?\n\nThe share that was found.\n"),
        Bad("* Q1: What is recall?\n* Q2: What is bias?\n", under=["Q1: What is recall?"]),
        Good(
            "* [Q1: What is recall?](recall.md)\n* [Q2: What is bias?](bias.md)\n",
            {"recall.md": "# Recall\n", "bias.md": "# Bias\n"},
        ),
        Bad(
            "* [Q1: What is recall?](recall.md)\n* Q2: What is bias?\n",
            under=["Q2: What is bias?"],
            files={"recall.md": "# Recall\n"},
        ),
        Good(
            "1. Q1: What is recall?\n\n   The share that was found.\n\n"
            "2. Q2: What is bias?\n\n   A constant error.\n"
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        listed = [question for question in document.questions if question.heading.style == "item"]
        bare = [q for q in listed if q.marker and q.answer.state is AnswerState.EMPTY]
        if document.questions and len(bare) == len(document.questions):
            yield self._finding(document, bare[0].heading.text_span, len(bare))
        if document.questions:
            return
        for index in document.indexes:
            entries = [e for e in index.entries if not e.link and _is_in_bare_list(document, e)]
            if not entries:
                continue
            yield self._finding(document, document.label_words(entries[0]), len(entries))

    def _finding(self, document: Document, place: Span, count: int) -> Finding:
        several = f"The file lists {count} questions from here on, but answers none"
        one = "The file lists this question, but does not answer it"
        return self.finding(document, place, several if count > 1 else one)


def _is_in_bare_list(document: Document, entry: Entry) -> bool:
    """Whether it stands in a list of nothing but questions: no answer hangs below one of them."""
    if entry not in document.item_of_entry:
        return False
    siblings = document.item_of_entry[entry][0].items
    return len(siblings) > 1 and not any(
        item.lazy or document.source.text[item.text_span.end : item.span.end].strip()
        for item in siblings
    )
