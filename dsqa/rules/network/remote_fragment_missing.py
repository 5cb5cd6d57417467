"""NET003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Link
from dsqa.finding import Finding, Severity
from dsqa.fragment import DELIMITER
from dsqa.outside import Answer, Hop, Outcome
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

PAGE = "https://example.org/recall"
NEW = "https://example.org/guide/recall"


def _page(found: bool | None, hop: Hop | None = None, target: str = "") -> Answer:
    return Answer(
        Outcome.MOVED if target else Outcome.ALIVE,
        "200 OK",
        1767225600,
        200,
        hops=(hop,) if hop else (),
        target=target,
        fragments={"formula": found},
    )


class RemoteFragmentMissing(Rule):
    """The page is there, but not the place on it that the link names.

    The reader lands at the top of a page that may be long. It happens when the page is written
    anew. Pages that a script draws, that are nearly empty, want a password or are too long to be
    read, or whose host makes up places of its own are let be; so are redirects that name a place
    themselves, because browsers go there.
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
        Bad(
            f"[Recall]({PAGE}#formula)\n",
            under=[f"{PAGE}#formula"],
            outside={f"{PAGE}#formula": _page(False, Hop(301, NEW), NEW)},
        ),
        Good(f"[Recall]({PAGE}#formula)\n", outside={f"{PAGE}#formula": _page(True)}),
        Good(f"[Recall]({PAGE}#formula)\n", outside={f"{PAGE}#formula": _page(None)}),
        Good(
            f"[Recall]({PAGE}#formula)\n",
            outside={f"{PAGE}#formula": _page(False, Hop(302, f"{NEW}#formulas"))},
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for address, answer in workspace.answers(document, Outcome.ALIVE, Outcome.MOVED):
            page, _, fragment = address.href.strip().partition("#")
            if not isinstance(address, Link) or answer.fragments.get(fragment) is not False:
                continue
            # https://fetch.spec.whatwg.org/#http-redirect-fetch: it is kept unless one is named
            if any("#" in hop.address for hop in answer.hops):
                continue
            what = "words that fit" if DELIMITER in fragment else "place"
            yield self.finding(
                document,
                address.href_span,
                f"The page `{page}` has no {what} `#{fragment}`",
                reason=answer.story,
                target=answer.target or page,
                evidence=answer,
            )
