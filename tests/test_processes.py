"""However many processes share a run, it says the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks import questions
from dsqa import cli, judging, processes, run

pytestmark = pytest.mark.skipif(processes.processors() == 1, reason="one process is all there is")

FILES = 8
FORMATS = ("github", "gitlab", "json", "junit", "sarif", "statistics", "summary", "text")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files with all that a run may find, and some that cannot be read."""
    questions.write(tmp_path, dict(questions.many(FILES, 3)))
    (tmp_path / "settings.md").write_text("## Q1: Is it set?\n\n![](figures/no.png)\n")
    (tmp_path / "other.md").write_text("[away](topic-00/file-0001.md#nowhere)\n\n## Q1: No?\n")
    (tmp_path / "bytes.md").write_bytes(b"## Q1: What?\n\n\xff\n")
    (tmp_path / "lost.md").symlink_to("/etc/passwd")
    figures = tmp_path / "figures"
    figures.mkdir()
    (figures / "old.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(judging, "WORTH_A_PROCESS", 1)
    return tmp_path


def told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, count: int, *words: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(judging, "processors", lambda: count)
    code = cli.main(["check", "--no-cache", "--show", "info", *words])
    return code, *capsys.readouterr()


def test_any_number_of_processes_says_the_same_in_any_format(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def reports(count: int) -> tuple[object, list[bytes]]:
        files = [f"--output-file={form}={tree / form}" for form in FORMATS]
        said = told(capsys, monkeypatch, count, *files)
        return said, [(tree / form).read_bytes() for form in FORMATS]

    alone = reports(1)
    assert all(b"TXF001" in report for report in alone[1])
    for count in (2, 5, FILES + 9):
        assert reports(count) == alone


def test_the_work_is_really_shared(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by: set[int] = set()

    def work(share: Sequence[int]) -> tuple[int, int]:
        return os.getpid(), sum(share)

    for result in processes.shared(work, [[1, 2], [3, 4], [5]]):
        assert result
        by.add(result[0])
    assert len(by) == 3


def test_links_of_files_that_are_only_named_are_followed_by_any_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    links = []
    for number in range(4):
        place = tmp_path / f"f{number}.md"
        place.write_text("## Q1: What is it?\n\nSo.\n\n## Q3: Who is it?\n\nYou.\n")
        links.append(f"[x]({place.name}#q3-who-is-it)\n")
    for name in ("notes.txt", ".hidden.md", ".hidden/notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = "".join(links) if "/" not in name else "".join(links).replace("](", "](../")
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(judging, "WORTH_A_PROCESS", 1)
    named = [*(f"f{number}.md" for number in range(4)), "notes.txt", ".hidden/notes.md"]
    alone = told(capsys, monkeypatch, 1, "--format", "json", *named)
    assert alone[1].count('"path": "notes.txt"') >= 4
    assert told(capsys, monkeypatch, 3, "--format", "json", *named) == alone


def test_real_documents(
    shared: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shared / "corpus" / "youssefHosni__Data-Science-Interview-Questions-Answers")
    alone = told(capsys, monkeypatch, 1, "--format", "json")
    assert told(capsys, monkeypatch, 3, "--format", "json") == alone


def _ends(share: str) -> str:
    if share == "child":
        os._exit(3)
    return share


def _fails(share: str) -> str:
    if share == "child":
        raise RuntimeError("on purpose")
    return share


def _is_killed(share: str) -> str:
    if share == "child":
        os.kill(os.getpid(), signal.SIGKILL)
    return share


@pytest.mark.parametrize("work", [_ends, _fails, _is_killed])
def test_a_process_that_fails_tells_nothing(
    work: Callable[[str], str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert processes.shared(work, ["own", "child", "other"]) == ["own", None, "other"]
    assert capfd.readouterr() == ("", "")


def test_what_a_process_failed_at_is_done_again(
    tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = told(capsys, monkeypatch, 1)
    own, judge = os.getpid(), run.found_in

    def failing(*arguments: object) -> object:
        if os.getpid() != own:
            os._exit(1)
        return judge(*arguments)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(judging, "found_in", failing)
    assert told(capsys, monkeypatch, 3) == alone


def test_no_process_outlives_the_run(tmp_path: Path) -> None:
    def work(share: str) -> str:
        if share == "child":
            (tmp_path / str(os.getpid())).touch()
            time.sleep(60)
        while not list(tmp_path.iterdir()):
            time.sleep(0.01)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        processes.shared(work, ["own", "child"])
    (child,) = tmp_path.iterdir()
    with pytest.raises(ProcessLookupError):
        os.kill(int(child.name), 0)


STOPPED = """
import os, sys, time
from pathlib import Path
from dsqa import processes

def work(share):
    Path(sys.argv[1], str(os.getpid())).touch()
    time.sleep(60)

processes.shared(work, ["own", "child", "other"])
"""


def test_no_process_outlives_one_that_is_asked_to_end(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STOPPED, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        while len(list(tmp_path.iterdir())) < 3:
            time.sleep(0.01)
        run.terminate()
        assert run.communicate(timeout=30) == (b"", b"")
        assert run.returncode == -signal.SIGTERM
    ended = {int(place.name) for place in tmp_path.iterdir()} - {run.pid}
    deadline = time.monotonic() + 30
    while any(map(_lives, ended)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(map(_lives, ended))


def _lives(process: int) -> bool:
    """Whether it works; one that nobody has asked about since it ended does not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_the_shares_are_about_as_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dsqa.discovery import File

    monkeypatch.setattr(judging, "processors", lambda: 3)
    files = []
    for number, size in enumerate((900_000, 500_000, 400_000, 10, 899_990)):
        place = tmp_path / f"{number}.md"
        place.write_bytes(b"x" * size)
        files.append(File(place, tmp_path))
    shares = judging.shares_of([*files, File(tmp_path / "none.md", tmp_path)])
    loads = [sum(f.place.stat().st_size for f in s if f.place.exists()) for s in shares]
    assert sorted(loads) == [900_000, 900_000, 900_000]
    assert sorted(file for share in shares for file in share)[:5] == files
    assert judging.shares_of(files[3:4]) == [files[3:4]]
