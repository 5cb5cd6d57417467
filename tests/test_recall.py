"""An answer is given again only as long as the same question would have the same answer."""

from __future__ import annotations

import builtins
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from zlib import crc32

import pytest

from dsqa import cli, recall, sight

QUESTIONS = """\
# Questions

* [Q1: What is recall?](#q1-what-is-recall)
* [Q2: What is precision?](other.md#q2-what-is-precision)

## Q1: What is recall?

A share of what is there, [all of it](figure.png).
"""
OTHER = "## Q2: What is precision?\n\nA share of what was found.\n"
AGED = 0.15
"""Seconds after which no file is so young that a change of it might not show."""


def git(folder: Path, *words: str) -> None:
    own = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *own, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with questions, a cache beside it, and nothing in it that is young."""
    folder = tmp_path / "tree"
    (folder / "empty").mkdir(parents=True)
    (folder / "qa.md").write_text(QUESTIONS, encoding="utf-8")
    (folder / "other.md").write_text(OTHER, encoding="utf-8")
    (folder / "figure.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / ".gitignore").write_text("draft.md\n", encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "remote", "add", "origin", "https://github.com/own/qa")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    for name in ("draft.md", "loose.md"):
        (folder / name).write_text(f"## Q1: Is {name} a draft?\n\nAnswer:\n", encoding="utf-8")
    time.sleep(AGED)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def run(*words: str) -> tuple[int, str, str]:
    """The exit code and the output of a run that recalls nothing, and keeps what it answers."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main(words, question=recall.question(words))
    return code, out.getvalue(), err.getvalue()


def recalled(*words: str) -> tuple[int, str, str] | None:
    """What is given again."""
    answer = recall.recalled(recall.question(words))
    return answer and (answer[0], answer[1].decode(), "")


