"""ANC004."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dsqa.document import Document, Heading, Link
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.slug import slug
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
        links = _links_by_anchor(document, workspace)
        names = Counter(slug(heading.text) for heading in document.headings)
        for heading in document.headings:
            runs = _runs(document, heading.text_span)
            if not runs or slug(_plain(heading.text)) == slug(heading.text):
                continue
            to_it = links[heading.anchor]
            what, reason = _told(document.source[runs[0]])
            yield self.finding(
                document,
                runs[0],
                f"{what} the anchor of the heading",
                reason=reason,
                related=[Related(document.path, link.href_span, "a link to it") for link in to_it],
                fix=_tidying(heading, to_it, document) if _is_free(heading, names) else None,
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


def _told(run: str) -> tuple[str, str]:
    """What the blanks do, and how."""
    odd = run.strip(" ").lower()
    if not odd:
        return "Blanks in a row shape", "each of them becomes a hyphen"
    no_break = odd.startswith(("\u00a0", "&"))
    what = "A no-break space" if no_break else "An unusual blank"
    return f"{what} shapes", "GitHub drops it there and joins the words around it"


def _links_by_anchor(document: Document, workspace: Workspace) -> Mapping[str, list[Link]]:
    """The links that find a place in the document by its anchor or by its words."""
    found: dict[str, list[Link]] = defaultdict(list)
    for link in document.links:
        landing = workspace.landing(document, link)
        if landing.there == document.path:
            found[landing.anchor].append(link)
    return found


def _is_free(heading: Heading, names: Counter[str]) -> bool:
    """Whether no other heading has the present name or the one with plain blanks."""
    return names[slug(heading.text)] == 1 and not names[slug(_plain(heading.text))]


def _tidying(heading: Heading, links: Sequence[Link], document: Document) -> Fix:
    """The fix that makes the blanks plain: in the heading, in its index line and in all links."""
    anchor = slug(_plain(heading.text))
    labels = [
        entry.label_span
        for entry in document.entries
        if entry.question and entry.question.heading.span == heading.span
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
