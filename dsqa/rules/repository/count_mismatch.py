"""REP002."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

WORDS = """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty""".split()
NUMBERS = {word: number for number, word in enumerate(WORDS, start=2)}
COUNT = rf"(?<![\w.,-])(?P<count>[0-9]{{1,4}}|{'|'.join(WORDS)})"
OF_LIST = "(?i)" + COUNT + r"[ \t]+(?:[^\W\d]+[ \t]+){0,2}[^\W\d]{3,}:\s*$"
OF_QUESTIONS = "(?i)" + COUNT + r"(?P<more>\+?)[ \t]+(?:[^\W\d]+[ \t]+){0,3}?questions\b"


class CountMismatch(Rule):
    """A text says how many there are, and there are more or fewer.

    The reader looks for what is missing. It happens when something is added and nobody thinks of
    the sentence above. It is not judged unless one asks for it, because a number may count
    something else.
    """

    code = "REP002"
    severity = Severity.INFO
    on = False
    examples = (
        Good("There are two measures:\n\n* Recall\n* Precision\n"),
        Bad("There are two measures:\n\n* Recall\n* Precision\n* Accuracy\n", under=["two"]),
        Bad("There are 4 measures:\n\n* Recall\n* Precision\n", under=["4"]),
        Good("There are two measures:\n\n1. Recall\n\nand the other one\n"),
        Bad(
            "# 3 questions about measures\n\n## Q1: What is recall?\n\n## Q2: What is bias?\n",
            under=["3"],
        ),
        Good(
            "More than 1+ questions.\n\n## Q1: What is recall?\n\n"
            "## Q2: How do 20 questions work?\n\nOne asks 20 questions.\n"
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        yield from self._lists(document)
        yield from self._questions(document)

    def _lists(self, document: Document) -> Iterator[Finding]:
        source, lists = document.source, document.outermost_lists
        starts = [each.span.start for each in lists]
        for paragraph in document.paragraphs:
            place = bisect.bisect(starts, paragraph.start)
            match = re.compile(OF_LIST).search(source.text, paragraph.start, paragraph.end)
            if place == len(lists) or not match:
                continue
            items = lists[place].items
            between = source.text[paragraph.end : starts[place]].strip()
            if between or len(items) in (1, _number(match["count"])):
                continue
            yield self.finding(
                document,
                Span(*match.span("count")),
                f"It says `{match['count']}`, but the list has {len(items)} items",
                related=[Related(document.path, items[0].mark_span, "the list begins here")],
            )

    def _questions(self, document: Document) -> Iterator[Finding]:
        there = len(document.questions)
        for words in (*(h.text_span for h in document.groups), *document.paragraphs):
            match = re.compile(OF_QUESTIONS).search(document.source.text, words.start, words.end)
            if not there or not match or document.question_at(words.start):
                continue
            stated = _number(match["count"])
            if there < stated if match["more"] else there != stated:
                yield self.finding(
                    document,
                    Span(*match.span("count")),
                    f"It says `{match['count']}`, but the file asks {there} questions",
                )


def _number(count: str) -> int:
    return NUMBERS.get(count.lower()) or int(count)
