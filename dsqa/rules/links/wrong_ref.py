"""LNK004."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import mended, together
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace


class WrongRef(Rule):
    """A link leads to the own repository at a branch that is not the default one.

    The branch may be gone, or stand still while the files move on. It happens when `master` is
    renamed to `main`, and when an address is copied while one works on a branch. Tags and other
    branches are let be, except in an index.
    """

    code = "LNK004"
    severity = Severity.WARNING
    changes_answers = True
    examples = (
        Good(
            "See [the list](https://github.com/own/qa/blob/main/list.md),\n"
            "[the first one](https://github.com/own/qa/blob/v1.0/list.md) and\n"
            "[the drafts](https://github.com/own/qa/tree/drafts).\n",
            {"list.md": "# List\n"},
        ),
        Bad(
            "See [the list](https://github.com/own/qa/blob/master/list.md).\n",
            under=["https://github.com/own/qa/blob/master/list.md"],
            files={"list.md": "# List\n"},
            fixed="See [the list](list.md).\n",
        ),
        Bad(
            "* [Q1: What is recall?](https://github.com/own/qa/blob/draft/qa.md#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n",
            under=["https://github.com/own/qa/blob/draft/qa.md#q1-what-is-recall"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        branch = workspace.repository.branch
        for link, landing in workspace.landings(document, document.addresses, Fault.WRONG_REF):
            fix = mended(document, workspace, link)
            yield self.finding(
                document,
                link.href_span,
                f"The address names the branch `{landing.target.ref}` instead of `{branch}`",
                reason=together("", landing),
                target=fix.edits[0].text if fix else "",
                fix=fix,
            )
