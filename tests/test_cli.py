"""The commands, as somebody types them."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dsqa.cli import main
from dsqa.streams import OBEDIENT

CLEAN = """\
# Metrics

* [Q1: What is recall?](#q1-what-is-recall)
* [Q2: What is precision?](#q2-what-is-precision)

## Q1: What is recall?

The share of what is there that was found.

## Q2: What is precision?

The share of what was found that is there.
"""
UNFILLED = CLEAN.replace("(#q2-what-is-precision)", "()")
UNANSWERED = CLEAN.replace("The share of what was found that is there.\n", "Answer:\n")
PROSE = "# Notes\n\nNothing is asked here.\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in an empty folder: the exit code, the output, the complaints."""
    monkeypatch.chdir(tmp_path)
    for name in OBEDIENT:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str, stdin: bytes | None = None) -> tuple[int, str, str]:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        try:
            code = main(arguments)
        except SystemExit as exit:
            code = int(exit.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def write(path: str, text: str) -> Path:
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
    return place


def git(*arguments: str) -> None:
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        pytest.param(CLEAN, (), 0, id="clean"),
        pytest.param(UNANSWERED, (), 1, id="an error"),
        pytest.param(UNANSWERED, ("--ignore", "ANS"), 0, id="an error that is ignored"),
        pytest.param(UNANSWERED, ("--select", "NUM,IDX"), 0, id="an error that is not selected"),
        pytest.param(PROSE, (), 3, id="no questions"),
        pytest.param(PROSE, ("--allow-no-questions",), 0, id="no questions, which is allowed"),
        pytest.param(CLEAN, ("--select", "IDX999"), 2, id="no such rule"),
        pytest.param(CLEAN, ("--no-such-option",), 2, id="no such option"),
        pytest.param(CLEAN, ("elsewhere.md",), 2, id="no such file"),
    ],
)
def test_exit_codes(run: Run, text: str, arguments: tuple[str, ...], code: int) -> None:
    write("qa.md", text)
    assert run("check", *arguments)[0] == code


def test_an_empty_folder_is_not_clean(run: Run) -> None:
    code, _, err = run("check")
    assert code == 3
    assert "no Markdown was found" in err


def test_the_summary_says_what_was_looked_at(run: Run) -> None:
    write("qa.md", CLEAN)
    _, out, _ = run("check")
    assert "1 file" in out
    assert "2 questions" in out
    assert "2 index entries" in out
    assert "2 links" in out


def test_what_cannot_be_read_is_said_and_the_rest_is_judged(run: Run) -> None:
    Path("bytes.md").write_bytes(b"\xff\xfe# Q1")
    write("qa.md", UNANSWERED)
    code, out, err = run("check")
    assert (code, err) == (2, "")
    assert "bytes.md   Not UTF-8 text: UTF-16" in out
    assert "empty-answer" in out


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        pytest.param('selct = ["IDX"]', "unknown key `selct`; did you mean `select`?", id="key"),
        pytest.param('select = "IDX"', "`select` must be a list of texts", id="type"),
        pytest.param('ignore = ["broken-ancor"]', "did you mean `broken-anchor`?", id="rule"),
        pytest.param('fail-on = "never"', "`error`, `warning` or `info`", id="severity"),
        pytest.param('repository = "qa"', "a name such as `owner/name`", id="repository"),
        pytest.param("select = [", "not TOML", id="syntax"),
        pytest.param(f"exclude = {'[' * 10_000}", "not TOML", id="a pile of brackets"),
        pytest.param("#" * 70_000, "larger than 64 KiB", id="size"),
    ],
)
def test_settings_that_nobody_understands(run: Run, settings: str, complaint: str) -> None:
    write("qa.md", CLEAN)
    write("dsqa.toml", settings)
    code, out, err = run("check")
    assert (code, out) == (2, "")
    assert complaint in err
    assert err.count("\n") == 1


