"""The hooks as a stranger's repository runs them: pre-commit installs and calls them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

BROKEN = """\
# Sorting

## Questions

* [Q1: What is a stable sort?]()
* [Q2: When is quicksort quadratic?](#q2-when-is-quicksort-quadratic)

## Questions & Answers

### Q1: What is a stable sort?

Answer: One that keeps the order of equal elements.

### Q2: When is quicksort quadratic?

Answer: When each pivot is the least or the greatest element.
"""
FIXED = BROKEN.replace("]()", "](#q1-what-is-a-stable-sort)")


def run(*arguments: str, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Runs as a person would by hand, also while a git hook runs us."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        arguments,
        cwd=cwd,
        env={**inherited, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A repository of somebody else, with one file that one safe fix mends."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: pre-commit clones what it installs")
    asked = run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "hatchling"),
        cwd=tmp_path,
        home=tmp_path,
    )
    if asked.returncode:
        pytest.skip(f"no package index, so pre-commit cannot install the hooks: {asked.stdout}")
    repository = tmp_path / "notes"
    repository.mkdir()
    (repository / "sorting.md").write_text(BROKEN, encoding="utf-8")
    (repository / "prose.md").write_text("# Notes\n\nNobody asks here.\n", encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "."]):
        assert run("git", *command, cwd=repository, home=tmp_path).returncode == 0
    return repository


def test_check_reports_and_fix_mends_once(scratch: Path, tmp_path: Path) -> None:
    hooks = (sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "--all-files", "--verbose")

    first = run(*hooks, cwd=scratch, home=tmp_path)
    rest, fix = first.stdout.split("hook id: dsqa-fix\n")
    check, new = rest.split("hook id: dsqa-check\n")[1].split("hook id: dsqa-check-new\n")
    assert first.returncode == 1, first.stdout
    assert "exit code: 1" in check
    assert "sorting.md:5" in check
    assert "exit code: 1" in fix
    assert "files were modified by this hook" in fix
    assert "exit code: 1" in new
    assert "sorting.md:5" in new
    assert (scratch / "sorting.md").read_text(encoding="utf-8") == FIXED

    assert run("git", "add", ".", cwd=scratch, home=tmp_path).returncode == 0
    second = run(*hooks, cwd=scratch, home=tmp_path)
    assert second.returncode == 0, second.stdout
    assert (scratch / "sorting.md").read_text(encoding="utf-8") == FIXED


def test_a_commit_is_judged_by_what_is_staged_of_it(scratch: Path, tmp_path: Path) -> None:
    """A part of a file is staged, and the rest is not; what was wrong before does not count."""
    commit = ("git", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "x")
    assert run(*commit, cwd=scratch, home=tmp_path).returncode == 0
    hook = (sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "dsqa-check-new")
    (scratch / "sorting.md").write_text(BROKEN + "\nSee [Q2](#q2).\n", encoding="utf-8")
    assert run("git", "add", ".", cwd=scratch, home=tmp_path).returncode == 0
    (scratch / "sorting.md").write_text(BROKEN + "\nSee Q2.\n", encoding="utf-8")
    told = run(*hook, cwd=scratch, home=tmp_path)
    assert told.returncode == 1, told.stdout
    assert "ANC001 broken-anchor" in told.stdout
    assert "IDX003" not in told.stdout
    assert (scratch / "sorting.md").read_text(encoding="utf-8") == BROKEN + "\nSee Q2.\n"
    assert run("git", "add", ".", cwd=scratch, home=tmp_path).returncode == 0
    assert run(*hook, cwd=scratch, home=tmp_path).returncode == 0


def test_a_file_without_questions_is_no_failure(scratch: Path, tmp_path: Path) -> None:
    commit = ("git", "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "x")
    assert run(*commit, cwd=scratch, home=tmp_path).returncode == 0
    done = run(
        *(sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "--files", "prose.md"),
        cwd=scratch,
        home=tmp_path,
    )
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("Passed") == 3, done.stdout
