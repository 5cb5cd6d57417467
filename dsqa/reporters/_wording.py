"""How a report speaks to a person, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dsqa.document import UNWRITTEN
from dsqa.finding import Finding, Severity
from dsqa.report import Looked, Report

MOST_RUNS = 12
"""So many lines, or lines in a row, are told before the rest is counted."""
QUOTED_WHOLE = re.compile(r"\A`([^`]*)`\Z")


def counted(number: int, one: str, many: str = "") -> str:
    """`no links`, `1 link`, `2 links`."""
    return f"{number or 'no'} {one if number == 1 else many or one + 's'}"


def lines_said(lines: Iterable[int]) -> str:
    """`line 4`, `lines 4, 5`, `lines 5 to 16, 20`, `lines 5, 8, 11 … and 20 more`."""
    runs: list[tuple[int, int]] = []
    for line in sorted(set(lines)):
        first, last = runs[-1] if runs else (line, line - 2)
        if line == last + 1:
            runs[-1] = (first, line)
        else:
            runs.append((line, line))
    told = runs if len(runs) <= MOST_RUNS + 1 else runs[:MOST_RUNS]
    words = [
        f"{first} to {last}" if last - first > 1 else ", ".join(map(str, sorted({first, last})))
        for first, last in told
    ]
    single = len(runs) == 1 and runs[0][0] == runs[0][1]
    rest = sum(last - first + 1 for first, last in runs[len(told) :])
    more = f" and {rest} more" if rest else ""
    return f"{'line' if single else 'lines'} {', '.join(words)}{more}"


def remedies(finding: Finding) -> tuple[str, ...]:
    """What mends it, with the right target spelled out: at most a line for each way."""
    fix = finding.fix
    ways = []
    if fix:
        # a whole target stands alone, ready to be copied
        summary = QUOTED_WHOLE.sub(r"\1", fix.summary) or finding.target
        ways.append(f"{'fix' if fix.safe else 'unsafe fix'}: {summary}")
    if finding.target and finding.target not in "".join(ways):
        ways.append(f"instead: {finding.target}")
    return tuple(ways)


def told(finding: Finding) -> tuple[str, ...]:
    """All that is said of a finding, in lines: what is wrong, why, and what mends it."""
    return tuple(filter(None, (finding.message, finding.reason, *remedies(finding))))


def looked_at(looked: Looked) -> str:
    if not looked.files:
        return "no files"
    states = ", ".join(f"{number} {state}" for state, number in looked.answers.items() if number)
    entries = counted(looked.entries, "index entry", "index entries")
    return " · ".join(
        (
            counted(looked.files, "file"),
            counted(looked.questions, "question") + (f" ({states})" if states else ""),
            entries if looked.indexes < 2 else f"{entries} in {looked.indexes} indexes",
            counted(looked.links, "link"),
            counted(looked.images, "image"),
            *_asked(looked),
        )
    )


def _asked(looked: Looked) -> Iterable[str]:
    if looked.addresses:
        outcomes = ", ".join(f"{number} {what}" for what, number in looked.addresses.items())
        total = sum(looked.addresses.values())
        yield f"{counted(total, 'address', 'addresses')} ({outcomes})"


def found(report: Report) -> str:
    numbers = (
        (report.count(Severity.ERROR), "error"),
        (report.count(Severity.WARNING), "warning"),
        (report.count(Severity.INFO), "note"),
    )
    return ", ".join(counted(number, word) for number, word in numbers if number) or "nothing"


def repairable(report: Report) -> str:
    safe, unsafe = report.safely_fixable, report.unsafely_fixable
    left = len(report.findings) - safe - unsafe
    unwritten = sum(report.looked.answers.get(state.value, 0) for state in UNWRITTEN)
    online = any(finding.fix and finding.evidence for finding in report.findings)
    fix = "dsqa fix --online" if online else "dsqa fix"
    words = []
    if safe:
        words.append(f"`{fix}` repairs {safe}")
    if unsafe:
        words.append(f"`{fix} --unsafe` {f'{unsafe} more' if safe else f'repairs {unsafe}'}")
    if left:
        words.append(f"{left} {'needs' if left == 1 else 'need'} a person")
    if unwritten:
        words.append(
            f"{counted(unwritten, 'answer')} {'has' if unwritten == 1 else 'have'} to be written"
        )
    return "; ".join(words) or "nothing to repair"