def test_settings_come_from_the_nearest_file_that_has_some(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("pyproject.toml", '[tool.dsqa]\nignore = ["ANS"]\n')
    write("inside/pyproject.toml", "[tool.other]\n")
    write("inside/qa.md", UNANSWERED)
    monkeypatch.chdir("inside")
    assert run("check")[0] == 0
    write("dsqa.toml", "")
    assert run("check")[0] == 1


def test_a_severity_to_fail_on_and_rules_per_file(run: Run) -> None:
    write("old/qa.md", UNANSWERED)
    write("dsqa.toml", 'per-file-ignores = { "old" = ["empty-answer"] }\n')
    assert run("check")[0] == 0
    write("dsqa.toml", 'fail-on = "info"\n')
    write("old/qa.md", CLEAN.replace("recall?](", "recall? ]("))
    assert run("check")[0] == 1
    assert run("check", "--fail-on", "error")[0] == 0


def test_a_named_file_is_read_whatever_it_is_called(run: Run) -> None:
    write("dsqa.toml", 'exclude = ["drafts"]\n')
    write("drafts/qa.txt", UNANSWERED)
    write("qa.md", CLEAN)
    assert run("check")[0] == 0
    assert run("check", "drafts/qa.txt")[0] == 1
    assert run("check", "--force-exclude", "--allow-no-questions", "drafts/qa.txt")[0] == 0


def test_what_git_ignores_is_not_looked_at(run: Run) -> None:
    git("init")
    write(".gitignore", "build/\n")
    write("build/qa.md", UNANSWERED)
    write("qa.md", CLEAN)
    _, out, _ = run("check")
    assert "1 file" in out


def test_standard_input(run: Run) -> None:
    code, out, _ = run("check", "-", "--stdin-filename", "a/b.md", stdin=UNANSWERED.encode())
    assert code == 1
    assert "a/b.md:" in out
    code, _, err = run("check", "-", "qa.md", stdin=b"")
    assert code == 2
    assert "cannot be mixed" in err


def test_json(run: Run) -> None:
    write("a/qa.md", UNFILLED)
    code, out, _ = run("check", "--format", "json")
    assert code == 1
    data = json.loads(out)
    (finding,) = data["findings"]
    assert finding["path"] == "a/qa.md"
    assert (finding["rule"], finding["name"]) == ("IDX003", "entry-without-target")
    assert finding["line"] == finding["end_line"] == 4
    assert finding["fix"]["safe"] is True
    assert [edit["text"] for edit in finding["fix"]["edits"]] == ["#q2-what-is-precision"]
    assert data["summary"]["questions"] == 2


def test_fix_in_place_once(run: Run) -> None:
    place = write("qa.md", UNFILLED)
    place.chmod(0o640)
    code, out, _ = run("fix", "--exit-non-zero-on-fix")
    assert code == 1
    assert "1 repaired in 1 line" in out
    assert place.read_text() == CLEAN
    assert place.stat().st_mode & 0o777 == 0o640
    assert run("fix", "--exit-non-zero-on-fix")[0] == 0
    assert os.listdir() == ["qa.md"]


def test_fix_keeps_every_byte_that_it_does_not_mean_to_change(run: Run) -> None:
    text = "\ufeff" + UNFILLED.replace("\n", "\r\n").removesuffix("\r\n")
    place = write("qa.md", text)
    assert run("fix")[0] == 0
    assert place.read_bytes() == text.replace("()", "(#q2-what-is-precision)").encode()


GAP = "## Q1: What is recall?\n\nA share.\n\n## Q3: What is bias?\n\nAn error.\n"
LINKING = "# Hub\n\nSee [Q3](qa.md#q3-what-is-bias).\n"


def test_links_of_other_files_are_written_with_the_heading_that_they_follow(run: Run) -> None:
    gap, linking = write("qa.md", GAP + "See Q3.\n"), write("hub.md", LINKING)
    code, out, _ = run("fix", "--unsafe", "--proof")
    assert code == 0
    assert gap.read_text() == GAP.replace("Q3", "Q2") + "See Q3.\n"
    assert "look     qa.md: running text still has old numbers on line 8\n" in out
    assert linking.read_text() == LINKING.replace("Q3", "Q2").replace("q3", "q2")
    assert "hub.md   1 line to follow what is repaired elsewhere\n" in out
    assert out[out.index("proof    qa.md") :].splitlines()[1:6] == [
        "  parsed again     1 of 2 questions with the same number and words",
        "  answers          2 of 2 byte-identical",
        "  judged again     1 finding before, 0 now, none that was not there before",
        "  judged with it   1 other file that links to places in it: nothing new there either",
        "  read again       all text that no repair touches is the same, in the same order",
    ]
    assert "  repaired again   changes nothing\n" in out


def test_a_repair_of_a_file_that_was_not_named_is_refused_and_its_place_is_told(run: Run) -> None:
    write("qa.md", GAP)
    write("docs/hub.md", LINKING.replace("qa.md", "../qa.md"))
    code, out, _ = run("fix", "--unsafe", "qa.md")
    assert code == 1
    assert "docs/hub.md, which is not among the files to repair" in out
    _, out, _ = run("check", "--format", "jsonl", "qa.md")
    (finding,) = map(json.loads, out.splitlines())
    places = {(edit["path"], edit["line"], edit["column"]) for edit in finding["fix"]["edits"]}
    assert places == {("qa.md", 5, 5), ("docs/hub.md", 3, 7), ("docs/hub.md", 3, 18)}


def test_of_files_that_change_together_all_are_written_or_none(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"a/hub.md": LINKING.replace("qa.md", "../b/qa.md"), "b/qa.md": GAP, "c.md": UNFILLED}
    places = {path: write(path, text) for path, text in texts.items()}
    renamed = os.replace

    def full_disk(source: str, target: str) -> None:
        if str(target).endswith("qa.md"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        renamed(source, target)

    monkeypatch.setattr("os.replace", full_disk)
    code, _, err = run("fix", "--unsafe")
    assert code == 2
    assert err.splitlines() == [
        "dsqa: b/qa.md: no space left on device",
        "dsqa: a/hub.md: left as it was, together with b/qa.md",
    ]
    assert {path: place.read_text() for path, place in places.items()} == {**texts, "c.md": CLEAN}
    assert [path.name for path in Path().rglob("*") if path.is_file()] == [
        *(place.name for place in Path().rglob("*.md"))
    ]


def test_fix_says_what_is_left_and_whose_turn_it_is(run: Run) -> None:
    write("qa.md", UNANSWERED)
    code, out, _ = run("fix")
    assert code == 1
    assert "1 answer to write (Q2)" in out


def test_a_diff_writes_nothing_and_can_be_applied(run: Run) -> None:
    place = write("qa.md", UNFILLED.removesuffix("\n"))
    code, out, _ = run("fix", "--diff")
    assert code == 1
    assert place.read_text() == UNFILLED.removesuffix("\n")
    git("init")
    write("change.diff", out)
    git("apply", "change.diff")
    assert place.read_text() == CLEAN.removesuffix("\n")
    assert run("fix", "--diff")[:2] == (0, "")


def test_fix_of_standard_input_goes_to_the_output(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "dsqa", "fix", "-"],
        input=UNFILLED.replace("\n", "\r\n").encode(),
        capture_output=True,
        cwd=tmp_path,
        check=False,
    )
    assert result.returncode == 0
    assert result.stdout == CLEAN.replace("\n", "\r\n").encode()
    assert b"1 repaired" in result.stderr


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        pytest.param(b"## Q1: caf\xe9?\r\n", (), 2, id="no text"),
        pytest.param(b"- a\n" * 100_000, (), 2, id="too dense"),
        pytest.param(b"\xef\xbb\xbf# Notes\n", (), 3, id="no question"),
        pytest.param(UNFILLED.encode(), ("--force-exclude",), 3, id="left out"),
    ],
)
def test_standard_input_that_is_not_repaired_goes_to_the_output_as_it_is(
    tmp_path: Path, content: bytes, more: tuple[str, ...], code: int
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.dsqa]\nexclude = ["old/**"]\n')
    result = subprocess.run(
        [sys.executable, "-m", "dsqa", "fix", "--stdin-filename", "old/qa.md", *more, "-"],
        input=content,
        capture_output=True,
        cwd=tmp_path,
        check=False,
    )
    assert (result.returncode, result.stdout) == (code, content)


