"""For code scanning: SARIF 2.1.0 as GitHub takes it, with columns in UTF-16 units.

https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from itertools import groupby
from urllib.parse import quote_from_bytes

from dsqa.finding import Finding, Severity
from dsqa.report import Report, RuleInfo
from dsqa.reporters import Options
from dsqa.reporters._data import Data, Each, dumped, evidence_data, well_formed
from dsqa.reporters._wording import counted, told
from dsqa.source import BYTE_ORDER_MARK, Source, Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# The host's own words for the gravity of a rule, by which it filters.
PROBLEM_SEVERITIES = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "recommendation",
}

# What the host accepts.
MOST_RESULTS = 25_000
MOST_RELATED = 100
LONGEST_TEXT = 1024
LONGEST_NAME = 255

# What stays as it is in a path; a colon would make the first part of it a scheme.
UNESCAPED = "/!$&'()*+,;=@~"

# The fingerprint of a line is a hash of so many characters from its start.
# https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
HASHED = 100
FACTOR = 37
MODULUS = 1 << 64
END_OF_FILE = "\uffff"
COUNTED_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")


def render(report: Report, options: Options) -> str:
    gravest_first = sorted(report.findings, key=lambda finding: -finding.severity)
    findings = gravest_first[:MOST_RESULTS]
    rules = rules_reported(report)
    indices = {code: index for index, code in enumerate(rules)}
    prints = {
        path: fingerprints(report.sources[path], lines)
        for path, lines in lines_found(report, findings).items()
    }
    remarks = [*report.notes]
    if left_out := len(gravest_first) - len(findings):
        remarks.append(f"{counted(left_out, 'finding')} left out: {MOST_RESULTS} are accepted")
    run = {
        "tool": {
            "driver": {
                "name": "dsqa",
                "version": report.version,
                "rules": [rule_data(rule) for rule in rules.values()],
            }
        },
        "automationDetails": {"id": "dsqa/"},
        "columnKind": "utf16CodeUnits",
        "invocations": [
            {
                "executionSuccessful": not report.unjudged,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": message(remark)}} for remark in remarks
                ],
            }
        ],
        "results": Each(lambda finding: result(report, finding, indices, prints), findings),
    }
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def lines_found(report: Report, findings: Iterable[Finding]) -> Mapping[str, set[int]]:
    """The lines with findings, by path."""
    lines: dict[str, set[int]] = {}
    for finding in findings:
        if source := report.sources.get(finding.path):
            lines.setdefault(finding.path, set()).add(source.line_of(finding.span.start))
    return lines


def result(
    report: Report,
    finding: Finding,
    indices: Mapping[str, int],
    prints: Mapping[str, Mapping[int, str]],
) -> Data:
    line = report.place(finding.path, finding.span).start.line
    fingerprint = prints.get(finding.path, {}).get(line)
    return {
        "ruleId": finding.code,
        "ruleIndex": indices[finding.code],
        "level": LEVELS[finding.severity],
        "message": {"text": message("\n".join(told(finding)))},
        "locations": [location(report, finding.path, finding.span)],
        "relatedLocations": [
            {
                "id": number,
                **location(report, related.path, related.span),
                "message": {"text": message(related.message)},
            }
            for number, related in enumerate(finding.related[:MOST_RELATED], start=1)
        ],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint} if fingerprint else {},
        "fixes": fixes(report, finding),
        **({"properties": evidence_data(finding.evidence)} if finding.evidence else {}),
    }


def rules_reported(report: Report) -> Mapping[str, RuleInfo]:
    """The rules that ran, by code; one that only a finding knows is made from the finding."""
    known = {
        finding.code: RuleInfo(finding.code, finding.name, "", "", finding.severity)
        for finding in report.findings
    }
    return dict(sorted({**known, **report.rules}.items()))


def rule_data(rule: RuleInfo) -> Data:
    summary = rule.summary or rule.name or rule.code
    data = {
        "id": rule.code,
        "name": (rule.name or rule.code)[:LONGEST_NAME],
        "shortDescription": {"text": message(summary[:LONGEST_TEXT])},
        "fullDescription": {"text": message((rule.rationale or summary)[:LONGEST_TEXT])},
        "help": {"text": message(rule.rationale or summary)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "precision": "high",
            "problem.severity": PROBLEM_SEVERITIES[rule.severity],
            "tags": [rule.code.rstrip("0123456789").lower()],
        },
    }
    return {**data, "helpUri": rule.help_uri} if rule.help_uri else data


def message(text: str) -> str:
    """The text as a SARIF message, in which braces are placeholders and brackets are links."""
    text = text.replace("{", "{{").replace("}", "}}").replace("[", "\\[").replace("]", "\\]")
    return well_formed(text) or "-"


def location(report: Report, path: str, span: Span) -> dict[str, object]:
    """Where it is; the path is the one from the root, as the host knows the file."""
    artifact = {"uri": uri(path)}
    source = report.sources.get(path)
    if source is None:
        # the host wants a line even for an image
        return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": 1}}}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region(source, span)}}


def region(source: Source, span: Span) -> Data:
    return {
        "startLine": source.line_of(span.start),
        "startColumn": source.utf16_column(span.start),
        "endLine": source.line_of(span.end),
        "endColumn": source.utf16_column(span.end),
    }


def fixes(report: Report, finding: Finding) -> list[Data]:
    """The fix with all that it changes in each file; none if it changes what is no text."""
    fix = finding.fix
    if fix is None or not all(edit.path in report.sources for edit in fix.edits):
        return []
    changes = [
        {
            "artifactLocation": {"uri": uri(path)},
            "replacements": [
                {
                    "deletedRegion": region(report.sources[path], edit.span),
                    "insertedContent": {"text": well_formed(edit.text)},
                }
                for edit in edits
            ],
        }
        for path, edits in groupby(sorted(fix.edits), key=lambda edit: edit.path)
    ]
    return [{"description": {"text": message(fix.summary)}, "artifactChanges": changes}]


def uri(path: str) -> str:
    return quote_from_bytes(path.encode("utf-8", "surrogatepass"), safe=UNESCAPED)


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def fingerprints(source: Source, wanted: Container[int]) -> Mapping[int, str]:
    """For each wanted line the hash of what follows its start, and the how-manieth such it is.

    Blanks do not count and each line end is a line feed, so that a line keeps its fingerprint when
    it moves or is indented. The host computes the same, and compares.
    """
    text = (BYTE_ORDER_MARK if source.marked else "") + source.text
    lines = [
        re.sub(r"[ \t]", "", match[0]).replace("\r\n", "\n").replace("\r", "\n")
        for match in COUNTED_LINE.finditer(text)
    ]
    units = utf16("".join(lines) + END_OF_FILE)
    seen: Counter[bytes] = Counter()
    hashes = {}
    offset = 0
    for number, line in enumerate(lines, start=1):
        window = units[offset : offset + 2 * HASHED]
        seen[window] += 1
        if number in wanted:
            hashes[number] = f"{line_hash(window):x}:{seen[window]}"
        offset += len(utf16(line))
    return hashes


def line_hash(window: bytes) -> int:
    """The polynomial of the UTF-16 units; what is beyond the end of the file counts as zeros."""
    value = 0
    for low, high in zip(*[iter(window.ljust(2 * HASHED, b"\0"))] * 2, strict=True):
        value = (value * FACTOR + low + 256 * high) % MODULUS
    return value
