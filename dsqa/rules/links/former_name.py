"""LNK003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Link
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault, Landing
from dsqa.remedy import mended, together
from dsqa.rule import Bad, Good, Rule, asked
from dsqa.standing import Repository
from dsqa.workspace import Workspace


class FormerName(Rule):
    """An address uses a name that the repository or the file had before.

    The host redirects to a renamed repository until somebody takes the old name; then the link
    leads to a stranger. To a renamed file it does not redirect at all: its links are dead.
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
        for link, landing in workspace.landings(document, document.addresses, Fault.FORMER_NAME):
            entry = document.entry_of_link.get(link) if isinstance(link, Link) else None
            gone = landing.resolves is False or landing.renamed or bool(landing.former)
            fix = mended(document, workspace, link)
            message, reason = _told(landing, workspace.standing(document).repository, gone=gone)
            yield self.finding(
                document,
                link.href_span,
                message,
                severity=Severity.ERROR if gone else Severity.WARNING,
                reason=together(reason, landing),
                target=fix.edits[0].text if fix else "",
                related=[asked(document, entry.question)] if entry and entry.question else [],
                fix=fix,
            )


def _told(landing: Landing, repository: Repository, *, gone: bool) -> tuple[str, str]:
    """What is wrong with the address, and why that matters."""
    named = landing.target.repository
    present = {name.casefold() for name in ("", *repository.present)}
    former = f"`{named}` is a former name of this repository"
    if landing.former:
        message = f"`{landing.former}` is called `{landing.path}` now"
        if named.casefold() in present:
            return message, "the host does not redirect to a renamed file"
    else:
        message = f"The address leads to `{landing.target.path}`, which is not there any more"
    if gone:
        return message, f"{former}, and what is renamed in it is not redirected"
    return former, ""
