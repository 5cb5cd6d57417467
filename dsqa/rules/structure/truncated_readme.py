"""STR011."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import BYTE_ORDER_MARK, Source, Span
from dsqa.workspace import Workspace

SHOWN = 500 * 1024
"""Bytes of a README that are on the page of its folder, as https://github.com/isaacs/github/issues/1610
measured it and https://github.com/orgs/community/discussions/23920 has it."""
README = re.compile(r"(?:.*/)?readme\.[a-z]+", re.IGNORECASE)


class TruncatedReadme(Rule):
    """A README is longer than what GitHub shows of it.

    The page of a repository shows the first 500 KiB of its README and ends there, without a word.
    Questions below that are not on it, and links to them do nothing. The page of the file itself
    is whole, so that its writer sees nothing missing. It happens when a list of questions has grown
    for years; then it is time to part it into files.
    """

    code = "STR011"
    severity = Severity.WARNING
    examples = (
        Good("## Q1: What is recall?\n\nThe share that was found.\n", path="README.md"),
        Bad(
            f"## Q1: What is recall?\n\n{'The share that was found. ' * 20_000}\n\n"
            "## Q2: What is bias?\n\nA constant error.\n",
            under=["Q1: What is recall?"],
            path="README.md",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        if not README.fullmatch(document.path):
            return
        cut = _cut(document.source)
        if cut is None or not document.source.text[cut:].strip():
            return
        hidden = [question for question in document.questions if question.span.end > cut]
        if hidden:
            more = f" and {len(hidden) - 1:,} below it are" if hidden[1:] else " is"
            what, place = f"this question{more}", hidden[0].heading.text_span
        else:
            above = [heading for heading in document.headings if heading.span.start < cut]
            what, place = "the end of it is", above[-1].text_span if above else Span(cut, cut)
        yield self.finding(
            document,
            place,
            f"GitHub shows the first 500 KiB of a README: {what} cut off",
            reason="on the page of the folder; that of the file is whole",
        )


def _cut(source: Source) -> int | None:
    """Behind which character the text is cut off; none if it is not."""
    if 4 * (len(source.text) + 1) <= SHOWN:
        return None
    written = source.encode()
    if len(written) <= SHOWN:
        return None
    return len(written[:SHOWN].decode(errors="ignore").removeprefix(BYTE_ORDER_MARK))
