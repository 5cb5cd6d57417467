"""ANC004."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document, Heading, Link
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.slug import slug, unique_slugs
from dsqa.source import Span
from dsqa.workspace import Workspace

SPACES = re.compile(
    r"(?:[\ \t\u00a0\u1680\u2000-\u200a\u202f\u205f]|&nbsp;|&\#160;|&\#xa0;)+", re.IGNORECASE
)
FRENCH = re.compile(r"(?<=«)[\u00a0\u202f]|[\u00a0\u202f](?=[?!:;»])")
"""Narrow blanks around punctuation, which one sets on purpose."""


class FragileHeading(Rule):
    """Blanks that nobody sees shape the anchor of a heading.

    Each of two blanks in a row becomes a hyphen, and a no-break space vanishes, so that nobody can
    guess the anchor. Whoever tidies the heading later breaks every link to it without a trace.
    """

    code = "ANC004"
    severity = Severity.WARNING
    changes_answers = True
    examples = (
        Good("* [Q1: What is recall?](#q1-what-is-recall)\n\n### Q1: What is recall?\n"),
        Bad(
            "* [Q1: What is recall?](#q1--what-is-recall)\n\n### Q1:  What is recall?\n",
            under=["  "],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n### Q1: What is recall?\n",
        ),
        Bad(
            "* [Q1: What is\u00a0recall?](#q1-what-isrecall)\n"
            "\n"
            "### Q1: What is\u00a0recall?\n"
            "\n"
            "### Q2: What is precision?\n"
            "\n"
            "Not [recall](qa.md#q1-what-isrecall).\n",
            under=["\u00a0"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n"
            "\n"
            "### Q1: What is recall?\n"
            "\n"
            "### Q2: What is precision?\n"
            "\n"
            "Not [recall](qa.md#q1-what-is-recall).\n",
        ),
        Bad(
            "* [Q1: Recall?](#:~:text=Q1%3A%20Recall%3F,-It%20is)\n"
            "\n"
            "### Q1:\u00a0Recall?\n"
            "\n"
            "It is the share that was found.\n",
            under=["\u00a0"],
            fixed="* [Q1: Recall?](#q1-recall)\n"
            "\n"
            "### Q1: Recall?\n"
            "\n"
            "It is the share that was found.\n",
        ),
        Bad("# Recall\n\n# Its  use\n\n# Its use\n", under=["  "]),
        Good("### Qu’est-ce que c’est\u00a0?\n\n###  Recall  ###\n\n### `a  b`\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for heading in document.headings:
            runs = _runs(document, heading.text_span)
            if not runs or slug(_plain(heading.text)) == slug(heading.text):
                continue
            links = _links_to(heading, document, workspace)
            yield self.finding(
                document,
                runs[0],
                f"{_named(document.source[runs[0]])} the anchor of the heading",
                reason=f"it is `#{heading.anchor}`",
                related=[Related(document.path, link.href_span, "a link to it") for link in links],
                fix=_tidying(heading, links, document),
            )


def _fragile(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Where blanks stand that one cannot tell from a single plain one."""
    for run in SPACES.finditer(text, start, len(text) if end is None else end):
        if run[0] != " " and not FRENCH.match(text, run.start()):
            yield Span(*run.span())


def _plain(text: str) -> str:
    """The text with a plain blank for each of these."""
    end, pieces = 0, []
    for run in _fragile(text):
        pieces += [text[end : run.start], " "]
        end = run.end
    return "".join([*pieces, text[end:]]).strip(" ")


def _runs(document: Document, span: Span) -> list[Span]:
    """Where they stand in the words that are written at the span, but for code."""
    runs = _fragile(document.source.text, span.start, span.end)
    return [run for run in runs if not document.in_code(run)]


def _named(run: str) -> str:
    odd = run.strip(" ").lower()
    if not odd:
        return "Blanks in a row shape"
    no_break = odd.startswith(("\u00a0", "&"))
    return f"{'A no-break space' if no_break else 'An unusual blank'} shapes"


def _links_to(heading: Heading, document: Document, workspace: Workspace) -> list[Link]:
    """The links of the document that find the heading by its anchor or by its words."""
    found = []
    for link in document.links:
        landing = workspace.landing(document, link)
        if landing.there == document.path and landing.anchor == heading.anchor:
            found.append(link)
    return found


def _tidying(heading: Heading, links: list[Link], document: Document) -> Fix | None:
    """The fix that makes the blanks plain, in the heading, in its index line and in all links.

    None where the new anchor would take the name of another heading.
    """
    place = document.headings.index(heading)
    texts = [other.text for other in document.headings]
    anchors = unique_slugs([*texts[:place], _plain(heading.text), *texts[place + 1 :]])
    anchor = anchors[place]
    others = zip(document.headings, anchors, strict=True)
    if any(other.anchor != new for other, new in others if other != heading):
        return None
    if anchor != slug(_plain(heading.text)):
        return None
    labels = [
        entry.label_span
        for entry in document.entries
        if entry.question and entry.question.heading == heading
    ]
    edits = {
        Edit(document.path, run, " ")
        for span in (heading.text_span, *labels)
        for run in _runs(document, span)
    }
    for link in links:
        page = link.href.partition("#")[0]
        edits.add(Edit(document.path, link.href_span, f"{page}#{anchor}"))
    return Fix(tuple(sorted(edits)), False, f"plain blanks, so that it is `#{anchor}`")
