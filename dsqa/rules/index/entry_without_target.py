"""IDX003."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Entry
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.landing import Fault
from dsqa.remedy import linkable, mended
from dsqa.rule import Bad, Good, Rule, asked
from dsqa.source import Span
from dsqa.workspace import Workspace


class EntryWithoutTarget(Rule):
    """An index line leads nowhere, although its question is asked in the document.

    The reader has to scroll and search, and thinks that the answer is missing. It happens when a
    question is added with an empty link that nobody fills in later.
    """

    code = "IDX003"
    severity = Severity.ERROR
    examples = (
        Good(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "The share that was found.\n"
        ),
        Bad(
            "* [Q1: What is recall?]()\n\n## Q1: What is recall?\n\nThe share that was found.\n",
            under=["]()"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "The share that was found.\n",
        ),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* Q2: What is precision?\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n",
            under=["Q2: What is precision?"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is precision?](#q2-what-is-precision)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is precision?\n",
        ),
        Bad(
            "* [Q1: What is recall?](# q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["Q1: What is recall?"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "* [Q1: What is *recall*?](<>)\n\n## Q1: What is *recall*?\n",
            under=["](<>)"],
            fixed="* [Q1: What is *recall*?](<#q1-what-is-recall>)\n\n## Q1: What is *recall*?\n",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        linked = any(entry.link for entry in document.entries)
        for entry in document.entries:
            anchor = entry.question.heading.anchor if entry.question else ""
            if not entry.question or not (entry.link or anchor):
                continue
            target = f"#{anchor}" if anchor else ""
            if not entry.link:
                yield self.finding(
                    document,
                    document.label_words(entry),
                    "This index line is no link to its question",
                    severity=Severity.ERROR if linked else Severity.INFO,
                    target=target,
                    related=[asked(document, entry.question)],
                    fix=_linked(document, entry),
                )
            elif workspace.landing(document, entry.link).fault is Fault.EMPTY:
                yield self.finding(
                    document,
                    Span(entry.link.text_span.end, entry.link.span.end),
                    "The link of this index line is empty",
                    target=target,
                    related=[asked(document, entry.question)],
                    fix=mended(document, workspace, entry.link),
                )


def _linked(document: Document, entry: Entry) -> Fix | None:
    """The fix that makes a link of the label."""
    label = document.label_words(entry)
    if not entry.question or not linkable(document, label):
        return None
    href = f"#{entry.question.heading.anchor}"
    text, item = document.source.text, document.item_of_entry.get(entry)
    if item and text[label.start - 1 : label.start] == "[":
        # what follows the label was to be its address
        written = Span(label.start - 1, item[1].text_span.end)
        edit = Edit(document.path, written, f"[{document.source[label]}]({href})")
        return Fix((edit,), entry.sure, f"`{href}`")
    before = Edit(document.path, Span(label.start, label.start), "[")
    after = Edit(document.path, Span(label.end, label.end), f"]({href})")
    return Fix((before, after), entry.sure, f"`{href}`")
