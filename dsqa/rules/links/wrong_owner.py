"""LNK002."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Link
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import mended, together
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class WrongOwner(Rule):
    """A link leads to somebody else's copy of the repository.

    The reader sees what the copy had when it was made, and nothing at all once it is deleted. It
    happens when a contributor copies addresses from their own fork. Outside an index it may be
    meant, so there it is only a note.
    """

    code = "LNK002"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good(
            "See [the list](https://github.com/own/qa/blob/main/list.md) and\n"
            "[what they added](https://github.com/other/qa/blob/main/added.md).\n",
            {"list.md": "# List\n"},
        ),
        Bad(
            "* [Q1: What is recall?](https://github.com/other/qa/blob/main/qa.md#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n",
            under=["https://github.com/other/qa/blob/main/qa.md#q1-what-is-recall"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "See [the list](https://github.com/other/qa/blob/main/list.md).\n",
            under=["https://github.com/other/qa/blob/main/list.md"],
            files={"list.md": "# List\n"},
            fixed="See [the list](list.md).\n",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link, landing in workspace.landings(document, document.addresses, Fault.WRONG_OWNER):
            indexed = isinstance(link, Link) and link in document.entry_of_link
            fix = mended(document, workspace, link)
            yield self.finding(
                document,
                link.href_span,
                f"`{landing.target.repository}` is somebody else's copy of this repository",
                severity=Severity.ERROR if indexed else Severity.INFO,
                reason=together("" if indexed else f"`{landing.path}` is also here", landing),
                target=fix.edits[0].text if fix else "",
                fix=fix._replace(safe=fix.safe and indexed) if fix else None,
            )
