"""The formats for machines, each against its schema: on our drafts and on others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from dsqa.coverage import coverage, total
from dsqa.finding import Edit, Finding, Fix, Severity, apply
from dsqa.linter import lint
from dsqa.report import Looked, Report
from dsqa.reporters import formats, render
from dsqa.reporters.github import SHOWN_PER_STEP
from dsqa.reporters.sarif import fingerprints
from dsqa.reporters.summary import LARGEST
from dsqa.rules import rules
from dsqa.run import info
from dsqa.source import BYTE_ORDER_MARK, Source, Span, Unreadable
from dsqa.unjudged import unread
from dsqa.workspace import Disk, Memory, Workspace
from tests.conftest import SHARED
from tests.hostile import documents, pytest_generate_tests, strings  # noqa: F401  a hook
from tests.test_reporters import EMPTY, NOTHING, REPORT, many, quoting

ROOT = Path(__file__).resolve().parents[1]
DRAFTS = sorted((ROOT / "content").rglob("*.md"))
REPOSITORIES = 4
"""How many repositories of the world are reported, the smallest first."""

UNJUDGED = {"json", "jsonl", "statistics", "text"}
"""Formats of our own, which no schema of others describes."""


def judged(world: Workspace, paths: list[str]) -> Report:
    """What is found in the documents."""
    documents = [world.parsed(path) for path in paths]
    covered = tuple(coverage(document.path, document) for document in documents)
    return Report(
        findings=tuple(finding for document in documents for finding in lint(document, world)),
        sources={document.path: document.source for document in documents},
        looked=Looked(files=len(documents), answers=total(covered).answers),
        rules={rule.code: info(rule) for rule in rules()},
        version="1.2.3",
        coverage=covered,
    )


def in_memory(files: Mapping[str, str]) -> Report:
    return judged(Workspace(Memory(files)), list(files))


# What makes an output valid


def schema(name: str) -> Any:
    path = SHARED / "conformance" / "schemas" / name
    if not path.is_file():
        pytest.skip(f"NOT VALIDATED: no schema at {path}")
    return json.loads(path.read_text(encoding="utf-8")) if name.endswith(".json") else path


def assert_matches(told: str, name: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft4Validator(schema(name))
    assert [error.message for error in validator.iter_errors(json.loads(told))] == []


def valid_sarif(told: str, report: Report) -> None:
    assert_matches(told, "sarif-schema-2.1.0.oasis.json")
    (run,) = json.loads(told)["runs"]
    # what the host wants besides: https://docs.github.com/en/code-security/reference
    for result in run["results"]:
        assert result["message"]["text"]
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"]
        assert place["physicalLocation"]["region"]["startLine"] >= 1
    for rule in run["tool"]["driver"]["rules"]:
        for text in ("shortDescription", "fullDescription", "help"):
            assert rule[text]["text"]


def valid_rdjson(told: str, report: Report) -> None:
    assert_matches(told, "rdf-DiagnosticResult.json")
    for diagnostic in json.loads(told)["diagnostics"]:
        assert diagnostic["message"]
        assert diagnostic["location"]["path"]
        for suggestion in diagnostic["suggestions"]:
            assert suggestion["range"].keys() == {"start", "end"}


GITLAB_ISSUE = {
    "description": str,
    "check_name": str,
    "fingerprint": str,
    "severity": str,
    "location": dict,
}


def valid_gitlab(told: str, report: Report) -> None:
    issues = json.loads(told)
    for issue in issues:
        assert {key: type(value) for key, value in issue.items()} == GITLAB_ISSUE
        assert issue["description"]
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"].keys() == {"path", "lines"}
        assert issue["location"]["path"]
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(report.findings)


def parsed_xml(told: str) -> Any:
    etree = pytest.importorskip("lxml.etree", reason="NOT VALIDATED: no lxml")
    return etree.fromstring(told.encode())


def valid_junit(told: str, report: Report) -> None:
    etree = pytest.importorskip("lxml.etree", reason="NOT VALIDATED: no lxml")
    accepted = etree.XMLSchema(etree.parse(schema("junit-10.xsd")))
    root = parsed_xml(told)
    assert accepted.validate(root), accepted.error_log
    for suite in root:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        numbers = {int(root.get(name)), sum(int(suite.get(name)) for suite in root)}
        assert numbers == {len(list(root.iter(tag)))}


def valid_checkstyle(told: str, report: Report) -> None:
    root = parsed_xml(told)
    assert (root.tag, root.get("version")) == ("checkstyle", "4.3")
    for file in root:
        assert (file.tag, list(file.attrib)) == ("file", ["name"])
        for error in file:
            assert (error.tag, len(error)) == ("error", 0)
            assert list(error.attrib) == ["line", "column", "severity", "message", "source"]
            assert error.get("severity") in {"info", "warning", "error"}
            assert int(error.get("line")) >= 1
            assert int(error.get("column")) >= 1
            assert error.get("message")
    assert sum(len(file) for file in root) == len(report.findings)


class Page(HTMLParser):
    """What a host makes of a summary: its tags, its links and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.words: list[str] = []
        self.rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.rows += tag == "tr"
        self.links |= {value or "" for name, value in attrs if name == "href"}
        assert {name for name, _ in attrs} <= {"href", "align"}

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        assert not re.search(r"@\w", data), "somebody would be called"


