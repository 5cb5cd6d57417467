"""A file is the old one or the new one, with all rights that it had, and what fails is said."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dsqa.cli import main
from dsqa.writing import Unwritten, write_file
from tests.calls import Program, Way
from tests.test_cli import CLEAN, GAP, LINKING, UNFILLED
from tests.test_kill_points import CASES, KILLED, Place, coupled

FAILURES = (
    *(errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EACCES, errno.EROFS, errno.EMFILE),
    *(errno.ENFILE, errno.EPERM, errno.EINTR, errno.ENOMEM),
)
NOBODY = 65534

Fix = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("program"))
    yield program
    program.close()


@pytest.fixture
def place(tmp_path: Path, program: Program) -> Place:
    return Place(tmp_path, program)


@pytest.fixture
def fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fix:
    """Run `dsqa fix` in an empty folder: the exit code, the output, the complaints."""
    folder = tmp_path / "tree"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def fix(*arguments: str) -> tuple[int, str, str]:
        code = main(["fix", *arguments])
        return code, *capsys.readouterr()

    return fix


def names() -> list[str]:
    """All that is below the working folder."""
    return sorted(path.as_posix() for path in Path().rglob("*"))


# Each call fails in each way


@pytest.mark.parametrize("name", ["one file", "2 files together"])
def test_whatever_call_fails_the_files_are_old_or_new_and_the_reason_is_said(
    name: str, place: Place, long: bool
) -> None:
    """Where the run says that all went well all is new, and where it says otherwise all is old.

    Only what cannot be removed may lie about; and that the next run removes. A repair is refused
    where a file cannot be read that may have a part in it.
    """
    case = CASES[name]
    place.lay(case.files)
    old = place.hashes()
    calls = place.run(case.command, reading=True).calls
    new = place.hashes()
    faults = [(number, call, error) for number, call in enumerate(calls, 1) for error in FAILURES]
    tried = faults if long else faults[:: len(faults) // 25]
    for number, call, error in tried:
        at = f"{errno.errorcode[error]} at call {number} ({call})"
        place.lay(case.files)
        ended = place.run(case.command, Way.FAIL, number, error=error, reading=True)
        left = place.hashes()
        if call == "unlink":
            left = {path: digest for path, digest in left.items() if path in old}
        assert left == {0: new, 1: old, 2: old}[ended.code], f"{at}: {ended}"
        assert ended.code != 1 or "refused" in ended.out, at
        if ended.code == 2:
            reason = os.strerror(error).lower()
            assert all(reason in line or "together" in line for line in ended.err.splitlines()), at
            assert "Traceback" not in ended.err, at
        assert place.run(case.command).code == 0, at
        assert (place.hashes(), place.notes()) == (new, []), at
    print(f"\n{name}: {len(tried)} failures at {len(calls)} calls")


@pytest.mark.parametrize("name", ["one file", "2 files together"])
def test_where_everything_fails_from_then_on_nothing_is_lost(
    name: str, place: Place, long: bool
) -> None:
    case = CASES[name]
    place.lay(case.files)
    old = place.hashes()
    calls = place.run(case.command).calls
    new = place.hashes()
    numbers = range(1, len(calls) + 1)
    for number in numbers if long else numbers[:: len(calls) // 5]:
        for error in (errno.EIO, errno.ENOSPC) if long else (errno.EIO,):
            at = f"{errno.errorcode[error]} from call {number} on ({calls[number - 1]})"
            place.lay(case.files)
            ended = place.run(case.command, Way.FAIL_ON, number, error=error)
            left = place.hashes()
            assert all(left[path] in (old[path], new[path]) for path in old), at
            told = "not taken back" in ended.err
            if {path: left[path] for path in old} == new:
                assert ended.code == 0 or told, at
            else:
                assert ended.code == 2, at
                assert told or {path: left[path] for path in old} == old, at
            assert place.run(case.settling).code in (0, 1), at
            assert not case.together or place.hashes() in (old, new), at
            assert place.run(case.command).code == 0, at
            assert (place.hashes(), place.notes()) == (new, []), at


def test_what_the_system_writes_in_parts_is_written_whole(place: Place) -> None:
    case = CASES["one file"]
    place.lay(case.files)
    calls = place.run(case.command).calls
    new = place.hashes()
    for number in (n for n, call in enumerate(calls, 1) if call == "write"):
        place.lay(case.files)
        assert place.run(case.command, Way.SHORT, number).code == 0
        assert place.hashes() == new


@pytest.mark.parametrize("name", ["one file", "3 files together"])
def test_what_has_to_outlast_a_failure_of_power_is_told_to_the_disk_in_time(
    name: str, place: Place
) -> None:
    """What was written before its file is closed, and the names before it is forgotten what was."""
    place.lay(CASES[name].files)
    calls = place.run(CASES[name].command).calls
    written = [number for number, call in enumerate(calls) if call == "write"]
    for number in written:
        until = calls.index("close", number)
        assert "fsync" in calls[number:until]
    note, *laid = written
    assert calls[note:].index("fsync") < calls[note:].index("linkat")
    assert all(number < calls.index("rename") for number in laid)
    last = len(calls) - calls[::-1].index("rename")
    assert calls[last : last + 2] == ("open64", "fsync")
    assert "unlink" not in calls[:last]


# Signals that ask for an end


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        pytest.param(signal.SIGINT, (0, 130), id="Ctrl-C"),
        pytest.param(signal.SIGTERM, (0, -signal.SIGTERM), id="SIGTERM"),
    ],
)
@pytest.mark.parametrize("name", ["three files", "3 files together"])
def test_who_ends_a_run_finds_each_file_whole_and_nothing_beside_it(
    number: signal.Signals, codes: tuple[int, ...], name: str, place: Place, long: bool
) -> None:
    case = CASES[name]
    place.lay(case.files)
    old = place.hashes()
    calls = place.run(case.command).calls
    new = place.hashes()
    seen = set()
    for at in range(1, len(calls) + 1, 1 if long else len(calls) // 6):
        place.lay(case.files)
        ended = place.run(case.command, Way.SIGNAL, at, error=number)
        assert ended.code in codes, at
        assert "Traceback" not in ended.err
        seen.add(ended.code)
        left = place.hashes()
        assert left.keys() == old.keys(), at
        assert all(left[path] in (old[path], new[path]) for path in old), at
        assert left in (old, new) or not case.together, at
    assert codes[1] in seen


# Two at once


def test_two_runs_at_once_leave_each_file_old_or_new(tmp_path: Path, long: bool) -> None:
    case = coupled(3)
    place = Place(tmp_path)
    place.lay(case.files)
    state = {**os.environ, "XDG_STATE_HOME": str(place.state)}
    command = [sys.executable, "-m", "dsqa", *case.command]
    old = place.hashes()
    subprocess.run(command, cwd=place.folder, env=state, check=True, capture_output=True)
    new = place.hashes()
    for _ in range(100 if long else 3):
        place.lay(case.files)
        runs = [
            subprocess.Popen(
                command, cwd=place.folder, env=state, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for _ in range(2)
        ]
        told = [run.communicate()[1] for run in runs]
        codes = sorted(run.returncode for run in runs)
        assert codes[0] == 0, told
        assert all(b"Traceback" not in one for one in told)
        assert place.hashes() == new != old
        assert place.notes() == []


def test_what_a_living_run_has_laid_is_left_alone(
    fix: Fix, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It has the lock; who waits in vain writes only what needs no note."""
    from dsqa import journal
    from dsqa.journal import Laid

    monkeypatch.setattr(journal, "PATIENCE", 0.1)
    texts = {"hub.md": LINKING, "qa.md": GAP, "single.md": UNFILLED, ".dsqa-a.tmp": "laid\n"}
    for name, text in texts.items():
        Path(name).write_text(text, encoding="utf-8")
    with journal.locked() as folder:
        journal.write(
            folder, [Laid(str(Path("qa.md").resolve()), os.path.abspath(".dsqa-a.tmp"))], []
        )
        code, _, err = fix("--unsafe")
    assert code == 2
    assert err.startswith(
        "dsqa: hub.md: another run of dsqa is writing, so that it cannot be noted"
    )
    after = {name: Path(name).read_text(encoding="utf-8") for name in texts}
    assert after == {**texts, "single.md": CLEAN}
    assert fix("--unsafe")[0] == 0
    assert not Path(".dsqa-a.tmp").exists()


