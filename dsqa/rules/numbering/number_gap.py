"""NUM001."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence

from dsqa.document import Document, Entry
from dsqa.finding import Finding, Related, Severity
from dsqa.numbering import Misnumbering, Slip
from dsqa.renumbering import renumberings, within
from dsqa.rule import Bad, Good, Rule
from dsqa.unmarked import unmarked_lines
from dsqa.workspace import Workspace

MOST_PROMISED = 20


class NumberGap(Rule):
    """A number is missing between two questions.

    Whoever looks for the question that has it searches in vain, and whoever speaks of "the first
    ten questions" means another ten. It happens when a question is taken out or forgotten.
    """

    code = "NUM001"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good("## Q1: What is recall?\n\n## Q2: What is bias?\n"),
        Bad(
            "## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q4: What is boosting?\n",
            under=["Q4"],
            fixed="## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is boosting?\n",
        ),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "## Q5: What is bias?\n"
            "\n"
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q5: What is bias?](#q5-what-is-bias)\n",
            under=["Q5"],
            fixed="## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is bias?](#q2-what-is-bias)\n",
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is bias?]()\n"
            "* [Q3: What is boosting?](#q3-what-is-boosting)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q3: What is boosting?\n",
            under=["Q3"],
        ),
        Bad(
            "## Q2: What is recall?\n\n## Q3: What is bias?\n",
            under=["Q2"],
            fixed="## Q1: What is recall?\n\n## Q2: What is bias?\n",
        ),
        Good("## Q11: What is recall?\n\n## Q12: What is bias?\n"),
        Good(
            "# Errors\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "# Trees\n"
            "\n"
            "## Q1: What is boosting?\n"
        ),
        Good("## Q1: What is recall?\n\n## Q1: What is bias?\n\n## Q3: What is boosting?\n"),
        Good("## Q1: What is recall?\n\nQ2: What is bias?\n\n## Q3: What is boosting?\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        unmarked = sorted({line.marker.number or 0 for line in unmarked_lines(document)})
        lost = sorted((e for e in document.entries if not e.question), key=_number)
        for wrong, fix in renumberings(document, workspace):
            if wrong.slip is not Slip.GAP or _stands_there(wrong, unmarked):
                continue
            numbers = [number for hole in wrong.missing for number in (hole[0], hole[-1])]
            one = numbers == [numbers[0]] * 2
            yield self.finding(
                document,
                wrong.question.name_span,
                f"{missing_names(wrong)} {'is' if one else 'are'} missing",
                reason="" if wrong.other else "the first question has this number",
                related=tuple(_around(document, wrong, lost)),
                fix=fix,
            )


def _stands_there(wrong: Misnumbering, unmarked: Sequence[int]) -> bool:
    """Whether lines that are no headings have all the missing numbers; STR010 tells of those."""
    there = sum(within(unmarked, hole) for hole in wrong.missing)
    return there == sum(map(len, wrong.missing))


def _around(document: Document, wrong: Misnumbering, lost: Sequence[Entry]) -> Iterator[Related]:
    """The question before the gap, and the index lines that promise what is missing."""
    path = document.path
    if wrong.other:
        yield Related(path, wrong.other.name_span, f"`{wrong.other.name}` goes before it")
    for entry in _promised(wrong, lost):
        yield Related(path, entry.span, f"the index names `{entry.name}`")


def _promised(wrong: Misnumbering, lost: Sequence[Entry]) -> Sequence[Entry]:
    """The first index lines of the missing numbers: those questions are to be written.

    They are among the lines that mean no question, which are sorted by their numbers.
    """
    found: list[Entry] = []
    for hole in wrong.missing:
        first = bisect.bisect_left(lost, hole.start, key=_number)
        last = bisect.bisect_left(lost, hole.stop, key=_number)
        found += lost[first : min(last, first + MOST_PROMISED)]
    return sorted(found, key=lambda entry: entry.span)[:MOST_PROMISED]


def _number(entry: Entry) -> int:
    return entry.number or 0


def missing_names(wrong: Misnumbering) -> str:
    """`Q3`, or `Q3` to `Q5` and `Q7`."""
    label = wrong.question.marker.label if wrong.question.marker else ""
    names = [
        f"`{label}{hole[0]}`" if len(hole) == 1 else f"`{label}{hole[0]}` to `{label}{hole[-1]}`"
        for hole in wrong.missing
    ]
    return " and ".join(names)
