"""A report as plain data: the contract that `json` and `jsonl` keep."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.outside import Answer, instant
from dsqa.report import Report
from dsqa.reporters._printable import MARKED_COMMAND
from dsqa.source import Span

VERSION = 1
SURROGATE = re.compile("[\ud800-\udfff]")

AT_ONCE = 10_000
"""So many signs and texts of JSON make a piece."""

Data: TypeAlias = Mapping[str, object]
T = TypeVar("T")


class Each(list[T], Generic[T]):
    """Items that become data when they are written: all of them at once can fill the memory.

    A list, because that is the only sequence that `json` goes through.
    """

    def __init__(self, data: Callable[[T], object], items: Iterable[T]) -> None:
        super().__init__(items)
        self.data = data

    def __iter__(self) -> Iterator[object]:  # type: ignore[override]
        return map(self.data, super().__iter__())


def report_data(report: Report) -> Data:
    looked = report.looked
    return {
        "version": VERSION,
        "findings": Each(partial(finding_data, report), report.findings),
        "notes": list(report.notes),
        "unreadable": [{"path": path, "reason": why} for path, why in report.unreadable],
        "summary": {
            "files": looked.files,
            "indexes": looked.indexes,
            "questions": looked.questions,
            "entries": looked.entries,
            "links": looked.links,
            "images": looked.images,
            "answers": dict(looked.answers),
            "addresses": dict(looked.addresses),
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "infos": report.count(Severity.INFO),
            "fixable": {"safe": report.safely_fixable, "unsafe": report.unsafely_fixable},
        },
    }


def finding_data(report: Report, finding: Finding) -> Data:
    place = place_data(report, finding.path, finding.span)
    return {
        "path": place.pop("path"),
        "rule": finding.code,
        "name": finding.name,
        "severity": str(finding.severity),
        "message": finding.message,
        "reason": finding.reason or None,
        "target": finding.target or None,
        **place,
        "question": finding.question or None,
        "related": [related_data(report, related) for related in finding.related],
        "fix": fix_data(report, finding.fix) if finding.fix else None,
        "evidence": evidence_data(finding.evidence) if finding.evidence else None,
    }


def evidence_data(answer: Answer) -> Data:
    """What an address answered; times are in ISO 8601, UTC."""
    return {
        "outcome": str(answer.outcome),
        "reason": answer.reason,
        "status": answer.status,
        "hops": [{"status": hop.status, "address": hop.address} for hop in answer.hops],
        "target": answer.target or None,
        "asked": instant(answer.asked),
        "first_dead": None if answer.first_dead is None else instant(answer.first_dead),
        "confirmed": answer.confirmed,
    }


def related_data(report: Report, related: Related) -> Data:
    place = report.place(related.path, related.span)
    return {
        "path": place.path,
        "line": place.start.line,
        "column": place.start.column,
        "message": related.message,
    }


def fix_data(report: Report, fix: Fix) -> Data:
    return {"safe": fix.safe, "edits": [edit_data(report, edit) for edit in fix.edits]}


def edit_data(report: Report, edit: Edit) -> Data:
    return {**place_data(report, edit.path, edit.span), "text": edit.text}


def place_data(report: Report, path: str, span: Span) -> dict[str, object]:
    place = report.place(path, span)
    return {
        "path": place.path,
        "line": place.start.line,
        "column": place.start.column,
        "end_line": place.end.line,
        "end_column": place.end.column,
    }


def well_formed(text: str) -> str:
    """The text without lone surrogates, which strict readers of JSON refuse."""
    return SURROGATE.sub("\ufffd", text)


def dumped(data: object, indent: int | None = None) -> str:
    """The data as JSON in printable ASCII, in which the log of a build finds no command."""
    encoder = json.JSONEncoder(indent=indent, ensure_ascii=True)
    # what is in one line is short, and encoded much faster as a whole
    pieces = [encoder.encode(data)] if indent is None else written(encoder, data)
    unmarked = (MARKED_COMMAND.sub(r"\\u005b", piece) for piece in pieces)
    return "".join(piece.replace("\x7f", r"\u007f") for piece in unmarked)


def written(encoder: json.JSONEncoder, data: object) -> Iterator[str]:
    """The data as JSON in pieces, none of which ends within a text."""
    signs = encoder.iterencode(data)
    return iter(lambda: "".join(islice(signs, AT_ONCE)), "")
