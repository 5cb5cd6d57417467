"""For the summary of a job on GitHub: Markdown, with the findings by question, and the coverage.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from dsqa.coverage import STATES, Coverage, total
from dsqa.finding import Finding
from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._printable import disarmed, printable
from dsqa.reporters._wording import counted, found, looked_at, repairable, told

LARGEST = 800 * 1024
"""Bytes of findings; the host refuses a summary of more than 1 MiB, with all that is in it."""
MOST_FILES = 100
LONGEST_SENTENCE = 400
LONGEST_NAME = 100

QUOTED = re.compile(r"`([^`]+)`")
MEANT = re.compile(r"[&<>*_`~\[\]\\|$:.!@\#]")
"""What Markdown, and the host after it, take for more than a character."""
CALLING = "@#"
"""What the host makes a link to a person or an issue, unless a tag parts it from the name."""


def render(report: Report, options: Options) -> str:
    blocks = (
        (f"## dsqa found {found(report)}",),
        (f"Looked at {looked_at(report.looked)}.",),
        (f"Repair: {quoted(repairable(report))}.",),
        *findings(report),
        tuple(coverage(report)),
        tuple(f"- {quoted(note)}" for note in report.notes),
    )
    return disarmed("\n".join("".join(f"{line}\n" for line in block) for block in blocks if block))


def findings(report: Report) -> Iterator[Sequence[str]]:
    """A table for each file; where there is no room for all, the gravest."""
    rows: dict[Finding, str] = {}
    room = LARGEST
    for finding in sorted(report.findings, key=lambda finding: -finding.severity):
        row = finding_row(report, finding)
        room -= len(row.encode()) + len(code(report.shown(finding.path)).encode())
        if room < 0:
            break
        rows[finding] = row
    shown = [finding for finding in report.findings if finding in rows]
    for path, in_file in groupby(shown, key=lambda finding: finding.path):
        yield (f"### {code(report.shown(path))}",)
        yield (
            "| question | line | | what is wrong |",
            "| --- | ---: | --- | --- |",
            *(rows[finding] for finding in by_question(in_file)),
        )
    if left_out := len(report.findings) - len(shown):
        yield (f"There is no room here for {counted(left_out, 'more finding')}.",)


def by_question(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of each question together, in the order of the first of each."""
    questions: dict[str, list[Finding]] = {}
    for finding in findings:
        questions.setdefault(finding.question, []).append(finding)
    return (finding for group in questions.values() for finding in group)


def finding_row(report: Report, finding: Finding) -> str:
    start = report.place(finding.path, finding.span).start
    rule = report.rules.get(finding.code)
    name = f"{finding.code} {finding.name}"
    linked = f"[{plain(name)}]({rule.help_uri})" if rule and rule.help_uri else plain(name)
    return row(
        plain(finding.question) if finding.question else "–",
        start.line if finding.path in report.sources else "",
        f"{finding.severity} {linked}",
        "<br>".join(map(quoted, told(finding))),
    )


def coverage(report: Report) -> Iterator[str]:
    """How far the questions are answered: in all, and in the files with the most left to write."""
    files = [file for file in report.coverage if file.questions]
    if not files:
        return
    whole = total(files)
    states = [state for state in STATES if whole.answers.get(state)]
    owing = sorted(files, key=lambda file: -len(file.debts))[:MOST_FILES]
    yield "### Coverage"
    yield ""
    yield row("file", "questions", *states, "share answered")
    yield row("---", *["---:"] * (len(states) + 2))
    if len(files) > 1:
        yield coverage_row("all files", whole, states)
    for file in owing:
        yield coverage_row(code(report.shown(file.path)), file, states)
    if left_out := len(files) - len(owing):
        yield row(f"and {counted(left_out, 'more file')}", *[""] * (len(states) + 2))


def coverage_row(name: str, file: Coverage, states: Sequence[str]) -> str:
    numbers = (file.answers.get(state, 0) for state in states)
    return row(name, file.questions, *numbers, file.share)


def row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def quoted(sentence: str) -> str:
    """A sentence, in which what stands between backticks is code."""
    sentence = printable(sentence, limit=LONGEST_SENTENCE)
    pieces = QUOTED.split(sentence)
    return "".join(
        f"<code>{literal(piece)}</code>" if number % 2 else literal(piece)
        for number, piece in enumerate(pieces)
    )


def plain(text: str) -> str:
    """The text as it is, whatever Markdown or HTML it may look like."""
    return literal(printable(text, limit=LONGEST_NAME))


def code(text: str) -> str:
    return f"<code>{plain(text)}</code>"


def literal(text: str) -> str:
    """The text, in which no character means more than itself."""
    return MEANT.sub(
        lambda match: f"<span>{match[0]}</span>" if match[0] in CALLING else f"&#{ord(match[0])};",
        text,
    )
