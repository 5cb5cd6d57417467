"""Reports: what is told in each format, and that nothing in a document speaks for itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.report import Looked, Place, Report, RuleInfo
from dsqa.reporters import formats, printable, render
from dsqa.reporters._excerpt import Excerpt, cells, excerpt
from dsqa.reporters._printable import disarmed
from dsqa.reporters._wording import lines_said, looked_at
from dsqa.reporters.github import data_escaped, property_escaped
from dsqa.reporters.sarif import fingerprints
from dsqa.source import Position, Source, Span

DATA = Path(__file__).parent / "data" / "reporters"
BESIDE = Path(__file__).resolve().parents[1].parent / "shared"
SHARED = Path(os.environ.get("DSQA_SHARED", BESIDE)) / "conformance"

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

QUESTIONS = Source(
    "notes/deep learning.md",
    "# Deep Learning\r\n"
    "\r\n"
    "* [Q1: What are autoencoders? Explain the different layers of autoencoders and mention three "
    "practical usages of them?](https://github.com/someone/old-name/blob/main/Deep%20Learning.md"
    "#:~:text=Q1%3A%20What%20are%20autoencoders%3F)\r\n"
    "* [Q2: What is an activation?](https://github.com/someone/old-name/blob/main/DL.md#q2)\r\n"
    "* [Q3: What is dropout?](https://github.com/someone/old-name/blob/main/DL.md#q3)\r\n"
    "* [Q4:\tWhy 𝐇 and 🙂?](#q4-why)\r\n"
    "\r\n"
    "### Q1: What are autoencoders?\r\n"
    "Answer: They copy.\r\n"
    "### Q2: What is an\u00a0activation?\r\n"
    "Answer:\r\n"
    "### Q3: What is dropout?\r\n"
    "Answer: See ![Alt_text](images/深い-学習.png).\r\n"
    "### Q4:\tWhy 𝐇 and 🙂?\r\n"
    "Answer: Because.\r\n",
)
README = Source("README.md", "# Notes\n\n[Deep learning](notes/deep%20learning.md)\n")


def span(source: Source, text: str, nth: int = 1) -> Span:
    start = -1
    for _ in range(nth):
        start = source.text.index(text, start + 1)
    return Span(start, start + len(text))


def former_name(number: int, href: str, target: str) -> Finding:
    place = span(QUESTIONS, href)
    return Finding(
        QUESTIONS.path,
        "LNK003",
        "former-name",
        ERROR,
        place,
        "The index link leads to a file that is not there any more",
        target=target,
        question=str(number),
        fix=Fix((Edit(QUESTIONS.path, place, target),), safe=True, summary=target),
    )


FINDINGS = (
    Finding(
        "README.md",
        "REP001",
        "hub-mismatch",
        WARNING,
        span(README, "Deep learning"),
        "The label is not the title of the file, `Deep Learning`",
        related=(Related(QUESTIONS.path, span(QUESTIONS, "Deep Learning"), "the title"),),
    ),
    Finding(
        "images/a,b.png",
        "IMG005",
        "unused-image",
        INFO,
        Span(0, 0),
        "Nothing shows this image",
    ),
    former_name(
        1,
        "https://github.com/someone/old-name/blob/main/Deep%20Learning.md#:~:text=Q1%3A%20What"
        "%20are%20autoencoders%3F",
        "#q1-what-are-autoencoders",
    ),
    former_name(
        2, "https://github.com/someone/old-name/blob/main/DL.md#q2", "#q2-what-is-an-activation"
    ),
    former_name(
        3, "https://github.com/someone/old-name/blob/main/DL.md#q3", "#q3-what-is-dropout"
    ),
    Finding(
        QUESTIONS.path,
        "NUM004",
        "marker-format",
        WARNING,
        span(QUESTIONS, "\t"),
        "A tab stands between the number and the question",
        question="4",
        fix=Fix((Edit(QUESTIONS.path, span(QUESTIONS, "\t"), " "),), safe=True, summary="a space"),
    ),
    Finding(
        QUESTIONS.path,
        "UNI001",
        "pseudo-formatting",
        WARNING,
        span(QUESTIONS, "𝐇"),
        "`𝐇` is a symbol, not a bold letter",
        reason="search does not find it, and screen readers skip it",
        target="**H**",
        question="4",
        fix=Fix(
            (
                Edit(QUESTIONS.path, span(QUESTIONS, "𝐇"), "**H**"),
                Edit(QUESTIONS.path, span(QUESTIONS, "𝐇", 2), "**H**"),
            ),
            safe=False,
            summary="write `**H**` in both places",
        ),
    ),
    Finding(
        QUESTIONS.path,
        "UNI002",
        "invisible-space",
        WARNING,
        span(QUESTIONS, "an\u00a0activation"),
        "A no-break space in `an\u00a0activation`",
        question="2",
    ),
    Finding(
        QUESTIONS.path,
        "ANS001",
        "empty-answer",
        ERROR,
        Span(span(QUESTIONS, "Q2: What is an\u00a0").start, span(QUESTIONS, "Answer:\r\n").end),
        "Q2 has no answer",
        reason="only `Answer:` stands below it, on line 11",
        question="2",
    ),
    Finding(
        QUESTIONS.path,
        "IMG001",
        "missing-image",
        ERROR,
        span(QUESTIONS, "images/深い-学習.png"),
        "The image `深い-学習.png` is not there",
        target="images/深い学習.png",
        question="3",
    ),
)

RULES = {
    finding.code: RuleInfo(
        finding.code,
        finding.name,
        f"There is something wrong: {finding.name}",
        "It hurts the reader [and {so} on].",
        finding.severity,
        f"https://example.com/rules/{finding.code}",
    )
    for finding in FINDINGS
}

REPORT = Report(
    findings=FINDINGS,
    sources={source.path: source for source in (README, QUESTIONS)},
    looked=Looked(
        files=2,
        indexes=1,
        questions=4,
        entries=4,
        links=5,
        images=1,
        answers={"answered": 3, "empty": 1, "placeholder": 0},
    ),
    rules=RULES,
    version="1.2.3",
    notes=("repository taken from the document's own links: someone/old-name",),
    display={QUESTIONS.path: "deep learning.md", "README.md": "../README.md"},
)
NOTHING = replace(REPORT, findings=(), notes=())


SNAPSHOTS = {
    "wide.txt": ("text", {"width": 100}),
    "usual.txt": ("text", {"width": 80, "show": INFO}),
    "narrow.txt": ("text", {"width": 40}),
    "color.txt": ("text", {"width": 80, "color": True, "show": ERROR}),
    "annotations.txt": ("github", {}),
    "report.json": ("json", {}),
}


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_the_report_reads_as_recorded(name: str) -> None:
    """Record anew with `DSQA_RECORD=1 pytest tests/test_reporters.py`, and read the difference."""
    form, options = SNAPSHOTS[name]
    told = render(form, REPORT, **options)  # type: ignore[arg-type]  # a table of keywords
    recorded = DATA / name
    if os.environ.get("DSQA_RECORD"):
        recorded.write_bytes(told.encode("utf-8"))
    assert told == recorded.read_bytes().decode("utf-8")