def test_export_to_a_file(run: Run) -> None:
    write("qa.md", CLEAN)
    write("prose.md", PROSE)
    code, out, _ = run("export", "-o", "qa.json")
    assert (code, out) == (0, "")
    (document,) = json.loads(Path("qa.json").read_text(encoding="utf-8"))["documents"]
    assert [question["title"] for question in document["questions"]] == [
        "What is recall?",
        "What is precision?",
    ]
    code, _, err = run("export", "-o", "nowhere/qa.json")
    assert code == 2
    assert err.count("\n") == 1


def test_explain_a_rule_a_file_and_neither(run: Run) -> None:
    write("qa.md", CLEAN)
    assert "ANS001 empty-answer" in run("explain", "empty-answer")[1]
    assert "ANS001 empty-answer" in run("explain", "ans001")[1]
    code, out, _ = run("explain", "qa.md")
    assert code == 0
    assert "2 questions on lines 6 to 10" in out
    code, _, err = run("explain", "empty-anser")
    assert code == 2
    assert "did you mean `empty-answer`?" in err


def test_rules_are_listed(run: Run) -> None:
    _, out, _ = run("rules")
    assert any(line.startswith("IDX003  entry-without-target") for line in out.splitlines())


def test_a_hostile_file_name_cannot_speak_to_the_terminal(run: Run) -> None:
    write("a\x1b[31m\nb.md", UNANSWERED)
    _, out, _ = run("check")
    assert "\x1b" not in out
    assert "\\u{1b}" in out


