"""What cannot be judged is found, in every format, and nothing turns it into a clean run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import NoReturn

import pytest

from dsqa import cli, config, linter, opening, parser, unjudged
from dsqa import coverage as counting
from dsqa.discovery import discover
from dsqa.document import Document
from dsqa.exporters import building
from dsqa.finding import Finding, Severity
from dsqa.linter import lint
from dsqa.report import Report
from dsqa.reporters import formats, render
from dsqa.rule import Bad, Good, Rule, replace
from dsqa.rules import rules
from dsqa.run import read, report
from dsqa.source import Source, Span
from dsqa.unjudged import HINDRANCES
from dsqa.workspace import Memory, Workspace
from tests.conftest import FAILURE
from tests.test_cli import CLEAN, UNANSWERED, UNFILLED, Run, git, run, write
from tests.test_formats import VALID

__all__ = ["run"]

FAILING = "fails.md"


class PlantedFailure(Rule):
    """A rule that fails at one file, in the way that `fail` says.

    It is planted to see what becomes of that.
    """

    code = "XXX001"
    severity = Severity.WARNING
    examples = (Good("# A\n"), Bad("# B\n", under=["B"]))

    def __init__(self, fail: Callable[[], object]) -> None:
        self.fail = fail

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        yield self.finding(document, Span(0, 1), "It is said before it fails")
        if document.path.endswith(FAILING):
            self.fail()


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the failures of dsqa itself are what is looked at."""
    monkeypatch.setattr(unjudged, "failure", FAILURE)


def no_such_key() -> object:
    return dict[str, object]()["key"]


def no_end() -> object:
    return no_end()


def no_memory() -> object:
    return bytearray(1 << 62)


def interrupted() -> NoReturn:
    raise KeyboardInterrupt


FAILURES = [
    pytest.param(no_such_key, "KeyError", id="a key"),
    pytest.param(no_end, "RecursionError", id="no end"),
    pytest.param(no_memory, "MemoryError", id="no memory"),
]
LATIN = UNANSWERED.replace("share", "sh\xe5re").encode("latin-1")
OFFSET = LATIN.index(b"\xe5")


def planted(monkeypatch: pytest.MonkeyPatch, fail: Callable[[], object]) -> None:
    """Let the commands judge by the rule that fails, besides all others."""
    usual = config.chosen_rules

    def chosen(*arguments: object, **options: object) -> tuple[Rule, ...]:
        return *usual(*arguments, **options), PlantedFailure(fail)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "chosen_rules", chosen)


def reported(folder: Path, *more: Rule) -> Report:
    """What is found in the folder."""
    settings = config.load(folder)
    chosen = [*config.chosen_rules(settings), *more]
    reading = read(discover([], folder, settings), folder, settings, trees=frozenset({folder}))
    return report(reading, settings, chosen, version="0")


def words(told: str) -> str:
    """What a reader of the format sees, in one line and without backticks."""
    plain = unescape(re.sub(r"</?(?:code|span)>", "", told))
    return " ".join(plain.replace("`", "").split())


def names(out: str) -> list[tuple[str, str]]:
    return [(one["path"], one["rule"]) for one in json.loads(out)["findings"]]


# In every format


@pytest.mark.parametrize("format", formats())
def test_a_byte_that_is_no_text_is_told_in_every_format(tmp_path: Path, format: str) -> None:
    (tmp_path / "bytes.md").write_bytes(LATIN)
    (tmp_path / "qa.md").write_text(UNANSWERED)
    found = reported(tmp_path)
    told = render(format, found)
    assert f"Not UTF-8 text: byte {OFFSET} is 0xe5" in words(told)
    assert "bytes.md" in words(told)
    assert "empty-answer" in told
    if format in VALID:
        VALID[format](told, found)


@pytest.mark.parametrize("format", formats())
def test_a_failure_of_our_own_is_told_in_every_format(tmp_path: Path, format: str) -> None:
    (tmp_path / FAILING).write_text(UNANSWERED)
    found = reported(tmp_path, PlantedFailure(no_such_key))
    told = render(format, found)
    assert "dsqa itself failed here: XXX001 planted-failure raised KeyError at" in words(told)
    assert "empty-answer" in told
    assert "It is said before" not in told
    assert "Traceback" not in told
    if format in VALID:
        VALID[format](told, found)


