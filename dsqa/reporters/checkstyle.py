"""For what reads the reports of Checkstyle: the findings by file, as XML.

https://github.com/checkstyle/checkstyle/blob/master/src/main/java/com/puppycrawl/tools/checkstyle/XMLLogger.java
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from dsqa.finding import Finding
from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._wording import told
from dsqa.reporters._xml import HEAD, element

VERSION = "4.3"
"""That of the format; readers ask for nothing newer."""


def render(report: Report, options: Options) -> str:
    by_file = groupby(report.findings, key=lambda finding: finding.path)
    files = [
        line
        for path, findings in by_file
        for line in element(
            "file", (e for finding in findings for e in error(report, finding)), name=path
        )
    ]
    return "".join(f"{line}\n" for line in (HEAD, *element("checkstyle", files, version=VERSION)))


def error(report: Report, finding: Finding) -> Iterable[str]:
    start = report.place(finding.path, finding.span).start
    return element(
        "error",
        line=start.line,
        column=start.column,
        severity=finding.severity,
        message="\n".join(told(finding)),
        source=f"dsqa.{finding.code}.{finding.name}",
    )
