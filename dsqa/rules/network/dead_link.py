"""NET001."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.outside import Answer, Outcome
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

GONE = Answer(Outcome.DEAD, "404 Not Found", 1767225600, 404, first_dead=1767225600)
LONG_GONE = Answer(Outcome.DEAD, "410 Gone", 1767225600, 410, first_dead=1764547200, confirmed=True)
BUSY = Answer(Outcome.UNVERIFIED, "429 Too Many Requests", 1767225600, 429)


class DeadLink(Rule):
    """There is nothing at the address of a link or an image any more.

    The reader ends on an error page, and the answer has lost its source. Only what the host itself
    says is taken for dead: 404, 410, or that there is no such name; asked twice. A host may be
    repaired or moved within hours, so it is an error only once the address is found dead again
    some hours later; until then it is a warning. Images count as links do.
    """

    code = "NET001"
    severity = Severity.ERROR
    online = True
    examples = (
        Bad(
            "[On recall](https://example.org/recall)\n",
            under=["https://example.org/recall"],
            outside={"https://example.org/recall": LONG_GONE},
        ),
        Bad(
            "![ROC curve](https://example.org/roc.png)\n",
            under=["https://example.org/roc.png"],
            outside={"https://example.org/roc.png": GONE},
        ),
        Good(
            "[On recall](https://example.org/recall)\n",
            outside={
                "https://example.org/recall": Answer(Outcome.ALIVE, "200 OK", 1767225600, 200)
            },
        ),
        Good(
            "[On recall](https://example.org/recall)\n",
            outside={"https://example.org/recall": BUSY},
        ),
        Good("[On recall](https://example.org/recall)\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for address, answer in workspace.answers(document, Outcome.DEAD):
            # without a memory nobody will know in some hours that it was so now
            hope = answer.first_dead is not None and not answer.confirmed
            doubt = "an error if it is still so some hours from now" if hope else ""
            yield self.finding(
                document,
                address.href_span,
                f"Nothing is at `{address.href.partition('#')[0]}`: {answer.reason}",
                severity=self.severity if answer.confirmed else Severity.WARNING,
                reason="; ".join(filter(None, (answer.story, doubt))),
                evidence=answer,
            )