def test_a_link_out_of_the_folder_is_not_followed(run: Run, tmp_path: Path) -> None:
    outside = tmp_path.parent / "outside.md"
    outside.write_text(UNFILLED)
    os.symlink(outside, "qa.md")
    code, _, err = run("fix")
    assert code == 3
    assert "qa.md: a link that leads out of the folder that is checked; it was skipped" in err
    code, _, err = run("fix", "qa.md")
    assert code == 2
    assert "qa.md: a link that leads out of the folder that is checked\n" in err
    assert outside.read_text() == UNFILLED


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_is_not_waited_for(run: Run) -> None:
    os.mkfifo("qa.md")
    code, out, _ = run("check", "qa.md")
    assert code == 2
    assert "Not a regular file" in out


def test_a_reader_who_leaves_is_no_error(tmp_path: Path) -> None:
    write(str(tmp_path / "qa.md"), UNANSWERED)
    command = f"'{sys.executable}' -m dsqa check | true"
    result = subprocess.run(["sh", "-c", command], capture_output=True, cwd=tmp_path, check=False)
    assert result.stderr == b""


SPARED = {
    "--version": ("argparse", "dsqa.cli", "re", "typing"),
    "check": (
        *("asyncio", "difflib", "email", "http", "importlib.metadata", "json", "pydantic"),
        *("requests", "rich", "tomllib", "urllib3", "datetime"),
        *("dsqa.collation", "dsqa.explanation", "dsqa.exporters.contract", "dsqa.history"),
        *("dsqa.online", "dsqa.outside", "dsqa.repair", "dsqa.rules.network", "dsqa.verdict"),
    ),
}


@pytest.mark.parametrize("command", SPARED)
def test_nothing_is_imported_that_a_command_does_not_need(command: str, tmp_path: Path) -> None:
    write(str(tmp_path / "qa.md"), CLEAN)
    code = (
        f"import sys; sys.argv[1:] = ['{command}']; before = set(sys.modules); "
        "from dsqa.__main__ import main; main(); "
        f"print(sorted((sys.modules.keys() - before).intersection({SPARED[command]})))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert result.stdout.splitlines()[-1] == "[]"


def test_settings_do_not_speak_for_files_outside_their_folder(run: Run, tmp_path: Path) -> None:
    text = UNFILLED.replace("()", "(https://github.com/own/notes/blob/main/qa.md)")
    outside = write(str(tmp_path.parent / "elsewhere" / "qa.md"), text)
    settings = 'repository = "own/qa"\nformer-names = ["own/notes"]\n'
    write("dsqa.toml", settings)
    assert "LNK003" not in run("check", str(outside))[1]
    assert "LNK003" in run("check", str(outside), "--config", "dsqa.toml")[1]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("bom.md", "\ufeff" + UNFILLED, id="byte-order mark"),
        pytest.param("crlf.md", UNFILLED.replace("\n", "\r\n"), id="CRLF"),
        pytest.param("cr.md", UNFILLED.replace("\n", "\r"), id="CR"),
        pytest.param('a\tb "c" é.md', UNFILLED, id="a name that is quoted"),
        pytest.param("sub/folder/qa.md", UNFILLED, id="a folder"),
    ],
)
def test_git_applies_every_diff(run: Run, name: str, text: str) -> None:
    git("init")
    place = write(name, text)
    _, out, _ = run("fix", "--diff")
    write("change.diff", out)
    git("apply", "change.diff")
    assert place.read_bytes() == text.replace("()", "(#q2-what-is-precision)").encode()


def test_a_file_under_two_names_is_looked_at_and_repaired_once(run: Run) -> None:
    write("real.md", UNFILLED)
    os.symlink("real.md", "link.md")
    assert "1 file" in run("check")[1]
    code, out, err = run("fix", "link.md", "real.md")
    assert (code, err) == (0, "")
    assert "1 repaired" in out
    assert Path("link.md").is_symlink()


