"""For merge requests on GitLab: a code quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from dsqa.finding import Finding, Severity
from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._data import Data, Each, dumped, well_formed
from dsqa.reporters._wording import told
from dsqa.source import Span

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}
MOST_HASHED = 1000
"""Characters of a line, and of what is marked in it, that tell a finding from another."""


def render(report: Report, options: Options) -> str:
    seen: Counter[tuple[str, ...]] = Counter()
    issues = Each(lambda finding: issue(report, finding, seen), report.findings)
    return dumped(issues, indent=2) + "\n"


def issue(report: Report, finding: Finding, seen: Counter[tuple[str, ...]]) -> Data:
    """The finding; if some before look the same its number tells it apart, or one is not shown."""
    context = in_words(report, finding)
    seen[context] += 1
    return {
        "description": well_formed(" · ".join(told(finding))) or finding.code,
        "check_name": f"{finding.code} {finding.name}",
        "fingerprint": fingerprint((*context, str(seen[context]))),
        "severity": SEVERITIES[finding.severity],
        "location": {
            "path": well_formed(finding.path),
            "lines": {"begin": report.place(finding.path, finding.span).start.line},
        },
    }


def in_words(report: Report, finding: Finding) -> tuple[str, ...]:
    """What the finding is about, without a number of a line: it stays the same where text moves."""
    rule = (finding.path, finding.code)
    source = report.sources.get(finding.path)
    if source is None:
        return rule
    line = source.line_span(source.line_of(finding.span.start))
    beginnings = (
        Span(span.start, min(span.end, span.start + MOST_HASHED)) for span in (line, finding.span)
    )
    return (*rule, *(source[beginning].strip() for beginning in beginnings))


def fingerprint(parts: tuple[str, ...]) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
