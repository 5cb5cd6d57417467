"""For what reads the results of tests: a suite for each file, and a failed test for each finding.

What does not fail the run fails no test: it is told as the output of one that passes. What could
not be judged is an error of the test. A file in
which nothing was found is one test that passes, so that it is seen to have been looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from dsqa.finding import Finding
from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._wording import told
from dsqa.reporters._xml import HEAD, element, text_element

Lines = Iterable[str]


def render(report: Report, options: Options) -> str:
    by_file: dict[str, list[Finding]] = {file.path: [] for file in report.coverage}
    for finding in report.findings:
        by_file.setdefault(finding.path, []).append(finding)
    suites = [line for path, found in by_file.items() for line in suite(report, path, found)]
    whole = element(
        "testsuites",
        suites,
        name="dsqa",
        tests=sum(max(1, len(found)) for found in by_file.values()),
        **outcomes(report, report.findings),
    )
    return "".join(f"{line}\n" for line in (HEAD, *whole))


def suite(report: Report, path: str, findings: Sequence[Finding]) -> Lines:
    cases = [line for finding in findings for line in case(report, finding)]
    return element(
        "testsuite",
        cases or element("testcase", name="nothing found", classname=path),
        name=path,
        tests=max(1, len(findings)),
        **outcomes(report, findings),
    )


def outcomes(report: Report, findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many of the findings fail the run, and how many say that something was not judged."""
    kinds = Counter(kind(report, finding) for finding in findings)
    return {"failures": kinds["failure"], "errors": kinds["error"]}


def kind(report: Report, finding: Finding) -> str:
    """What the finding makes of its test; nothing if that passes."""
    if finding.unjudged:
        return "error"
    return "failure" if finding.severity >= report.fail_on else ""


def case(report: Report, finding: Finding) -> Lines:
    start = report.place(finding.path, finding.span).start
    place = f"line {start.line}, column {start.column}"
    words = "\n".join((*told(finding), f"{report.shown(finding.path)}, {place}"))
    if outcome := kind(report, finding):
        what = finding.name if finding.unjudged else str(finding.severity)
        content = text_element(outcome, words, type=what, message=finding.message)
    else:
        content = text_element("system-out", words)
    name = f"{finding.code} {finding.name}, {place}"
    return element("testcase", content, name=name, classname=finding.path)
