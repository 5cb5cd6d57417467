"""For reviewdog: the findings with suggestions, with columns in bytes of UTF-8.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

from functools import partial

from dsqa.finding import Finding, Fix, Severity, apply
from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._data import Data, Each, dumped, well_formed
from dsqa.reporters._wording import told
from dsqa.source import Source, Span

SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}
MOST_LINES = 20
"""A suggestion replaces all that is between its first change and its last; beyond so many lines
nobody sees what changes."""


def render(report: Report, options: Options) -> str:
    gravest = max((finding.severity for finding in report.findings), default=Severity.INFO)
    result = {
        "source": {"name": "dsqa"},
        "severity": SEVERITIES[gravest],
        "diagnostics": Each(partial(diagnostic, report), report.findings),
    }
    return dumped(result, indent=2) + "\n"


def diagnostic(report: Report, finding: Finding) -> Data:
    rule = report.rules.get(finding.code)
    code = {"value": finding.code, "url": rule.help_uri if rule else ""}
    return {
        "message": well_formed("\n".join(told(finding))) or finding.code,
        "location": location(report, finding.path, finding.span),
        "severity": SEVERITIES[finding.severity],
        "code": {key: value for key, value in code.items() if value},
        "suggestions": suggestions(report, finding.path, finding.fix) if finding.fix else [],
        "related_locations": [
            {
                "message": well_formed(related.message),
                "location": location(report, related.path, related.span),
            }
            for related in finding.related
        ],
    }


def location(report: Report, path: str, span: Span) -> Data:
    """Where it is; a file that is no text has no range."""
    source = report.sources.get(path)
    where = {"path": well_formed(path)}
    return {**where, "range": range_data(source, span)} if source else where


def range_data(source: Source, span: Span) -> Data:
    start, end = (
        {"line": source.line_of(offset), "column": source.utf8_column(offset)}
        for offset in (span.start, span.end)
    )
    return {"start": start, "end": end}


def suggestions(report: Report, path: str, fix: Fix) -> list[Data]:
    """The fix as one change in the file; none if it is not, for the half of a fix breaks more."""
    source = report.sources.get(path)
    if source is None or {edit.path for edit in fix.edits} != {path}:
        return []
    whole = Span(
        min(edit.span.start for edit in fix.edits), max(edit.span.end for edit in fix.edits)
    )
    if source.line_of(whole.end) - source.line_of(whole.start) >= MOST_LINES:
        return []
    inside = (
        edit._replace(span=Span(edit.span.start - whole.start, edit.span.end - whole.start))
        for edit in fix.edits
    )
    text = apply(Source(path, source[whole]), inside).text
    return [{"range": range_data(source, whole), "text": well_formed(text)}]
