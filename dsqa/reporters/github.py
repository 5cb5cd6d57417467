"""For GitHub Actions: a workflow command for each finding, which the host shows at its line.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from dsqa.finding import Finding, Severity
from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._printable import printable
from dsqa.reporters._wording import counted, found, looked_at, told

# The host shows this many of each kind for a step, and silently drops the rest.
SHOWN_PER_STEP = 10
KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, options: Options) -> str:
    gravest_first = sorted(report.findings, key=lambda finding: -finding.severity)
    lines = [*(annotation(report, finding) for finding in gravest_first), *summary(report)]
    return "".join(f"{line}\n" for line in lines)


def annotation(report: Report, finding: Finding) -> str:
    """One command in one line; the path is the one from the root, as the host knows the file."""
    place = report.place(finding.path, finding.span)
    properties: dict[str, object] = {"file": finding.path}
    if finding.path in report.sources:
        ends_before = place.end.column == 1 and place.end.line > place.start.line
        end_line = place.end.line - ends_before
        properties |= {"line": place.start.line, "endLine": end_line}
        # columns of a finding on several lines make the host drop the annotation
        if place.start.line == place.end.line:
            properties |= {"col": place.start.column, "endColumn": place.end.column}
    properties["title"] = f"{finding.code} {finding.name}"
    given = ",".join(
        f"{name}={property_escaped(printable(str(value)))}" for name, value in properties.items()
    )
    data = data_escaped("\n".join(map(printable, told(finding))))
    return f"::{KINDS[finding.severity]} {given}::{data}"


def summary(report: Report) -> tuple[str, ...]:
    """Plain lines for the log: what was looked at, and what the host does not show at its line."""
    numbers = ((report.count(severity), kind) for severity, kind in KINDS.items())
    unshown = ", ".join(
        counted(number - SHOWN_PER_STEP, f"more {kind}")
        for number, kind in numbers
        if number > SHOWN_PER_STEP
    )
    said = f"dsqa found {found(report)}"
    if unshown:
        said += f"; {unshown} only in this log (GitHub shows {SHOWN_PER_STEP} of a kind per step)"
    return (
        *(f"note: {printable(note)}" for note in report.notes),
        f"dsqa looked at {looked_at(report.looked)}",
        said,
    )


def data_escaped(text: str) -> str:
    """The text as the message of a command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_escaped(text: str) -> str:
    """The text as the value of a property."""
    return data_escaped(text).replace(":", "%3A").replace(",", "%2C")
