"""How often each rule has something to say: a line a rule, the gravest first."""

from __future__ import annotations

from collections import defaultdict

from dsqa.finding import Finding
from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._printable import disarmed, printable
from dsqa.reporters._wording import counted, found, looked_at

LONGEST_SENTENCE = 400


def render(report: Report, options: Options) -> str:
    by_rule: dict[tuple[int, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_rule[-finding.severity, finding.code].append(finding)
    gravest_first = sorted(by_rule.items(), key=lambda row: (row[0][0], -len(row[1]), row[0][1]))
    lines = [
        *(_row(findings) for _, findings in gravest_first),
        *(_unjudged(report, finding) for finding in report.findings if finding.unjudged),
        f"looked at {looked_at(report.looked)}",
        f"found {found(report)}",
    ]
    return disarmed("".join(f"{line}\n" for line in lines))


def _row(findings: list[Finding]) -> str:
    """`  12  ANC001 broken-anchor   error    in 3 files, 10 repaired by dsqa fix`."""
    one = findings[0]
    files = counted(len({finding.path for finding in findings}), "file")
    safe = sum(1 for finding in findings if finding.fix and finding.fix.safe)
    mended = f", {safe} repaired by `dsqa fix`" if safe else ""
    return f"{len(findings):>6}  {one.code} {one.name:<26} {one.severity!s:<8} in {files}{mended}"


def _unjudged(report: Report, finding: Finding) -> str:
    """What must not be lost in a number."""
    shown = printable(report.shown(finding.path))
    return f"not judged {shown}: {printable(finding.message, limit=LONGEST_SENTENCE)}"