TAGS_OF_SUMMARY = set("h2 h3 p ul li table thead tbody tr th td code span br a".split())


def valid_summary(told: str, report: Report) -> None:
    cmarkgfm = pytest.importorskip("cmarkgfm", reason="NOT VALIDATED: no cmarkgfm")
    options = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    page = Page()
    page.feed(cmarkgfm.github_flavored_markdown_to_html(told, options))
    page.close()
    assert page.tags <= TAGS_OF_SUMMARY
    assert page.links <= {rule.help_uri for rule in report.rules.values()}
    assert len(told.encode()) < 1024**2
    if len(report.findings) < 100:
        covered = [file for file in report.coverage if file.questions]
        whole = bool(covered) + (len(covered) > 1) + len(covered)
        tables = len(list(groupby(finding.path for finding in report.findings)))
        assert page.rows == len(report.findings) + tables + whole


def valid_annotations(told: str, report: Report) -> None:
    commands = [line for line in told.splitlines() if line.startswith("::")]
    assert len(commands) == len(report.findings)
    for line in commands:
        assert re.match(r"::(?:error|warning|notice) file=[^:,]*(?:,[A-Za-z]+=[^:,]*)+::", line)
    kinds = [line.split(" ")[0] for line in commands]
    assert kinds == sorted(kinds, key=["::error", "::warning", "::notice"].index)


VALID: dict[str, Callable[[str, Report], None]] = {
    "checkstyle": valid_checkstyle,
    "github": valid_annotations,
    "gitlab": valid_gitlab,
    "junit": valid_junit,
    "rdjson": valid_rdjson,
    "sarif": valid_sarif,
    "summary": valid_summary,
}


def test_every_format_of_others_is_held_to_their_rules() -> None:
    assert VALID.keys() | UNJUDGED == set(formats())


@pytest.mark.parametrize("name", VALID)
@pytest.mark.parametrize(
    "report", [REPORT, NOTHING, EMPTY, many(alike=True)], ids=["some", "none", "empty", "many"]
)
def test_reports_are_valid(name: str, report: Report) -> None:
    VALID[name](render(name, report), report)


@pytest.mark.parametrize("name", VALID)
def test_what_is_said_of_our_own_files_is_valid(name: str) -> None:
    world = Workspace(Disk(ROOT))
    report = judged(world, [path.relative_to(ROOT).as_posix() for path in DRAFTS])
    assert any(finding.fix for finding in report.findings)
    VALID[name](render(name, report), report)


@pytest.fixture(scope="module")
def reports_of_the_world(shared: Path) -> list[Report]:
    truths = sorted((shared / "corpus").glob("*/truth.json"), key=lambda file: file.stat().st_size)
    return [
        judged(Workspace(Disk(file.parent)), list(json.loads(file.read_text("utf-8"))["files"]))
        for file in truths[:REPOSITORIES]
    ]


@pytest.mark.parametrize("name", VALID)
def test_what_is_said_of_the_world_is_valid(name: str, reports_of_the_world: list[Report]) -> None:
    assert sum(len(report.findings) for report in reports_of_the_world) > 50
    for report in reports_of_the_world:
        VALID[name](render(name, report), report)


# Hostile documents


@pytest.mark.parametrize("form", VALID)
def test_hostile_documents_are_reported_in_valid_form(form: str, hostile: str) -> None:
    for report in (in_memory(documents(hostile)), quoting(hostile)):
        assert report.findings
        VALID[form](render(form, report), report)


