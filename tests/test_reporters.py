"""Reports: what is told in each format, and that nothing in a document speaks for itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dsqa.coverage import Coverage, Debt
from dsqa.finding import Edit, Finding, Fix, Related, Severity
from dsqa.report import Looked, Place, Report, RuleInfo
from dsqa.reporters import formats, printable, render
from dsqa.reporters._excerpt import Excerpt, cells, excerpt
from dsqa.reporters._wording import lines_said, looked_at
from dsqa.reporters._wording import told as wording
from dsqa.reporters.github import data_escaped, property_escaped
from dsqa.reporters.sarif import fingerprints
from dsqa.source import Position, Source, Span
from tests.hostile import conformance_rows, strings
from tests.logs import assert_only_text, github

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
    former_name(3, "https://github.com/someone/old-name/blob/main/DL.md#q3", "#q3-what-is-dropout"),
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
    coverage=(
        Coverage("README.md", {}),
        Coverage(
            QUESTIONS.path,
            {"answered": 3, "empty": 1},
            (Debt(10, "Q2", "What is an\u00a0activation?", "empty"),),
        ),
        Coverage("plain.md", {"answered": 1, "bare": 2}),
    ),
)
NOTHING = replace(REPORT, findings=(), notes=())


SNAPSHOTS = {
    "wide.txt": ("text", {"width": 100}),
    "usual.txt": ("text", {"width": 80, "show": INFO}),
    "narrow.txt": ("text", {"width": 40}),
    "color.txt": ("text", {"width": 80, "color": True, "show": ERROR}),
    "annotations.txt": ("github", {}),
    "report.json": ("json", {}),
    "report.gitlab.json": ("gitlab", {}),
    "report.rdjson": ("rdjson", {}),
    "report.checkstyle.xml": ("checkstyle", {}),
    "report.junit.xml": ("junit", {}),
    "summary.md": ("summary", {}),
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


EMPTY = Report(findings=(), sources={}, looked=Looked(), rules={}, version="0")


def test_a_clean_run_says_what_it_looked_at() -> None:
    assert render("text", NOTHING) == (
        "looked at   2 files · 4 questions (3 answered, 1 empty) · 4 index entries ·\n"
        "            5 links · 1 image\n"
        "found       nothing\n"
        "repair      1 answer has to be written\n"
    )


def test_a_run_without_files_is_not_a_clean_run() -> None:
    assert render("text", EMPTY) == (
        "looked at   no files\nfound       nothing\nrepair      nothing to repair\n"
    )


TWO_INDEXES = Looked(files=1, indexes=2, questions=1, entries=3)


@pytest.mark.parametrize(
    ("looked", "words"),
    [
        pytest.param(Looked(), "no files", id="nothing"),
        pytest.param(
            Looked(files=1),
            "1 file · no questions · no index entries · no links · no images",
            id="no Q&A",
        ),
        pytest.param(
            TWO_INDEXES,
            "1 file · 1 question · 3 index entries in 2 indexes · no links · no images",
            id="indexes",
        ),
    ],
)
def test_what_was_looked_at(looked: Looked, words: str) -> None:
    assert looked_at(looked) == words


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([4], "line 4"),
        ([4, 4], "line 4"),
        ([5, 4], "lines 4, 5"),
        ([5, 6, 7, 20], "lines 5 to 7, 20"),
        ([1, 3, 4, 6, 7, 8], "lines 1, 3, 4, 6 to 8"),
    ],
)
def test_lines_are_said_in_runs(lines: list[int], words: str) -> None:
    assert lines_said(lines) == words


MANY = Source("many.md", "".join(f"* [Q{number}](#none)\n" for number in range(1, 41)))


def many(*, alike: bool, fixable: bool = True) -> Report:
    findings = tuple(
        Finding(
            MANY.path,
            "ANC001",
            "broken-anchor",
            ERROR,
            (place := span(MANY, "#none", number)),
            "The link leads nowhere" if alike else f"The link of Q{number} leads nowhere",
            target=f"#q{number}",
            fix=Fix((Edit(MANY.path, place, f"#q{number}"),), safe=True, summary=f"#q{number}")
            if fixable
            else None,
        )
        for number in range(1, 41)
    )
    return replace(EMPTY, findings=findings, sources={MANY.path: MANY}, looked=Looked(files=1))


def test_equal_findings_are_one_fact() -> None:
    assert render("text", many(alike=True)).split("\n\n")[0] == (
        "ANC001 broken-anchor                                      error     fix: safe\n"
        "  many.md:1:8   The link leads nowhere\n"
        "      │ * [Q1](#none)\n"
        "      │        ^^^^^\n"
        "      ├ fix: #q1\n"
        "      └ also on lines 2 to 40"
    )


def test_likes_take_a_line_each_up_to_a_number() -> None:
    told = render("text", many(alike=False)).split("\n\n")[0].splitlines()
    assert told[5] == "  many.md:2:8   The link of Q2 leads nowhere   fix: #q2"
    assert told[-2:] == [
        "  many.md:11:9   The link of Q11 leads nowhere   fix: #q11",
        "  and 29 more in many.md on lines 12 to 40",
    ]


def test_a_target_that_a_person_must_write_is_spelled_out_for_each() -> None:
    told = render("text", many(alike=True, fixable=False)).splitlines()
    assert "  many.md:2:8   The link leads nowhere   instead: #q2" in told


def test_a_target_stays_in_one_piece_beside_its_label() -> None:
    finding = many(alike=True).findings[0]
    target = "#q1-" + "very-" * 40 + "long"
    assert finding.fix
    fixed = replace(finding, fix=finding.fix._replace(summary=target), target=target)
    for one in (fixed, replace(fixed, fix=None)):
        told = render("text", replace(many(alike=True), findings=(one,)), width=40)
        assert f"└ {'fix' if one.fix else 'instead'}: {target}\n" in told


def test_findings_of_one_rule_are_told_by_gravity() -> None:
    one, two = many(alike=True).findings[:2]
    report = replace(many(alike=True), findings=(replace(one, severity=WARNING, fix=None), two))
    headers = [line for line in render("text", report).splitlines() if line.startswith("ANC001")]
    assert [header.split()[2:] for header in headers] == [["error", "fix:", "safe"], ["warning"]]


def test_a_mixed_group_says_how_many_it_can_fix() -> None:
    one, two, three = many(alike=True).findings[:3]
    assert two.fix
    unsafe = replace(two, fix=two.fix._replace(safe=False))
    report = replace(many(alike=True), findings=(one, unsafe, replace(three, fix=None)))
    assert "error     fix: 1 safe, 1 unsafe of 3" in render("text", report)


@pytest.mark.parametrize("width", [1, 24, 33, 40, 60, 80, 100, 200, 10_000])
@pytest.mark.parametrize("show", [INFO, WARNING, ERROR])
def test_each_place_is_told_at_every_width(width: int, show: Severity) -> None:
    for report in (REPORT, many(alike=False), many(alike=True)):
        told = render("text", report, width=width, show=show)
        for finding in report.findings:
            place = report.place(finding.path, finding.span)
            assert finding.severity < show or place.path in told
        numbers = {int(number) for number in re.findall(r"\b\d+\b", told)}
        runs = re.findall(r"(\d+)\s+to\s+(\d+)", told)
        numbers.update(n for first, last in runs for n in range(int(first), int(last)))
        shown = [finding for finding in report.findings if finding.severity >= show]
        assert {report.place(f.path, f.span).start.line for f in shown} <= numbers


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_quoted_lines_never_exceed_the_width(width: int) -> None:
    quoted = [line for line in render("text", REPORT, width=width).splitlines() if "│ " in line]
    assert quoted
    assert max(map(cells, quoted)) <= width


def test_color_adds_nothing_but_color() -> None:
    for width in (24, 80, 200):
        colored = render("text", REPORT, width=width, color=True)
        assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render("text", REPORT, width=width)


LONG = "a" * 100 + "MARK" + "b" * 100


@pytest.mark.parametrize(
    ("text", "marked", "room", "seen"),
    [
        pytest.param("one two", "two", 20, Excerpt("one two", "    ^^^"), id="fits"),
        pytest.param("one\r\ntwo\r\n", "two\r\n", 20, Excerpt("two", "^^^"), id="CRLF"),
        pytest.param("one\ntwo", "e\ntw", 20, Excerpt("one", "  ^"), id="several lines"),
        pytest.param(LONG, "MARK", 20, Excerpt("…aaaaaaaMARKbbbbbbb…", "        ^^^^"), id="cut"),
        pytest.param(
            "MARK" + "b" * 100, "MARK", 20, Excerpt("MARK" + "b" * 14 + "…", "^^^^"), id="cut right"
        ),
        pytest.param(
            "a" * 100 + "MARK",
            "MARK",
            20,
            Excerpt("…" + "a" * 14 + "MARK", " " * 15 + "^^^^"),
            id="cut left",
        ),
        pytest.param(
            LONG,
            LONG[90:],
            20,
            Excerpt("…" + LONG[84:102] + "…", " " * 7 + "^" * 12),
            id="longer than the line",
        ),
        pytest.param("日本語", "本", 20, Excerpt("日本語", "  ^^"), id="wide"),
        pytest.param("e\u0301e\u0301x", "x", 20, Excerpt("e\u0301e\u0301x", "  ^"), id="accents"),
        pytest.param("\u0301x", "\u0301", 20, Excerpt("\u0301x", "^"), id="only an accent"),
        pytest.param("a\tb", "b", 20, Excerpt("a    b", "     ^"), id="tab"),
        pytest.param("a\tb", "\t", 20, Excerpt("a\\u{9}b", " ^^^^^"), id="tab marked"),
        pytest.param("a\u00a0b", "b", 20, Excerpt("a b", "  ^"), id="no-break space"),
        pytest.param(
            "a\u00a0b", "\u00a0", 20, Excerpt("a\\u{a0}b", " ^^^^^^"), id="no-break space marked"
        ),
        pytest.param("a\u200bb", "b", 20, Excerpt("a\\u{200b}b", " " * 9 + "^"), id="zero width"),
        pytest.param("##[a](b)", "b", 20, Excerpt("##\\u{5b}a](b)", " " * 11 + "^"), id="command"),
        pytest.param(" \t", "\t", 20, None, id="blank"),
        pytest.param("", "", 20, None, id="empty"),
    ],
)
def test_excerpts(text: str, marked: str, room: int, seen: Excerpt | None) -> None:
    source = Source("a.md", text)
    assert excerpt(source, span(source, marked), room) == seen


@pytest.mark.parametrize(
    ("at", "mark"), [pytest.param(1, " ^", id="inside"), pytest.param(3, "   ^", id="at the end")]
)
def test_an_empty_span_is_marked(at: int, mark: str) -> None:
    assert excerpt(Source("a.md", "one\n"), Span(at, at), 20) == Excerpt("one", mark)


def test_a_line_of_a_million_characters_is_quoted_at_once() -> None:
    seen = excerpt(Source("a.md", "a" * 1_000_000 + "\u0301" * 1_000_000), Span(0, 2_000_000), 80)
    assert seen == Excerpt("a" * 78 + "…", "^" * 78)


def test_formats_are_the_modules() -> None:
    assert " ".join(formats()) == (
        "checkstyle github gitlab json jsonl junit rdjson sarif statistics summary text"
    )


@pytest.mark.parametrize("name", ["", "xml", "_data", "os", "..report", "text.render"])
def test_what_is_no_format_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no format `"):
        render(name, EMPTY)


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        ("text", {"json", "urllib", "dsqa.reporters.json", "dsqa.reporters.sarif", "textwrap"}),
        ("jsonl", {"urllib", "dsqa.reporters.text", "dsqa.reporters.sarif"}),
    ],
)
def test_a_format_imports_no_other(name: str, absent: set[str]) -> None:
    program = (
        "import sys\n"
        "from dsqa.report import Looked, Report\n"
        "from dsqa.reporters import render\n"
        "report = Report(findings=(), sources={}, looked=Looked(), rules={}, version='0')\n"
        f"render({name!r}, report)\n"
        "print(*sys.modules, sep='\\n')"
    )
    root = Path(__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert absent.isdisjoint(run.stdout.split())


@pytest.mark.parametrize("name", formats())
def test_the_same_report_gives_the_same_text(name: str) -> None:
    assert render(name, REPORT) == render(name, replace(REPORT))
    assert render(name, NOTHING).endswith("\n") or name == "jsonl"


def test_a_report_knows_whether_it_fails() -> None:
    warned = replace(REPORT, findings=tuple(f for f in FINDINGS if f.severity < ERROR))
    failed = [
        report.failed for report in (REPORT, warned, replace(warned, fail_on=WARNING), NOTHING)
    ]
    assert failed == [True, False, True, False]


def test_places() -> None:
    found = REPORT.place(QUESTIONS.path, span(QUESTIONS, "Q4"))
    assert found == Place("deep learning.md", Position(6, 4), Position(6, 6))
    image = REPORT.place("images/a,b.png", Span(7, 9))
    assert image == Place("images/a,b.png", Position(1, 1), Position(1, 1))


# JSON


def test_the_data_of_a_finding() -> None:
    findings = json.loads(render("json", REPORT))["findings"]
    assert findings[6] == {
        "path": "deep learning.md",
        "rule": "UNI001",
        "name": "pseudo-formatting",
        "severity": "warning",
        "message": "`𝐇` is a symbol, not a bold letter",
        "reason": "search does not find it, and screen readers skip it",
        "target": "**H**",
        "line": 6,
        "column": 12,
        "end_line": 6,
        "end_column": 13,
        "question": "4",
        "related": [],
        "fix": {
            "safe": False,
            "edits": [
                {
                    "path": "deep learning.md",
                    "line": 6,
                    "column": 12,
                    "end_line": 6,
                    "end_column": 13,
                    "text": "**H**",
                },
                {
                    "path": "deep learning.md",
                    "line": 14,
                    "column": 13,
                    "end_line": 14,
                    "end_column": 14,
                    "text": "**H**",
                },
            ],
        },
        "evidence": None,
    }
    assert findings[0]["related"] == [
        {"path": "deep learning.md", "line": 1, "column": 3, "message": "the title"}
    ]
    assert (findings[0]["question"], findings[0]["fix"]) == (None, None)


def test_the_numbers_of_a_run() -> None:
    data = json.loads(render("json", REPORT))
    assert data["version"] == 1
    assert data["summary"] == {
        "files": 2,
        "indexes": 1,
        "questions": 4,
        "entries": 4,
        "links": 5,
        "images": 1,
        "answers": {"answered": 3, "empty": 1, "placeholder": 0},
        "addresses": {},
        "errors": 5,
        "warnings": 4,
        "infos": 1,
        "fixable": {"safe": 4, "unsafe": 1},
    }


def test_json_lines_are_the_findings_of_json() -> None:
    lines = render("jsonl", REPORT).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(render("json", REPORT))["findings"]
    assert not render("jsonl", NOTHING)


# GitHub


def test_the_log_says_what_the_host_leaves_out() -> None:
    lines = render("github", many(alike=True)).splitlines()
    assert len([line for line in lines if line.startswith("::error ")]) == 40
    assert lines[-2:] == [
        "dsqa looked at 1 file · no questions · no index entries · no links · no images",
        "dsqa found 40 errors; 30 more errors only in this log "
        "(GitHub shows 10 of a kind per step)",
    ]


@pytest.mark.parametrize(
    ("place", "properties"),
    [
        pytest.param(Span(0, 3), "line=1,endLine=1,col=1,endColumn=4", id="in a line"),
        pytest.param(Span(4, 4), "line=2,endLine=2,col=1,endColumn=1", id="before a line"),
        pytest.param(Span(5, 8), "line=2,endLine=2", id="up to the next line"),
        pytest.param(Span(0, 8), "line=1,endLine=2", id="up to the next but one"),
        pytest.param(Span(1, 6), "line=1,endLine=2", id="into the next line"),
    ],
)
def test_a_span_ends_on_the_last_line_of_which_it_has_a_character(
    place: Span, properties: str
) -> None:
    finding = replace(FINDINGS[0], path="a.md", span=place, related=())
    report = replace(
        EMPTY, findings=(finding,), sources={"a.md": Source("a.md", "abc\ndef\nghi\n")}
    )
    assert render("github", report).startswith(f"::warning file=a.md,{properties},title=REP001 ")


def plenty(number: int, severity: Severity, path: str = "a.md", said: str = "") -> list[Finding]:
    """So many findings, each of which says something else."""
    return [
        Finding(path.format(n), "XXX001", "name", severity, Span(0, 1), f"{said}{n}")
        for n in range(number)
    ]


def test_the_log_says_of_each_kind_what_the_host_leaves_out() -> None:
    findings = (*plenty(12, ERROR), *plenty(11, WARNING), *plenty(10, INFO))
    report = replace(EMPTY, findings=findings, sources={"a.md": Source("a.md", "x\n")})
    assert render("github", report).splitlines()[-1] == (
        "dsqa found 12 errors, 11 warnings, 10 notes; 2 more errors, 1 more warning only in this "
        "log (GitHub shows 10 of a kind per step)"
    )


def test_where_a_summary_has_no_room_the_gravest_are_in_it() -> None:
    findings = (*plenty(700, INFO, said="🙂" * 390), *plenty(3, ERROR))
    told = render("summary", replace(EMPTY, findings=findings))
    assert 700_000 < len(told.encode()) < 1024**2
    assert told.count("| error ") == 3
    left_out = 700 - told.count("| info ")
    assert f"\nThere is no room here for {left_out} more findings.\n" in told


def test_the_names_of_many_files_take_room_as_well() -> None:
    findings = tuple(plenty(2500, INFO, path="🙂" * 95 + "{:04}"))
    told = render("summary", replace(EMPTY, findings=findings))
    assert 700_000 < len(told.encode()) < 1024**2
    assert told.count("### ") == told.count("| info ") < 2500


def test_a_rule_that_explains_itself_nowhere_has_no_link_in_a_summary() -> None:
    (finding,) = plenty(1, INFO)
    rule = RuleInfo(finding.code, finding.name, "", "", INFO)
    for rules in ({}, {finding.code: rule}):
        told = render("summary", replace(EMPTY, findings=(finding,), rules=rules))
        assert "| – |  | info XXX001 name | 0 |\n" in told


@pytest.mark.parametrize(
    ("number", "rows"),
    [
        pytest.param(0, [], id="none"),
        pytest.param(1, ["| <code>0</code> | 1 | 1 | 100 % |"], id="one"),
        pytest.param(
            2,
            [
                "| all files | 2 | 2 | 100 % |",
                "| <code>0</code> | 1 | 1 | 100 % |",
                "| <code>1</code> | 1 | 1 | 100 % |",
            ],
            id="two",
        ),
        pytest.param(
            100,
            [
                "| all files | 100 | 100 | 100 % |",
                *(f"| <code>{n}</code> | 1 | 1 | 100 % |" for n in range(100)),
            ],
            id="as many as there is room for",
        ),
        pytest.param(
            102,
            [
                "| all files | 102 | 102 | 100 % |",
                *(f"| <code>{n}</code> | 1 | 1 | 100 % |" for n in range(100)),
                "| and 2 more files |  |  |  |",
            ],
            id="more",
        ),
    ],
)
def test_a_summary_tells_how_far_each_file_is_answered(number: int, rows: list[str]) -> None:
    covered = tuple(Coverage(str(n), {"answered": 1}) for n in range(number))
    told = render("summary", replace(EMPTY, coverage=covered))
    _, heading, table = told.partition(
        "\n### Coverage\n\n| file | questions | answered | share answered |\n"
        "| --- | ---: | ---: | ---: |\n"
    )
    assert bool(heading) == bool(rows)
    assert table.splitlines() == rows


# SARIF


def sarif(report: Report) -> Any:
    return json.loads(render("sarif", report))


def schema() -> Any:
    path = SHARED / "schemas" / "sarif-schema-2.1.0.oasis.json"
    if not path.is_file():
        pytest.skip(f"NOT VALIDATED: no SARIF schema at {path}")
    return json.loads(path.read_text(encoding="utf-8"))


def assert_valid(log: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft4Validator(
        schema(), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER
    )
    assert [error.message for error in validator.iter_errors(log)] == []


@pytest.mark.parametrize("report", [REPORT, NOTHING, EMPTY, many(alike=True)])
def test_sarif_is_valid(report: Report) -> None:
    assert_valid(sarif(report))


def test_a_sarif_run() -> None:
    log = sarif(REPORT)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert (run["columnKind"], run["automationDetails"]) == ("utf16CodeUnits", {"id": "dsqa/"})
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("dsqa", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == sorted(RULES)
    assert driver["rules"][0] == {
        "id": "ANS001",
        "name": "empty-answer",
        "shortDescription": {"text": "There is something wrong: empty-answer"},
        "fullDescription": {"text": "It hurts the reader \\[and {{so}} on\\]."},
        "help": {"text": "It hurts the reader \\[and {{so}} on\\]."},
        "helpUri": "https://example.com/rules/ANS001",
        "defaultConfiguration": {"level": "error"},
        "properties": {"precision": "high", "problem.severity": "error", "tags": ["ans"]},
    }
    assert [result["level"] for result in run["results"]] == ["error"] * 5 + ["warning"] * 4 + [
        "note"
    ]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_sarif_result_counts_utf16_units() -> None:
    (result,) = (r for r in sarif(REPORT)["runs"][0]["results"] if r["ruleId"] == "UNI001")
    assert result == {
        "ruleId": "UNI001",
        "ruleIndex": 6,
        "level": "warning",
        "message": {
            "text": "`𝐇` is a symbol, not a bold letter\n"
            "search does not find it, and screen readers skip it\n"
            "unsafe fix: write `**H**` in both places"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "notes/deep%20learning.md"},
                    "region": {"startLine": 6, "startColumn": 12, "endLine": 6, "endColumn": 14},
                }
            }
        ],
        "relatedLocations": [],
        "partialFingerprints": {
            "primaryLocationLineHash": fingerprints(QUESTIONS, {6})[6],
        },
        "fixes": [
            {
                "description": {"text": "write `**H**` in both places"},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "notes/deep%20learning.md"},
                        "replacements": [
                            {
                                "deletedRegion": {
                                    "startLine": line,
                                    "startColumn": column,
                                    "endLine": line,
                                    "endColumn": column + 2,
                                },
                                "insertedContent": {"text": "**H**"},
                            }
                            for line, column in ((6, 12), (14, 13))
                        ],
                    }
                ],
            }
        ],
    }


def test_an_image_has_a_line_but_no_fingerprint() -> None:
    result = sarif(REPORT)["runs"][0]["results"][-1]
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "images/a,b.png"},
                "region": {"startLine": 1},
            }
        }
    ]
    assert result["partialFingerprints"] == {}


def test_sarif_keeps_to_the_limits_of_the_host() -> None:
    finding = many(alike=True).findings[0]
    related = Related(MANY.path, Span(0, 1), "here")
    crowd = (
        *(replace(finding, severity=INFO) for _ in range(25_000)),
        replace(finding, related=(related,) * 101),
    )
    rules = {"ANC001": RuleInfo("ANC001", "n" * 300, "s" * 2000, "r" * 2000, ERROR)}
    (run,) = sarif(replace(many(alike=True), findings=crowd, rules=rules))["runs"]
    rule = run["tool"]["driver"]["rules"][0]
    assert [
        len(rule["name"]),
        *(len(rule[f"{kind}Description"]["text"]) for kind in ("short", "full")),
    ] == [255, 1024, 1024]
    assert len(run["results"]) == 25_000
    assert run["results"][0]["level"] == "error"
    assert len(run["results"][0]["relatedLocations"]) == 100
    notices = run["invocations"][0]["toolExecutionNotifications"]
    assert [notice["message"]["text"] for notice in notices] == [
        "1 finding left out: 25000 are accepted"
    ]


# Recorded when the function agreed with github/codeql-action on that action's own examples.
@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        pytest.param("", {1: "c129715d7a2bc9a3:1"}, id="empty"),
        pytest.param(
            "# Q1 \n\n\tWhy 𝐇?\n  Because.",
            {
                1: "74a457c62f56f123:1",
                2: "9651be33ff4ef7e4:1",
                3: "c1b0577de749418a:1",
                4: "a783fd900a33e7bd:1",
            },
            id="recorded",
        ),
        pytest.param(
            " # Q1\n\nWhy\t 𝐇?\nBecause. ",
            fingerprints(Source("a.md", "#Q1\n\nWhy𝐇?\nBecause."), range(1, 5)),
            id="blanks do not count",
        ),
        pytest.param(
            "\r\n x\r\n",
            fingerprints(Source("a.md", "\nx\n"), range(1, 3)),
            id="line ends are alike",
        ),
        pytest.param("\rx\r", fingerprints(Source("a.md", "\nx\n"), range(1, 3)), id="CR"),
    ],
)
def test_fingerprints(text: str, hashes: dict[int, str]) -> None:
    assert fingerprints(Source("a.md", text), hashes) == hashes


def test_equal_lines_are_numbered() -> None:
    told = fingerprints(Source("a.md", f"{'x' * 99}\n" * 3), {1, 2, 3})
    assert [told[1].split(":")[0] == told[2].split(":")[0], told[1][-2:], told[2][-2:]] == [
        True,
        ":1",
        ":2",
    ]


def test_the_byte_order_mark_counts_for_the_fingerprint_but_for_no_column() -> None:
    marked, plain = Source("a.md", "x", marked=True), Source("a.md", "x")
    same = Source("a.md", "\ufeffx")
    assert fingerprints(marked, {1}) == fingerprints(same, {1}) != fingerprints(plain, {1})


# Hostile documents


def quoting(text: str) -> Report:
    """A report that quotes the text wherever a text can stand."""
    line = re.sub(r"[\r\n\0]", "", text)
    source = Source(text, f"{line}X{line}\n")
    place = Span(len(line), len(line) + 1)
    finding = Finding(
        source.path,
        "ANC001",
        "broken-anchor",
        ERROR,
        place,
        text,
        reason=text,
        target=text,
        question=text,
        related=(Related(source.path, place, text), Related(f"{text}.png", place, text)),
        fix=Fix((Edit(source.path, place, text),), safe=True, summary=text),
    )
    other = replace(finding, message=f"{text} again", fix=None)
    return replace(
        EMPTY,
        findings=(finding, replace(finding, path=f"{text}/other"), other),
        sources={source.path: source},
        looked=Looked(files=1),
        notes=(text,),
    )


@pytest.mark.parametrize("text", strings())
def test_hostile_text_is_only_text(text: str) -> None:
    for width in (24, 80, 200):
        told = render("text", quoting(text), width=width)
        assert_only_text(told)
        colored = render("text", quoting(text), width=width, color=True)
        assert_only_text(re.sub(r"\x1b\[[0-9;]*m", "", colored))


@pytest.mark.parametrize("text", strings())
def test_hostile_text_forges_no_annotation(text: str) -> None:
    """The host sees each finding, with just the words that are meant, and nothing else."""
    report = quoting(text)
    output = render("github", report)
    assert_only_text(output, commands=len(report.findings))
    assert {
        (one.name, one.properties["file"], one.properties["title"], one.data)
        for one in github(output)
    } == {
        (
            "error",
            printable(finding.path),
            f"{finding.code} {finding.name}",
            "\n".join(map(printable, wording(finding))),
        )
        for finding in report.findings
    }
    for one in github(output):
        assert one.properties.keys() in (
            {"file", "line", "endLine", "col", "endColumn", "title"},
            {"file", "title"},
        )


@pytest.mark.parametrize("text", strings())
@pytest.mark.parametrize("form", ["gitlab", "json", "jsonl", "rdjson", "sarif"])
def test_hostile_text_is_data(form: str, text: str) -> None:
    told = render(form, quoting(text))
    assert told.isascii()
    assert_only_text(told)


@pytest.mark.parametrize("text", strings())
def test_hostile_text_comes_back_from_json(text: str) -> None:
    (finding, *_) = json.loads(render("json", quoting(text)))["findings"]
    said = (finding["path"], finding["message"], finding["target"], finding["question"])
    assert said == (text, text, text, text)


@pytest.mark.parametrize("text", strings())
def test_hostile_text_is_valid_sarif(text: str) -> None:
    log = sarif(quoting(text))
    json.dumps(log, ensure_ascii=False).encode("utf-8")
    for result in log["runs"][0]["results"]:
        assert result["message"]["text"]
        assert not re.search(r"(?<!\\)[\[\]]", result["message"]["text"])
    assert_valid(log)


def test_the_escapes_of_workflow_commands() -> None:
    rows = conformance_rows()
    if not rows:
        pytest.skip(f"NOT TESTED: no hostile strings at {SHARED}")
    for row in rows:
        assert f"::error ::{data_escaped(row['text'])}" == row["github_message"]
        assert property_escaped(row["text"]) == row["github_property"]


@pytest.mark.parametrize("format", formats())
def test_a_report_takes_little_more_memory_than_its_text(format: str) -> None:
    text = "".join(f"[x{number}](#y{number})\n" for number in range(3_000))
    source = Source("qa.md", text)
    starts = [source.line_span(line).start for line in range(1, 3_001)]
    findings = tuple(
        Finding("qa.md", "ANC001", "broken-anchor", ERROR, Span(start, start + 3), f"`{start}`")
        for start in starts
    )
    report = Report(
        findings=findings, sources={"qa.md": source}, looked=Looked(), rules={}, version="1.0"
    )
    render(format, report)
    tracemalloc.start()
    said = render(format, report)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2.5 * len(said) + 2_500_000
