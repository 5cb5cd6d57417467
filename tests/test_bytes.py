"""Whatever the bytes, and whatever is in the place of a file: told, not waited for, never lost."""

from __future__ import annotations

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from dsqa.reporters import formats
from dsqa.source import Source, Undecodable, Unreadable
from dsqa.workspace import LARGEST_FILE, Memory, read_bytes
from tests.test_cli import CLEAN, UNANSWERED, UNFILLED, Run, run, write

__all__ = ["run"]

MARK = b"\xef\xbb\xbf"
MIB = 1024**2
LARGEST = f"{LARGEST_FILE // MIB} MiB"

# A fix changes the bytes that it names, and no others


ENDINGS = {
    "LF": lambda number: "\n",
    "CRLF": lambda number: "\r\n",
    "CR": lambda number: "\r",
    "mixed": lambda number: ("\n", "\r\n", "\r")[number % 3],
}
ODD = "Odd\x0b\x0c\x1c\x85\u2028\u2029\ufeff\u00a0 text\t \n\n"
"""What Python takes for the end of a line and Markdown does not, and blanks at such an end."""


def with_endings(text: str, ending: Callable[[int], str]) -> bytes:
    lines = text.split("\n")
    ended = (line + ending(number) for number, line in enumerate(lines[:-1]))
    return ("".join(ended) + lines[-1]).encode()


@pytest.mark.parametrize(
    ("ending", "marked", "ended"),
    [
        pytest.param(ENDINGS[name], marked, ended, id=f"{name}, {marked=}, {ended=}")
        for name, marked, ended in product(ENDINGS, (True, False), (True, False))
    ],
)
def test_a_fix_changes_only_the_bytes_that_it_names(
    run: Run, ending: Callable[[int], str], marked: bool, ended: bool
) -> None:
    text = UNFILLED.replace("## Q1", f"{ODD}## Q1")
    content = MARK * marked + with_endings(text if ended else text.rstrip("\n"), ending)
    Path("qa.md").write_bytes(content)
    code, out, _ = run("fix", "--select", "IDX003")
    assert (code, "1 repaired in 1 line" in out) == (0, True)
    link, filled = b"What is precision?]()", b"What is precision?](#q2-what-is-precision)"
    assert content.count(link) == 1
    assert Path("qa.md").read_bytes() == content.replace(link, filled)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(MARK, id="only a mark"),
        pytest.param(b"\n", id="only a line"),
        pytest.param(b"\r", id="only a CR"),
        pytest.param(b"\x0c", id="only a form feed"),
        pytest.param(ODD.encode(), id="odd characters"),
        pytest.param(MARK + CLEAN.replace("\n", "\r\n").encode(), id="a mark and CRLF"),
        pytest.param(CLEAN.replace("\n", "\r").encode(), id="CR"),
    ],
)
def test_what_needs_no_fix_stays_as_it_is(run: Run, content: bytes) -> None:
    place = Path("qa.md")
    place.write_bytes(content)
    assert run("check")[0] in (0, 3)
    assert run("fix", "--unsafe")[0] in (0, 3)
    assert place.read_bytes() == content


# What is no text

TEXT = UNFILLED.encode()
UNDECODABLE = [
    pytest.param(b"\xff" + TEXT, "byte 0 is `0xff`", id="no UTF-8"),
    pytest.param(TEXT + b"\xc3", f"byte {len(TEXT)} is `0xc3`", id="an end too early"),
    pytest.param(MARK + b"sh\xe9re", "byte 5 is `0xe9`", id="behind a mark"),
    pytest.param("é".encode() + b"\xe9", "byte 2 is `0xe9`", id="bytes are counted"),
    pytest.param(b"a\xed\xa0\x80b", "byte 1 is `0xed`", id="a lone surrogate"),
    pytest.param(b"\xc0\xaf", "byte 0 is `0xc0`", id="longer than need be"),
    pytest.param(b"\xf4\x90\x80\x80", "byte 0 is `0xf4`", id="beyond Unicode"),
    pytest.param(b"a\0b", "byte 1 is NUL", id="NUL"),
    pytest.param(UNFILLED.encode("utf-16"), "UTF-16, little-endian", id="UTF-16 LE"),
    pytest.param(b"\xfe\xff" + UNFILLED.encode("utf-16-be"), "UTF-16, big-endian", id="UTF-16 BE"),
    pytest.param(UNFILLED.encode("utf-32"), "UTF-32, little-endian", id="UTF-32 LE"),
    pytest.param(
        b"\0\0\xfe\xff" + UNFILLED.encode("utf-32-be"), "UTF-32, big-endian", id="UTF-32 BE"
    ),
    pytest.param(UNFILLED.encode("utf-16-le"), "byte 1 is NUL", id="UTF-16 without a mark"),
]


