"""NUM005."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dsqa.document import Document, ItemList
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

LIKE_A_MARK = re.compile(
    r"""
    [ \t>]*
    (?P<mark>
      (?P<ordinal> [0-9]{1,2} ) (?: \)?\. | \) | [ ]?- (?= \s ) ) (?= \s* [^\W\d] )
      | (?P<letter> [A-Za-z] ) (?: \)\. | [.)-] ) (?= [ \t]+ \S )
    )
    """,
    re.VERBOSE,
)
NEW_SENTENCE = re.compile(r"[ \t]*[*_\"'“‘(\[]*(?P<first>[^\W_])")
OPEN_END = re.compile(r"(?: [ ]{2} | \\ | [,\-–—] )\Z", re.VERBOSE)
SENTENCE_END = re.compile(r"[.!?:;)\]”\"'*_。！？：；]\s*\Z")
SHORT_LINE = 60
"""Characters; a shorter line was not wrapped, it ends where its author wanted it to end."""


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
        for place in range(1, len(ordinals)):
            if ordinals[place] <= ordinals[place - 1]:
                yield self.finding(
                    document,
                    each.items[place].mark_span,
                    "The number of this item repeats or goes back",
                    reason=f"on the page it is {ordinals[0] + place}",
                    fix=Fix(edits, False, "number the items as they are shown") if clear else None,
                )

    def _swallowed(self, document: Document, each: ItemList) -> Iterator[Finding]:
        if not (line := swallowed_line(document, each)):
            return
        end = "\r\n" if document.source.text.startswith("\r\n", line.end) else "\n"
        edit = Edit(document.path, Span(line.start, line.start), end)
        yield self.finding(
            document,
            trimmed(document, line),
            "This text becomes part of the last item of the list",
            reason="no blank line parts it from the list",
            fix=Fix((edit,), False, "a blank line before it"),
        )


def swallowed_line(document: Document, each: ItemList) -> Span | None:
    """The first line below the list that its last item takes in, where the others take in none.

    Not a line that goes on with a sentence, and not one that is indented on purpose.
    """
    *others, last = each.items
    if not others or not last.lazy or any(item.lazy for item in others):
        return None
    source, line = document.source, last.lazy[0]
    text, above = source[line], source[source.line_span(source.line_of(line.start) - 1)]
    begun = NEW_SENTENCE.match(text)
    ended = (SENTENCE_END.search(above) or len(above) < SHORT_LINE) and not OPEN_END.search(above)
    within = len(text) - len(text.lstrip()) >= source.position(last.mark_span.start).column
    return line if begun and not begun["first"].islower() and ended and not within else None


@dataclass(frozen=True, slots=True)
class HandMadeMark:
    """What looks like the mark of an item, but stands in running text: `b)` is the 2nd of `a`."""

    span: Span
    kind: str
    place: int


def hand_made_marks(document: Document, answer: Span, lists: Sequence[ItemList]) -> Iterator[Span]:
    """The marks that have a neighbour: one counts alone, or a list goes on where they end."""
    items = {item.text_span.start for each in lists for item in each.items}
    marks = (mark for mark in marks_in_text(document, answer) if mark.span.start not in items)
    numbered = [each for each in lists if each.ordered]
    starts = [each.span.start for each in numbered]
    for run in consecutive(marks):
        first, last = run[0], run[-1]
        following = bisect.bisect(starts, last.span.start)
        before = numbered[max(following - 1, 0) : following]
        after = numbered[following : following + 1]
        goes_on = any(each.items[0].ordinal == last.place + 1 for each in after)
        continues = any(each.items[-1].ordinal == first.place - 1 for each in before)
        if first.kind != "1":
            goes_on = continues = False
        if (first.place == 1 and (len(run) > 1 or goes_on)) or continues:
            yield from (mark.span for mark in run)


def consecutive(marks: Iterable[HandMadeMark]) -> Iterator[list[HandMadeMark]]:
    """The marks in runs that count upwards by one."""
    run: list[HandMadeMark] = []
    for mark in marks:
        if run and (mark.kind, mark.place) != (run[-1].kind, run[-1].place + 1):
            yield run
            run = []
        run.append(mark)
    if run:
        yield run


def marks_in_text(document: Document, answer: Span) -> Iterator[HandMadeMark]:
    """All that looks like a mark at the beginning of a line of a paragraph."""
    source = document.source
    for paragraph in document.paragraphs_in(answer):
        for line in range(source.line_of(paragraph.start), source.line_of(paragraph.end - 1) + 1):
            start = max(source.line_span(line).start, paragraph.start)
            match = LIKE_A_MARK.match(source.text, start, paragraph.end)
            if not match or document.in_code(Span(*match.span("mark"))):
                continue
            letter = match["letter"] or ""
            kind = "1" if not letter else "a" if letter.islower() else "A"
            place = ord(letter.lower()) - ord("a") + 1 if letter else int(match["ordinal"])
            yield HandMadeMark(Span(*match.span("mark")), kind, place)


def trimmed(document: Document, span: Span) -> Span:
    text = document.source[span]
    return Span(span.start + len(text) - len(text.lstrip()), span.start + len(text.rstrip()))
