"""NET006."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.outside import Answer, Outcome
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

RECALL = "https://example.org/recall"


class UnverifiedAddress(Rule):
    """Nobody can tell from here whether the address of a link or an image is alive.

    Its host forbids programs to ask, wants a login, is busy, slow or broken at the moment, or has
    a certificate that cannot be trusted. That says little about what a reader sees, so it is never
    more than a note.
    """

    code = "NET006"
    severity = Severity.INFO
    online = True
    examples = (
        Bad(
            f"[On recall]({RECALL})\n",
            under=[RECALL],
            outside={RECALL: Answer(Outcome.UNVERIFIED, "403 Forbidden", 1767225600, 403)},
        ),
        Good(
            f"[On recall]({RECALL})\n",
            outside={RECALL: Answer(Outcome.ALIVE, "200 OK", 1767225600, 200)},
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for address, answer in workspace.answers(document, Outcome.UNVERIFIED):
            page = address.href.partition("#")[0]
            yield self.finding(
                document,
                address.href_span,
                f"Nobody can tell from here whether `{page}` is alive: {answer.reason}",
                reason=answer.story,
                evidence=answer,
            )
