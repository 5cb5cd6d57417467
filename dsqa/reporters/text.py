"""For people: gravest first, by rule; the first of a kind in full, its likes by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from dsqa.finding import Finding, Related, Severity
from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._excerpt import cells, excerpt
from dsqa.reporters._printable import disarmed, printable
from dsqa.reporters._wording import (
    counted,
    found,
    lines_said,
    looked_at,
    remedies,
    repairable,
)

NARROWEST, COMFORTABLE, WIDEST = 24, 100, 200
LIKES = 10
MOST_FILES = 4
"""So many files of likes are named."""
SENTENCE_LIMIT, TARGET_LIMIT = 400, 2000
WORD_END = re.compile(r"(?<!fix:)(?<!instead:) ")
PART_END = re.compile(r"(?<=[;·]) ")
LABEL = 12
ASIDE = 22
RAIL = 6
STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "rule": "1",
    "mark": "31",
    "label": "1",
}

Group = Sequence[Finding]


class Page(NamedTuple):
    """What is written on: its width, the column of the severities, and whether it has colour."""

    width: int
    column: int
    color: bool

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if self.color else text


def render(report: Report, options: Options) -> str:
    groups = by_gravity(report.findings)
    width = min(max(options.width, NARROWEST), WIDEST)
    longest = max([ASIDE, *(cells(aside(group)) for group in groups)])
    page = Page(width, min(width, COMFORTABLE) - longest, options.color)
    told = [group for group in groups if group[0].severity >= options.show]
    brief = [group for group in groups if group[0].severity < options.show]
    blocks = [
        *(tuple(block(report, group, page)) for group in told),
        tuple(header(group, page, places_counted(group)) for group in brief),
        tuple(notes(report, page)),
        tuple(summary(report, page, options.show)),
    ]
    return disarmed("\n".join("".join(f"{line}\n" for line in lines) for lines in blocks if lines))


def by_gravity(findings: Iterable[Finding]) -> list[Group]:
    """The findings by rule, gravest first; a rule with two severities makes two groups."""

    def gravity(finding: Finding) -> tuple[int, str]:
        return -finding.severity, finding.code

    return [tuple(group) for _, group in groupby(sorted(findings, key=gravity), key=gravity)]


def header(group: Group, page: Page, rest: str = "") -> str:
    first = group[0]
    rule = f"{printable(first.code)} {printable(first.name)}"
    gap = " " * max(2, page.column - cells(rule))
    tail = aside(group).removeprefix(str(first.severity)) + (f"   {rest}" if rest else "")
    severity = page.paint(str(first.severity), str(first.severity))
    return f"{page.paint(rule, 'rule')}{gap}{severity}{tail}".rstrip()


def aside(group: Group) -> str:
    """What stands beside the rule: `warning   fix: safe`, `error     fix: 2 safe of 5`."""
    safe = sum(1 for finding in group if finding.fix and finding.fix.safe)
    unsafe = sum(1 for finding in group if finding.fix and not finding.fix.safe)
    severity = f"{group[0].severity!s:<7}"
    if not safe + unsafe:
        return severity
    if len(group) in (safe, unsafe):
        return f"{severity}   fix: {'safe' if safe else 'unsafe'}"
    kinds = ((safe, "safe"), (unsafe, "unsafe"))
    numbers = ", ".join(f"{number} {kind}" for number, kind in kinds if number)
    return f"{severity}   fix: {numbers} of {len(group)}"


def places_counted(group: Group) -> str:
    files = len({finding.path for finding in group})
    return f"{counted(len(group), 'place')} in {counted(files, 'file')}"


def block(report: Report, group: Group, page: Page) -> Iterator[str]:
    """The first finding in full, and a line for each other thing that is said."""
    first, *others = alike(group)
    yield header(group, page)
    yield from in_full(report, first[0], first[1:], page)
    # "and 1 more" takes the line that the one would take
    listed = others if len(others) <= LIKES + 1 else others[:LIKES]
    for finding, *same in listed:
        also = (f"also {places(report, same, home=finding.path)}",) if same else ()
        way = finding.evidence.way if finding.evidence else ""
        after = (*filter(None, (way,)), *remedies(finding), *also)
        yield from located(report, finding, page, after=after)
    if more := [finding for findings in others[len(listed) :] for finding in findings]:
        text = f"and {len(more)} more {places(report, more)}"
        yield from folded(text.split(" "), page.width, "  ", RAIL)


def alike(group: Group) -> list[list[Finding]]:
    """The findings by what they say, in the order of the first that says it."""
    parts: dict[tuple[str, str], list[Finding]] = {}
    for finding in group:
        # where a fix leads need not be said of each; where a person should lead it must
        target = "" if finding.fix else finding.target
        parts.setdefault((finding.message, target), []).append(finding)
    return list(parts.values())


def located(
    report: Report, finding: Finding, page: Page, after: tuple[str, ...] = ()
) -> Iterator[str]:
    """Where it is and what is wrong."""
    message = printable(finding.message, limit=SENTENCE_LIMIT)
    text = "   ".join((location(report, finding), message, *map(paste, after)))
    yield from folded(text.split(" "), page.width, "  ", RAIL)


def location(report: Report, finding: Finding) -> str:
    place = report.place(finding.path, finding.span)
    path = printable(place.path)
    if finding.path not in report.sources:
        return path
    return f"{path}:{place.start.line}:{place.start.column}"


def in_full(report: Report, finding: Finding, same: Group, page: Page) -> Iterator[str]:
    yield from located(report, finding, page)
    rail = " " * RAIL
    source = report.sources.get(finding.path)
    items: list[str] = []
    if source:
        seen = excerpt(source, finding.span, page.width - RAIL - 2)
        if seen:
            yield f"{rail}│ {seen.line}"
            blank = " " * (len(seen.mark) - len(seen.mark.lstrip()))
            yield f"{rail}│ {blank}{page.paint(seen.mark.lstrip(), 'mark')}"
        last = source.line_of(max(finding.span.start, finding.span.end - 1))
        if last > source.line_of(finding.span.start):
            items.append(f"as far as line {last}")
    if finding.reason:
        items.append(printable(finding.reason, limit=SENTENCE_LIMIT))
    items += [paste(way) for way in remedies(finding)]
    items += [related_place(report, finding, related) for related in finding.related]
    if same:
        items.append(f"also {places(report, same, home=finding.path)}")
    for number, item in enumerate(items, start=1):
        final = number == len(items)
        lines = folded(WORD_END.split(item), page.width - RAIL - 2, "", 0)
        yield f"{rail}{'└' if final else '├'} {next(lines)}"
        yield from (f"{rail}{' ' if final else '│'} {line}" for line in lines)


def related_place(report: Report, finding: Finding, related: Related) -> str:
    line = report.place(related.path, related.span).start.line
    message = printable(related.message, limit=SENTENCE_LIMIT)
    if related.path == finding.path:
        return f"line {line}: {message}"
    path = printable(report.shown(related.path))
    return f"{path}:{line}: {message}" if related.path in report.sources else f"{path}: {message}"


def paste(target: str) -> str:
    return printable(target, limit=TARGET_LIMIT)


def places(report: Report, findings: Group, home: str = "") -> str:
    """`on lines 5 to 16; in other.md on line 3`; the file at home need not be named.

    Of many files the first few are, so that thousands of likes take a few lines.
    """
    lines: dict[str, list[int]] = {}
    for finding in findings:
        line = report.place(finding.path, finding.span).start.line
        lines.setdefault(finding.path, []).append(line)
    named, others = list(lines.items())[:MOST_FILES], list(lines.values())[MOST_FILES:]
    words = [
        (
            f"in {printable(report.shown(path))}" if path != home else "",
            f"on {lines_said(numbers)}" if path in report.sources else "",
        )
        for path, numbers in named
    ]
    if others:
        number = sum(map(len, others))
        words.append((f"and {number} more", f"in {counted(len(others), 'more file')}"))
    return "; ".join(" ".join(filter(None, pair)) for pair in words)


def notes(report: Report, page: Page) -> Iterator[str]:
    for note in report.notes:
        yield from labelled("note", printable(note, limit=SENTENCE_LIMIT), page)


def summary(report: Report, page: Page, show: Severity) -> Iterator[str]:
    """The three lines that close every run, also one that found nothing."""
    hidden = any(finding.severity < show for finding in report.findings)
    lowest = min((finding.severity for finding in report.findings), default=show)
    yield from labelled("looked at", looked_at(report.looked), page)
    yield from labelled("found", found(report) + (f" (--show {lowest})" if hidden else ""), page)
    yield from labelled("repair", repairable(report), page)


def labelled(label: str, text: str, page: Page) -> Iterator[str]:
    """The text beside its label, folded between its parts where these fit."""
    parts = PART_END.split(text)
    if LABEL + max(map(cells, parts)) > page.width:
        parts = text.split(" ")
    first = label.ljust(LABEL)
    lines = folded(parts, page.width, first, LABEL)
    yield page.paint(label, "label") + next(lines)[len(label) :]
    yield from lines


def folded(words: Iterable[str], width: int, first: str, hanging: int) -> Iterator[str]:
    """The words in lines of this width; none is broken, so that a target can be copied."""
    line, used, empty = first, cells(first), True
    for word in words:
        size = cells(word)
        if not empty and used + 1 + size > width:
            yield line.rstrip(" ")
            line, used, empty = " " * hanging, hanging, True
        line += word if empty else f" {word}"
        used += size if empty else size + 1
        empty = False
    yield line.rstrip(" ")
