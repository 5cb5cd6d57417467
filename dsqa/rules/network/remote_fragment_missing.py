"""NET003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Link
from dsqa.finding import Finding, Severity
from dsqa.fragment import DELIMITER
from dsqa.outside import Answer, Outcome
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

PAGE = "https://example.org/recall"


def _page(found: bool | None) -> Answer:
    return Answer(Outcome.ALIVE, "200 OK", 1767225600, 200, fragments={"formula": found})


class RemoteFragmentMissing(Rule):
    """The page is there, but not the place on it that the link names.

    The reader lands at the top of a page that may be long. It happens when the page is written
    anew. Pages that a script draws, that are too long to be read, or whose host makes up places of
    its own are let be.
    """

    code = "NET003"
    severity = Severity.WARNING
    online = True
    examples = (
        Bad(
            f"[Recall]({PAGE}#formula)\n",
            under=[f"{PAGE}#formula"],
            outside={f"{PAGE}#formula": _page(False)},
        ),
        Good(f"[Recall]({PAGE}#formula)\n", outside={f"{PAGE}#formula": _page(True)}),
        Good(f"[Recall]({PAGE}#formula)\n", outside={f"{PAGE}#formula": _page(None)}),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for address, answer in workspace.answers(document, Outcome.ALIVE, Outcome.MOVED):
            page, _, fragment = address.href.strip().partition("#")
            if not isinstance(address, Link) or answer.fragments.get(fragment) is not False:
                continue
            yield self.finding(
                document,
                address.href_span,
                f"The page has no words that fit `#{fragment}`"
                if DELIMITER in fragment
                else f"The page has no place `#{fragment}`",
                reason=answer.story,
                target=page,
                evidence=answer,
            )