@pytest.mark.parametrize("text", strings())
def test_a_summary_shows_hostile_text_as_text(text: str) -> None:
    from dsqa.reporters import printable

    cmarkgfm = pytest.importorskip("cmarkgfm", reason="NOT VALIDATED: no cmarkgfm")
    text = text[:90]
    finding = replace(REPORT.findings[0], message=f"<{text}>", reason="", related=())
    told = render("summary", replace(REPORT, findings=(finding,)))
    page = Page()
    options = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE
    page.feed(cmarkgfm.github_flavored_markdown_to_html(told, options))
    shown = printable(f"<{text}>")
    bare = re.sub(r"`([^`]+)`", r"\1", shown)
    assert " ".join(bare.split()) in " ".join("".join(page.words).split())


@pytest.mark.parametrize("name", ["checkstyle", "junit"])
@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("a\tb\nc\rd", "a\tb\nc\rd"),
        ("\x00\x08\x0b\x1b", "\ufffd" * 4),
        ("\ud800\ufffe\uffff", "\ufffd" * 3),
        ("\x7f\x9b\u202e\u200d\ufeff\xa0", "\x7f\x9b\u202e\u200d\ufeff\xa0"),
        ("<&>\"']]>", "<&>\"']]>"),
        ("##[error]𝐇", "##[error]𝐇"),
    ],
)
def test_xml_holds_what_it_may(name: str, text: str, held: str) -> None:
    finding = replace(REPORT.findings[0], severity=Severity.ERROR, message=text, path=text)
    root = parsed_xml(render(name, replace(REPORT, findings=(finding,), coverage=())))
    (told,) = (one.get("message") for one in root.iter("error", "failure"))
    names = {one.get("name") for one in root.iter("file", "testsuite")}
    assert told.startswith(held)
    assert names == {held}


# Columns

BEFORE = (
    pytest.param("", 0, 0, id="nothing"),
    pytest.param("abc", 3, 3, id="ASCII"),
    pytest.param("𝐇", 4, 2, id="mathematical letter"),
    pytest.param("é", 2, 1, id="accent in one"),
    pytest.param("e\u0301", 3, 2, id="accent of its own"),
    pytest.param("日本", 6, 2, id="Japanese"),
    pytest.param("👨\u200d👩\u200d👧", 18, 8, id="joined emoji"),
    pytest.param("\t", 1, 1, id="tab"),
)


@pytest.mark.parametrize("start", ["", "𝐇é\n", "𝐇é\r\n", "𝐇é\r"], ids=["", "LF", "CRLF", "CR"])
@pytest.mark.parametrize("marked", [False, True], ids=["", "BOM"])
@pytest.mark.parametrize(("before", "utf8", "utf16"), BEFORE)
def test_columns_are_counted_as_each_host_counts(
    before: str, utf8: int, utf16: int, *, marked: bool, start: str
) -> None:
    mark = BYTE_ORDER_MARK if marked else ""
    source = Source.decode("a.md", f"{mark}{start}{before}X𝐇".encode())
    place = len(start) + len(before)
    finding = Finding("a.md", "XXX001", "name", Severity.ERROR, Span(place, place + 2), "wrong")
    report = replace(EMPTY, findings=(finding,), sources={"a.md": source})
    line = 1 + bool(start)

    (diagnostic,) = json.loads(render("rdjson", report))["diagnostics"]
    assert diagnostic["location"]["range"] == {
        "start": {"line": line, "column": utf8 + 1},
        "end": {"line": line, "column": utf8 + 6},
    }
    ((result,),) = (run["results"] for run in json.loads(render("sarif", report))["runs"])
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": line,
        "startColumn": utf16 + 1,
        "endLine": line,
        "endColumn": utf16 + 4,
    }
    (told,) = json.loads(render("json", report))["findings"]
    assert (told["line"], told["column"], told["end_column"]) == (
        line,
        len(before) + 1,
        len(before) + 3,
    )


def variants(text: str) -> Iterator[Source]:
    yield Source("a.md", text)
    yield Source("a.md", text.replace("\n", "\r\n"))
    yield Source("a.md", text, marked=True)
    yield Source("a.md", text.replace("a", "𝐚").replace("e", "e\u0301"))


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda path: path.name)
def test_what_a_host_applies_is_the_fix(draft: Path) -> None:
    """Made as a host would, from lines and columns, a fix gives the text that we would write."""
    for source in variants(draft.read_text(encoding="utf-8")):
        report = judged(Workspace(Memory({}), sources={"a.md": source}), ["a.md"])
        mended = [apply(source, f.fix.edits).text for f in report.findings if f.fix]
        assert [
            applied(
                source,
                "utf-16-le",
                2,
                [
                    (
                        (r["deletedRegion"]["startLine"], r["deletedRegion"]["startColumn"]),
                        (r["deletedRegion"]["endLine"], r["deletedRegion"]["endColumn"]),
                        r["insertedContent"]["text"],
                    )
                    for r in fix["artifactChanges"][0]["replacements"]
                ],
            )
            for result in json.loads(render("sarif", by_place(report)))["runs"][0]["results"]
            for fix in result["fixes"]
        ] == mended
        suggested = [
            applied(
                source,
                "utf-8",
                1,
                [(*((r["line"], r["column"]) for r in s["range"].values()), s["text"])],
            )
            for diagnostic in json.loads(render("rdjson", report))["diagnostics"]
            for s in diagnostic["suggestions"]
        ]
        assert set(suggested) <= set(mended)
        assert len(suggested) >= len(mended) / 2