# A killed run, and what a person did meanwhile


@pytest.fixture
def torn(place: Place) -> Place:
    """A place in which a run was killed after it had changed one of two files."""
    case = coupled(2)
    place.lay(case.files)
    calls = place.run(case.command).calls
    place.lay(case.files)
    renamed = calls.index("rename") + 1
    assert place.run(case.command, Way.KILL_AFTER, renamed).code == KILLED
    return place


CHANGED, UNCHANGED = "1/1.md", "qa.md"
"""Of the two files of a torn place."""


def test_what_is_taken_back_is_said(torn: Place) -> None:
    ended = torn.run(("fix", "--allow-no-questions", CHANGED))
    because = "taken back, because a run was killed before it had written all with it"
    assert ended.err == f"dsqa: {CHANGED}: {because}\n"
    assert (torn.folder / CHANGED).read_text(encoding="utf-8") == coupled(2).files[CHANGED]


def test_what_a_person_has_changed_since_is_left_to_a_person(torn: Place) -> None:
    edited = GAP + "\nMore.\n"
    (torn.folder / UNCHANGED).write_text(edited, encoding="utf-8")
    repaired = (torn.folder / CHANGED).read_bytes()
    ended = torn.run(("fix", CHANGED, UNCHANGED))
    assert ended.code == 2
    assert ended.err.startswith(f"dsqa: {CHANGED}: a killed run had repaired this together with")
    assert "see that they agree" in ended.err
    assert (torn.folder / UNCHANGED).read_text(encoding="utf-8") == edited
    assert (torn.folder / CHANGED).read_bytes() == repaired
    assert torn.run(("fix", UNCHANGED)).code != 2


