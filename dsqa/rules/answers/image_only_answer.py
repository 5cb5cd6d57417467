"""ANS003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import AnswerState, Document
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class ImageOnlyAnswer(Rule):
    """A question is answered with an image and not one word.

    An image cannot be searched, copied, translated or read aloud, and it is lost when the host of
    the file is.
    """

    code = "ANS003"
    severity = Severity.INFO
    examples = (
        Good(
            "## Q1: What is recall?\n\nThe share that was found:\n\n![Recall](recall.png)\n",
            {"recall.png": ""},
        ),
        Bad(
            "## Q1: What is recall?\n\n![Recall](recall.png)\n",
            under=["Q1"],
            files={"recall.png": ""},
        ),
        Bad(
            '## Q1: What is recall?\n\nAnswer:\n\n<img src="recall.png" alt="Recall">\n',
            under=["Q1"],
            files={"recall.png": ""},
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for question in document.questions:
            image = question.answer.evidence
            if question.answer.state is AnswerState.IMAGE_ONLY and image:
                yield self.finding(
                    document,
                    question.name_span,
                    "The answer is an image and no word",
                    related=(Related(document.path, image, "the image"),),
                )