@pytest.mark.parametrize(("content", "told"), UNDECODABLE)
def test_what_is_no_text_is_told_and_never_written_to(run: Run, content: bytes, told: str) -> None:
    Path("bytes.md").write_bytes(content)
    write("qa.md", UNFILLED)
    code, out, _ = run("check", "--format", "json")
    assert code == 2
    (finding, _) = json.loads(out)["findings"]
    assert (finding["path"], finding["rule"]) == ("bytes.md", "FIL002")
    assert finding["message"].startswith("Not UTF-8 text: ")
    assert told in finding["message"]
    code, out, err = run("fix", "--unsafe")
    assert code == 2
    assert told in err
    assert "qa.md   1 repaired" in out
    assert Path("bytes.md").read_bytes() == content


@pytest.mark.parametrize(("content", "told"), UNDECODABLE)
def test_standard_input_that_is_no_text_is_found_like_a_file(
    run: Run, content: bytes, told: str
) -> None:
    code, out, err = run(
        "check", "-", "--stdin-filename", "x.md", "--format", "json", stdin=content
    )
    assert (code, err) == (2, "")
    (finding,) = json.loads(out)["findings"]
    assert finding["path"] == "x.md"
    assert told in finding["message"]


@pytest.mark.parametrize("text", ["a\ud800b", "a\0b"])
def test_what_is_no_text_on_disk_is_none_in_memory(text: str) -> None:
    with pytest.raises(Undecodable, match="byte 1 is"):
        Memory({"a.md": text}).read("a.md")


def test_a_mark_is_no_character_of_a_text_in_memory() -> None:
    assert Memory({"a.md": "\ufeffa"}).read("a.md") == Source("a.md", "a", marked=True)


# What is too large


def limited(*arguments: str, megabytes: int = 400) -> subprocess.CompletedProcess[str]:
    """The command, with so much memory and no more."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * MIB, megabytes * MIB))

    return subprocess.run(
        [sys.executable, "-m", "dsqa", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        preexec_fn=limit,
        check=False,
    )


@pytest.mark.parametrize("size", [LARGEST_FILE + 1, 2**40])
def test_a_file_that_is_too_large_is_found_and_not_read(run: Run, size: int) -> None:
    with open("large.md", "wb") as file:
        try:
            file.truncate(size)
        except OSError as error:
            pytest.skip(f"NOT MEASURED: no file of {size} bytes can be made here: {error}")
    write("qa.md", UNANSWERED)
    done = limited("check", "--format", "json")
    assert done.returncode == 2
    findings = [(f["path"], f["rule"]) for f in json.loads(done.stdout)["findings"]]
    assert findings == [("large.md", "FIL003"), ("qa.md", "ANS001")]
    assert limited("fix", "large.md").stderr == f"dsqa: large.md: larger than {LARGEST}\n"


def test_the_largest_file_is_read(tmp_path: Path) -> None:
    with (tmp_path / "qa.md").open("wb") as file:
        file.truncate(LARGEST_FILE)
    assert len(read_bytes(os.path.realpath(tmp_path / "qa.md"))) == LARGEST_FILE


def test_standard_input_is_not_read_without_end(run: Run) -> None:
    with open("/dev/zero", "rb") as endless:
        done = subprocess.run(
            [sys.executable, "-m", "dsqa", "check", "-"],
            stdin=endless,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert f"Larger than {LARGEST}" in done.stdout


# What is no file


def pipe(path: str) -> None:
    os.mkfifo(path)


def listening(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path)


def loop(path: str) -> None:
    os.symlink(path, path)


def two_cycle(path: str) -> None:
    os.symlink("other.md", path)
    os.symlink(path, "other.md")


NO_FILES = [
    pytest.param(pipe, "Not a regular file", id="a pipe"),
    pytest.param(listening, "Not a regular file", id="a socket"),
    pytest.param(lambda path: os.symlink("/dev/zero", path), "A link that leads out", id="device"),
    pytest.param(lambda path: os.symlink("/etc/passwd", path), "A link that leads out", id="out"),
    pytest.param(lambda path: os.symlink("/no/such", path), "A link that leads out", id="nowhere"),
    pytest.param(lambda path: os.symlink("../up.md", path), "A link that leads out", id="up"),
    pytest.param(lambda path: os.symlink("no.md", path), "leads to no file", id="dangling"),
    pytest.param(lambda path: os.symlink(".", path), "leads to no file", id="to a folder"),
    pytest.param(loop, "leads to no file", id="a loop"),
    pytest.param(two_cycle, "leads to no file", id="a loop of two"),
]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("format", ["json", "text"])
@pytest.mark.parametrize(("make", "why"), NO_FILES)
def test_what_is_no_file_is_told_where_it_is_named(
    run: Run, make: Callable[[str], None], why: str, format: str
) -> None:
    make("odd.md")
    write("qa.md", CLEAN)
    named = [] if os.path.isdir("odd.md") else ["odd.md"]
    code, out, err = run("check", "--format", format, "qa.md", *named)
    if named:
        assert code == 2
        assert "FIL001" in out
        assert why in out
    code, out, err = run("check", "--format", format)
    assert (code, err) == (0, "")
    assert ("odd.md" in out) == ("leads" in why)
    assert run("fix", *named)[0] == (2 if named else 0)


@pytest.mark.parametrize("place", ["/dev/null", "/dev/zero", "/dev/tty"])
def test_no_device_is_read(run: Run, place: str) -> None:
    if not os.path.exists(place):
        pytest.skip(f"NOT MEASURED: {place} is absent")
    code, out, _ = run("check", place)
    assert code == 2
    assert "FIL00" in out


def test_a_file_that_tells_no_size_is_read_no_further_than_others(run: Run) -> None:
    place = f"/proc/{os.getpid()}/status"
    if not os.path.exists(place):
        pytest.skip(f"NOT MEASURED: {place} is absent")
    assert run("check", place)[0] == 3


def test_a_folder_may_be_called_like_a_file(run: Run) -> None:
    write("folder.md/qa.md", UNANSWERED)
    code, out, _ = run("check")
    assert code == 1
    assert "folder.md/qa.md:10" in out
    assert run("check", "folder.md")[0] == 1


def test_a_folder_that_git_keeps_may_be_called_like_a_file(run: Run) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    write("folder.md/qa.md", UNANSWERED)
    assert run("check")[0] == 1


# What may not be read


@contextmanager
def somebody() -> Iterator[Path]:
    """A folder, in which we are somebody who may not do all."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    former, root = Path.cwd(), os.geteuid() == 0
    os.chdir(folder)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        os.chdir(former)
        subprocess.run(["chmod", "-R", "u+rwX", str(folder)], check=True)
        shutil.rmtree(folder)


