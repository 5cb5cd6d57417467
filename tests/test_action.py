"""The action, our workflow and the recipes: as their schemas want them, and as a runner does."""

from __future__ import annotations

import json
import os
import re
import shutil
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


def audited(folder: Path, *options: str) -> None:
    """Asserts that zizmor finds nothing in the actions and workflows of the folder."""
    zizmor = shutil.which("zizmor", path=Path(sys.executable).parent)
    if not zizmor:
        pytest.skip("NOT AUDITED: no zizmor")
    done = subprocess.run(
        [zizmor, "--offline", "--no-progress", *options, str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_audit_finds_nothing() -> None:
    audited(ROOT)


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
    step: dict[str, Any],
    workspace: Path,
    temporary: Path,
    *,
    base: str = "",
    **inputs: str,
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
            "GITHUB_BASE_REF": base,
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_STEP_SUMMARY": str(temporary / "summary"),
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


def check(
    workspace: Path, temporary: Path, *, base: str = "", **inputs: str
) -> subprocess.CompletedProcess[str]:
    _, step = read(ACTION)["runs"]["steps"]
    set_traps(workspace)
    before = sorted(workspace.rglob("*"))
    done = run_step(step, workspace, temporary, base=base, **inputs)
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
@pytest.mark.parametrize("name", ["paths", "args", "since"])
def test_an_input_is_never_a_command(
    name: str, hostile: str, tmp_path: Path, temporary: Path
) -> None:
    (tmp_path / "sorting.md").write_text(SOUND, encoding="utf-8")
    done = check(tmp_path, temporary, **{name: hostile})
    assert done.returncode == 2, done.stdout + done.stderr


def test_the_job_gets_a_summary(tmp_path: Path, temporary: Path) -> None:
    (tmp_path / "sorting.md").write_text(BROKEN, encoding="utf-8")
    summary = temporary / "summary"
    summary.write_text("of another command\n", encoding="utf-8")
    check(tmp_path, temporary)
    told = summary.read_text(encoding="utf-8")
    assert told.startswith("of another command\n## dsqa found 1 error")
    assert "| Q1 | 5 | error [" in told


# Pull requests

OTHER = SOUND.replace("stable sort", "heap").replace("stable-sort", "heap")
NEWLY_BROKEN = OTHER.replace("### Q1: What is a heap?", "### Q1: What is a binary heap?")


def git(folder: Path, *arguments: str) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(
        ["git", *identity, "-C", str(folder), *arguments],
        env={**inherited, "GIT_CONFIG_GLOBAL": os.devnull},
        check=True,
        capture_output=True,
    )


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """A repository with a debt in its main branch, and a branch that breaks one thing more."""
    folder = tmp_path / "upstream"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for text, branch in ((OTHER, "main"), (NEWLY_BROKEN, "change")):
        (folder / "sorting.md").write_text(BROKEN, encoding="utf-8")
        (folder / "heaps.md").write_text(text, encoding="utf-8")
        git(folder, "checkout", "--quiet", "-B", branch)
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--message", branch)
    return folder


def checkout(upstream: Path, name: str, *options: str) -> Path:
    """The change as a runner has it."""
    place = upstream.parent / name
    git(
        upstream.parent,
        *("clone", "--quiet", "--branch", "change", *options, upstream.as_uri(), str(place)),
    )
    return place


def test_a_pull_request_hears_of_what_it_broke(upstream: Path, temporary: Path) -> None:
    workspace = checkout(upstream, "whole")
    done = check(workspace, temporary, base="main")
    assert done.returncode == 1, done.stdout + done.stderr
    assert [re.sub(r"line.*", "", line) for line in commands(done)] == ["::error file=heaps.md,"]


@pytest.mark.parametrize(
    ("base", "since"),
    [
        pytest.param("", "base", id="a push"),
        pytest.param("main", "", id="everything is asked for"),
    ],
)
def test_others_hear_of_everything(base: str, since: str, upstream: Path, temporary: Path) -> None:
    done = check(checkout(upstream, "whole"), temporary, base=base, since=since)
    named = {re.sub(r".*?file=([^,]*),.*", r"\1", line) for line in commands(done)}
    assert named == {"heaps.md", "sorting.md"}


def test_a_commit_can_be_named(upstream: Path, temporary: Path) -> None:
    done = check(checkout(upstream, "whole"), temporary, since="HEAD")
    assert (done.returncode, commands(done)) == (0, []), done.stdout + done.stderr


def test_a_shallow_clone_is_told_what_it_needs(upstream: Path, temporary: Path) -> None:
    workspace = checkout(upstream, "shallow", "--depth", "1")
    done = check(workspace, temporary, base="main")
    assert (done.returncode, commands(done)) == (2, [])
    assert "`origin/main` is no commit that is known in this shallow clone" in done.stderr
    assert "`fetch-depth: 0` for actions/checkout" in done.stderr


# The recipes

RECIPE = re.compile(r"<!-- recipe: (.*?) -->\n```\w+\n(.*?)```", re.DOTALL)
RECIPES = {
    name: text
    for page in ("ci.md", "online.md")
    for name, text in RECIPE.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
}
OURSELVES = "git+https://github.com/dsqa/dsqa"


def test_there_are_recipes() -> None:
    assert list(RECIPES) == ["github", "code scanning", "gitlab", "shell", "online"]


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("github", "workflows"),
        ("code scanning", "workflows"),
        ("gitlab", "gitlab-ci"),
        ("online", "workflows"),
    ],
)
def test_the_schema_accepts_the_recipe(name: str, schema: str, tmp_path: Path) -> None:
    kind = "vendor.gitlab-ci" if schema == "gitlab-ci" else "vendor.github-workflows"
    file = tmp_path / "recipe.yml"
    file.write_text(RECIPES[name], encoding="utf-8")
    test_the_schema_accepts(kind, file)


