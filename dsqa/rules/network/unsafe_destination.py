"""NET004."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.outside import Answer, Hop, Outcome
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

OWN_MACHINE = Answer(Outcome.REFUSED, "`localhost` is a name for the machine itself", 1767225600)
PASSWORD = re.compile(r"\s*(?:https?:)?//[^/?#]*@", re.IGNORECASE)
LED_INSIDE = Answer(
    Outcome.REFUSED,
    "`10.0.0.7` is a private address",
    1767225600,
    hops=(Hop(302, "http://10.0.0.7/recall"),),
    astray=True,
)


WITH_PASSWORD = Answer(Outcome.REFUSED, "it carries a user name or a password", 1767225600)


class UnsafeDestination(Rule):
    """An address leads into a private network, or carries a password.

    Nobody outside of that network gets there, and whoever is inside may reach what was not meant
    for readers. Such an address is never asked, unless the command line allows it. Where the
    address itself says so, it may be an example, and it is only a note; where a public name or a
    redirect leads there, or a password can be read, it is a warning.
    """

    code = "NET004"
    severity = Severity.WARNING
    online = True
    examples = (
        Bad(
            "[On recall](https://example.org/recall)\n",
            under=["https://example.org/recall"],
            outside={"https://example.org/recall": LED_INSIDE},
        ),
        Bad(
            "Then open [the page](http://localhost:8080/recall).\n",
            under=["http://localhost:8080/recall"],
            outside={"http://localhost:8080/recall": OWN_MACHINE},
        ),
        Bad(
            "[On recall](https://me:secret@example.org/recall)\n",
            under=["https://me:secret@example.org/recall"],
            outside={"https://me:secret@example.org/recall": WITH_PASSWORD},
        ),
        Good("Then open [the page](http://localhost:8080/recall).\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for address, answer in workspace.answers(document, Outcome.REFUSED):
            grave = answer.astray or PASSWORD.match(address.href)
            led = "The address leads into a private network"
            what = led if answer.astray else "The address was not asked"
            yield self.finding(
                document,
                address.href_span,
                f"{what}: {answer.reason}",
                severity=self.severity if grave else Severity.INFO,
                reason=answer.story if answer.astray else "",
                evidence=answer,
            )
