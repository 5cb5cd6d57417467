"""STR003."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise

from dsqa.document import Document, Heading, Question
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace


class MixedQuestionLevels(Rule):
    """Questions have headings of different levels, or a second title stands between them.

    In the outline of the page some questions are parts of others, or of nothing, and a program that
    looks for one level misses the rest. It happens when the parts of a file were written apart.
    """

    code = "STR003"
    severity = Severity.WARNING
    examples = (
        Good(
            "# Measures\n\n## Q1: What is recall?\n\n## Q2: What is bias?\n"
            "\n"
            "# Models\n\n## Q3: What is a leaf?\n"
        ),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "### Q3: What is a leaf? ###\n"
            "\n"
            "### Q4: What is a tree?\n",
            under=["Q3"],
            fixed="## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "## Q3: What is a leaf? ##\n"
            "\n"
            "## Q4: What is a tree?\n",
        ),
        Bad(
            "# Statistics\n"
            "\n"
            "## Measures\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "# Models\n"
            "\n"
            "## Q2: What is a leaf?\n",
            under=["Models", "Q2"],
            fixed="# Statistics\n"
            "\n"
            "## Measures\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "## Models\n"
            "\n"
            "### Q2: What is a leaf?\n",
        ),
        Bad(
            "# Statistics\n"
            "\n"
            "## Answers\n"
            "\n"
            "### Q1: How is recall computed?\n"
            "\n"
            "    found / all\n"
            "\n"
            "# not all of them\n"
            "\n"
            "    found / known\n"
            "\n"
            "### Q2: What is a leaf?\n",
            under=["not all of them"],
        ),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "# Q3: What is a leaf?\n"
            "\n"
            "## In a tree\n",
            under=["Q3"],
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        # without numbers one part of a document may well be divided into more parts than another
        if any(question.marker for question in document.questions):
            yield from self._levels(document)
        yield from self._titles(document)

    def _levels(self, document: Document) -> Iterator[Finding]:
        questions = document.questions
        levels = Counter(question.heading.level for question in questions)
        usual = max(levels, key=lambda level: levels[level], default=0)
        other = next((q for q in questions if q.heading.level == usual), None)
        asking = {question.heading.span for question in questions}
        for level, run in groupby(questions, key=lambda question: question.heading.level):
            deviating = list(run)
            if level == usual or not other:
                continue
            more = f", and so have the next {len(deviating) - 1}" if len(deviating) > 1 else ""
            yield self.finding(
                document,
                deviating[0].name_span,
                f"The heading of this question has level {level}{more}; others have level {usual}",
                related=[Related(document.path, other.heading.text_span, f"level {usual}")],
                fix=_relevelled(document, [q.heading for q in deviating], usual)
                if _same_answers(document, deviating, usual, asking)
                else None,
            )

    def _titles(self, document: Document) -> Iterator[Finding]:
        """The headings as high as the title below which questions stand unlike the first ones."""
        chains = list(_chains(document))
        first = chains[0][1] if chains else ()
        usual = [heading.level for heading in first]
        if len(usual) < 2 or usual[0] != 1:
            return
        for (before, _), (question, chain) in pairwise(chains):
            inserted = chain[0] if chain else first[0]
            new = inserted.span > before.span
            if not new or inserted.level != 1 or [one.level for one in chain] == usual:
                continue
            rest = document.source[Span(inserted.span.end, question.span.start)].strip()
            yield self.finding(
                document,
                inserted.text_span,
                "This heading between the questions has the level of the title",
                reason="what stands below it belongs to no question" if rest else "",
                related=[Related(document.path, first[0].text_span, "the title")],
                fix=None if rest else _relevelled(document, [inserted], usual[-1]),
            )


def _chains(document: Document) -> Iterator[tuple[Question, tuple[Heading, ...]]]:
    """The questions, each with the headings that it stands under, from the highest."""
    questions = {question.heading.span: question for question in document.questions}
    chain: tuple[Heading, ...] = ()
    for heading in document.outline:
        higher = tuple(one for one in chain if one.level < heading.level)
        if heading.span in questions:
            yield questions[heading.span], higher
        else:
            chain = (*higher, heading)


def _same_answers(
    document: Document, questions: Sequence[Question], level: int, asking: Collection[Span]
) -> bool:
    """Whether the answers end where they do if their questions get this level."""
    for question in questions:
        end = question.span.end
        after = document.headings_in(Span(end, end + 1))
        if any(heading.level <= level for heading in document.headings_in(question.answer.span)):
            return False
        if any(heading.level > level and heading.span not in asking for heading in after):
            return False
    return True


def _relevelled(document: Document, headings: Sequence[Heading], level: int) -> Fix | None:
    """The fix that gives them the level; None if one of them is not written with hashes."""
    hashes = [document.hashes(heading) for heading in headings]
    if not all(hashes) or any(heading.html for heading in headings):
        return None
    edits = (Edit(document.path, span, "#" * level) for spans in hashes for span in spans)
    return Fix(tuple(edits), False, f"make it a heading of level {level}")
