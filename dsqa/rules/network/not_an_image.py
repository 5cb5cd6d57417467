"""NET005."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Image
from dsqa.finding import Finding, Severity
from dsqa.outside import Answer, Outcome
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

ROC = "https://example.org/roc.png"


def _answer(image: bool | None) -> Answer:
    return Answer(Outcome.ALIVE, "200 OK", 1767225600, 200, media_type="text/html", image=image)


class NotAnImage(Rule):
    """The address of an image answers with something that is no picture.

    The reader sees a torn picture. It happens when one copies the address of the page that shows a
    picture, and when a host puts a page in place of what it has thrown away.
    """

    code = "NET005"
    severity = Severity.WARNING
    online = True
    examples = (
        Bad(f"![ROC curve]({ROC})\n", under=[ROC], outside={ROC: _answer(False)}),
        Good(f"![ROC curve]({ROC})\n", outside={ROC: _answer(True)}),
        Good(f"![ROC curve]({ROC})\n", outside={ROC: _answer(None)}),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for address, answer in workspace.answers(document, Outcome.ALIVE, Outcome.MOVED):
            if not isinstance(address, Image) or answer.image is not False:
                continue
            what = f"`{answer.media_type}`" if answer.media_type else "something else"
            yield self.finding(
                document,
                address.href_span,
                f"`{address.href}` is no picture, but {what}",
                reason=answer.story,
                evidence=answer,
            )
