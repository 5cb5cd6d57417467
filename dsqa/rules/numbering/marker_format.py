"""NUM004."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dsqa.coupling import coupled
from dsqa.dialects.marker import label_again, spelling
from dsqa.document import Document, Entry, Heading, Marker
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.remedy import mended
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Span
from dsqa.target import parse_target
from dsqa.words import fold
from dsqa.workspace import Workspace

BLANKS = re.compile(r"[ \t]+")
BLANKS_BEFORE = re.compile(r"(?<=\#)[ \t]{2,}\Z")


class MarkerFormat(Rule):
    """A question's number is not written as the document mostly writes it.

    Whoever searches for `Q5: How` does not find `Q5:How`, and neither does a program that reads
    questions by their form; in a heading the odd form goes into the anchor as well.
    """

    code = "NUM004"
    severity = Severity.WARNING
    changes_answers = True
    examples = (
        Good("## Q1: What is recall?\n\n## Q2: What is bias?\n"),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2:What is bias?](#q2-what-is-bias)\n"
            "* [Q3: What is a leaf?](#q3-what-is-a-leaf)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "## Q3: What is a leaf?\n",
            under=["Q2:"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is bias?](#q2-what-is-bias)\n"
            "* [Q3: What is a leaf?](#q3-what-is-a-leaf)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "## Q3: What is a leaf?\n",
        ),
        Bad(
            "## Q1: What is recall?\n\n## Q2:What is bias?\n\n## Q3: What is a leaf?\n",
            under=["Q2:"],
            fixed="## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is a leaf?\n",
        ),
        Bad(
            "## Q1: What is recall?\n\n## Q2. What is bias?\n\n## Q3: What is a leaf?\n",
            under=["Q2."],
            fixed="## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is a leaf?\n",
        ),
        Bad(
            "## Q1: What is recall?\n\n##  Q2: What is bias?\n\n## Q3: What is a leaf?\n",
            under=["##  Q2"],
            fixed="## Q1: What is recall?\n\n## Q2: What is bias?\n\n## Q3: What is a leaf?\n",
        ),
        Bad(
            "* [Q1: Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["Q1: Q1:"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad(
            "## Q1: Question: What is recall?\n\n[Recall](#q1-question-what-is-recall)\n",
            under=["Q1: Question:"],
            fixed="## Q1: What is recall?\n\n[Recall](#q1-what-is-recall)\n",
        ),
        Good("## Q1: Q-learning: what is it?\n"),
        Good("## Q1. What is recall?\n\n## Q2. What is bias?\n"),
        Good("##  Q1: What is recall?\n\n##  Q2: What is bias?\n"),
        Good("* Q1. What is recall?\n\n## Q1: What is recall?\n"),
        Bad(
            "* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is bias?](#q2-what-is-bias)\n"
            "* [Q3:What is a leaf?](#:~:text=Q3%3A%20What%20is%20a%20leaf%3F)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "## Q3: What is a leaf?\n",
            under=["Q3:"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "* [Q2: What is bias?](#q2-what-is-bias)\n"
            "* [Q3: What is a leaf?](#q3-what-is-a-leaf)\n"
            "\n"
            "## Q1: What is recall?\n"
            "\n"
            "## Q2: What is bias?\n"
            "\n"
            "## Q3: What is a leaf?\n",
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        headings = [Place(q.marker, q.heading) for q in document.questions if q.marker]
        labels = [Place(e.marker, entry=e) for e in document.entries if e.marker]
        indented = [place for place in headings if excess_blanks(document, place)]
        unusual = indented if 2 * len(indented) < len(headings) else []
        for places in (headings, labels):
            usual = usual_form(places) or usual_form([*headings, *labels])
            for place in places:
                fault = again(document, place) or odd_form(document, place, usual)
                if not fault and place in unusual:
                    fault = excess_blanks(document, place)
                if not fault:
                    continue
                yield self.finding(
                    document,
                    fault.span,
                    fault.message,
                    reason=fault.reason,
                    fix=mending(document, workspace, place, fault.edit),
                )


class Place(NamedTuple):
    """Where a number stands before words: in the heading of a question, or in an index line."""

    marker: Marker
    heading: Heading | None = None
    entry: Entry | None = None

    @property
    def words_end(self) -> int:
        place = self.heading.text_span if self.heading else self.entry and self.entry.label_span
        return place.end if place else self.marker.span.end

    @property
    def form(self) -> str:
        """The spelling; in a heading, but for blanks, which shape its anchor and are ANC004's."""
        form = spelling(self.marker)
        return BLANKS.sub(" ", form) if self.heading else form


class Fault(NamedTuple):
    """What is wrong with a marker, and what would be right."""

    span: Span
    message: str
    edit: Edit
    reason: str = ""


def usual_form(places: Sequence[Place]) -> str:
    """The form of more than half of the markers, of two at least."""
    forms = Counter(place.form for place in places)
    ((form, count),) = forms.most_common(1) or [("", 0)]
    return form if count > 1 and 2 * count > len(places) else ""


def again(document: Document, place: Place) -> Fault | None:
    marker = place.marker
    second = label_again(document.source, marker, place.words_end)
    if not second:
        return None
    end = second.start + len(document.source[second].rstrip())
    edit = Edit(document.path, second, "")
    return Fault(Span(marker.name_span.start, end), "The label of the question stands twice", edit)


def odd_form(document: Document, place: Place, usual: str) -> Fault | None:
    if not usual or place.form == usual:
        return None
    marker = place.marker
    written = Span(marker.name_span.start, marker.span.end)
    right = usual.replace("7", document.source[marker.number_span], 1)
    end = written.start + len(document.source[written].rstrip())
    return Fault(
        Span(written.start, end),
        "The number is spelled unlike most others",
        Edit(document.path, written, right),
        f"most of them begin like `{usual}…`",
    )


def excess_blanks(document: Document, place: Place) -> Fault | None:
    if not place.heading:
        return None
    before = Span(place.heading.span.start, place.heading.text_span.start)
    blanks = BLANKS_BEFORE.search(document.source[before])
    if not blanks:
        return None
    return Fault(
        Span(before.start, place.marker.name_span.end),
        "More than one blank stands before the number",
        Edit(document.path, Span(before.start + blanks.start(), before.end), " "),
    )


def mending(document: Document, workspace: Workspace, place: Place, edit: Edit) -> Fix | None:
    """The fix that makes the edit; what leads to a heading, or there by these words, follows."""
    old, new = document.source[edit.span], edit.text
    summary = f"`{new}…`" if new.strip() else "one blank" if new else "take one of them away"
    if "*" in old:
        return None
    if place.heading:
        safe = not edit.span.overlaps(place.heading.text_span)
        edits = (edit,) if safe else coupled(document, workspace, [edit])
        return Fix(edits, safe, summary) if edits else None
    if not place.entry:
        return None
    entry = place.entry
    said = document.source[Span(edit.span.end, place.words_end)]
    same = fold(old).replace(" ", "") == fold(new).replace(" ", "")
    alike = not new and entry.question and fold(said) == fold(entry.question.title)
    safe = same or bool(alike)
    written = parse_target(entry.link.href).fragment if entry.link else None
    if not entry.link or not written or not written.directives:
        return Fix((edit,), safe, summary)
    led = mended(document, workspace, entry.link)
    return Fix((edit, *led.edits), safe and led.safe, summary) if led else None