@pytest.mark.parametrize("git", [True, False])
def test_what_may_not_be_read_is_told_and_the_rest_is_judged(run: Run, git: bool) -> None:
    with somebody() as folder:
        run("check")  # imports all that it needs
        if git:
            subprocess.run(["git", "init", "-q"], check=True)
        write("secret.md", UNANSWERED).chmod(0)
        write("qa.md", UNANSWERED)
        write("locked/qa.md", UNANSWERED)
        os.symlink("locked/qa.md", "link.md")
        if git:
            subprocess.run(["git", "add", "locked", "qa.md"], check=True)
        (folder / "locked").chmod(0)
        if os.geteuid() == 0:
            os.seteuid(65534)
        code, out, err = run("check", "--format", "json", "--select", "ANS")
        assert (code, err) == (2, "")
        told = json.loads(out)
        findings = {(f["path"], f["rule"], f["message"]) for f in told["findings"]}
        assert ("secret.md", "FIL001", "Permission denied") in findings
        assert ("qa.md", "ANS001", "The question has no answer") in findings
        locked = {path for path, rule, _ in findings if rule == "FIL001"} - {"secret.md"}
        assert locked or "link.md" in "".join(told["notes"])
        if not git:
            assert ("locked", "FIL001", "A folder that cannot be looked into") in findings
        for path in ("secret.md", "locked/qa.md"):
            code, out, _ = run("check", path)
            assert (code, "Permission denied" in out) == (2, True)


@pytest.mark.parametrize("git", [True, False])
def test_a_tree_may_be_as_deep_as_paths_go(run: Run, tmp_path: Path, git: bool) -> None:
    for _ in range(1_200):
        os.mkdir("d")
        os.chdir("d")
    Path("qa.md").write_text(UNANSWERED, encoding="utf-8")
    os.chdir(tmp_path)
    if git:
        subprocess.run(["git", "init", "-q"], check=True)
    write("qa.md", CLEAN + "\nSee [it](gone.md).\n")
    code, out, err = run("check", "--format", "json", "--select", "ANS,LNK")
    assert (code, err) == (1, "")
    found = [(finding["rule"], finding["path"]) for finding in json.loads(out)["findings"]]
    assert sorted(found) == [("ANS001", f"{'d/' * 1_200}qa.md"), ("LNK001", "qa.md")]
    subprocess.run(["rm", "-rf", "d"], check=True)


# Names


NAMES = [
    pytest.param(b"line\nbreak.md", id="a line break"),
    pytest.param(b"\x1b]0;title\x07.md", id="an escape"),
    pytest.param(b"q\xff\xfe.md", id="no UTF-8"),
    pytest.param(b"-x.md", id="a dash"),
    pytest.param(b"--output-file=json=x.md", id="an option"),
    pytest.param("\u202egnp.md".encode(), id="a turn of direction"),
    pytest.param(b"::error::x.md", id="a command"),
    pytest.param(b" .md", id="a blank"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_may_be_anything(run: Run, name: bytes) -> None:
    path = os.fsdecode(name)
    Path(path).write_text(UNFILLED, encoding="utf-8")
    for format in formats():
        code, out, err = run("check", "--format", format)
        assert (code, err) == (1, "")
        assert not any(character in out for character in "\x1b\x07\u202e")
        assert run("check", "--format", format, "--", path)[:2] == (1, out)
    assert run("fix", "--", path)[0] == 0
    assert Path(path).read_text(encoding="utf-8") == CLEAN


def test_a_name_that_the_system_has_not_is_told(run: Run) -> None:
    write("qa.md", CLEAN)
    code, out, _ = run("check", 300 * "x", "qa.md")
    assert code == 2
    assert "File name too long" in out


def test_a_file_that_cannot_be_read_is_no_document() -> None:
    with pytest.raises(Unreadable, match="no such file"):
        Memory({}).read("qa.md")