COMMANDS = {
    "files": ("check", "qa.md", "other.md"),
    "folder": ("check", "."),
    "nothing named": ("check",),
    "as data": ("check", "--format", "json", "qa.md"),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_the_same_question_has_the_same_answer(tree: Path, words: tuple[str, ...]) -> None:
    first = run(*words)
    assert recalled(*words) == first == run(*words, "--no-cache")


def test_where_the_working_folder_is_gone_it_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {gone} && rmdir {gone} && exec {sys.executable} -m dsqa check qa.md"
    done = subprocess.run(["sh", "-c", script], capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 2
    assert done.stderr == "dsqa: the working folder is not there any more\n"


def test_a_command_gives_what_was_kept(tree: Path) -> None:
    command = [sys.executable, "-m", "dsqa", "check"]
    first = subprocess.run(command, capture_output=True, check=False)
    place = kept(tree)
    question, places, output = parts(place.read_bytes())
    assert (first.returncode, first.stdout, first.stderr) == (1, output, b"")
    place.write_bytes(whole(question, places, b"kept\n", code=0))
    again = subprocess.run(command, capture_output=True, check=False)
    assert (again.returncode, again.stdout, again.stderr) == (0, b"kept\n", b"")


def appended(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("\n## Q3: What is new?\n")

    return change


def written(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return change


def rewritten(folder: Path) -> None:
    """Another text of the same length, and the time of the former one."""
    place = folder / "qa.md"
    before = place.stat()
    place.write_text(QUESTIONS.replace("(#q1-what", "(#q1-that"), encoding="utf-8")
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert place.stat().st_size == before.st_size


CHANGES: dict[str, Callable[[Path], object]] = {
    "the file": appended("qa.md"),
    "the file, which looks as before": rewritten,
    "a file that it links to": appended("other.md"),
    "an image that goes": lambda folder: (folder / "figure.png").unlink(),
    "a file that it links to goes": lambda folder: (folder / "other.md").unlink(),
    "settings": written("dsqa.toml", 'select = ["ANS"]\n'),
    "settings above": written("../pyproject.toml", '[tool.dsqa]\nselect = ["ANS"]\n'),
    "a baseline": written(".dsqa-baseline.json", '{"version": 1, "findings": []}\n'),
    "the name of the repository": lambda folder: git(
        folder, "remote", "set-url", "origin", "https://github.com/own/other"
    ),
    "the folder of git goes": lambda folder: (folder / ".git").rename(folder / "git"),
}
CHANGES_OF_FOLDERS: dict[str, Callable[[Path], object]] = {
    "a new file": written("new.md", OTHER),
    "a new file in a folder that was empty": written("empty/new.md", OTHER),
    "a new file in a new folder": written("new/new.md", OTHER),
    "what git ignores": written(".gitignore", ""),
    "what git ignores, for itself": written(".git/info/exclude", "loose.md\n"),
    "what git ignores, for this user": written("../.config/git/ignore", "loose.md\n"),
    "what git has": lambda folder: git(folder, "add", "--force", "draft.md"),
}


def test_what_changes_while_processes_look_at_it_is_not_trusted(tree: Path) -> None:
    ours, its = sight.Sight(), sight.Sight()
    ours.note(str(tree / "qa.md"))
    appended("qa.md")(tree)
    time.sleep(AGED)
    its.note(str(tree / "qa.md"))
    its.note(str(tree / "other.md"))
    assert not ours.blurred
    assert not its.blurred
    ours.add(its)
    assert ours.blurred


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(written("ignored", "loose.md\n"), id="from the top"),
        pytest.param(written("settings", "[core]\n\texcludesFile = ignored\n"), id="included"),
    ],
)
def test_what_git_ignores_may_be_told_in_other_files(
    tree: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]
) -> None:
    """Also in such that are not there yet; seen from a folder below the top."""
    git(tree, "config", "core.excludesFile", "ignored")
    git(tree, "config", "include.path", "../settings")
    (tree / "below").mkdir()
    (tree / "below" / "loose.md").write_text("## Q1: Is it?\n\nAnswer:\n", encoding="utf-8")
    (tree / "below" / "other.md").write_text(OTHER, encoding="utf-8")
    time.sleep(AGED)
    monkeypatch.chdir(tree / "below")
    before = run("check", ".")
    assert recalled("check", ".") == before
    change(tree)
    assert recalled("check", ".") is None


@pytest.mark.parametrize("words", [("check", "qa.md"), ("check", ".")], ids=["file", "folder"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_an_answer_rests_on_changes_it(
    tree: Path, words: tuple[str, ...], change: Callable[[Path], object]
) -> None:
    assert run(*words) == recalled(*words)
    change(tree)
    assert recalled(*words) is None


@pytest.mark.parametrize("name", ["dsqa.toml", "pyproject.toml", ".dsqa-baseline.json"])
def test_settings_that_are_a_link_to_nothing_change_an_answer(tree: Path, name: str) -> None:
    run("check", "qa.md")
    assert recalled("check", "qa.md")
    (tree / name).symlink_to("nowhere")
    assert recalled("check", "qa.md") is None
    assert run("check", "qa.md")[0] == 2


@pytest.mark.parametrize("change", CHANGES_OF_FOLDERS.values(), ids=CHANGES_OF_FOLDERS)
def test_what_is_in_a_folder_changes_an_answer_about_it(
    tree: Path, change: Callable[[Path], object]
) -> None:
    before = run("check", ".")
    assert recalled("check", ".") == before
    change(tree)
    assert recalled("check", ".") is None
    assert run("check", ".") != before


@pytest.mark.parametrize("name", ["NO_COLOR", "COLUMNS", "GITHUB_ACTIONS", "LC_ALL"])
def test_who_asks_in_another_way_is_answered_anew(
    tree: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert run("check") == recalled("check")
    monkeypatch.setenv(name, "50")
    assert recalled("check") is None


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("check", "--no-cache", "qa.md"), id="not to be kept"),
        pytest.param(("check", "--since", "HEAD", "qa.md"), id="what is new"),
        pytest.param(("check", "--output-file", "json=../out.json", "qa.md"), id="written too"),
        pytest.param(("fix", "--diff", "qa.md"), id="a repair"),
        pytest.param(("check", "nothing.md"), id="a file that is not there"),
        pytest.param(("check", ".gitignore"), id="no questions"),
    ],
)
def test_not_every_answer_is_kept(tree: Path, words: tuple[str, ...]) -> None:
    assert run(*words) == run(*words)
    assert recalled(*words) is None


def test_a_file_that_changed_just_now_is_not_trusted(tree: Path) -> None:
    appended("qa.md")(tree)
    run("check", "qa.md")
    assert recalled("check", "qa.md") is None
    time.sleep(AGED)
    assert run("check", "qa.md") == recalled("check", "qa.md")


def test_a_file_whose_times_are_whole_seconds_is_young_for_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time_ns()
    second = now - now % sight.SECOND
    monkeypatch.setattr(sight, "state", lambda place: f"{second} {second} 1 1 1")
    monkeypatch.setattr(time, "time_ns", lambda: second + sight.SECOND)
    seen = sight.Sight()
    seen.note(str(tmp_path))
    assert seen.blurred


def kept(folder: Path) -> Path:
    (place,) = (folder.parent / "cache" / "dsqa" / "answers").iterdir()
    return place


def parts(content: bytes) -> tuple[bytes, bytes, bytes]:
    """The question, the places, and the output that are kept."""
    head, _, rest = content.partition(b"\n")
    asked, places = map(int, head.split()[2:])
    return rest[:asked], rest[asked : asked + places], rest[asked + places :]


def whole(question: bytes, places: bytes, output: bytes, code: int) -> bytes:
    rest = question + places + output
    return b"%d %d %d %d\n" % (crc32(rest, code), code, len(question), len(places)) + rest


def test_what_is_damaged_is_not_given(tree: Path, long: bool) -> None:
    answer = run("check")
    place = kept(tree)
    content = place.read_bytes()
    for offset in range(0, len(content), 1 if long else len(content) // 1000 + 1):
        damaged = bytearray(content)
        damaged[offset] ^= 0x40
        place.write_bytes(damaged)
        assert recalled("check") in (None, answer), offset
    for length in (0, 1, 10, len(content) // 2, len(content) - 1):
        place.write_bytes(content[:length])
        assert recalled("check") is None
    assert run("check") == answer == recalled("check")


def test_an_answer_that_a_stranger_planted_is_not_given(tree: Path) -> None:
    """One can write all of it but the state of the files of this program."""
    run("check")
    place = kept(tree)
    question, places, _ = parts(place.read_bytes())
    own = os.fsencode(recall.__file__)
    for planted in (b"", b"/\0" + sight.state("/").encode(), own + b"\0" + b"1 2 3 4 5", own):
        place.write_bytes(whole(question, planted, b"all is well\n", code=0))
        assert recalled("check") is None
    place.write_bytes(whole(question, places, b"all is well\n", code=0))
    assert recalled("check") == (0, "all is well\n", "")


def test_a_folder_that_became_a_link_is_seen(tree: Path) -> None:
    (tree / "docs" / "deep").mkdir(parents=True)
    (tree / "docs" / "deep" / "qa.md").write_text(OTHER, encoding="utf-8")
    time.sleep(AGED)
    words = ("check", "docs/deep/qa.md")
    assert run(*words) == recalled(*words)
    (tree / "docs").rename(tree.parent / "docs")
    (tree / "docs").symlink_to("../docs")
    assert recalled(*words) is None


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_is_no_file_of_ours_is_not_waited_for(tree: Path, kind: str) -> None:
    answer = run("check")
    place = kept(tree)
    content = place.read_bytes()
    place.unlink()
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "link":
        (place.parent / "other").write_bytes(content)
        place.symlink_to("other")
    else:
        place.mkdir()
    assert recalled("check") is None
    assert run("check") == answer


def test_nothing_is_kept_where_a_link_in_what_is_checked_leads(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tree.parent / "victim"
    victim.mkdir()
    (tree / "cache" / "dsqa").mkdir(parents=True)
    (tree / "cache" / "dsqa" / "answers").symlink_to(victim)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tree / "cache"))
    run("check")
    assert list(victim.iterdir()) == []


def test_no_answer_is_kept_inside_of_what_is_checked(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tree / "cache"))
    run("check")
    assert not (tree / "cache").exists()


@pytest.mark.parametrize("obstacle", ["file", "folder", "read-only"])
def test_where_nothing_can_be_kept_the_answer_is_given(tree: Path, obstacle: str) -> None:
    cache = tree.parent / "cache"
    if obstacle == "file":
        cache.write_text("", encoding="utf-8")
    elif obstacle == "folder":
        for slot in range(recall.SLOTS):
            (cache / "dsqa" / "answers" / str(slot)).mkdir(parents=True)
    else:
        cache.mkdir(mode=0o500)
    assert run("check") == run("check", "--no-cache")
    left = [place.name for place in cache.rglob("*") if place.is_file()]
    assert not [name for name in left if "." in name]


def test_the_folder_is_the_one_of_this_system(monkeypatch: pytest.MonkeyPatch) -> None:
    from platformdirs import user_cache_dir

    for cache in ("", "/some/where"):
        monkeypatch.setenv("XDG_CACHE_HOME", cache)
        expected = user_cache_dir("dsqa", appauthor=False)
        assert recall.folder() == os.path.join(expected, "answers")


LOOKING = ("stat", "lstat", "open", "scandir", "listdir", "readlink", "access")


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_all_that_is_looked_at_is_told_by_what_is_noted(
    tree: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Each place itself, or the folder in which it is a name, or what lies there."""
    seen: set[str] = set()

    def noting(function: Callable[..., object]) -> Callable[..., object]:
        def noted(place: object = ".", *arguments: object, **named: object) -> object:
            if isinstance(place, (str, bytes, os.PathLike)):
                seen.add(os.path.abspath(os.fsdecode(place)))
            return function(place, *arguments, **named)

        return noted

    with monkeypatch.context() as patched:
        for name in LOOKING:
            patched.setattr(os, name, noting(getattr(os, name)))
        patched.setattr(builtins, "open", noting(open))
        run(*words)
    _, places, _ = parts(kept(tree).read_bytes())
    noted = {*os.fsdecode(places).split("\0")[::2]}
    known = noted | {os.path.dirname(place) for place in noted}
    here = {place for place in seen if place.startswith(str(tree))}
    assert {str(tree / "qa.md"), str(tree / ".git" / "config")} <= here
    assert {place for place in here if not {place, os.path.dirname(place)} & known} == set()
