"""The action and our workflow: as their schemas want them, and as a runner runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())

SOUND = """\
# Sorting

## Questions

* [Q1: What is a stable sort?](#q1-what-is-a-stable-sort)

## Questions & Answers

### Q1: What is a stable sort?

Answer: One that keeps the order of equal elements.
"""
BROKEN = SOUND.replace("(#q1-what-is-a-stable-sort)", "(#q1-what-is-an-unstable-sort)")

# What a pull request could bring along, hoping that Python imports it from the folder it runs in.
TRAP = "from pathlib import Path\nPath(__file__).with_name('sprung').touch()\n"
BAIT = ("dsqa.py", "pip.py", "sitecustomize.py", "venv.py")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-actions", ACTION),
        *(("vendor.github-workflows", path) for path in WORKFLOWS),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_the_schema_accepts(schema: str, path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_expression_reaches_a_shell() -> None:
    steps = [
        *read(ACTION)["runs"]["steps"],
        *(
            step
            for path in WORKFLOWS
            for job in read(path)["jobs"].values()
            for step in job["steps"]
        ),
    ]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_strangers_get_no_more_than_reading() -> None:
    assert [read(path)["permissions"] for path in WORKFLOWS] == [{"contents": "read"}] * len(
        WORKFLOWS
    )
    for path in [ACTION, *WORKFLOWS]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"pull_request_target|workflow_run|secrets\.|github\.token", text)


def run_step(
    step: dict[str, Any], workspace: Path, temporary: Path, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """Runs a step of the action as the runner does: `shell: bash`, inputs through `env`."""
    defaults = {name: given["default"] for name, given in read(ACTION)["inputs"].items()}
    values = {**defaults, "python": sys.executable, **inputs}

    def evaluate(text: str) -> str:
        return re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda name: values[name[1]], text)

    assert step["shell"] == "bash"
    script = temporary / "step.sh"
    script.write_text(step["run"], encoding="utf-8")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "GITHUB_", "PYTHON"))
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=workspace,
        env={
            **inherited,
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_TEMP": str(temporary),
            **{name: evaluate(value) for name, value in step["env"].items()},
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's folder, after the install step has run in the tree of a stranger."""
    folder = tmp_path_factory.mktemp("runner")
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "hatchling"],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if asked.returncode:
        pytest.skip(f"no package index, so the action cannot install itself: {asked.stderr}")
    workspace = tmp_path_factory.mktemp("stranger")
    set_traps(workspace)
    install, _ = read(ACTION)["runs"]["steps"]
    done = run_step(install, workspace, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not (workspace / "sprung").exists()
    return folder


def set_traps(workspace: Path) -> None:
    for name in BAIT:
        (workspace / name).write_text(TRAP, encoding="utf-8")


def check(workspace: Path, temporary: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    _, step = read(ACTION)["runs"]["steps"]
    set_traps(workspace)
    before = sorted(workspace.rglob("*"))
    done = run_step(step, workspace, temporary, **inputs)
    assert sorted(workspace.rglob("*")) == before, "the check left something behind"
    return done


def commands(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if line.startswith("::")]


def test_what_is_sound_passes(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "sorting.md").write_text(SOUND, encoding="utf-8")
    done = check(tmp_path, temporary)
    assert (done.returncode, commands(done)) == (0, []), done.stdout + done.stderr


def test_what_is_broken_fails_with_an_annotation(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "sorting.md").write_text(BROKEN, encoding="utf-8")
    done = check(tmp_path, temporary)
    assert done.returncode == 1, done.stdout + done.stderr
    assert [line for line in commands(done) if re.match("::error file=sorting.md,line=5,", line)]


def test_paths_are_lines_and_may_hold_blanks(tmp_path: Path, temporary: Path) -> None:
    for name in ("Questions & Answers.md", "-q.md", "other.md"):
        (tmp_path / name).write_text(BROKEN, encoding="utf-8")
    done = check(tmp_path, temporary, paths="Questions & Answers.md\n-q.md\n")
    assert done.returncode == 1, done.stdout + done.stderr
    named = {re.sub(r".*?file=([^,]*),.*", r"\1", line) for line in commands(done)}
    assert named == {"Questions & Answers.md", "-q.md"}


def test_arguments_go_to_the_check(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "sorting.md").write_text(BROKEN, encoding="utf-8")
    done = check(tmp_path, temporary, args="--format json --show info")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.startswith(("{", "["))


@pytest.mark.parametrize(
    "hostile", ["$(touch sprung)", "`touch sprung`", "; touch sprung", '"; touch sprung #', "*"]
)
@pytest.mark.parametrize("name", ["paths", "args"])
def test_an_input_is_never_a_command(
    name: str, hostile: str, tmp_path: Path, temporary: Path
) -> None:
    (tmp_path / "sorting.md").write_text(SOUND, encoding="utf-8")
    done = check(tmp_path, temporary, **{name: hostile})
    assert done.returncode == 2, done.stdout + done.stderr