def test_an_export_never_overwrites_what_it_reads(run: Run) -> None:
    write("qa.md", CLEAN)
    assert run("export", "qa.md", "-o", "./qa.md")[0] == 2
    assert Path("qa.md").read_text(encoding="utf-8") == CLEAN
    assert json.loads(run("export", "qa.md", "-o", "-")[1])["version"] == 1


def test_a_path_that_is_missing_stops_no_other(run: Run) -> None:
    write("qa.md", UNANSWERED)
    code, out, err = run("check", "nowhere.md", "qa.md", "--format", "json")
    assert (code, err) == (2, "")
    data = json.loads(out)
    names = [finding["name"] for finding in data["findings"]]
    assert names == ["unreadable-file", "empty-answer"]
    assert data["unreadable"] == [{"path": "nowhere.md", "reason": "no such file or directory"}]


def test_the_output_that_cannot_be_written_is_no_bug(tmp_path: Path) -> None:
    write(str(tmp_path / "qa.md"), UNANSWERED)
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "dsqa", "check"]
        result = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False
        )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        pytest.param("drafts", 1, id="a name"),
        pytest.param("/drafts", 2, id="a name at the top"),
        pytest.param("**/old-*.md", 2, id="any folder"),
        pytest.param("a/drafts/", 2, id="a path"),
        pytest.param("*.md", 0, id="every file"),
    ],
)
def test_patterns(run: Run, pattern: str, left: int) -> None:
    for path in ("old-1.md", "a/drafts/qa.md", "drafts/qa.md"):
        write(path, CLEAN)
    write("dsqa.toml", f'exclude = ["{pattern}"]\n')
    _, out, _ = run("check")
    assert f"looked at   {f'{left} file' if left else 'no files'}" in out


