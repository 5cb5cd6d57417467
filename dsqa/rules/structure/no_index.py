"""STR001."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

LEAST_QUESTIONS = 5
"""Fewer of them are found without an index."""
FEW_LINKS = 2
"""So many links into the document before its first question are a table of contents."""


class NoIndex(Rule):
    """A document asks many questions, but has no index of them.

    Who comes with one question has to scroll through all answers. The host shows an outline, but a
    copy of the file, a printed page and a search engine do not have it.
    """

    code = "STR001"
    severity = Severity.INFO
    examples = (
        Good(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is a leaf?\n\n"
            "## Q4: What is a tree?\n\n## Q5: What is a norm?\n"
        ),
        Bad(
            "## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is a leaf?\n\n"
            "## Q4: What is a tree?\n\n## Q5: What is a norm?\n",
            under=["Q1"],
        ),
        Good(
            "See [measures](#measures) and [models](#models).\n"
            "\n"
            "# Measures\n\n## Q1: What is recall?\n\n## Q2: What is bias?\n\n"
            "# Models\n\n## Q3: What is a leaf?\n\n## Q4: What is a tree?\n\n"
            "## Q5: What is a root?\n"
        ),
        Good("## Q1: What is recall?\n\n## Q2: What is bias?\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        questions = document.questions
        titled = any(question.heading.genuine for question in questions)
        if document.indexes or len(questions) < LEAST_QUESTIONS or not titled:
            return
        first = questions[0]
        inwards = (
            link
            for link in document.links
            if link.span < first.span and workspace.landing(document, link).there == document.path
        )
        if len(list(islice(inwards, FEW_LINKS))) < FEW_LINKS:
            yield self.finding(
                document,
                first.name_span,
                f"No index leads to the {len(questions)} questions from here on",
            )
