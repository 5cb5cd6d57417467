"""SUP001."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from dsqa.document import MOST_BLANKS, Document
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.rule import Bad, Good, Rule, aliases, silencers
from dsqa.rules import rules
from dsqa.source import Source, Span, Spans
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
        comments = list(silencers(document))
        others = [rule for rule in rules() if _judged(rule)] if comments else []
        known = {name for rule in others for name in aliases(rule)}
        told = _told(found for rule in others for found in rule.check(document, workspace))
        outside = Spans.of(one.span for one in document.addresses if "//" in one.href)
        ends = _ends(document)
        for comment in comments:
            names = {name for name, _ in comment.rules} or {""}
            used = {name for name in names if name in told and told[name].overlap(comment.scope)}
            unused = [span for name, span in comment.rules if name in known and name not in used]
            online = not comment.rules and outside.overlap(comment.scope)
            if not used and len(unused) == len(comment.rules) and not online:
                places = (comment.span, *ends.get(comment.span, ()))
                lines = (with_line(document.source, place) for place in places)
                edits = tuple(Edit(document.path, line, "") for line in lines)
                yield self.finding(
                    document,
                    comment.span,
                    "The comment silences nothing",
                    fix=Fix(edits, True, "take the comment away"),
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


def _told(findings: Iterable[Finding]) -> Mapping[str, Spans]:
    """Where the rules of each name have something to say; under the empty one, where any has."""
    places: dict[str, list[Span]] = defaultdict(list)
    for finding in findings:
        for name in ("", *aliases(finding)):
            places[name].append(finding.span)
    return {name: Spans.of(found) for name, found in places.items()}


def _ends(document: Document) -> Mapping[Span, tuple[Span, ...]]:
    """The comments that disable rules, each with the `enable` that ends it and nothing else."""
    disabling: dict[int, list[Span]] = defaultdict(list)
    for comment in document.suppressions:
        if comment.verb == "disable":
            disabling[comment.scope.end].append(comment.span)
    return {
        disabling[comment.span.start][0]: (comment.span,)
        for comment in document.suppressions
        if comment.verb == "enable" and len(disabling[comment.span.start]) == 1
    }


def with_line(source: Source, span: Span) -> Span:
    """The span, with its line where it has one for itself, unless it parts the lines around it."""
    first, last = source.line_of(span.start), source.line_of(span.end - 1)
    line = source.lines_span(first, last)
    before = source.text[max(line.start, span.start - MOST_BLANKS) : span.start]
    after = source.text[span.end : min(line.end, span.end + MOST_BLANKS)]
    if before.strip() or after.strip() or len(line) > len(span) + len(before) + len(after):
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