@pytest.mark.parametrize("name", ["github", "code scanning", "online"])
def test_an_audit_of_the_recipe_finds_nothing(name: str, tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "questions.yml").write_text(RECIPES[name], encoding="utf-8")
    settings = tmp_path / "zizmor.yml"
    # a recipe cannot know which commit its reader trusts
    settings.write_text("rules: {unpinned-uses: {disable: true}}", encoding="utf-8")
    audited(tmp_path, "--config", str(settings))


@pytest.mark.parametrize("name", ["github", "code scanning"])
def test_the_recipe_for_the_action_runs(name: str, upstream: Path, temporary: Path) -> None:
    (job,) = yaml.safe_load(RECIPES[name])["jobs"].values()
    fetching, asking, *handing = job["steps"]
    assert fetching["uses"].startswith("actions/checkout@")
    assert asking["uses"] == "dsqa/dsqa@main"
    whole = fetching["with"].get("fetch-depth") == 0
    workspace = checkout(upstream, "clone", *(() if whole else ("--depth", "1")))
    _, step = read(ACTION)["runs"]["steps"]
    base = "main" if whole else ""
    done = run_step(step, workspace, temporary, base=base, **asking.get("with", {}))
    assert done.returncode == 1, done.stdout + done.stderr
    assert commands(done)
    for step in handing:
        assert (workspace / step["with"]["sarif_file"]).is_file()


def shell(
    script: str, workspace: Path, temporary: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs a script that installs us, where the dsqa that is tested is what it gets."""
    assert OURSELVES in script
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "GITHUB_", "PYTHON"))
    }
    return subprocess.run(
        [
            "bash",
            "--noprofile",
            "--norc",
            "-eo",
            "pipefail",
            "-c",
            script.replace(OURSELVES, str(ROOT)),
        ],
        cwd=workspace,
        env={
            **inherited,
            "PATH": f"{temporary / 'dsqa' / 'bin'}{os.pathsep}{os.environ['PATH']}",
            **environment,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


def written(workspace: Path) -> set[str]:
    return {path.name for path in workspace.iterdir() if not path.name.startswith(".")}


@pytest.mark.parametrize(
    ("base", "told"),
    [pytest.param("main", 1, id="a merge request"), pytest.param("", 2, id="the main branch")],
)
def test_the_recipe_for_gitlab_runs(base: str, told: int, upstream: Path, temporary: Path) -> None:
    job = yaml.safe_load(RECIPES["gitlab"])["dsqa"]
    assert job["variables"] == {"GIT_DEPTH": "0"}
    workspace = checkout(upstream, "clone")
    known = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": f"origin/{base}"} if base else {}
    done = shell("\n".join(job["script"]), workspace, temporary, **known)
    assert done.returncode == 1, done.stdout + done.stderr
    reports = job["artifacts"]["reports"]
    assert written(workspace) == {"heaps.md", "sorting.md", *reports.values()}
    issues = json.loads((workspace / reports["codequality"]).read_bytes())
    assert {issue["location"]["path"] for issue in issues} == {"heaps.md", "sorting.md"}
    results = (workspace / reports["junit"]).read_text(encoding="utf-8")
    assert results.count("<failure ") == told


def test_a_recipe_does_not_hide_what_cannot_be_judged(upstream: Path, temporary: Path) -> None:
    job = yaml.safe_load(RECIPES["gitlab"])["dsqa"]
    workspace = checkout(upstream, "clone")
    (workspace / "bytes.md").write_bytes(b"\xff")
    assert shell("\n".join(job["script"][:2]), workspace, temporary).returncode == 1
    job["script"][1] = job["script"][1].partition(" ||")[0]
    assert shell("\n".join(job["script"][:2]), workspace, temporary).returncode == 2


def test_the_recipe_for_a_shell_runs(upstream: Path, temporary: Path) -> None:
    workspace = checkout(upstream, "clone")
    done = shell(RECIPES["shell"], workspace, temporary)
    assert done.returncode == 1, done.stdout + done.stderr
    assert written(workspace) == {
        "answered.svg",
        "dsqa-checkstyle.xml",
        "dsqa-junit.xml",
        "heaps.md",
        "sorting.md",
    }
    assert re.search("looked at +2 files", done.stdout), done.stdout