class PlantedFailureAtAll(PlantedFailure):
    """A rule that fails at all files together.

    It is planted to see what becomes of that.
    """

    code = "XXX003"

    def check_tree(self, workspace: Workspace) -> Iterator[Finding]:
        yield self.finding_of_file(str(self.fail()), "It is never said")


@pytest.mark.parametrize("format", formats())
@pytest.mark.parametrize("checkout", [True, False])
def test_a_failure_at_all_files_is_told_in_every_format(
    tmp_path: Path, format: str, checkout: bool
) -> None:
    if checkout:
        git("init", "-q", str(tmp_path))
    (tmp_path / "qa.md").write_text(UNANSWERED)
    found = reported(tmp_path, PlantedFailureAtAll(no_such_key))
    told = render(format, found)
    assert "XXX003 planted-failure-at-all raised KeyError at" in words(told)
    assert "empty-answer" in told
    if format in VALID:
        VALID[format](told, found)


def test_a_broken_byte_is_shown_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "bytes.md").write_bytes(b"\xef\xbb\xbf# A\r\n\r\nsh\xe5re\r\n")
    (finding,) = json.loads(render("json", reported(tmp_path)))["findings"]
    assert finding["message"] == "Not UTF-8 text: byte 12 is `0xe5`"
    assert (finding["line"], finding["column"]) == (3, 3)


def test_what_is_found_is_explained_and_listed(run: Run) -> None:
    listed = run("rules")[1]
    for one in HINDRANCES:
        code, page, _ = run("explain", one.code)
        assert code == 0
        assert one.summary in page
        assert run("explain", one.name)[1] == page
        assert f"{one.code}  {one.name}" in listed


def test_the_codes_are_not_those_of_rules() -> None:
    assert not {rule.code[:3] for rule in rules()} & {one.code[:3] for one in HINDRANCES}


# Nothing silences it


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param('ignore = ["ALL"]', id="ignore"),
        pytest.param('select = ["IDX"]', id="select"),
        pytest.param('fail-on = "error"\n[per-file-ignores]\n"*" = ["ALL"]', id="per file"),
    ],
)
@pytest.mark.parametrize("text", [LATIN, b"<!-- dsqa: disable-file -->\n" + LATIN])
def test_no_setting_and_no_comment_silences_it(run: Run, settings: str, text: bytes) -> None:
    write("dsqa.toml", settings)
    write("qa.md", CLEAN)
    Path("bytes.md").write_bytes(text)
    code, out, _ = run("check", "--format", "json")
    assert code == 2
    assert ("bytes.md", "FIL002") in names(out)


@pytest.mark.parametrize("name", ["FIL", "FIL001", "FIL004"])
def test_it_cannot_be_left_out(run: Run, name: str) -> None:
    code, _, err = run("check", "--ignore", name)
    assert code == 2
    assert err == f"dsqa: `{name}` cannot be chosen or left out: it is always told\n"


def test_no_comment_silences_a_failure_of_our_own() -> None:
    text = "<!-- dsqa: disable-file -->\n" + UNANSWERED
    files = Workspace(Memory({FAILING: text}))
    found = lint(files.parsed(FAILING), files, [PlantedFailure(no_such_key)])
    assert [finding.name for finding in found] == ["internal-error"]


def test_no_baseline_knows_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, no_such_key)
    write(FAILING, UNANSWERED)
    Path("bytes.md").write_bytes(LATIN)
    code, _, err = run("baseline")
    assert code == 2
    assert "FIL" not in Path(".dsqa-baseline.json").read_text(encoding="utf-8")
    assert f"{FAILING}: dsqa itself failed here: XXX001" in err
    assert f"bytes.md: not UTF-8 text: byte {OFFSET}" in err
    code, out, _ = run("check", "--format", "json")
    assert code == 2
    assert names(out) == [("bytes.md", "FIL002"), (FAILING, "FIL004")]


def test_what_was_there_before_is_told_all_the_same(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-b", "main")
    write(FAILING, UNANSWERED)
    Path("bytes.md").write_bytes(LATIN)
    git("add", ".")
    git("commit", "-m", "First")
    planted(monkeypatch, no_such_key)
    code, out, _ = run("check", "--since", "main", "--format", "json")
    assert code == 2
    assert names(out) == [("bytes.md", "FIL002"), (FAILING, "FIL004")]


def test_a_failure_at_what_was_there_before_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "-b", "main")
    write(FAILING, UNANSWERED)
    git("add", ".")
    git("commit", "-m", "First")
    git("mv", FAILING, "qa.md")
    planted(monkeypatch, no_such_key)
    code, out, _ = run("check", "--since", "main", "--format", "json")
    assert code == 2
    assert (FAILING, "FIL004") in names(out)