def test_where_a_file_lies_is_said_also_without_a_checkout(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("qa.md", UNANSWERED)
    write("inside/other.md", CLEAN)
    monkeypatch.chdir("inside")
    for format in ("github", "sarif", "json", "text"):
        assert "../qa.md" in run("check", "../qa.md", "--format", format)[1]


def test_files_that_link_to_each_other_are_repaired_as_one(run: Run) -> None:
    heading = "## Q1:  What is recall?\n\nThe share that was found.\n"
    write("a.md", heading)
    write("b.md", "See [recall](a.md#q1-what-is-recall).\n")
    run("fix", "--unsafe")
    assert run("check", "--select", "ANC")[0] == 0
    code, out, _ = run("fix", "--unsafe")
    assert (code, out.splitlines()[0]) == (0, "nothing to repair")


def test_settings_lie_where_they_were_found(run: Run) -> None:
    write("elsewhere/dsqa.toml", 'exclude = ["drafts"]\n')
    os.symlink("elsewhere/dsqa.toml", "dsqa.toml")
    write("drafts/qa.md", UNANSWERED)
    write("qa.md", CLEAN)
    assert run("check")[0] == 0


def test_the_settings_of_a_strangers_checkout_run_no_program(run: Run, tmp_path: Path) -> None:
    git("init", "--bare", "docs")
    marker = tmp_path / "ran"
    with open("docs/config", "a", encoding="utf-8") as config:
        config.write(
            f'[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = "touch {marker}; false"\n'
        )
    write("docs/qa.md", CLEAN)
    run("check", "docs")
    os.rename("docs", ".git")
    write("qa.md", CLEAN)
    run("check")
    assert not marker.exists()


def test_a_file_name_that_is_no_text_is_exported_all_the_same(run: Run) -> None:
    Path(os.fsdecode(b"q\xff.md")).write_text(CLEAN, encoding="utf-8")
    for format in ("json", "jsonl"):
        code, out, _ = run("export", "--format", format)
        assert code == 0
        assert "What is recall?" in out


def test_an_export_says_nothing_to_the_terminal_or_the_log(run: Run) -> None:
    hostile = "\x9b31m\u2028##[error]x\x7f"
    write("qa.md", CLEAN.replace("The share of what is there", hostile))
    for format in ("json", "jsonl"):
        _, out, _ = run("export", "--format", format)
        assert not any(text in out for text in ("\x9b", "\u2028", "##[", "\x7f"))
        rows = (
            json.loads(out)["documents"][0]["questions"]
            if format == "json"
            else [json.loads(line) for line in out.splitlines()]
        )
        assert hostile in rows[0]["answer"]["markdown"]


def test_a_diff_in_a_log_gives_no_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("qa.md", UNFILLED.replace("# Metrics", "::error::forged \x1b[31m"))
    raw = run("fix", "--diff")[1]
    assert " ::error::forged \x1b[31m" in raw.splitlines()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    seen = run("fix", "--diff")[1]
    assert len(seen.splitlines()) == len(raw.splitlines())
    assert not any(line.lstrip().startswith("::") for line in seen.splitlines())


def test_rules_are_ignored_for_a_question(run: Run) -> None:
    write("notes/qa.md", UNANSWERED)
    settings = '[per-question-ignores]\n"{}" = ["ANS001"]\n'
    write("dsqa.toml", settings.format("notes/qa.md#what-is-precision"))
    assert run("check")[0] == 0
    write("dsqa.toml", settings.format("notes/qa.md#what-is-recall"))
    assert run("check")[0] == 1
    write("dsqa.toml", '[per-question-ignores]\n"x" = ["ANS0"]\n')
    assert "no rule is called `ANS0`" in run("check")[2]


def test_thousands_of_equal_findings_take_a_few_lines(run: Run) -> None:
    link = "[up](#Questions)\n\n"
    for number in range(20):
        write(f"{number}.md", f"# Questions\n\n## Q1: What is recall?\n\nA share.\n\n{link * 100}")
    _, out, _ = run("check", "--select", "ANC003")
    assert len(out.splitlines()) < 16
    assert "and 87 more" in out
    assert "and 1600 more in 16 more files" in out
    _, out, _ = run("check", "--statistics", "--select", "ANC003,NUM")
    row, looked, found = out.splitlines()
    assert row.split()[:4] == ["2000", "ANC003", "non-canonical-anchor", "warning"]
    assert row.endswith("in 20 files, 2000 repaired by `dsqa fix`")
    assert looked.startswith("looked at 20 files · 20 questions")
    assert found == "found 2000 warnings"


# Several formats in one run


def test_one_run_writes_several_formats(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("qa.md", UNFILLED)
    write("summary.md.txt", "what a command before wrote\n")
    write("old.sarif", "what a run before wrote\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(Path("summary.md.txt").resolve()))
    code, out, err = run(
        *("check", "--format", "github"),
        *("--output-file", "sarif=old.sarif"),
        *("--output-file", "summary=summary.md.txt"),
        *("--output-file", "text=report=1.txt"),
    )
    assert (code, err) == (1, "")
    assert out.startswith("::error file=qa.md,line=4,")
    assert json.loads(Path("old.sarif").read_bytes())["version"] == "2.1.0"
    told = Path("summary.md.txt").read_text(encoding="utf-8")
    assert told.startswith("what a command before wrote\n## dsqa found 1 error")
    assert Path("report=1.txt").read_text(encoding="utf-8") == run("check")[1]


def test_a_summary_that_is_not_the_steps_own_is_replaced(run: Run) -> None:
    write("qa.md", CLEAN)
    for _ in range(2):
        assert run("check", "--output-file", "summary=told.txt")[0] == 0
    assert Path("told.txt").read_text(encoding="utf-8").count("## dsqa found nothing") == 1


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        pytest.param(["report.json"], "is not FORMAT=PATH with one of", id="no format"),
        pytest.param(["sariff=a"], "did you mean `sarif`?", id="no such format"),
        pytest.param(["summary="], "`summary=` names no file", id="no path"),
        pytest.param(["sarif=-"], "`--format sarif` is what goes to the output", id="output"),
        pytest.param(["json=a", "sarif=a"], "a: two reports cannot go into one file", id="twice"),
        pytest.param(["text=qa.md"], "qa.md: this is one of the files that are read", id="read"),
    ],
)
def test_files_that_cannot_be_meant(run: Run, wanted: list[str], complaint: str) -> None:
    write("qa.md", CLEAN)
    code, out, err = run("check", *(f"--output-file={one}" for one in wanted))
    assert (code, out) == (2, "")
    assert complaint in err
    assert Path("qa.md").read_text(encoding="utf-8") == CLEAN
    assert [path.name for path in Path().iterdir()] == ["qa.md"]


def test_a_report_that_cannot_be_written_is_told_elsewhere(run: Run) -> None:
    write("qa.md", UNFILLED)
    code, out, err = run("check", "--output-file", "sarif=no/where.sarif")
    assert code == 2
    assert "entry-without-target" in out
    assert err == "dsqa: no/where.sarif: no such file or directory\n"
