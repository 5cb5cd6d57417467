"""STR007."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document, Heading
from dsqa.finding import Finding, Severity
from dsqa.remedy import parted
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

TAGS = re.compile(r"\s*+(?:<[^<>]*>\s*+)++")
PLAIN = re.compile(r" {0,3}#")


class GluedHeading(Rule):
    """No blank line parts a heading from the text above it, or a question from its answer.

    Some programs that show Markdown take such a heading for a part of the paragraph, and a person
    who edits the file misses where a section begins. It happens when a section is pasted in.
    """

    code = "STR007"
    severity = Severity.WARNING
    changes_answers = True
    examples = (
        Good(
            "## Q1: What is recall?\n"
            "\n"
            "The share that was found.\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "A constant error.\n"
        ),
        Bad(
            "## Q1: What is recall?\n"
            "\n"
            "The share that was found.\n"
            "## Q2: What is bias?\n"
            "\n"
            "A constant error.\n",
            under=["Q2"],
            fixed="## Q1: What is recall?\n"
            "\n"
            "The share that was found.\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "A constant error.\n",
        ),
        Bad(
            "## Q1: What is recall?\nThe share that was found.\n",
            under=["Q1"],
            fixed="## Q1: What is recall?\n\nThe share that was found.\n",
        ),
        Bad(
            "All about measures.\n# Measures\n\n## Q1: What is recall?\n\nA share.\n",
            under=["Measures"],
            fixed="All about measures.\n\n# Measures\n\n## Q1: What is recall?\n\nA share.\n",
        ),
        Good(
            "# Measures\n"
            "## Q1: What is recall?\n"
            "\n"
            "The share that was found:\n"
            "### A formula\n"
            "found / all\n"
        ),
        Good(
            '<a name="recall"></a>\n## Q1: What is recall?\n<details>\n\nA share.\n\n</details>\n'
        ),
        Good("* All about measures.\n\n  ## Q1: What is recall?\n  A share.\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        if not document.questions:
            return
        questions = {question.heading.span: question for question in document.questions}
        for heading in document.outline:
            line = document.source.line_of(heading.span.start)
            question = questions.get(heading.span)
            if not _parts(document, heading):
                continue
            if line > 1 and _is_text(document, line - 1):
                yield self.finding(
                    document,
                    question.name_span if question else heading.text_span,
                    "No blank line parts this heading from the text above it",
                    fix=parted(document, document.source.line_span(line)),
                )
            below = document.source.line_of(max(heading.span.end - 1, 0)) + 1
            if question and below <= document.source.line_count and _is_text(document, below):
                yield self.finding(
                    document,
                    question.name_span,
                    "No blank line parts the question from its answer",
                    severity=Severity.INFO,
                    fix=parted(document, document.source.line_span(below)),
                )


def _parts(document: Document, heading: Heading) -> bool:
    """Whether it is written with `#`, and in no list and no quotation."""
    marked = PLAIN.match(document.source[heading.span]) is not None
    return marked and not heading.html and not document.in_list(heading.span)


def _is_text(document: Document, line: int) -> bool:
    """Whether the line belongs to a paragraph and has more in it than tags."""
    place = document.trimmed(document.source.line_span(line))
    words = Span(max(place.start, place.end - 1), place.end)
    paragraph = document.paragraph_at(words.start) if words else None
    return paragraph is not None and not TAGS.fullmatch(document.source[place])
