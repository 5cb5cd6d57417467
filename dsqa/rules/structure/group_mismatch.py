"""STR004."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from dsqa.document import Document, Heading, Index
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.rule import Bad, Good, Rule, asked
from dsqa.words import fold
from dsqa.workspace import Workspace

LOWEST = 6


class GroupMismatch(Rule):
    """The groups of the index are not those of the questions, or do not belong to its heading.

    Who looks for a part of the index among the questions does not find it, and the outline of the
    page shows parts that hold nothing. It happens when one of the two is parted later.
    """

    code = "STR004"
    severity = Severity.WARNING
    examples = (
        Good(
            "# Statistics\n"
            "\n"
            "## Questions\n"
            "\n"
            "### Measures\n\n* [Q1: What is recall?](#q1-what-is-recall)\n\n"
            "### Models\n\n* [Q2: What is a leaf?](#q2-what-is-a-leaf)\n\n"
            "## Measures\n\n### Q1: What is recall?\n\n"
            "## Models\n\n### Q2: What is a leaf?\n"
        ),
        Bad(
            "# Statistics\n"
            "\n"
            "## Questions\n"
            "\n"
            "## Measures\n\n* [Q1: What is recall?](#q1-what-is-recall)\n\n"
            "## Models\n\n* [Q2: What is a leaf?](#q2-what-is-a-leaf)\n\n"
            "## Answers\n\n### Q1: What is recall?\n\n### Q2: What is a leaf?\n",
            under=["Questions"],
            fixed="# Statistics\n"
            "\n"
            "## Questions\n"
            "\n"
            "### Measures\n\n* [Q1: What is recall?](#q1-what-is-recall)\n\n"
            "### Models\n\n* [Q2: What is a leaf?](#q2-what-is-a-leaf)\n\n"
            "## Answers\n\n### Q1: What is recall?\n\n### Q2: What is a leaf?\n",
        ),
        Bad(
            "### Measures\n\n* [Q1: What is recall?](#q1-what-is-recall)\n\n"
            "### Models\n\n* [Q2: What is a leaf?](#q2-what-is-a-leaf)\n\n"
            "### Vectors\n\n* [Q3: What is a norm?](#q3-what-is-a-norm)\n\n"
            "## Answers\n\n### Q1: What is recall?\n\n"
            "## Models\n\n### Q2: What is a leaf?\n\n"
            "## Vectors\n\n### Q3: What is a norm?\n",
            under=["Measures"],
        ),
        Bad(
            "### Measures\n\n* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is a leaf?](#q2-what-is-a-leaf)\n\n"
            "### Models\n\n* [Q3: What is a tree?](#q3-what-is-a-tree)\n\n"
            "## Measures\n\n### Q1: What is recall?\n\n"
            "## Models\n\n### Q2: What is a leaf?\n\n### Q3: What is a tree?\n",
            under=["Q2: What is a leaf?"],
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for index in document.indexes:
            if any(entry.group for entry in index.entries):
                yield from self._empty_heading(document, index)
                yield from self._missing(document, index)
                yield from self._elsewhere(document, index)

    def _empty_heading(self, document: Document, index: Index) -> Iterator[Finding]:
        """The heading of the index, if its groups stand beside it instead of below."""
        groups = _group_headings(document, index)
        if not groups:
            return
        above = document.heading_above(groups[0].span.start)
        if not above or above in groups or above is document.headings[0]:
            return
        between = document.source.text[above.span.end : groups[0].span.start].strip()
        if between or above.level != groups[0].level:
            return
        yield self.finding(
            document,
            above.text_span,
            "Nothing stands below this heading: the groups of the index have the same level",
            related=[Related(document.path, groups[0].text_span, "the first group")],
            fix=_lowered(document, groups),
        )

    def _missing(self, document: Document, index: Index) -> Iterator[Finding]:
        """The groups that no heading among the questions names, if most others have one."""
        places = {fold(heading.text) for heading in document.groups if heading.span > index.span}
        groups = _group_headings(document, index)
        missing = [group for group in groups if fold(group.text) not in places]
        if 2 * len(missing) >= len(groups):
            return
        for group in missing:
            questions = (e.question for e in index.entries if e.question and e.group == group.group)
            yield self.finding(
                document,
                group.text_span,
                "This group of the index has no heading among the questions",
                reason="other groups have one",
                related=[asked(document, question) for question in list(questions)[:1]],
            )

    def _elsewhere(self, document: Document, index: Index) -> Iterator[Finding]:
        """The lines whose questions are asked below the heading of another group."""
        below = [heading for heading in document.groups if heading.span > index.span]
        names = {fold(entry.group) for entry in index.entries}
        present = {fold(heading.text) for heading in below}
        starts = [heading.span.start for heading in below]
        for entry in index.entries:
            if not entry.sure or not entry.question or fold(entry.group) not in present:
                continue
            place = bisect.bisect(starts, entry.question.span.start)
            group = below[place - 1] if place else None
            if not group or fold(group.text) not in names - {fold(entry.group)}:
                continue
            yield self.finding(
                document,
                document.label_words(entry),
                f"The question of this index line is asked below `{group.group}`",
                reason=f"the line stands below `{entry.group}`",
                related=[asked(document, entry.question)],
            )


def _group_headings(document: Document, index: Index) -> list[Heading]:
    """The headings right above the lists of the index."""
    lists = sorted({entry.listing for entry in index.entries})
    above = (document.heading_above(span.start) for span in lists)
    return list(dict.fromkeys(heading for heading in above if heading))


def _lowered(document: Document, headings: list[Heading]) -> Fix | None:
    """The fix that gives them the next lower level; None if one of them cannot have it."""
    hashes = [document.hashes(heading) for heading in headings]
    if not all(hashes) or any(heading.html or heading.level == LOWEST for heading in headings):
        return None
    edits = tuple(
        Edit(document.path, span, "#" * (heading.level + 1))
        for heading, spans in zip(headings, hashes, strict=True)
        for span in spans
    )
    return Fix(edits, False, "put the groups below it")
