"""NET002."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.outside import Answer, Hop, Outcome
from dsqa.rule import Bad, Good, Rule, replace
from dsqa.workspace import Workspace

NEW = "https://example.org/guide/recall"
MOVED = Answer(Outcome.MOVED, "200 OK", 1767225600, 200, hops=(Hop(301, NEW),), target=NEW)
FOR_NOW = Answer(Outcome.ALIVE, "200 OK", 1767225600, 200, hops=(Hop(302, NEW),))
WRITTEN_AS_IT_IS = frozenset("()<> \t\"'[]\\`|*_")
"""Characters that would end an address in Markdown, or mean something else there."""


class PermanentRedirect(Rule):
    """An address has moved for good, and leads on to its new one for as long as that is kept up.

    Redirects are the first thing that is lost when a site is rebuilt. The new address is what the
    host itself names, with 301 or 308, and something is there; a look at it should come before the
    fix, because a host may also lead everything that it has thrown away to one page.
    """

    code = "NET002"
    severity = Severity.WARNING
    online = True
    changes_answers = True
    examples = (
        Bad(
            "[On recall](https://example.org/recall)\n",
            under=["https://example.org/recall"],
            fixed="[On recall](https://example.org/guide/recall)\n",
            outside={"https://example.org/recall": MOVED},
        ),
        Bad(
            "[On recall](https://example.org/recall#formula)\n",
            under=["https://example.org/recall#formula"],
            fixed="[On recall](https://example.org/guide/recall#formula)\n",
            outside={"https://example.org/recall#formula": MOVED},
        ),
        Good(
            "[On recall](https://example.org/recall)\n",
            outside={"https://example.org/recall": FOR_NOW},
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for address, answer in workspace.answers(document, Outcome.MOVED):
            _, mark, fragment = address.href.strip().partition("#")
            target = answer.target if "#" in answer.target else answer.target + mark + fragment
            plain = WRITTEN_AS_IT_IS.isdisjoint(target)
            yield self.finding(
                document,
                address.href_span,
                f"The address has moved for good, to `{target}`",
                reason=answer.story,
                target=target,
                fix=replace(document, address.href_span, target, safe=False) if plain else None,
                evidence=answer,
            )
