"""LNK003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import mended
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class FormerName(Rule):
    """An address uses a name that the repository had before.

    The host redirects until somebody takes the old name; then the link leads to a stranger. A file
    that was renamed as well is not redirected at all: its links are dead.
    """

    code = "LNK003"
    severity = Severity.WARNING
    changes_answers = True
    examples = (
        Good(
            "See [the list](https://github.com/own/qa/blob/main/list.md).\n",
            {"list.md": "# List\n"},
        ),
        Bad(
            "See [the list](https://github.com/own/notes/blob/main/list.md).\n",
            under=["https://github.com/own/notes/blob/main/list.md"],
            files={"list.md": "# List\n"},
            fixed="See [the list](list.md).\n",
        ),
        Bad(
            "* [Q1: What is recall?](https://github.com/own/notes/blob/main/qa.md#q1-what-is-recall)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
            under=["https://github.com/own/notes/blob/main/qa.md#q1-what-is-recall"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
        ),
        Bad(
            "See [the project](https://github.com/own/notes).\n",
            under=["https://github.com/own/notes"],
            fixed="See [the project](https://github.com/own/qa).\n",
        ),
        Bad(
            "See [the list](https://github.com/own/notes/blob/main/gone.md).\n",
            under=["https://github.com/own/notes/blob/main/gone.md"],
        ),
        Bad(
            "![Curve](https://github.com/own/notes/blob/main/curve.png)\n",
            under=["https://github.com/own/notes/blob/main/curve.png"],
            files={"curve.png": ""},
            fixed="![Curve](curve.png)\n",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link in document.addresses:
            landing = workspace.landing(document, link)
            if landing.fault is not Fault.FORMER_NAME:
                continue
            gone = landing.resolves is False or landing.renamed
            former = f"`{landing.target.repository}` is a former name of this repository"
            fix = mended(document, workspace, link)
            yield self.finding(
                document,
                link.href_span,
                f"The address leads to `{landing.target.path}`, which is not there any more"
                if gone
                else former,
                severity=Severity.ERROR if gone else Severity.WARNING,
                reason=f"{former}, and what is renamed in it is not redirected" if gone else "",
                target=fix.edits[0].text if fix else "",
                fix=fix,
            )
