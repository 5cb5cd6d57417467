"""NUM005."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from dsqa.answer_lists import hand_made_marks, swallowed_line
from dsqa.document import Document, ItemList
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.remedy import parted
from dsqa.rule import Bad, Good, Rule, shared
from dsqa.workspace import Workspace


class BrokenAnswerList(Rule):
    """A list in an answer is no list, or not the one that its author sees.

    Markdown knows items that begin with `-`, `*`, `1.` or `1)`. What begins with `a)` or `1-` is
    running text: its lines melt into one paragraph, and no screen reader counts them. Text right
    below the last item becomes part of that item, and a number that is wrong in the source is
    counted right on the page.
    """

    code = "NUM005"
    severity = Severity.INFO
    changes_answers = True
    examples = (
        Good("## Q1: What is recall?\n\nThere are two:\n\n1. Macro\n2. Micro\n"),
        Bad(
            "## Q1: What is recall?\n\nThere are two:\n\na) Macro\n\nb) Micro\n",
            under=["a)", "b)"],
        ),
        Bad(
            "## Q1: What is recall?\n\nThere are two:\n1- Macro\n2- Micro\n",
            under=["1-", "2-"],
        ),
        Bad("## Q1: What is recall?\n\n1.Macro\n\n2.Micro\n", under=["1.", "2."]),
        Bad("## Q1: What is recall?\n\n1). Macro\n\n2) Micro\n", under=["1)."]),
        Good("## Q1: What is recall?\n\nThere is one:\n\na) Macro\n"),
        Good("## Q1: What is recall?\n\n* a) Macro\n* b) Micro\n"),
        Good("## Q1: What is recall?\n\n```\na) Macro\nb) Micro\n```\n"),
        Good("## Q1: What is recall?\n\nIt was 2.5 at first,\nthen\n3.5 in the end.\n"),
        Bad(
            "## Q1: What is recall?\n\n1. Macro\n2. Micro\n2. Mean\n",
            under=["2."],
            fixed="## Q1: What is recall?\n\n1. Macro\n2. Micro\n3. Mean\n",
        ),
        Bad("## Q1: What is recall?\n\n1. Macro\n2. Micro\n1. Mean\n", under=["1."]),
        Good("## Q1: What is recall?\n\n1. Macro\n1. Micro\n1. Mean\n"),
        Bad(
            "## Q1: What is recall?\n\n* Macro\n* Micro\nBoth are means.\n",
            under=["Both are means."],
            fixed="## Q1: What is recall?\n\n* Macro\n* Micro\n\nBoth are means.\n",
        ),
        Good("## Q1: What is recall?\n\n* Macro\n* Micro, which\ncounts each case.\n"),
        Good("## Q1: What is recall?\n\n* Macro\nIt counts classes.\n* Micro\nIt counts cases.\n"),
        Good("## Q1: What is recall?\n\n*  Macro\n*  Micro\n Cases count.\n"),
        Good("## Q1: What is recall?\n\n* Macro\n* Micro\n![Both](both.png)\n", {"both.png": ""}),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for question in document.questions:
            lists = document.lists_in(question.answer.span)
            for mark in hand_made_marks(document, question.answer.span, lists):
                yield self.finding(
                    document,
                    mark,
                    "This looks like a list, but is none",
                    reason="to Markdown an item begins with `-`, `*`, `1.` or `1)` and a blank",
                )
            for each in lists:
                yield from self._miscounted(document, each)
                yield from self._swallowed(document, each)

    def _miscounted(self, document: Document, each: ItemList) -> Iterator[Finding]:
        """Items whose number repeats the one before or goes back; all equal is a known habit."""
        ordinals = [item.ordinal for item in each.items if item.ordinal is not None]
        if len(set(ordinals)) < 2:
            return
        edits = tuple(
            Edit(document.path, item.mark_span, f"{number}{item.mark}")
            for number, item in enumerate(each.items, start=ordinals[0])
            if number != item.ordinal
        )
        # another width would move the text of the item; one that begins anew may be two lists
        steps = {after - before for before, after in itertools.pairwise(ordinals)}
        clear = steps == {0, 1} and all(len(edit.text) == len(edit.span) for edit in edits)
        wrong = [place for place, step in enumerate(ordinals[1:], 1) if step <= ordinals[place - 1]]
        fix = Fix(edits, False, "number the items as they are shown") if clear else None
        for place, told in zip(wrong, shared(fix, len(wrong)), strict=True):
            yield self.finding(
                document,
                each.items[place].mark_span,
                "The number of this item repeats or goes back",
                reason=f"on the page it is {ordinals[0] + place}",
                fix=told,
            )

    def _swallowed(self, document: Document, each: ItemList) -> Iterator[Finding]:
        if not (line := swallowed_line(document, each)):
            return
        yield self.finding(
            document,
            document.trimmed(line),
            "This text becomes part of the last item of the list",
            reason="no blank line parts it from the list",
            fix=parted(document, line),
        )
