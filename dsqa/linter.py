"""A document and the rules become findings: sorted, and silent where one said so.

A rule that fails is a finding as well, whatever it was about to say; the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dsqa.document import Document
from dsqa.finding import Finding
from dsqa.rule import Rule, is_silenced
from dsqa.rules import rules
from dsqa.workspace import Workspace

TREE = "."
"""The path of all files together."""


def lint(
    document: Document, workspace: Workspace, chosen: Sequence[Rule] | None = None
) -> tuple[Finding, ...]:
    """What the chosen rules (all that are on, unless given) find in the document, in its order."""
    chosen = [rule for rule in rules() if rule.on] if chosen is None else chosen
    found = {
        finding
        for rule in chosen
        for finding in _checked(rule, document, workspace)
        if not is_silenced(document, finding)
    }
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
    try:
        return list(rule.check(document, workspace))
    except Exception as error:
        return [_failed(rule, document.path, error)]


def _asked(rule: Rule, workspace: Workspace) -> Iterable[Finding]:
    try:
        return list(rule.check_tree(workspace))
    except Exception as error:
        return [_failed(rule, TREE, error)]


def _failed(rule: Rule, path: str, error: Exception) -> Finding:
    from dsqa.unjudged import failure

    return failure(path, error, f"{rule.code} {rule.name}")
