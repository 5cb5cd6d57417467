"""SUP002."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.question_ids import PINNED
from dsqa.rule import SILENCING, Bad, Good, Rule, aliases, replace
from dsqa.rules import rules
from dsqa.source import Span
from dsqa.workspace import Workspace

VERBS = SILENCING | {"enable", PINNED}
LONGEST_NAME = 60
"""Characters; what is longer is not the misspelled name of a rule."""


class InvalidSuppression(Rule):
    """A comment that should silence a rule names none that there is.

    It has no effect, and nobody notices, for it looks as if it had. It happens by a slip of the
    finger.
    """

    code = "SUP002"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good("<!-- dsqa: ignore[empty-answer] asked in 2024 -->\n## Q1: What is recall?\n"),
        Bad(
            "<!-- dsqa: ignore[emty-answer] -->\n## Q1: What is recall?\n",
            under=["emty-answer"],
            fixed="<!-- dsqa: ignore[empty-answer] -->\n## Q1: What is recall?\n",
        ),
        Bad(
            "<!-- dsqa: ignore[ANS001, MD013] -->\n## Q1: What is recall?\n",
            under=["MD013"],
        ),
        Bad(
            "<!-- dsqa: disabel[ans001] -->\n## Q1: What is recall?\n",
            under=["disabel", "ans001"],
            fixed="<!-- dsqa: disable[ANS001] -->\n## Q1: What is recall?\n",
        ),
        Bad(
            "<!-- dsqa: ignore[] -->\n## Q1: What is recall?\n",
            under=["<!-- dsqa: ignore[] -->"],
        ),
        Bad(
            "<!-- dsqa: ignore[ANS001 -->\n## Q1: What is recall?\n",
            under=["<!-- dsqa: ignore[ANS001 -->"],
        ),
        Good("<!-- dsqa: disable[ANS] -->\n## Q1: What is recall?\n<!-- dsqa: enable[ANS] -->\n"),
        Good("## Q1: What is recall?\n\n<!-- dsqa: id[what-is-recall] -->\n"),
        Good("```\n<!-- dsqa: ignore[emty-answer] -->\n```\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for suppression in document.suppressions:
            if suppression.verb not in VERBS:
                place = suppression.verb_span
                yield self._unknown(document, place, VERBS, "no word that silences")
            elif suppression.nameless:
                named, closed, _ = (
                    document.source[suppression.span].partition("[")[2].partition("]")
                )
                much = closed and named.replace(",", " ").strip()
                what = "too many rules" if much else "no rule"
                message = f"The brackets name {what}, so that the comment silences nothing"
                yield self.finding(document, suppression.span, message)
            for name, span in suppression.rules if suppression.verb != PINNED else ():
                if name not in _names():
                    yield self._unknown(document, span, _names(), "not the name of a rule")

    def _unknown(
        self, document: Document, span: Span, known: Collection[str], what: str
    ) -> Finding:
        written = document.source[span]
        meant = nearest(written, known)
        return self.finding(
            document,
            span,
            f"`{written[:LONGEST_NAME]}` is {what}",
            reason=f"did you mean `{meant}`?" if meant else "",
            fix=replace(document, span, meant, safe=False) if meant else None,
        )


def nearest(written: str, known: Collection[str]) -> str:
    """The one name that was probably meant; empty if there is none."""
    from difflib import get_close_matches

    if len(written) > LONGEST_NAME:
        return ""
    folded = {name.casefold(): name for name in sorted(known)}
    found = get_close_matches(written.casefold().replace("_", "-"), folded, n=1, cutoff=0.8)
    return folded[found[0]] if found else ""


@cache
def _names() -> frozenset[str]:
    """The names of all rules."""
    return frozenset(name for rule in rules() for name in aliases(rule))
