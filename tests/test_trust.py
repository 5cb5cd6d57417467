"""What the tree of a stranger may settle: less to look at, other names, and nothing else."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dsqa import git
from dsqa.config import KEYS, LARGEST_CONFIG, LONGEST_PATTERN, MOST_PARTS, matches
from dsqa.git import belongs
from dsqa.reporters import formats
from tests.test_cli import CLEAN, UNANSWERED, UNFILLED, Run, run, write
from tests.test_git import Scratch, hostile_settings

__all__ = ["run"]

BASELINE = ".dsqa-baseline.json"
SETTINGS = ("dsqa.toml", "pyproject.toml")
COMMANDS = ("check", "fix", "baseline", "status", "export")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own settings speak to git here."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.org")


# Bombs

LARGE = LARGEST_CONFIG - 100
FULL = f"[a]\n{'#' * LARGE}\n"
BOMBS: dict[str, tuple[str | bytes, str]] = {
    "nesting": ("a = " + "[" * 10_000, "not TOML"),
    "inline nesting": ("a = " + "{a=" * 10_000, "not TOML"),
    "a number of 5,000 digits": ("\na = " + "9" * 5_000, "not TOML"),
    "a name of many parts": ("\n\n" + "a." * (LARGE // 2) + "a = 1", "parts (at line "),
    "a quoted name of many parts": ('"a".' * (LARGE // 4) + "a = 1", "parts (at line "),
    "a spaced name of many parts": ("a . " * (LARGE // 4) + "a = 1", "parts (at line "),
    "a table of many parts": ("[" + "a." * (LARGE // 2) + "a]", "parts (at line "),
    "a value of many parts": ("a = {" + "b." * (LARGE // 2) + "b = 1}", "parts (at line "),
    "a text without an end": ('a = "' + "x" * LARGE, "not TOML"),
    "no TOML": ("\n\nselect\n", "not TOML: "),
    "too large": (FULL + "dsqa" * 100, "larger than 64 KiB"),
    "NUL": ("a = '\0'", "not TOML: not UTF-8 text: byte 5 is NUL"),
    "no UTF-8": (b"a = '\xff'", "not TOML: not UTF-8 text: byte 5 is `0xff`"),
    "UTF-16": ("select = []".encode("utf-16"), "UTF-16, little-endian"),
    "a byte-order mark": (b"\xef\xbb\xbfselect = []", "byte-order mark"),
}


def bomb(name: str, within: str = "") -> bytes:
    content = BOMBS[name][0]
    content = content if isinstance(content, bytes) else content.encode()
    return content if content[:1] in (b"\xef", b"\xff") else within.encode() + content


@pytest.mark.parametrize("file", SETTINGS)
@pytest.mark.parametrize("name", BOMBS)
def test_settings_that_are_a_bomb_are_refused_in_one_line(run: Run, name: str, file: str) -> None:
    write("qa.md", CLEAN)
    Path(file).write_bytes(bomb(name, "[tool.dsqa]\n" if file == "pyproject.toml" else ""))
    for command in COMMANDS:
        code, out, err = run(command)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"dsqa: {Path(file).absolute()}: ")
        assert BOMBS[name][1] in re.sub(r"byte \d+", "byte 5", err)
        assert len(err) < 600


def test_the_line_is_told_where_it_is_known(run: Run) -> None:
    for name, line in (("a name of many parts", 3), ("no TOML", 3)):
        Path("dsqa.toml").write_bytes(bomb(name))
        assert f"line {line}" in run("check")[2]


def test_many_dots_in_a_text_are_no_bomb(run: Run) -> None:
    write("qa.md", CLEAN)
    texts = ["/a.b" * MOST_PARTS, *(["x.y"] * MOST_PARTS)]
    write("dsqa.toml", f"exclude = {texts}\n")
    assert run("check")[0] == 0


def test_bombs_take_neither_time_nor_memory(run: Run) -> None:
    resource = pytest.importorskip("resource", reason="NOT MEASURED: no limits on this system")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
        resource.setrlimit(resource.RLIMIT_AS, (300 * 1024**2, 300 * 1024**2))

    write("qa.md", CLEAN)
    for name in BOMBS:
        write(f"{name}/qa.md", CLEAN)
        Path(name, "dsqa.toml").write_bytes(bomb(name))
    program = "import sys; from dsqa.cli import main; import os\n" + "".join(
        f"os.chdir({str(Path(name).absolute())!r}); assert main(['check']) == 2\n" for name in BOMBS
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, preexec_fn=limit, check=False
    )
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.count(b"\n") == len(BOMBS)


BASELINES = {
    "nesting": b"[" * 100_000,
    "nesting of objects": b'{"a":' * 100_000,
    "a number of 5,000 digits": b'{"version": ' + b"9" * 5_000 + b"}",
    "a count of 5,000 digits": b'{"version": 1, "findings": [{"count": ' + b"9" * 5_000 + b"}]}",
    "no list": b'{"version": 1, "findings": 1}',
    "no number": b'{"version": 1, "findings": [{"path": "", "rule": "", "question": "", '
    b'"detail": "", "count": true}]}',
    "no JSON": b"\n\n{",
    "nothing": b"",
    "no UTF-8": b'{"version": "\xff"}',
    "NUL": b'{"version": "\0"}',
    "a list": b"[1]",
    "a number": b"1e999",
}


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_that_is_none_is_refused_in_one_line(run: Run, name: str) -> None:
    write("qa.md", CLEAN)
    Path(BASELINE).write_bytes(BASELINES[name])
    for command in ("check", "baseline"):
        code, out, err = run(command)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"dsqa: {Path(BASELINE).absolute()}: ")
    assert ("(at line 3)" in err) == (name == "no JSON")


def test_a_baseline_that_is_too_large_is_not_read(run: Run) -> None:
    write("qa.md", CLEAN)
    with open(BASELINE, "wb") as file:
        file.truncate(100 * 1024**2)
    assert run("check") == (2, "", f"dsqa: {Path(BASELINE).absolute()}: larger than 5 MiB\n")


# What is in the place of settings


def pipe(place: str, outside: Path) -> None:
    os.mkfifo(place)


def folder(place: str, outside: Path) -> None:
    os.mkdir(place)


def endless(place: str, outside: Path) -> None:
    os.symlink("/dev/zero", place)


def dangling(place: str, outside: Path) -> None:
    os.symlink("nowhere", place)


def loop(place: str, outside: Path) -> None:
    os.symlink(place, place)


def leading_out(place: str, outside: Path) -> None:
    outside.write_text('the-secret = "of another tree"\n', encoding="utf-8")
    os.symlink(outside, place)


def leading_to_nothing_outside(place: str, outside: Path) -> None:
    os.symlink(outside, place)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("place", [*SETTINGS, BASELINE])
@pytest.mark.parametrize(
    "make", [pipe, folder, endless, dangling, loop, leading_out, leading_to_nothing_outside]
)
def test_what_is_no_file_of_the_tree_settles_nothing(
    run: Run, tmp_path: Path, place: str, make: Callable[[str, Path], None]
) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    os.chdir(root)
    write("qa.md", CLEAN)
    make(place, tmp_path / "outside")
    for command in ("check", "baseline"):
        code, out, err = run(command)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"dsqa: {root / place}: ")
        assert "secret" not in err
        if make in (endless, leading_out, leading_to_nothing_outside):
            assert err == f"dsqa: {root / place}: a link that leads out of {root}\n"


def test_what_the_command_line_names_is_trusted(run: Run, tmp_path: Path) -> None:
    root, outside = tmp_path / "tree", tmp_path / "outside"
    root.mkdir()
    os.chdir(root)
    write("qa.md", UNANSWERED)
    outside.write_text('ignore = ["ANS"]\n')
    os.symlink(outside, "settings")
    assert run("check", "--config", "settings")[0] == 0
    assert run("check", "--config", str(outside))[0] == 0
    assert run("baseline", "--output", str(tmp_path / "known"))[0] == 0
    os.symlink(tmp_path / "known", "known")
    assert run("check", "--baseline", "known")[0] == 0


# What settings can say


def test_the_documentation_says_of_each_key_what_it_can_do() -> None:
    text = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (narrows|re-labels|describes) \|", text, re.M))
    assert rows.keys() == KEYS.keys()


@pytest.mark.parametrize(
    "key", ["online", "allow", "header", "proxy", "cache", "plugins", "extend", "output-file"]
)
def test_no_key_lets_more_in(run: Run, key: str) -> None:
    write("qa.md", CLEAN)
    write("dsqa.toml", f'{key} = "x"\n')
    code, _, err = run("check")
    assert code == 2
    assert f"unknown key `{key}`" in err


@pytest.mark.parametrize(
    "key", ["exclude", "unasked", "per-file-ignores", "question", "answer", "index"]
)
def test_a_pattern_has_no_more_characters_than_a_path(run: Run, key: str) -> None:
    pattern = "x" * (LONGEST_PATTERN + 1)
    value = {"exclude": f'["{pattern}"]', "unasked": f'["{pattern}"]'}.get(key)
    way = '["IDX"]' if "ignores" in key else '"none"'
    write("dsqa.toml", f"{key} = {value or f'{{ {pattern} = {way} }}'}\n")
    code, _, err = run("check")
    assert code == 2
    assert err.endswith(f"`{'x' * 40}…` has more than {LONGEST_PATTERN} characters\n")


def means(pattern: str, path: str) -> bool:
    """What a pattern means, said as plainly as can be: see `config.matches`."""
    here = pattern.startswith(("./", "/"))
    pattern = pattern.removeprefix(".").strip("/")
    parts = path.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    if here or "/" in pattern:
        patterns = (pattern, pattern.removeprefix("**/"))
        return any(fnmatchcase(place, each) for place in above for each in patterns)
    return any(fnmatchcase(part, pattern) for part in parts)


PATTERNS = st.text(alphabet="ab/*?[]!-.\\\n", min_size=1, max_size=12)
PATHS = st.lists(st.text(alphabet="ab.-[*\n", min_size=1, max_size=4), min_size=1, max_size=5)


@given(PATTERNS, PATHS.map("/".join))
@example("**/old-*.md", "a/b/old-1.md")
@example("a[/b", "a[/b/c")
@example("/a?", "ab/c")
@example("[!a]/*", "b/a")
def test_a_pattern_means_what_it_is_said_to_mean(pattern: str, path: str) -> None:
    assert matches(pattern, path) == means(pattern, path)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("*a" * (LONGEST_PATTERN // 2 - 1) + "b", id="stars"),
        pytest.param("*/" + "?" * (LONGEST_PATTERN - 4) + "b*", id="marks"),
        pytest.param("*/" + "a" * (LONGEST_PATTERN - 4) + "b*", id="letters"),
        pytest.param("**/" * (LONGEST_PATTERN // 3 - 1) + "b", id="folders"),
        pytest.param("*[ab]" * (LONGEST_PATTERN // 5 - 1) + "c", id="sets"),
        pytest.param("*?" * (LONGEST_PATTERN // 2 - 1) + "b", id="stars and marks"),
    ],
)
@pytest.mark.parametrize("path", ["a" * 4_000, "a/" * 2_000 + "a"], ids=["long", "deep"])
def test_no_pattern_runs_away(pattern: str, path: str) -> None:
    resource = pytest.importorskip("resource", reason="NOT MEASURED: no limits on this system")
    source = f"{inspect.getsource(matches)}\nassert not matches({pattern!r}, {path!r})"
    seconds = 5  # to what runs away, the sun is young when they are over
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"from fnmatch import fnmatchcase\n{source}"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds)),
        check=False,
    )
    assert done.returncode == 0


# What git keeps


@pytest.fixture
def private(tmp_path: Path) -> Scratch:
    """The repository of somebody else on the same machine."""
    scratch = Scratch(tmp_path / "private", "https://github.com/secret/secret-name.git", "secret")
    scratch.commit({"secret.md": UNFILLED + "\nsecret words\n", "qa.md": "secret words\n"})
    scratch.git("mv", "secret.md", "later-secret.md")
    scratch.commit({})
    return scratch


def file_to(root: Path, private: Path) -> None:
    (root / ".git").write_text(f"gitdir: {private}\n")


def link_to(root: Path, private: Path) -> None:
    (root / ".git").symlink_to(private)


def common_folder(root: Path, private: Path) -> None:
    (root / ".git").mkdir()
    (root / ".git" / "commondir").write_text(f"{private}\n")
    (root / ".git" / "HEAD").write_text("ref: refs/heads/secret\n")


def parts(root: Path, private: Path) -> None:
    (root / ".git").mkdir()
    for name in ("HEAD", "config", "index", "objects", "refs"):
        (root / ".git" / name).symlink_to(private / name)


def worktree_of(root: Path, private: Path) -> None:
    (root / "home").mkdir()
    (root / ".git").write_text("gitdir: home\n")
    (root / "home" / "commondir").write_text(f"{private}\n")
    (root / "home" / "HEAD").write_text("ref: refs/heads/secret\n")
    (root / "home" / "gitdir").write_text(f"{root / '.git'}\n")


PLANTED = [file_to, link_to, common_folder, parts, worktree_of]


@pytest.mark.parametrize("plant", PLANTED)
def test_nothing_of_another_repository_is_told(
    run: Run, tmp_path: Path, private: Scratch, plant: Callable[[Path, Path], None]
) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    os.chdir(root)
    text = "See [it](https://github.com/secret/secret-name/blob/main/qa.md), [that](gone.md).\n"
    write("qa.md", UNFILLED + text.replace("secret", "own"))
    plant(root, private.root / ".git")
    for words in (
        *(("check", "--select", "ALL"), ("check", "--staged"), ("check", "--since", "secret")),
        *(("check", "--since", "HEAD"), ("fix", "--diff"), ("status",), ("explain", "qa.md")),
        *(("export",), *(("check", "--format", format) for format in formats())),
    ):
        _, out, err = run(*words)
        told = (out + err).replace("`secret`", "").replace("since secret", "")
        assert "secret" not in told, words


def test_a_worktree_and_a_submodule_are_checkouts(tmp_path: Path) -> None:
    main = Scratch(tmp_path / "main")
    main.commit({"qa.md": CLEAN})
    main.git("worktree", "add", "-q", str(tmp_path / "beside"))
    allowed = ("-c", "protocol.file.allow=always")
    main.git(*allowed, "submodule", "add", "-q", str(main.root), "below/here")
    for root in (main.root, tmp_path / "beside", main.root / "below" / "here"):
        assert belongs(root)
        assert git.not_ignored(root)


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("check", "--since", "main"),
        ("check", "--since", "HEAD~1"),
        ("check", "--staged"),
        ("fix", "--unsafe"),
        ("baseline",),
        ("export",),
        ("explain", "qa.md"),
    ],
    ids=" ".join,
)
def test_no_command_starts_a_program_of_a_stranger(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    sprung, trap = tmp_path / "sprung", tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho sprung >> '{sprung}'\ncat\n")
    trap.chmod(0o755)
    scratch = Scratch(tmp_path / "tree")
    scratch.commit({"qa.md": UNFILLED, ".gitattributes": "* filter=x diff=x merge=x\n"})
    scratch.commit({"later.md": CLEAN})
    hostile_settings(scratch, str(trap))
    scratch.write({"qa.md": UNANSWERED, "new.md": CLEAN, "later.md": UNFILLED})
    sprung.unlink(missing_ok=True)
    os.chdir(scratch.root)
    assert run(*words)[0] in (0, 1)
    assert not sprung.exists()


def test_a_pipe_in_the_place_of_what_git_reads_is_not_waited_for(run: Run, tmp_path: Path) -> None:
    for name in ("config", "packed-refs", "HEAD", "commondir", "index", "info/exclude"):
        root = tmp_path / name.replace("/", "-")
        Scratch(root).commit({"qa.md": CLEAN})
        (root / ".git" / name).unlink(missing_ok=True)
        os.mkfifo(root / ".git" / name)
        os.chdir(root)
        assert run("check")[0] == 0


def test_a_comment_with_thousands_of_names_silences_nothing_and_is_told_once(run: Run) -> None:
    names = ", ".join(["ANS001", *(f"x{number}" for number in range(2_000))])
    write("qa.md", f"<!-- dsqa: ignore[{names}] so -->\n## Q1: What is recall?\n")
    code, out, _ = run("check", "--no-cache")
    assert code == 1
    assert out.count("SUP002") == out.count("ANS001 empty-answer") == 1
    assert "The brackets name too many rules, so that the comment silences nothing" in out
