"""SUP001."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document, Suppression
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.rule import SILENCING, Bad, Good, Rule, aliases, silences
from dsqa.rules import rules
from dsqa.source import Source, Span
from dsqa.workspace import Workspace

SEPARATOR_BEHIND = re.compile(r"\s*+,\s*+(?=[^,\]])|\s++(?=[^,\]])")


class UnusedSuppression(Rule):
    """A comment silences a rule that has nothing to say there.

    It outlives the defect that it excused, and then excuses the next one, which nobody has looked
    at.
    """

    code = "SUP001"
    severity = Severity.WARNING
    changes_answers = True
    examples = (
        Good("<!-- dsqa: ignore[empty-answer] asked in 2024 -->\n## Q1: What is recall?\n"),
        Bad(
            "<!-- dsqa: ignore[empty-answer] -->\n## Q1: What is recall?\n\nA share.\n",
            under=["<!-- dsqa: ignore[empty-answer] -->"],
            fixed="## Q1: What is recall?\n\nA share.\n",
        ),
        Bad(
            "<!-- dsqa: ignore[ANS001, NUM002] -->\n## Q1: What is recall?\n",
            under=["NUM002"],
            fixed="<!-- dsqa: ignore[ANS001] -->\n## Q1: What is recall?\n",
        ),
        Bad(
            "<!-- dsqa: disable[ANS] -->\n"
            "## Q1: What is recall?\n\nA share.\n"
            "<!-- dsqa: enable[ANS] -->\n"
            "\n"
            "## Q2: What is bias?\n",
            under=["<!-- dsqa: disable[ANS] -->"],
            fixed="## Q1: What is recall?\n\nA share.\n\n## Q2: What is bias?\n",
        ),
        Bad(
            "## Q1: What is recall?\n\nA share. <!-- dsqa: ignore -->\n",
            under=["<!-- dsqa: ignore -->"],
            fixed="## Q1: What is recall?\n\nA share.\n",
        ),
        Good("<!-- dsqa: ignore[dead-link] back soon -->\n[Recall](https://example.org/recall)\n"),
        Good("<!-- dsqa: ignore[no-such-rule] -->\n## Q1: What is recall?\n\nA share.\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        silencers = [
            each for each in document.suppressions if each.verb in SILENCING and not each.nameless
        ]
        others = [rule for rule in rules() if _judged(rule)] if silencers else []
        known = {name for rule in others for name in aliases(rule)}
        findings = [found for rule in others for found in rule.check(document, workspace)]
        for suppression in silencers:
            silenced = [found for found in findings if silences(suppression, found)]
            used = {name for found in silenced for name in aliases(found)}
            unused = [span for name, span in suppression.rules if name in known - used]
            online = not suppression.rules and _leads_outside(document, suppression)
            if not silenced and len(unused) == len(suppression.rules) and not online:
                yield self.finding(
                    document,
                    suppression.span,
                    "The comment silences nothing",
                    fix=Fix(tuple(removals(document, suppression)), True, "take the comment away"),
                )
                continue
            for span in unused:
                edit = Edit(document.path, with_separator(document.source, span), "")
                yield self.finding(
                    document,
                    span,
                    f"`{document.source[span]}` has nothing to silence here",
                    fix=Fix((edit,), True, "take the name away"),
                )


def _judged(rule: Rule) -> bool:
    """Whether what it would say is known now: the world outside changes by the hour."""
    return not rule.online and not rule.code.startswith("SUP")


def _leads_outside(document: Document, suppression: Suppression) -> bool:
    """Whether the comment may silence what the world outside answers."""
    return any(
        "//" in address.href and address.span.overlaps(suppression.scope)
        for address in document.addresses
    )


def removals(document: Document, suppression: Suppression) -> Iterator[Edit]:
    """The edits that take the comment away, and the `enable` that ends it and nothing else."""
    yield Edit(document.path, with_line(document.source, suppression.span), "")
    end = suppression.scope.end
    disabling = (each for each in document.suppressions if each.verb == "disable")
    if [each for each in disabling if each.scope.end == end] != [suppression]:
        return
    for other in document.suppressions:
        if other.verb == "enable" and other.span.start == end:
            yield Edit(document.path, with_line(document.source, other.span), "")


def with_line(source: Source, span: Span) -> Span:
    """The span, with its line where it has one for itself, unless it parts the lines around it."""
    first, last = source.line_of(span.start), source.line_of(span.end - 1)
    line = source.lines_span(first, last)
    before, after = source.text[line.start : span.start], source.text[span.end : line.end]
    if before.strip() or after.strip():
        parted = not after.strip() or after[0].isspace()
        blanks = len(before) - len(before.rstrip()) if parted else 0
        return Span(span.start - blanks, span.end)
    inside = first > 1 and last < source.line_count
    around = (source[source.line_span(number)] for number in (first - 1, last + 1) if inside)
    parts = inside and all(text.strip() for text in around)
    return Span(line.start, span.end) if parts else line


def with_separator(source: Source, name: Span) -> Span:
    """The span of a name in a list of names, with the comma that it needs no more."""
    behind = SEPARATOR_BEHIND.match(source.text, name.end)
    if behind:
        return Span(name.start, behind.end())
    start = name.start
    while source.text[start - 1].isspace() or source.text[start - 1] == ",":
        start -= 1
    return Span(start, name.end)
