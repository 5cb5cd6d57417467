"""How far the questions of some files are answered, told to people, to programs, and as a badge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from dsqa.coverage import STATES, Coverage, total
from dsqa.reporters import counted, disarmed, printable

VERSION = 1
LONGEST_TITLE = 80
COLORS = ((100, "#2e7d32"), (80, "#6a8012"), (50, "#9a6700"), (0, "#b3261e"))
"""From how many percent on; each dark enough for white letters."""
BADGE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{said}">
  <title>{said}</title>
  <clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath>
  <g clip-path="url(#r)">
    <rect width="{middle}" height="20" fill="#444"/>
    <rect x="{middle}" width="{rest}" height="20" fill="{color}"/>
  </g>
  <g fill="#fff" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
    <text x="{margin}" y="14" textLength="{label_length}">{label}</text>
    <text x="{value_start}" y="14" textLength="{value_length}">{value}</text>
  </g>
</svg>
"""
LETTER, MARGIN = 7, 6
"""Pixels of the badge: a letter of it, and the blank beside its words."""


def text(files: Sequence[Coverage]) -> str:
    """A table of the files, and a line for each answer that has to be written."""
    return disarmed("".join(f"{line}\n" for line in _lines(files)))


def _lines(files: Sequence[Coverage]) -> Iterator[str]:
    whole = total(files)
    states = [state for state in STATES if whole.answers.get(state)]
    titles = ("questions", *states, "share")
    yield "  ".join((*titles, "file"))
    named = [(file, printable(file.path)) for file in files]
    for file, name in (*named, (whole, f"in all, {counted(len(files), 'file')}")):
        numbers = (file.questions, *(file.answers.get(state, 0) for state in states), file.share)
        cells = (f"{number:>{len(title)}}" for number, title in zip(numbers, titles, strict=True))
        yield "  ".join((*cells, name))
    yield ""
    yield f"to write    {counted(sum(len(file.debts) for file in files), 'answer')}"
    for file, name in named:
        for debt in file.debts:
            words = printable(debt.title, limit=LONGEST_TITLE)
            asked = words if debt.name == debt.title else f"{printable(debt.name)}: {words}"
            yield f"  {name}:{debt.line}   {asked}   ({debt.state})"


def data(files: Sequence[Coverage], unreadable: Sequence[tuple[str, str]]) -> Mapping[str, object]:
    """The same for programs, with every state and every answer that has to be written."""
    return {
        "version": VERSION,
        "total": _numbers(total(files)),
        "files": [
            {
                "path": file.path,
                **_numbers(file),
                "to_write": [
                    {
                        "line": debt.line,
                        "question": debt.name,
                        "title": debt.title,
                        "state": debt.state,
                    }
                    for debt in file.debts
                ],
            }
            for file in files
        ],
        "unreadable": [{"path": path, "reason": why} for path, why in unreadable],
    }


def _numbers(file: Coverage) -> Mapping[str, object]:
    return {
        "questions": file.questions,
        "expected": file.expected,
        "answers": {state: file.answers.get(state, 0) for state in STATES},
    }


def badge(files: Sequence[Coverage]) -> str:
    """A small picture that says how many of the questions are answered."""
    whole = total(files)
    label = "answered"
    value = f"{whole.answered} of {whole.expected}" if whole.expected else "no questions"
    percent = 100 * whole.answered // whole.expected if whole.expected else 0
    label_length, value_length = LETTER * len(label), LETTER * len(value)
    middle, rest = label_length + 2 * MARGIN, value_length + 2 * MARGIN
    return BADGE.format(
        width=middle + rest,
        middle=middle,
        rest=rest,
        margin=MARGIN,
        value_start=middle + MARGIN,
        label_length=label_length,
        value_length=value_length,
        color=next(color for least, color in COLORS if percent >= least),
        label=escape(label),
        value=escape(value),
        said=escape(f"{label}: {value}"),
    )
