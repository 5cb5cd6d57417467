"""IDX002."""

from __future__ import annotations

import bisect
import itertools
import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

from dsqa.dialects.marker import spelling
from dsqa.document import Document, Entry, Question
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.fragment import DELIMITER
from dsqa.remedy import linkable
from dsqa.rule import Bad, Good, Rule, shared
from dsqa.source import Span
from dsqa.target import Kind
from dsqa.words import fold
from dsqa.workspace import Workspace

LEAST_SHARE = 0.5
"""A list of fewer of the questions is a choice of them, not an index."""
LEAST_NUMBER = 2
"""Unless it holds so many of the first ones, and nobody has gone on with it."""
BULLET = re.compile(r"[ \t]*[-*+][ \t]+")


class SectionWithoutEntry(Rule):
    """The document asks a question that its index does not list.

    Whoever reads the index does not learn that the answer is there. It happens when a question is
    added below, and the index above is forgotten.
    """

    code = "IDX002"
    severity = Severity.ERROR
    examples = (
        Good("## Q1: What is recall?\n\nThe share that was found.\n"),
        Good(
            "See first:\n"
            "\n"
            "* [Q2: What is precision?](#q2-what-is-precision)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n"
            "\n"
            "## Q3: What is bias?\n"
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n",
            under=["Q2: What is precision?"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is precision?](#q2-what-is-precision)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n",
        ),
        Bad(
            "- [What is recall?](#q1-what-is-recall)\n"
            "- [What is bias?](#q4-what-is-bias)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n"
            "\n"
            "## Q3: What is accuracy?\n"
            "\n"
            "## Q4: What is bias?\n",
            under=["Q2: What is precision?", "Q3: What is accuracy?"],
            fixed="- [What is recall?](#q1-what-is-recall)\n"
            "- [What is precision?](#q2-what-is-precision)\n"
            "- [What is accuracy?](#q3-what-is-accuracy)\n"
            "- [What is bias?](#q4-what-is-bias)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n"
            "\n"
            "## Q3: What is accuracy?\n"
            "\n"
            "## Q4: What is bias?\n",
        ),
        Bad(
            "## Measures\n"
            "\n"
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Models\n"
            "\n"
            "* [Q3: What is a tree?](#q3-what-is-a-tree)\n"
            "\n"
            "# Measures\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "# Models\n"
            "\n"
            "## Q2: What is a forest?\n"
            "\n"
            "## Q3: What is a tree?\n",
            under=["Q2: What is a forest?"],
            fixed="## Measures\n"
            "\n"
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Models\n"
            "\n"
            "* [Q2: What is a forest?](#q2-what-is-a-forest)\n"
            "* [Q3: What is a tree?](#q3-what-is-a-tree)\n"
            "\n"
            "# Measures\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "# Models\n"
            "\n"
            "## Q2: What is a forest?\n"
            "\n"
            "## Q3: What is a tree?\n",
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: Is [0, 1] open?\n",
            under=["Q2: Is [0, 1] open?"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: Is [0, 1] open?](#q2-is-0-1-open)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: Is [0, 1] open?\n",
        ),
        Bad(
            "* [What is a vector?](#q1-what-is-a-vector)\n"
            "* [What is a matrix?](#q2-what-is-a-matrix)\n"
            "* [What is a tensor?](#q3-what-is-a-tensor)\n"
            "* [What is a field?](#q4-what-is-a-field)\n"
            "\n"
            "## Q1: What is a vector?\n"
            "## Q2: What is a matrix?\n"
            "## Q3: What is a tensor?\n"
            "## Q4: What is a field?\n"
            "## Q5: What is a ring?\n"
            "## Q6: What is a group?\n"
            "## Q7: What is a set?\n"
            "## Q8: What is a map?\n"
            "## Q9: What is a limit?\n",
            under=[
                "Q5: What is a ring?",
                "Q6: What is a group?",
                "Q7: What is a set?",
                "Q8: What is a map?",
                "Q9: What is a limit?",
            ],
            fixed="* [What is a vector?](#q1-what-is-a-vector)\n"
            "* [What is a matrix?](#q2-what-is-a-matrix)\n"
            "* [What is a tensor?](#q3-what-is-a-tensor)\n"
            "* [What is a field?](#q4-what-is-a-field)\n"
            "* [What is a ring?](#q5-what-is-a-ring)\n"
            "* [What is a group?](#q6-what-is-a-group)\n"
            "* [What is a set?](#q7-what-is-a-set)\n"
            "* [What is a map?](#q8-what-is-a-map)\n"
            "* [What is a limit?](#q9-what-is-a-limit)\n"
            "\n"
            "## Q1: What is a vector?\n"
            "## Q2: What is a matrix?\n"
            "## Q3: What is a tensor?\n"
            "## Q4: What is a field?\n"
            "## Q5: What is a ring?\n"
            "## Q6: What is a group?\n"
            "## Q7: What is a set?\n"
            "## Q8: What is a map?\n"
            "## Q9: What is a limit?\n",
        ),
        Bad(
            "- [Measures](#measures)\n"
            "  - [Q1: What is recall?](qa.md#q1-what-is-recall)\n"
            "- [Models](#models)\n"
            "  - [Q3: What is a tree?](qa.md#q3-what-is-a-tree)\n"
            "\n"
            "## Measures\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "## Models\n"
            "\n"
            "### Q2: What is a forest?\n"
            "\n"
            "### Q3: What is a tree?\n",
            under=["Q2: What is a forest?"],
            fixed="- [Measures](#measures)\n"
            "  - [Q1: What is recall?](qa.md#q1-what-is-recall)\n"
            "- [Models](#models)\n"
            "  - [Q2: What is a forest?](qa.md#q2-what-is-a-forest)\n"
            "  - [Q3: What is a tree?](qa.md#q3-what-is-a-tree)\n"
            "\n"
            "## Measures\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "## Models\n"
            "\n"
            "### Q2: What is a forest?\n"
            "\n"
            "### Q3: What is a tree?\n",
        ),
        Bad(
            "- Measures\n"
            "  - [Q1: What is recall?](#q1-what-is-recall)\n"
            "- Models\n"
            "  - [Q3: What is a tree?](#q3-what-is-a-tree)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is a forest?\n"
            "\n"
            "## Q3: What is a tree?\n",
            under=["Q2: What is a forest?"],
        ),
        Bad(
            "1. [What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n",
            under=["Q2: What is precision?"],
        ),
        Bad(
            "* [What is recall?](#:~:text=What%20is%20recall%3F,-A%20share)\n"
            "* [What is bias?](#:~:text=What%20is%20bias%3F,-An%20error)\n"
            "\n"
            "**What is recall?**\n\nA share.\n\n"
            "**What is bias?**\n\nAn error.\n\n"
            "**What is a leaf?**\n\nAn end.\n",
            under=["What is a leaf?"],
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        if not _is_index(document) or not _is_reachable(document):
            return
        for run in _unlisted(document):
            neighbour = _neighbour(document, run)
            way = _way(document, workspace, neighbour) if neighbour else ""
            fix = _listed(document, run, neighbour, way) if neighbour else None
            for question, told in zip(run, shared(fix, len(run)), strict=True):
                line = _line(document, question, neighbour, way) if neighbour else None
                anchor = question.heading.anchor
                yield self.finding(
                    document,
                    question.heading.text_span,
                    "The index does not list this question",
                    target=line or (anchor and f"#{anchor}"),
                    related=[_place(document, run, neighbour)] if neighbour else [],
                    fix=told,
                )


def _is_index(document: Document) -> bool:
    """Whether what lists questions is meant to list all: many of them, or all the first ones."""
    number = len(document.entry_of_question)
    first = document.questions[:number]
    ends_early = number >= LEAST_NUMBER and all(q in document.entry_of_question for q in first)
    return ends_early or (number > 0 and number >= LEAST_SHARE * len(document.questions))


def _is_reachable(document: Document) -> bool:
    """Whether a line can lead to each question: to its anchor, or by words as all others do."""
    by_words = (entry.link and DELIMITER in entry.link.href for entry in document.entries)
    return all(question.heading.anchor for question in document.questions) or all(by_words)


def _is_parted(document: Document) -> bool:
    """Whether the questions are listed in several lists."""
    return len(document.listings) > 1


def _unlisted(document: Document) -> Iterator[list[Question]]:
    """The questions without an index line, in runs that belong to one place of the index.

    One that has the words of a listed question is a repetition, which is another problem.
    """
    listed = {fold(question.title) for question in document.entry_of_question}
    parted = _is_parted(document)
    run: list[Question] = []
    for question in document.questions:
        missing = fold(question.title) not in listed
        if run and (not missing or (parted and not _together(document, run[-1], question))):
            yield run
            run = []
        if missing:
            run.append(question)
    if run:
        yield run


def _together(document: Document, one: Question, other: Question) -> bool:
    """Whether both stand below the same heading of a group, or below none."""
    first, second = (
        bisect.bisect(document.groups, question.span.start, key=lambda group: group.span.start)
        for question in (one, other)
    )
    return first == second


def _neighbour(document: Document, run: list[Question]) -> Entry | None:
    """The index line of the question before these, or else of the one after.

    Where there are several lists, and these two do not stand in the same one, it is the line of
    that question which is asked below the same heading; none if that does not tell them apart.
    """
    starts, entries = document.question_starts, document.entry_of_question
    before = bisect.bisect_left(starts, run[0].span.start) - 1
    after = bisect.bisect_right(starts, run[-1].span.start)
    around = [document.questions[place] for place in (before, after) if 0 <= place < len(starts)]
    beside = [question for question in around if question in entries]
    alike = len(beside) > 1 and len({entries[question].listing for question in beside}) == 1
    if _is_parted(document) and not alike:
        beside = [question for question in beside if _together(document, question, run[0])]
        return entries[beside[0]] if len(beside) == 1 else None
    return entries[beside[0]] if beside else None


def _is_before(neighbour: Entry, run: list[Question]) -> bool:
    return neighbour.question is not None and neighbour.question.span < run[0].span


def _place(document: Document, run: list[Question], neighbour: Entry) -> Related:
    side = "below" if _is_before(neighbour, run) else "above"
    words = document.label_words(neighbour)
    return Related(document.path, words, f"its index line belongs {side} this one")


def _way(document: Document, workspace: Workspace, neighbour: Entry) -> str:
    """What the link of the neighbour names before its anchor: the document, if anything."""
    link = neighbour.link
    landing = workspace.landing(document, link) if link else None
    if not link or not landing or landing.target.kind not in (Kind.RELATIVE, Kind.ROOTED):
        return ""
    return link.href.partition("#")[0] if landing.path == document.path else ""


def _listed(document: Document, run: list[Question], neighbour: Entry, way: str) -> Fix | None:
    """The fix that adds the index lines of the questions."""
    lost = _lost(document)
    # whether a line follows the numbers or the sections is for a person to say
    if any(q.number in lost for q in run) or not (_is_rising(document) or _is_parted(document)):
        return None
    lines = [_line(document, question, neighbour, way) for question in run]
    if neighbour not in document.item_of_entry or None in lines:
        return None
    item = document.item_of_entry[neighbour][1].span
    source = document.source
    if _is_before(neighbour, run):
        last = source.line_of(item.end)
        place, end_of_line = source.line_span(last).end, _line_end(document, item.start)
        text = "".join(f"{end_of_line}{line}" for line in lines)
    else:
        place, end_of_line = item.start, _line_end(document, item.start)
        text = "".join(f"{line}{end_of_line}" for line in lines)
    summary = f"add `{lines[0]}`" if len(lines) == 1 else f"add {len(lines)} lines to the index"
    return Fix((Edit(document.path, Span(place, place), text),), True, summary)


@lru_cache(maxsize=8)
def _lost(document: Document) -> Collection[int]:
    """The numbers of the index lines that mean no question."""
    return {entry.number for entry in document.entries if entry.number and not entry.question}


@lru_cache(maxsize=8)
def _is_rising(document: Document) -> bool:
    """Whether no question has a lower number than the one before."""
    numbers = [question.number for question in document.questions if question.number]
    return all(number <= later for number, later in itertools.pairwise(numbers))


def _line(document: Document, question: Question, neighbour: Entry, way: str) -> str | None:
    """The index line of the question, in the form of its neighbour; None if that is not clear."""
    source, link = document.source, neighbour.link
    if not link or link.style != "inline" or question.heading.html or not question.heading.anchor:
        return None
    line = source.line_span(source.line_of(link.span.start))
    bullet = source[Span(line.start, link.span.start)]
    rest = source.text[link.span.end : line.end].strip()
    marked = neighbour.marker and question.marker
    number = str(question.number) if marked else ""
    marker = spelling(neighbour.marker, number=number) if neighbour.marker and marked else ""
    words = marker + _plain(source[question.title_span])
    if rest or not BULLET.fullmatch(bullet) or not linkable(document, question.title_span):
        return None
    return f"{bullet}[{words}]({way}#{question.heading.anchor})"


def _plain(words: str) -> str:
    """The words without what no heading should have: odd blanks, letters in fancy dress."""
    letters = (unicodedata.normalize("NFKC", c) if c > "\U0001d3ff" else c for c in words)
    return " ".join("".join(letters).split())


def _line_end(document: Document, offset: int) -> str:
    """How the line at the offset ends."""
    line = document.source.line_of(offset)
    ended = document.source[document.source.lines_span(line, line)]
    return ended[len(ended.rstrip("\r\n")) :] or "\n"