@pytest.mark.parametrize("elsewhere", ["another file", "a check", "a diff"])
def test_nobody_takes_back_what_is_none_of_its_business(torn: Place, elsewhere: str) -> None:
    left = torn.hashes()
    (torn.folder / "other.md").write_text(UNFILLED, encoding="utf-8")
    commands = {
        "another file": ("fix", "other.md"),
        "a check": ("check", CHANGED, UNCHANGED),
        "a diff": ("fix", "--diff", CHANGED, UNCHANGED),
    }
    torn.run(commands[elsewhere])
    after = torn.hashes()
    assert {path: after[path] for path in (CHANGED, UNCHANGED)} == {
        path: left[path] for path in (CHANGED, UNCHANGED)
    }
    assert "taken back" in torn.run(("fix", CHANGED)).err


def test_a_note_waits_for_a_disk_that_is_not_there(torn: Place) -> None:
    away = torn.folder.rename(torn.folder.parent / "away")
    torn.folder.mkdir()
    (torn.folder / "other.md").write_text(UNFILLED, encoding="utf-8")
    assert torn.run(("fix", "other.md")).code == 0
    shutil.rmtree(torn.folder)
    away.rename(torn.folder)
    assert "taken back" in torn.run(("fix", CHANGED)).err


# What a stranger may have put there


def test_a_file_that_only_has_the_name_of_a_temporary_one_is_left_alone(fix: Fix) -> None:
    planted = {".dsqa-0.tmp": "a", f".dsqa-{'0' * 32}.tmp": "b", f".dsqa-{1:032x}.note": "c"}
    for name, text in planted.items():
        Path(name).write_text(text, encoding="utf-8")
    os.symlink("/etc/passwd", ".dsqa-link.tmp")
    Path("qa.md").write_text(UNFILLED, encoding="utf-8")
    assert fix("qa.md")[0] == 0
    assert names() == sorted([*planted, ".dsqa-link.tmp", "qa.md"])


def note_of(state: Path, target: Path) -> None:
    """A note that tells the next run to bring a file back to what it never was."""
    from dsqa import journal
    from dsqa.journal import Bound, Laid

    other = target.with_name("other.md")
    bound = [Bound(str(target), b"evil", CLEAN.encode()), Bound(str(other), b"", b"new")]
    other.write_bytes(b"")
    laid = [Laid(one.real, f"{one.real}.a", f"{one.real}.b") for one in bound]
    journal.write(str(state), laid, bound)