def by_place(report: Report) -> Report:
    """The report, all of one gravity: the order is that of the places."""
    return replace(
        report, findings=tuple(replace(f, severity=Severity.ERROR) for f in report.findings)
    )


def applied(source: Source, encoding: str, size: int, changes: list[Any]) -> str:
    """The text after the changes, which are told in lines and in columns of units of the size."""
    lines = re.split(r"(?<=\n)", source.text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode(encoding)))
    content = source.text.encode(encoding)
    for (line, column), (end_line, end_column), text in sorted(changes, reverse=True):
        start = starts[line - 1] + (column - 1) * size
        end = starts[end_line - 1] + (end_column - 1) * size
        content = content[:start] + text.encode(encoding) + content[end:]
    return content.decode(encoding)


# Fixes of several files, and of many lines

PAIR = {
    "a.md": "# A\n\n[B](b.md#old)\n",
    "b.md": "# B\n\n## old\n",
}


def paired() -> Report:
    sources = {path: Source(path, text) for path, text in PAIR.items()}
    fix = Fix(
        (Edit("b.md", Span(8, 11), "new"), Edit("a.md", Span(14, 17), "new")),
        safe=False,
        summary="rename it",
    )
    finding = Finding("b.md", "XXX001", "name", Severity.ERROR, Span(8, 11), "wrong", fix=fix)
    return replace(EMPTY, findings=(finding,), sources=sources)


def test_a_fix_of_two_files_is_told_whole() -> None:
    ((result,),) = (run["results"] for run in json.loads(render("sarif", paired()))["runs"])
    ((*changes,),) = (fix["artifactChanges"] for fix in result["fixes"])
    assert [change["artifactLocation"]["uri"] for change in changes] == ["a.md", "b.md"]
    assert {
        replacement["insertedContent"]["text"]
        for change in changes
        for replacement in change["replacements"]
    } == {"new"}


def test_half_a_fix_is_not_suggested() -> None:
    (diagnostic,) = json.loads(render("rdjson", paired()))["diagnostics"]
    assert diagnostic["suggestions"] == []
    assert "unsafe fix: rename it" in diagnostic["message"]


@pytest.mark.parametrize(("lines", "suggested"), [(20, 1), (21, 0)])
def test_a_suggestion_can_be_overlooked(lines: int, suggested: int) -> None:
    source = Source("a.md", "x\n" * lines)
    last = 2 * (lines - 1)
    fix = Fix(
        (Edit("a.md", Span(0, 1), "y"), Edit("a.md", Span(last, last + 1), "z")), True, "both"
    )
    finding = Finding("a.md", "XXX001", "name", Severity.ERROR, Span(0, 1), "wrong", fix=fix)
    report = replace(EMPTY, findings=(finding,), sources={"a.md": source})
    (diagnostic,) = json.loads(render("rdjson", report))["diagnostics"]
    assert len(diagnostic["suggestions"]) == suggested
    for suggestion in diagnostic["suggestions"]:
        assert suggestion["text"] == "y\n" + "x\n" * (lines - 2) + "z"


# What survives an edit elsewhere


def prints(name: str, text: str) -> list[str]:
    report = in_memory({"a.md": text})
    told = json.loads(render(name, by_place(report)))
    if name == "gitlab":
        return [issue["fingerprint"] for issue in told]
    return [r["partialFingerprints"]["primaryLocationLineHash"] for r in told["runs"][0]["results"]]


@pytest.mark.parametrize("name", ["gitlab", "sarif"])
def test_findings_are_known_again_where_lines_move(name: str) -> None:
    text = (ROOT / "content" / "drafts" / "broken.md").read_text(encoding="utf-8")
    head, rest = text.split("\n", 1)
    moved = f"{head}\n\nA new paragraph.\n\nAnother one.\n{rest}"
    before, after = prints(name, text), prints(name, moved)
    assert len(before) == len(after) > 10
    assert before == after


