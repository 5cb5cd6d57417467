"""TXF004."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Link
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.landing import Fault, Landing
from dsqa.remedy import mended
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class MalformedTextFragment(Rule):
    """A text fragment is written so that browsers drop it, or read it otherwise than it is meant.

    A dash, a comma or an `&` of the text has a meaning of its own there and must be escaped.
    Nothing tells the reader why the page stays where it is.
    """

    code = "TXF004"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good("See [a page](https://example.org/#:~:text=F1%2Dscore,recall).\n"),
        Bad(
            "See [a page](https://example.org/#:~:text=F1-score).\n",
            under=["https://example.org/#:~:text=F1-score"],
            fixed="See [a page](https://example.org/#:~:text=F1%2Dscore).\n",
        ),
        Bad(
            "* [Q1: What is the F1-score?](#:~:text=Q1%3A%20What%20is%20the%20F1-score%3F)\n"
            "\n"
            "### Q1: What is the F1-score?\n",
            under=["#:~:text=Q1%3A%20What%20is%20the%20F1-score%3F"],
            fixed="* [Q1: What is the F1-score?](#q1-what-is-the-f1-score)\n"
            "\n"
            "### Q1: What is the F1-score?\n",
        ),
        Bad(
            "See [the list](list.md#text=All%20terms).\n",
            under=["list.md#text=All%20terms"],
            files={"list.md": "# All terms\n"},
            fixed="See [the list](list.md#:~:text=All%20terms).\n",
        ),
        Bad(
            "See [a page](https://example.org/#:~:text=recall,precision,score).\n",
            under=["https://example.org/#:~:text=recall,precision,score"],
        ),
        Good("See [an app](https://example.org/#/terms#recall).\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link, landing in workspace.landings(document, document.links, Fault.MALFORMED_FRAGMENT):
            fix = mended(document, workspace, link) or _escaping(document, workspace, link, landing)
            yield self.finding(
                document,
                link.href_span,
                "Browsers do not read the text fragment as it is meant",
                reason=landing.reason,
                target=fix.edits[0].text if fix else "",
                fix=fix,
            )


def _escaping(document: Document, workspace: Workspace, link: Link, landing: Landing) -> Fix | None:
    """The fix that writes the fragment as it was meant, if that leads somewhere."""
    malformed = landing.target.fragment.malformed[0] if landing.target.fragment else None
    if not malformed or not malformed.instead or link.href.count(malformed.raw) != 1:
        return None
    href = link.href.replace(malformed.raw, malformed.instead)
    then = workspace.landing(document, link._replace(href=href))
    if link.style in ("bare", "autolink") or then.fault not in (None, Fault.PREFER_ANCHOR):
        return None
    return Fix((Edit(document.path, link.href_span, href),), True, f"`{href}`")
