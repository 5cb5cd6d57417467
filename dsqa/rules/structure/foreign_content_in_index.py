"""STR005."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from dsqa.document import Document, Entry, Image
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.workspace import Workspace

MOST_LOOKED_AT = 100


class ForeignContentInIndex(Rule):
    """An image or a block of code stands between the lines of an index.

    It belongs to a question, and where the index is read there is no question yet. It happens when
    a heading is copied to the index with all that stands below it.
    """

    code = "STR005"
    severity = Severity.WARNING
    examples = (
        Good(
            "* [Q1: What does `len` do?](#q1-what-does-len-do) ![new](new.png)\n"
            "\n"
            "## Q1: What does `len` do?\n"
            "\n"
            "![Diagram](len.png)\n",
            {"new.png": "", "len.png": ""},
        ),
        Bad(
            "* [Q1: What is shown?](#q1-what-is-shown)\n"
            "![Curve](roc.png)\n"
            "* [Q2: What is recall?](#q2-what-is-recall)\n"
            "\n"
            "## Q1: What is shown?\n"
            "\n"
            "![Curve](roc.png)\n"
            "\n"
            "## Q2: What is recall?\n",
            under=["![Curve](roc.png)"],
            files={"roc.png": ""},
            fixed="* [Q1: What is shown?](#q1-what-is-shown)\n"
            "* [Q2: What is recall?](#q2-what-is-recall)\n"
            "\n"
            "## Q1: What is shown?\n"
            "\n"
            "![Curve](roc.png)\n"
            "\n"
            "## Q2: What is recall?\n",
        ),
        Bad(
            "* [Q1: What is shown?](#q1-what-is-shown)\n\n"
            "  ![Curve](roc.png)\n"
            "\n"
            "## Q1: What is shown?\n",
            under=["![Curve](roc.png)"],
            files={"roc.png": ""},
        ),
        Bad(
            "* [Q1: What is printed?](#q1-what-is-printed)\n"
            "\n"
            "  ```\n"
            "  print(1)\n"
            "  ```\n"
            "\n"
            "## Q1: What is printed?\n",
            under=["```\n  print(1)\n  ```"],
        ),
        Good(
            "1. Q1: What is printed?\n\n   ```\n   1\n   ```\n"
            "\n"
            "2. Q2: What is recall?\n\n   A share.\n"
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for entry, below in _spaces(document):
            for image in document.images_in(below):
                again = _shown_again(document, workspace, entry, image)
                yield self.finding(
                    document,
                    image.span,
                    "An image stands in the index",
                    related=[Related(document.path, again.span, "it is here too")] if again else [],
                    fix=_removed(document, image) if again else None,
                )
            for code in document.code_blocks_in(below):
                place = document.trimmed(code)
                yield self.finding(document, place, "A block of code stands in the index")


def _spaces(document: Document) -> Iterator[tuple[Entry, Span]]:
    """The index lines of the document's questions, each with what stands below it in its item."""
    for entry, following in zip_longest(document.entries, document.entries[1:]):
        if not entry.question or entry not in document.item_of_entry:
            continue
        _, item = document.item_of_entry[entry]
        line = document.source.line_span(document.source.line_of(item.span.start))
        end = min(item.span.end, following.span.start if following else item.span.end)
        if line.end < end:
            yield entry, Span(line.end, end)


def _shown_again(
    document: Document, workspace: Workspace, entry: Entry, image: Image
) -> Image | None:
    """The same image in the answer to the question of the index line."""
    if not entry.question:
        return None
    path = workspace.landing(document, image).path
    for other in document.images_in(entry.question.answer.span)[:MOST_LOOKED_AT]:
        same = path and workspace.landing(document, other).path == path
        if same or other.href == image.href:
            return other
    return None


def _removed(document: Document, image: Image) -> Fix | None:
    """The fix that takes the line of the image away; none if more stands on it."""
    source = document.source
    line = source.lines_span(source.line_of(image.span.start), source.line_of(image.span.end))
    if source[line].strip() != source[image.span]:
        return None
    return Fix((Edit(document.path, line, ""),), False, "take this line away")
