"""IDX009."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import mended
from dsqa.rule import Bad, Good, Rule, asked
from dsqa.workspace import Workspace


class AbsoluteSelfLink(Rule):
    """A link leads to a file of its own repository by the whole web address.

    It works, and only there: in a fork, on a branch and in a clone it takes the reader away to the
    original, and it breaks when the file or the repository is renamed. It happens when an address
    is copied from the browser.
    """

    code = "IDX009"
    severity = Severity.INFO
    changes_answers = True
    examples = (
        Good(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "See [the list](list.md) and\n"
            "[what it was](https://github.com/own/qa/blob/v1.0/list.md).\n",
            {"list.md": "# List\n"},
        ),
        Bad(
            "* [Q1: What is recall?](https://github.com/own/qa/blob/main/qa.md#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n",
            under=["https://github.com/own/qa/blob/main/qa.md#q1-what-is-recall"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "See [the list](https://github.com/own/qa/blob/main/list.md).\n",
            under=["https://github.com/own/qa/blob/main/list.md"],
            files={"list.md": "# List\n"},
            fixed="See [the list](list.md).\n",
        ),
        Bad(
            "See [the list](https://github.com/own/qa/blob/main/list.md?plain=1#L1).\n",
            under=["https://github.com/own/qa/blob/main/list.md?plain=1#L1"],
            files={"list.md": "# List\n"},
            fixed="See [the list](list.md?plain=1#L1).\n",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link in document.links:
            if workspace.landing(document, link).fault is not Fault.ABSOLUTE_SELF:
                continue
            fix = mended(document, workspace, link)
            if not fix:
                continue
            entry = document.entry_of_link.get(link)
            line = "index line" if entry else "link"
            yield self.finding(
                document,
                link.href_span,
                f"This {line} takes the long way, over the web, to its own repository",
                target=fix.edits[0].text,
                related=[asked(document, entry.question)] if entry and entry.question else [],
                fix=fix,
            )
