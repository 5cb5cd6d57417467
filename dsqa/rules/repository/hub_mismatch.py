"""REP001."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dsqa.document import Document, Heading, Link
from dsqa.finding import Finding, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.target import MARKDOWN_SUFFIXES, folder_of
from dsqa.words import fold
from dsqa.workspace import Workspace

RECALL = "# Recall\n\n## Q1: What is recall?\n\nThe share that was found.\n"
BIAS = "# Bias and variance\n\n## Q1: What is bias?\n\nA constant error.\n"
LEAVES = "# Leaves\n\n## Q1: What is a leaf?\n\nThe end of a branch.\n"


class HubMismatch(Rule):
    """A list of the question files of a folder misses one, or calls it otherwise than it does.

    The reader does not find the file, or is not sure that it is the one they wanted. It happens
    when a file is added or gets another title. Where the list has names of its own for half of the
    files, the names are let be. Which of the two names is the right one is for a person to say.
    """

    code = "REP001"
    severity = Severity.WARNING
    examples = (
        Good(
            "* [Recall](recall.md)\n* [Bias and variance](bias.md)\n",
            {"recall.md": RECALL, "bias.md": BIAS, "license.md": "# License\n"},
        ),
        Bad(
            "* [Recall](recall.md)\n* [Bias](bias.md)\n* [Leaves](leaves.md)\n",
            under=["Bias"],
            files={"recall.md": RECALL, "bias.md": BIAS, "leaves.md": LEAVES},
        ),
        Bad(
            "* [Recall](recall.md)\n* [Leaves](leaves.md)\n",
            under=["Leaves"],
            files={"recall.md": RECALL, "bias.md": BIAS, "leaves.md": LEAVES},
        ),
        Good(
            "* [Lesson 1](recall.md)\n* [Lesson 2](bias.md)\n",
            {"recall.md": RECALL, "bias.md": BIAS},
        ),
        Good(
            "See [the first one](recall.md), or:\n\n* [Recall](recall.md)\n",
            {"recall.md": RECALL, "bias.md": BIAS, "leaves.md": LEAVES},
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        signs = list(_signs(document, workspace)) if not document.questions else []
        yield from self._names(document, signs)
        yield from self._missing(document, workspace, signs)

    def _names(self, document: Document, signs: Sequence[Sign]) -> Iterator[Finding]:
        others = [sign for sign in signs if fold(sign.link.text) != fold(sign.title.text)]
        if 2 * len(others) >= len(signs):
            return
        for sign in others:
            yield self.finding(
                document,
                sign.link.text_span,
                f"The title of this file is `{sign.title.text.strip()}`",
                reason="the other files of the list are called by their titles",
                related=[Related(sign.path, sign.title.text_span, "the title")],
            )

    def _missing(
        self, document: Document, workspace: Workspace, signs: Sequence[Sign]
    ) -> Iterator[Finding]:
        """The files of questions beside those of the list to which nothing leads."""
        linked = {workspace.landing(document, link).path for link in document.links}
        folders: dict[str, list[Sign]] = {}
        for sign in signs:
            folders.setdefault(folder_of(sign.path), []).append(sign)
        for folder, listed in folders.items():
            missing = [
                (path, len(other.questions))
                for name in workspace.neighbours(folder)
                if (path := f"{folder}/{name}".lstrip("/")) not in linked
                and name.lower().endswith(MARKDOWN_SUFFIXES)
                and (other := workspace.document(path))
                and other.questions
            ]
            for path, count in missing if len(missing) < len(listed) else []:
                yield self.finding(
                    document,
                    listed[-1].link.text_span,
                    f"The list has no line for `{path}`",
                    reason=f"it asks {count} question{'s' if count > 1 else ''}",
                )


class Sign(NamedTuple):
    """A line of a list that leads to another file of questions, and the title of that."""

    link: Link
    path: str
    title: Heading


def _signs(document: Document, workspace: Workspace) -> Iterator[Sign]:
    for each in document.lists:
        for item in each.items:
            for link in item.links[:1]:
                landing = workspace.landing(document, link)
                markdown = landing.path.lower().endswith(MARKDOWN_SUFFIXES)
                if not (landing.resolves and markdown and landing.path != document.path):
                    continue
                other = workspace.document(landing.path)
                title = next((h for h in other.headings if h.level == 1), None) if other else None
                if other and title and (other.questions or other.indexes):
                    yield Sign(link, landing.path, title)
