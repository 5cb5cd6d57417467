"""REP003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Question
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.target import MARKDOWN_SUFFIXES, folder_of
from dsqa.words import fold
from dsqa.workspace import Workspace


class DuplicateQuestion(Rule):
    """A question is asked a second time, in the same file or in another one of its folder.

    Its answers drift apart, and a reader who finds one does not see the other. It is not judged
    unless one asks for it: the same words can ask about two things.
    """

    code = "REP003"
    severity = Severity.INFO
    on = False
    examples = (
        Good("## Q1: What is recall?\n\n## Q2: What is bias?\n"),
        Bad(
            "## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is *Recall*?\n",
            under=["What is *Recall*?"],
        ),
        Bad(
            "## Q1: What is recall?\n",
            under=["What is recall?"],
            files={"measures.md": "## Q4: What is recall?\n"},
        ),
        Good("## Q1: What is recall?\n", {"quiz.md": "## Q1: What is bias?\n"}),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        asked: dict[str, tuple[str, Question]] = {}
        for one in (*_earlier(document, workspace), document):
            for question in one.questions:
                words = fold(question.title)
                path, first = asked.setdefault(words, (one.path, question))
                if one is not document or (path, first) == (document.path, question) or not words:
                    continue
                yield self.finding(
                    document,
                    question.title_span,
                    "This question is already asked"
                    + (f" in `{path}`" if path != document.path else ""),
                    related=[Related(path, first.heading.text_span, "it is asked here")],
                )


def _earlier(document: Document, workspace: Workspace) -> Iterator[Document]:
    """The other documents of the folder whose names come before that of this one."""
    folder = folder_of(document.path)
    for name in workspace.neighbours(folder):
        path = f"{folder}/{name}".lstrip("/")
        before = path < document.path and name.lower().endswith(MARKDOWN_SUFFIXES)
        if before and (other := workspace.document(path)):
            yield other
