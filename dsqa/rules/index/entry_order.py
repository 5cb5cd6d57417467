"""IDX007."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from dsqa.document import Document, Entry, Question
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.numbering import longest_rise
from dsqa.rule import Bad, Good, Rule, asked
from dsqa.source import Span
from dsqa.workspace import Workspace

MOST_DISPLACED = 0.5
"""A list with more lines out of order has an order of its own."""


class EntryOrder(Rule):
    """An index line stands at another place among its neighbours than its question.

    Who reads the index from top to bottom jumps to and fro in the answers. It happens when a
    section is moved, and when a line is added to the end of the index for a section in the middle.
    A list that follows another order, of the alphabet or of the numbers, is let be, and so is a
    line of which one can only guess what it asks.
    """

    code = "IDX007"
    severity = Severity.WARNING
    examples = (
        Good(
            "* [What is bias?](#what-is-bias-1)\n"
            "* [What is precision?](#q3-what-is-precision)\n"
            "* [What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: Where do vectors live?\n"
            "\n"
            "## Q3: What is precision?\n"
            "\n"
            "## Q4: What is bias?\n"
        ),
        Good(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is precision?](#q2-what-is-precision)\n"
            "\n"
            "## Q2: What is precision?\n"
            "\n"
            "## Q1: What is recall?\n"
        ),
        Good(
            "* [What is a vector?](#what-is-a-vector)\n"
            "* [What is a matrix?](#what-is-a-matrix)\n"
            "* [What is a field over numbers?](#what-is-a-vector-over-numbers)\n"
            "\n"
            "## What is a vector?\n"
            "\n"
            "## What is a vector over numbers?\n"
            "\n"
            "## What is a matrix?\n"
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q3: What is bias?](#q3-what-is-bias)\n"
            "* [Q2: What is precision?](#q2-what-is-precision)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n"
            "\n"
            "## Q3: What is bias?\n",
            under=["Q3: What is bias?"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is precision?](#q2-what-is-precision)\n"
            "* [Q3: What is bias?](#q3-what-is-bias)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n"
            "\n"
            "## Q3: What is bias?\n",
        ),
        Bad(
            "1. [What is precision?](#q2-what-is-precision)\n"
            "2. [What is bias?](#q3-what-is-bias)\n"
            "3. [What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n"
            "\n"
            "## Q3: What is bias?\n",
            under=["What is recall?"],
        ),
        Bad(
            "## Measures\n"
            "\n"
            "* [Q4: What is a leaf?](#q4-what-is-a-leaf)\n"
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is bias?](#q2-what-is-bias)\n"
            "\n"
            "## Models\n"
            "\n"
            "* [Q3: What is a tree?](#q3-what-is-a-tree)\n"
            "\n"
            "# Answers\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "## Q3: What is a tree?\n"
            "\n"
            "## Q4: What is a leaf?\n",
            under=["Q4: What is a leaf?"],
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        places = {start: place for place, start in enumerate(document.question_starts)}
        for entries in _lists(document):
            kept = set(longest_rise([places[question.span.start] for _, question in entries]))
            displaced = [pair for n, pair in enumerate(entries) if n not in kept]
            numbers = [question.number for _, question in entries if question.number is not None]
            own_order = len(displaced) > MOST_DISPLACED * len(entries)
            if own_order or (len(numbers) == len(entries) and numbers == sorted(numbers)):
                continue
            in_order = [entries[n] for n in sorted(kept)]
            starts = [question.span.start for _, question in in_order]
            for entry, question in displaced:
                place = bisect.bisect(starts, question.span.start)
                neighbour = in_order[max(place - 1, 0)][0]
                side = "after" if place else "before"
                yield self.finding(
                    document,
                    document.label_words(entry),
                    "This index line is out of order",
                    reason=f"its question is asked {side} `{neighbour.name}`",
                    related=[asked(document, question)],
                    fix=_moved(document, entry, neighbour, side),
                )


def _lists(document: Document) -> Iterator[list[tuple[Entry, Question]]]:
    """The lists of the indexes: each question with the first line there that surely means it."""
    lists: dict[Span, dict[Question, Entry]] = {}
    for entry in document.entries:
        if entry.question and entry.sure:
            lists.setdefault(entry.listing, {}).setdefault(entry.question, entry)
    for entries in lists.values():
        yield [(entry, question) for question, entry in entries.items()]


def _moved(document: Document, entry: Entry, neighbour: Entry, side: str) -> Fix | None:
    """The fix that moves the line to this side of its neighbour; none if it may change its list."""
    source = document.source
    start = entry.question.span.start if entry.question else 0
    place = bisect.bisect_left(document.question_starts, start)
    above = document.entry_of_question.get(document.questions[place - 1]) if place else None
    strays = above is not None and above.listing != entry.listing
    if strays or not {entry, neighbour} <= document.item_of_entry.keys():
        return None
    items, item = document.item_of_entry[entry]
    line, other = (
        source.lines_span(source.line_of(one.span.start), source.line_of(one.span.end))
        for one in (item, document.item_of_entry[neighbour][1])
    )
    if items.ordered or not source[line].endswith("\n") or not source[other].endswith("\n"):
        return None
    goal = other.end if side == "after" else other.start
    put = Edit(document.path, Span(goal, goal), source[line])
    take = Edit(document.path, line, "")
    return Fix((take, put), True, f"move the line {side} that of `{neighbour.name}`")