def test_equal_findings_have_their_own_fingerprints() -> None:
    source = Source("a.md", "[x]()\n" * 3)
    findings = tuple(
        Finding("a.md", "XXX001", "name", Severity.ERROR, Span(at, at), "wrong")
        for at in (4, 4, 10, 16)
    )
    report = replace(EMPTY, findings=findings, sources={"a.md": source})
    issues = json.loads(render("gitlab", report))
    assert len({issue["fingerprint"] for issue in issues}) == 4


def rolling(text: str) -> dict[int, str]:
    """The hash as the host computes it, a character at a time.

    https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
    """
    block, modulus = 100, 1 << 64
    first = pow(37, block, modulus)
    window, numbers = [0] * block, [-1] * block
    state = {"hash": 0, "index": 0}
    counts: dict[str, int] = {}
    told: dict[int, str] = {}

    def put_out() -> None:
        number = numbers[state["index"]]
        if number == -1:
            return
        value = f"{state['hash']:x}"
        counts[value] = counts.get(value, 0) + 1
        told[number] = f"{value}:{counts[value]}"
        numbers[state["index"]] = -1

    def update(unit: int) -> None:
        index = state["index"]
        begun, window[index] = window[index], unit
        state["hash"] = (37 * state["hash"] + unit - first * begun) % modulus
        state["index"] = (index + 1) % block

    line, starting, after_return = 0, True, False
    data = text.encode("utf-16-le")
    units = [*(int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))]
    for unit in (*units, 0xFFFF):
        if unit in (32, 9) or (after_return and unit == 10):
            after_return = False
            continue
        after_return = unit == 13
        unit = 10 if unit == 13 else unit
        put_out()
        if starting:
            line += 1
            numbers[state["index"]] = line
        starting = unit == 10
        update(unit)
    for _ in range(block):
        put_out()
        update(0)
    return told


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param(path.read_text(encoding="utf-8"), id=path.name) for path in DRAFTS),
        pytest.param("", id="empty"),
        pytest.param("\r\n\r\r\n \n\t\n", id="blank lines"),
        pytest.param("𝐇 \r\n" * 60, id="alike"),
        pytest.param("a" * 250 + "\nb", id="long"),
    ],
)
def test_fingerprints_are_those_of_the_host(text: str) -> None:
    theirs = rolling(text)
    ours = fingerprints(Source("a.md", text), range(1, len(theirs) + 1))
    assert ours == theirs


# The limits of a host


def crowd(number: int, kind: Severity) -> tuple[Finding, ...]:
    place = Span(0, 1)
    return tuple(
        Finding("a.md", "XXX001", "name", kind, place, f"{'<' * 300} {each}")
        for each in range(number)
    )


def test_a_summary_keeps_below_the_limit_and_says_what_it_leaves_out() -> None:
    findings = (*crowd(1000, Severity.INFO), *crowd(3, Severity.ERROR))
    report = replace(EMPTY, findings=findings, sources={"a.md": Source("a.md", "x\n")})
    told = render("summary", report)
    assert LARGEST / 2 < len(told.encode()) < 1024**2
    assert told.count("| error ") == 3
    shown = told.count("| info ")
    assert f"There is no room here for {1000 - shown} more findings." in told


def test_annotations_beyond_what_is_shown_are_counted() -> None:
    report = replace(
        EMPTY,
        findings=(*crowd(SHOWN_PER_STEP + 2, Severity.INFO), *crowd(3, Severity.ERROR)),
        sources={"a.md": Source("a.md", "x\n")},
    )
    lines = render("github", report).splitlines()
    assert [line.split(" ")[0] for line in lines[:4]] == ["::error"] * 3 + ["::notice"]
    assert lines[-1] == (
        "dsqa found 3 errors, 12 notes; 2 more notices only in this log "
        "(GitHub shows 10 of a kind per step)"
    )


def test_a_file_that_cannot_be_read_is_an_error_and_no_failure() -> None:
    finding, _ = unread("bytes.md", Unreadable("permission denied"))
    root = parsed_xml(render("junit", replace(NOTHING, findings=(finding,))))
    (error,) = root.iter("error")
    assert (error.get("type"), error.get("message")) == ("unreadable-file", "Permission denied")
    assert (root.get("errors"), root.get("failures")) == ("1", "0")


def test_what_does_not_fail_the_run_fails_no_test() -> None:
    strict = replace(REPORT, fail_on=Severity.WARNING)
    failures = [parsed_xml(render("junit", one)).get("failures") for one in (REPORT, strict)]
    assert failures == ["5", "9"]