# dsqa itself fails


@pytest.mark.parametrize(("fail", "name"), FAILURES)
def test_a_rule_that_fails_stops_neither_other_rules_nor_files(
    run: Run, monkeypatch: pytest.MonkeyPatch, fail: Callable[[], object], name: str
) -> None:
    planted(monkeypatch, fail)
    write(FAILING, UNANSWERED)
    write("qa.md", UNANSWERED)
    code, out, err = run("check", "--format", "json")
    assert (code, err) == (2, "")
    assert names(out) == [
        (FAILING, "FIL004"),
        (FAILING, "ANS001"),
        ("qa.md", "XXX001"),
        ("qa.md", "ANS001"),
    ]
    message = json.loads(out)["findings"][0]["message"]
    assert re.fullmatch(
        rf"dsqa itself failed here: XXX001 planted-failure raised `{name}` at [\w/]+\.py:\d+",
        message,
    )


def test_an_interruption_is_no_failure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(monkeypatch, interrupted)
    write(FAILING, UNANSWERED)
    assert run("check") == (130, "", "")


def fails_at(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the parser fail at the file."""
    usual = parser.parse

    def parse(source: Source, *more: object) -> Document:
        if source.path == path:
            raise RecursionError
        return usual(source, *more)  # type: ignore[arg-type]

    monkeypatch.setattr("dsqa.workspace.parse", parse)


def test_a_parser_that_fails_stops_no_other_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    fails_at(FAILING, monkeypatch)
    write(FAILING, CLEAN)
    write("qa.md", UNANSWERED)
    code, out, _ = run("check", "--format", "json")
    assert code == 2
    assert names(out) == [(FAILING, "FIL004"), ("qa.md", "ANS001")]
    assert "it raised `RecursionError` at" in json.loads(out)["findings"][0]["message"]


def test_a_parser_that_fails_at_what_is_only_linked_to_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_at(FAILING, monkeypatch)
    write(FAILING, CLEAN)
    write("qa.md", CLEAN + f"\nSee [there]({FAILING}#q1-what-is-recall).\n")
    code, out, _ = run("check", "qa.md", "--format", "json")
    assert code == 2
    assert names(out) == [(FAILING, "FIL004")]
    code, _, err = run("fix", "qa.md")
    assert code == 2
    assert f"{FAILING}: dsqa itself failed here" in err


@pytest.mark.parametrize(("fail", "name"), FAILURES)
def test_fix_leaves_alone_what_it_fails_at_and_repairs_the_rest(
    run: Run, monkeypatch: pytest.MonkeyPatch, fail: Callable[[], object], name: str
) -> None:
    planted(monkeypatch, fail)
    write(FAILING, UNFILLED)
    write("qa.md", UNFILLED)
    code, out, err = run("fix")
    assert code == 2
    assert f"dsqa: {FAILING}: dsqa itself failed here: XXX001 planted-failure raised" in err
    assert name in err
    assert "Traceback" not in err
    assert "qa.md   1 repaired" in out
    assert Path(FAILING).read_text(encoding="utf-8") == UNFILLED
    assert Path("qa.md").read_text(encoding="utf-8") == CLEAN


class PlantedFix(PlantedFailure):
    """A rule whose fix makes the parser fail, or changes the file that fails.

    It is planted to see what becomes of that.
    """

    code = "XXX002"

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        if not document.source.text.startswith("<"):
            fix = replace(document, Span(0, 0), "<!-- b -->\n\n", safe=True)
            yield self.finding(document, Span(0, 1), "It has no beginning", fix=fix)


def test_a_proof_that_fails_leaves_the_file_alone(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = parser.parse

    def parse(source: Source, *more: object) -> Document:
        if source.path == FAILING and source.text.startswith("<"):
            raise RecursionError
        return usual(source, *more)  # type: ignore[arg-type]

    monkeypatch.setattr("dsqa.workspace.parse", parse)
    monkeypatch.setattr(opening, "chosen_rules", lambda *_, **__: (PlantedFix(no_such_key),))
    write(FAILING, CLEAN)
    write("qa.md", CLEAN)
    code, _, err = run("fix")
    assert code == 2
    assert err.count("\n") == 1
    assert f"{FAILING}: dsqa itself failed here: it raised `RecursionError`" in err
    assert Path(FAILING).read_text(encoding="utf-8") == CLEAN
    assert Path("qa.md").read_text(encoding="utf-8") == f"<!-- b -->\n\n{CLEAN}"


def test_export_and_status_tell_the_other_files(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    usual_data, usual_coverage = building.document_data, counting.coverage

    def document_data(path: str, *more: object) -> object:
        return no_such_key() if path == FAILING else usual_data(path, *more)  # type: ignore[arg-type]

    def coverage(path: str, document: Document) -> object:
        return no_such_key() if path == FAILING else usual_coverage(path, document)

    monkeypatch.setattr(building, "document_data", document_data)
    monkeypatch.setattr(counting, "coverage", coverage)
    write(FAILING, CLEAN)
    write("qa.md", CLEAN)
    for command in ("export", "status"):
        code, out, err = run(command, "--format", "json")
        assert code == 2
        assert err.startswith(f"dsqa: {FAILING}: dsqa itself failed here: it raised `KeyError` at")
        assert "github.com/dsqa/dsqa/issues" in err
        told = json.loads(out)
        assert [one["path"] for one in told.get("documents", told.get("files"))] == ["qa.md"]


@pytest.mark.parametrize("command", ["check", "fix", "baseline"])
def test_a_traceback_is_printed_only_if_asked_for(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    planted(monkeypatch, no_such_key)
    write(FAILING, "# \x1b]0;title\x07 A\n")
    code, out, err = run(command)
    assert (code, "Traceback" in err) == (2, False)
    monkeypatch.setenv("DSQA_TRACEBACK", "1")
    code, out, err = run(command)
    assert code == 2
    assert "Traceback (most recent call last)" in err
    assert "KeyError: 'key'" in err
    assert "Traceback" not in out


def test_a_failure_of_the_whole_run_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "render", lambda *_, **__: no_such_key())
    write("qa.md", CLEAN)
    code, out, err = run("check")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "nothing can be said about the files: dsqa itself failed here" in err
    assert "`KeyError`" in err
    monkeypatch.setenv("DSQA_TRACEBACK", "1")
    assert "Traceback" in run("check")[2]


def test_of_what_a_rule_finds_too_often_the_first_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linter, "MOST", 3)
    gaps = "".join(f"## Q{number}: What is {number}?\n\nSo.\n\n" for number in (1, 3, 5, 7))
    write("enough.md", gaps)
    much = gaps + "## Q9: What is 9?\n\nSo.\n"
    write("much.md", much)
    code, out, _ = run("check", "--no-cache", "--format", "json", "--select", "NUM001")
    found = [(one["path"], one["rule"]) for one in json.loads(out)["findings"]]
    assert code == 2
    assert found == [
        *[("enough.md", "NUM001")] * 3,
        ("much.md", "FIL003"),
        *[("much.md", "NUM001")] * 3,
    ]
    assert "More than 3 places are found by NUM001 number-gap, and only the first are told" in out
    code, _, _ = run("fix", "--no-cache", "--unsafe")
    assert code == 2
    assert Path("much.md").read_text("utf-8") == much
    assert Path("enough.md").read_text("utf-8").startswith("## Q1: What is 1?\n\nSo.\n\n## Q2:")


def test_that_it_was_found_too_often_before_is_not_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linter, "MOST", 3)
    git("init", "-b", "main")
    write("qa.md", "".join(f"## Q{n}: What is {n}?\n\nSo.\n\n" for n in range(1, 20, 2)))
    git("add", ".")
    git("commit", "-m", "First")
    write("qa.md", "## Q1: What is 1?\n\nSo.\n")
    assert run("check", "--since", "main", "--format", "jsonl")[:2] == (0, "")


def test_what_is_silent_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linter, "MOST", 1)
    rule = next(rule for rule in rules() if rule.code == "NUM001")
    text = "".join(f"## Q{number}: What?\n\nSo.\n\n" for number in (1, 3, 5, 7))
    files = {"told.md": text, "silent.md": f"<!-- dsqa: disable-file[NUM001] so -->\n{text}"}
    space = Workspace(Memory(files))
    assert [f.code for f in lint(space.parsed("told.md"), space, [rule])] == ["FIL003", "NUM001"]
    assert lint(space.parsed("silent.md"), space, [rule]) == ()