@pytest.mark.parametrize(
    ("how", "trusted"),
    [
        pytest.param("as it was written", True, id="ours"),
        pytest.param("readable by others", False, id="laid out by git"),
        pytest.param("in a checkout", False, id="a home that is a checkout"),
        pytest.param("writable by others", False, id="a folder of everybody"),
        pytest.param("a link", False, id="a link to a folder"),
        pytest.param("of somebody else", False, id="of another user"),
        pytest.param("damaged", False, id="damaged"),
    ],
)
def test_only_notes_that_nobody_else_can_have_written_are_believed(
    how: str, trusted: bool, fix: Fix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trusted one is followed, which shows that the others would be if they were believed."""
    home = tmp_path / "home"
    state = home / "dsqa"
    state.mkdir(parents=True, mode=0o700)
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    target = Path("qa.md").resolve()
    target.write_text(CLEAN, encoding="utf-8")
    note_of(state, target)
    (note,) = state.glob("*.note")
    if how == "readable by others":
        note.chmod(0o644)
    elif how == "in a checkout":
        (home / ".git").mkdir()
    elif how == "writable by others":
        state.chmod(0o777)
    elif how == "a link":
        state.rename(tmp_path / "elsewhere")
        state.symlink_to(tmp_path / "elsewhere")
    elif how == "of somebody else":
        if os.geteuid():
            pytest.skip("NOT SHOWN: only root can give a file to somebody else")
        os.chown(state, NOBODY, NOBODY)
    elif how == "damaged":
        note.write_bytes(note.read_bytes().replace(b"bmV3", b"bmV4"))
    _, _, err = fix("qa.md", "--allow-no-questions")
    assert ("taken" in err) == trusted, err
    if not trusted:
        assert target.read_text(encoding="utf-8") == CLEAN


def test_files_change_together_only_if_that_can_be_noted(
    fix: Fix, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no-folder").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no-folder"))
    texts = {"hub.md": LINKING, "qa.md": GAP, "single.md": UNFILLED}
    for name, text in texts.items():
        Path(name).write_text(text, encoding="utf-8")
    code, _, err = fix("--unsafe")
    assert code == 2
    assert err.splitlines()[0] == (
        "dsqa: hub.md: not a directory, so that it cannot be noted which files change together"
    )
    after = {name: Path(name).read_text(encoding="utf-8") for name in texts}
    assert after == {**texts, "single.md": CLEAN}
    assert names() == sorted(texts)


# Owners, rights, names


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755, 0o2664, 0o444 | 0o200])
def test_the_mode_is_kept_whatever_the_mask_is(fix: Fix, mode: int) -> None:
    Path("qa.md").write_text(UNFILLED, encoding="utf-8")
    Path("qa.md").chmod(mode)
    former = os.umask(0o077)
    try:
        assert fix("qa.md")[0] == 0
    finally:
        os.umask(former)
    assert stat.S_IMODE(os.stat("qa.md").st_mode) == mode
    assert Path("qa.md").read_text(encoding="utf-8") == CLEAN


def test_owner_and_group_are_kept_also_where_the_folder_gives_another_one(fix: Fix) -> None:
    if os.geteuid():
        pytest.skip("NOT SHOWN: only root can give a file to somebody else")
    Path("qa.md").write_text(UNFILLED, encoding="utf-8")
    os.chown("qa.md", 1234, 2345)
    os.chown(".", 0, 3456)
    os.chmod(".", 0o2775)
    assert fix("qa.md")[0] == 0
    assert (os.stat("qa.md").st_uid, os.stat("qa.md").st_gid) == (1234, 2345)


def test_attributes_are_kept_and_none_come_from_the_folder(fix: Fix) -> None:
    Path("qa.md").write_text(UNFILLED, encoding="utf-8")
    # a list of rights: the owner, the user 1234 and the group may read
    rights = bytes.fromhex("02000000" "01000600ffffffff" "02000400d2040000" "04000400ffffffff"
                           "10000400ffffffff" "20000000ffffffff")  # fmt: skip
    try:
        os.setxattr("qa.md", "user.reviewed", b"yes")
        os.setxattr("qa.md", "system.posix_acl_access", rights)
    except (AttributeError, OSError):
        pytest.skip("NOT SHOWN: this system keeps no attributes here")
    mode = os.stat("qa.md").st_mode
    assert fix("qa.md")[0] == 0
    assert os.getxattr("qa.md", "user.reviewed") == b"yes"
    assert os.getxattr("qa.md", "system.posix_acl_access") == rights
    assert os.stat("qa.md").st_mode == mode
    Path("plain.md").write_text(UNFILLED, encoding="utf-8")
    Path("plain.md").chmod(0o640)
    os.setxattr(".", "system.posix_acl_default", rights)
    assert fix("plain.md")[0] == 0
    assert "system.posix_acl_access" not in os.listxattr("plain.md")
    assert stat.S_IMODE(os.stat("plain.md").st_mode) == 0o640


def test_a_file_with_two_names_is_not_parted_from_one(fix: Fix) -> None:
    Path("qa.md").write_text(UNFILLED, encoding="utf-8")
    os.link("qa.md", "other.txt")
    code, _, err = fix("qa.md")
    assert code == 2
    assert err == "dsqa: qa.md: it has 2 names (hard links), and a repair would part them\n"
    assert Path("qa.md").samefile("other.txt")
    assert Path("qa.md").read_text(encoding="utf-8") == UNFILLED


def test_a_link_inside_the_tree_is_followed_and_stays_one(fix: Fix) -> None:
    Path("real").mkdir()
    Path("real/qa.md").write_text(UNFILLED, encoding="utf-8")
    os.symlink("real/qa.md", "qa.md")
    assert fix("qa.md")[0] == 0
    assert Path("qa.md").is_symlink()
    assert Path("real/qa.md").read_text(encoding="utf-8") == CLEAN
    assert names() == ["qa.md", "real", "real/qa.md"]


@pytest.mark.parametrize(
    ("owner", "folder_mode", "file_mode", "why"),
    [
        pytest.param(NOBODY, 0o755, 0o444, "permission denied", id="a file to read only"),
        pytest.param(NOBODY, 0o555, 0o644, "permission denied", id="a folder to read only"),
        pytest.param(0, 0o777, 0o644, "permission denied", id="a file of somebody else"),
        pytest.param(0, 0o777, 0o666, "its group cannot be kept", id="a file of another group"),
    ],
)
def test_who_may_not_write_is_told_and_nothing_is_left(
    owner: int, folder_mode: int, file_mode: int, why: str, everywhere: Place
) -> None:
    everywhere.lay({"qa.md": UNFILLED})
    for path, mode in ((everywhere.folder / "qa.md", file_mode), (everywhere.folder, folder_mode)):
        os.chown(path, owner, owner)
        path.chmod(mode)
    before = everywhere.hashes()
    ended = everywhere.run(("fix", "qa.md"), user=NOBODY)
    assert (ended.code, ended.err) == (2, f"dsqa: qa.md: {why}\n")
    assert everywhere.hashes() == before


def test_a_file_of_somebody_else_that_one_may_write_to_becomes_ours(everywhere: Place) -> None:
    everywhere.lay({"qa.md": UNFILLED})
    qa = everywhere.folder / "qa.md"
    os.chown(qa, 1234, NOBODY)
    qa.chmod(0o6664)
    everywhere.folder.chmod(0o777)
    assert everywhere.run(("fix", "qa.md"), user=NOBODY).code == 0
    status = qa.stat()
    assert (status.st_uid, status.st_gid) == (NOBODY, NOBODY)
    assert stat.S_IMODE(status.st_mode) == 0o664


@pytest.fixture
def everywhere(program: Program) -> Iterator[Place]:
    """A place that every user can get to."""
    if os.geteuid():
        pytest.skip("NOT SHOWN: only root can run a program as somebody else")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        yield Place(Path(folder), program)


# Limits of the system


@pytest.mark.parametrize(
    ("limit", "most", "why"),
    [
        pytest.param(resource.RLIMIT_FSIZE, 64, "file too large", id="the size of files"),
        pytest.param(resource.RLIMIT_NOFILE, 3, "too many open files", id="open files"),
    ],
)
def test_a_limit_of_the_system_is_said(
    limit: int, most: int, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set for the time of the writing, which is all that is to fail."""
    place = tmp_path / "report.json"
    place.write_text("before\n", encoding="utf-8")
    former = resource.getrlimit(limit)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(limit, (most, former[1]))
        with pytest.raises(Unwritten, match=why):
            write_file(place, b"x" * 100_000)
    finally:
        resource.setrlimit(limit, former)
        signal.signal(signal.SIGXFSZ, handler)
    assert place.read_text(encoding="utf-8") == "before\n"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("export", "qa.md", "-o"), id="export"),
        pytest.param(("status", "qa.md", "--badge"), id="badge"),
        pytest.param(("check", "qa.md", "--output-file"), id="report"),
    ],
)
def test_a_full_disk_is_no_bug(
    command: tuple[str, ...], fix: Fix, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("qa.md").write_text(CLEAN, encoding="utf-8")
    *first, last = command
    full = "json=/dev/full" if last == "--output-file" else "/dev/full"
    assert main([*first, last, full]) == 2
    assert capsys.readouterr().err == "dsqa: /dev/full: no space left on device\n"
    assert Path("/dev/full").is_char_device()


# Changed by somebody else


def replaced_by_a_link(place: Path) -> None:
    place.rename("moved.md")
    place.symlink_to("moved.md")


def replaced_by_a_link_out_of_the_tree(place: Path) -> None:
    place.rename("../outside.md")
    place.symlink_to("../outside.md")


def replaced_by_a_folder(place: Path) -> None:
    place.unlink()
    place.mkdir()


BY_SOMEBODY_ELSE = {
    "changed while it was being repaired": [
        lambda place: place.write_text(UNFILLED + "More.\n", encoding="utf-8"),
        lambda place: place.write_text("", encoding="utf-8"),
        replaced_by_a_link,
        replaced_by_a_link_out_of_the_tree,
    ],
    "a folder": [replaced_by_a_folder],
    "no such file or directory": [lambda place: place.unlink()],
}
MEANWHILE = [(change, why) for why, changes in BY_SOMEBODY_ELSE.items() for change in changes]


@pytest.mark.parametrize("at", ["reading", "laying"])
@pytest.mark.parametrize(("change", "why"), MEANWHILE)
def test_what_somebody_changes_meanwhile_is_not_written_over(
    at: str,
    change: Callable[[Path], object],
    why: str,
    fix: Fix,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After the file was read, or after the new one was laid beside it, right before the rename."""
    from dsqa import writing

    place = Path("qa.md")
    place.write_text(UNFILLED, encoding="utf-8")
    moment = "_way" if at == "reading" else "_stage"
    step = getattr(writing, moment)

    def with_somebody(*arguments: object, **more: object) -> object:
        if at == "reading":
            change(place)
        result = step(*arguments, **more)
        if at == "laying":
            change(place)
        return result

    monkeypatch.setattr(writing, moment, with_somebody)
    code, _, err = fix("qa.md")
    if at == "reading" and change is replaced_by_a_link:  # which is as if it had been one before
        assert (code, place.is_symlink(), Path("moved.md").read_bytes()) == (
            0,
            True,
            CLEAN.encode(),
        )
        return
    after = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert code == 2
    leads_out = at == "reading" and change is replaced_by_a_link_out_of_the_tree
    assert err.count("\n") == 1
    assert ("leads out of the folder" if leads_out else why) in err
    assert not any(b"#q2-what-is-precision" in content for content in after.values())
    assert not any(".tmp" in name for name in names())


def test_nothing_is_written_where_a_file_has_changed_that_was_read_with_it(
    fix: Fix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was proven holds of the files as they were read, and one may link to the other."""
    from dsqa import writing

    for name, text in (("a.md", CLEAN), ("b.md", UNFILLED), ("c.md", UNFILLED)):
        Path(name).write_text(text, encoding="utf-8")
    step = writing._way

    def with_somebody(change: writing.Change) -> object:
        Path("a.md").write_text("other\n", encoding="utf-8")
        return step(change)

    monkeypatch.setattr(writing, "_way", with_somebody)
    code, _, err = fix("a.md", "b.md", "c.md")
    assert code == 2
    assert err.splitlines() == [
        "dsqa: a.md: changed while it was being repaired",
        "dsqa: b.md: left as it was, together with a.md",
        "dsqa: c.md: left as it was, together with a.md",
    ]
    assert Path("b.md").read_text(encoding="utf-8") == UNFILLED


def test_an_editor_that_writes_into_the_file_in_the_last_moment_loses_nothing(
    fix: Fix, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, rename = Path("qa.md"), os.replace
    place.write_text(UNFILLED, encoding="utf-8")
    number = place.stat().st_ino

    def late(source: str, target: str) -> None:
        if Path(target).name == "qa.md" and place.read_text(encoding="utf-8") == UNFILLED:
            place.write_text("written by somebody\n", encoding="utf-8")
        rename(source, target)

    monkeypatch.setattr("os.replace", late)
    code, _, err = fix("qa.md")
    assert (code, err) == (2, "dsqa: qa.md: changed while it was being repaired\n")
    assert place.read_text(encoding="utf-8") == "written by somebody\n"
    assert place.stat().st_ino == number
    assert names() == ["qa.md"]


def test_what_an_editor_writes_in_the_last_moment_outlasts_the_death_of_the_run(fix: Fix) -> None:
    place, rename = Path("qa.md"), os.replace
    place.write_text(UNFILLED, encoding="utf-8")
    child = os.fork()
    if not child:

        def late(source: str, target: str) -> None:
            place.write_text("written by somebody\n", encoding="utf-8")
            rename(source, target)
            os.kill(os.getpid(), signal.SIGKILL)

        os.replace = late  # type: ignore[assignment]  # in a process of its own
        main(["fix", "qa.md"])
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == KILLED
    assert place.read_text(encoding="utf-8") == CLEAN
    code, _, err = fix("qa.md")
    (kept,) = (name for name in names() if name.endswith(".tmp"))
    told = "a run was killed when it replaced this; what was written into it meanwhile is in"
    assert (code, err) == (2, f"dsqa: qa.md: {told} {kept}\n")
    assert Path(kept).read_text(encoding="utf-8") == "written by somebody\n"
    assert fix("qa.md")[0] == 0
    assert Path(kept).read_text(encoding="utf-8") == "written by somebody\n"


# Where reports go


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("export", "-o", "{}"), id="export"),
        pytest.param(("status", "--badge", "{}"), id="badge"),
        pytest.param(("check", "--output-file", "json={}"), id="report"),
        pytest.param(("baseline", "-o", "{}"), id="baseline"),
    ],
)
@pytest.mark.parametrize("trap", ["a link to a file", "a link to a folder"])
def test_no_link_of_a_checkout_leads_a_report_out_of_it(
    command: tuple[str, ...],
    trap: str,
    fix: Fix,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path(".git").mkdir()
    Path("qa.md").write_text(CLEAN, encoding="utf-8")
    victim = tmp_path / "victim.json"
    victim.write_text("precious\n", encoding="utf-8")
    if trap == "a link to a file":
        os.symlink(victim, "out.json")
        out = "out.json"
    else:
        os.symlink(tmp_path, "out")
        out = "out/victim.json"
    assert main([part.format(out) for part in command]) == 2
    assert capsys.readouterr().err == f"dsqa: {out}: leads out of the checkout\n"
    assert victim.read_text(encoding="utf-8") == "precious\n"


def test_a_new_report_gets_the_rights_that_the_mask_leaves(tmp_path: Path) -> None:
    former = os.umask(0o027)
    try:
        write_file(tmp_path / "new.json", b"{}")
    finally:
        os.umask(former)
    assert stat.S_IMODE((tmp_path / "new.json").stat().st_mode) == 0o640


def test_a_report_keeps_the_rights_of_the_one_before_it(tmp_path: Path) -> None:
    place = tmp_path / "secret.json"
    place.write_text("before\n", encoding="utf-8")
    place.chmod(0o600)
    write_file(place, b"{}")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
