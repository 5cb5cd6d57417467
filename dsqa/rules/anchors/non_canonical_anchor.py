"""ANC003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import mended
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class NonCanonicalAnchor(Rule):
    """An anchor is written otherwise than GitHub writes it, and works only by its leniency.

    A script of GitHub forgives a wrong letter case. Editors, exports and other hosts do not:
    there the reader stays at the top of the page.
    """

    code = "ANC003"
    severity = Severity.WARNING
    changes_answers = True
    examples = (
        Good("See [recall](#recall).\n\n## Recall\n"),
        Bad(
            "See [recall](#Recall).\n\n## Recall\n",
            under=["#Recall"],
            fixed="See [recall](#recall).\n\n## Recall\n",
        ),
        Bad(
            "See [recall](#user-content-recall).\n\n## Recall\n",
            under=["#user-content-recall"],
            fixed="See [recall](#recall).\n\n## Recall\n",
        ),
        Bad(
            "See [the list](list.md#Terms).\n",
            under=["list.md#Terms"],
            files={"list.md": "# Terms\n"},
            fixed="See [the list](list.md#terms).\n",
        ),
        Good("Zum [Überblick](#%C3%BCberblick).\n\n## Überblick\n"),
        Good("See [recall](#Recall).\n\n<a name='Recall'></a>\nThe share that was found.\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link in document.links:
            landing = workspace.landing(document, link)
            if landing.fault is not Fault.NON_CANONICAL or not landing.target.fragment:
                continue
            written = landing.target.fragment.element_id
            prefixed = written.startswith("user-content-")
            fix = mended(document, workspace, link)
            yield self.finding(
                document,
                link.href_span,
                f"The anchor is `#{landing.anchor}`, not `#{written}`",
                reason="only GitHub puts `user-content-` before its anchors, and only inside"
                if prefixed
                else "letter case matters outside GitHub",
                target=fix.edits[0].text if fix else "",
                fix=fix,
            )
