"""A document and the rules become findings: sorted, and silent where one said so.

A rule that fails is a finding as well, whatever it was about to say; the others go on. So is one
that has so much to say that nobody would read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from dsqa.document import Document
from dsqa.finding import Finding
from dsqa.rule import Rule, is_silenced
from dsqa.rules import rules
from dsqa.workspace import Workspace

TREE = "."
"""The path of all files together."""
MOST = 10_000
"""Findings of one rule in one document that are told."""


def lint(
    document: Document, workspace: Workspace, chosen: Sequence[Rule] | None = None
) -> tuple[Finding, ...]:
    """What the chosen rules (all that are on, unless given) find in the document, in its order."""
    chosen = [rule for rule in rules() if rule.on] if chosen is None else chosen
    found = {finding for rule in chosen for finding in _checked(rule, document, workspace)}
    return tuple(sorted(found, key=order))


def lint_tree(workspace: Workspace, chosen: Sequence[Rule]) -> tuple[Finding, ...]:
    """What the chosen rules find in the files around the documents."""
    found = {finding for rule in chosen for finding in _asked(rule, workspace)}
    return tuple(sorted(found, key=order))


def order(finding: Finding) -> tuple[str, int, int, str, str]:
    """Where a finding stands in a report."""
    span = finding.span
    return finding.path, span.start, span.end, finding.code, finding.message


def _checked(rule: Rule, document: Document, workspace: Workspace) -> Iterable[Finding]:
    def said() -> Iterator[Finding]:
        found = rule.check(document, workspace)
        return (finding for finding in found if not is_silenced(document, finding))

    return _said(rule, document.path, said)


def _asked(rule: Rule, workspace: Workspace) -> Iterable[Finding]:
    return _said(rule, TREE, lambda: rule.check_tree(workspace))


def _said(rule: Rule, path: str, said: Callable[[], Iterator[Finding]]) -> Sequence[Finding]:
    """What the rule says, or that it failed; and if it is too much, the first of it, and that."""
    name = f"{rule.code} {rule.name}"
    try:
        found = list(islice(said(), MOST + 1))
    except Exception as error:
        from dsqa.unjudged import failure

        return [failure(path, error, name)]
    if found[MOST:]:
        from dsqa.unjudged import endless

        found[MOST] = endless(path, name, MOST)
    return found
