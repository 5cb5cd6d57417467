"""ANC004."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from dsqa.coupling import coupled
from dsqa.document import Document, Heading
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.slug import slug
from dsqa.source import Span
from dsqa.workspace import Workspace

SPACES = re.compile(
    r"(?:[\ \t\u00a0\u1680\u2000-\u200a\u202f\u205f]++|&nbsp;|&\#160;|&\#xa0;)++", re.IGNORECASE
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
        names = Counter(slug(heading.text) for heading in document.headings)
        for heading in document.headings:
            runs = _runs(document, heading.text_span)
            if not runs or slug(_plain(heading.text)) == slug(heading.text):
                continue
            what, reason = _told([document.source[run] for run in runs])
            yield self.finding(
                document,
                runs[0],
                f"{what} the anchor of the heading",
                reason=reason,
                related=[
                    Related(one.document.path, one.link.href_span, "a link to it")
                    for one in workspace.arrivals_at(document.path).get(heading.anchor, ())
                    if one.landing.anchor
                ],
                fix=_tidying(heading, document, workspace) if _is_free(heading, names) else None,
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


def _told(runs: Sequence[str]) -> tuple[str, str]:
    """What the blanks do, and how."""
    if not any(map(_odd, runs)):
        return "Blanks in a row shape", "each of them becomes a hyphen"
    odd = [run for run in runs if _odd(run)]
    kind = "no-break space" if _odd(odd[0]).startswith(("\u00a0", "&")) else "unusual blank"
    if len(odd) > 1:
        return f"{len(odd)} {kind}s shape", "GitHub drops them there and joins the words around"
    article = "A" if kind.startswith("n") else "An"
    return f"{article} {kind} shapes", "GitHub drops it there and joins the words around it"


def _odd(run: str) -> str:
    """What of the blanks is not a plain one."""
    return run.strip(" ").lower()


def _is_free(heading: Heading, names: Counter[str]) -> bool:
    """Whether no other heading has the present name or the one with plain blanks."""
    return names[slug(heading.text)] == 1 and not names[slug(_plain(heading.text))]


def _tidying(heading: Heading, document: Document, workspace: Workspace) -> Fix | None:
    """The fix that makes the blanks plain: in the heading and in its index line."""
    runs = _runs(document, heading.text_span)
    edits = coupled(document, workspace, [Edit(document.path, run, " ") for run in runs])
    if edits is None:
        return None
    labels = [
        Edit(document.path, run, " ")
        for entry in document.entries_of_heading.get(heading.span, ())
        for run in _runs(document, entry.label_span)
    ]
    anchor = slug(_plain(heading.text))
    return Fix((*edits, *labels), False, f"plain blanks, so that it is `#{anchor}`")
