"""What we ship, and what our own files say about it."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> str:
    done = subprocess.run(
        arguments, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nobody knows which files are tracked")
    paths = run("git", "ls-files", "-z").split("\0")[:-1]
    return [path for path in paths if (ROOT / path).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    (built,) = folder.iterdir()
    return zipfile.Path(built)


def names(wheel: zipfile.Path) -> set[str]:
    return {name for name in wheel.root.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.Path) -> Message:
    (name,) = (name for name in names(wheel) if name.endswith(".dist-info/METADATA"))
    return HeaderParser().parsestr((wheel / name).read_text(encoding="utf-8"))


def test_the_wheel_holds_the_package_and_nothing_else(
    wheel: zipfile.Path, metadata: Message
) -> None:
    folders = {name.split("/")[0] for name in names(wheel)}
    assert folders == {"dsqa", f"dsqa-{metadata['Version']}.dist-info"}


def test_every_tracked_file_of_the_package_is_in_the_wheel(
    wheel: zipfile.Path, tracked: list[str]
) -> None:
    assert {path for path in tracked if path.startswith("dsqa/")} <= names(wheel)


@pytest.mark.parametrize("name", ["dsqa/py.typed", "dsqa/rules/README.md"])
def test_what_is_not_python_is_in_the_wheel_too(wheel: zipfile.Path, name: str) -> None:
    assert name in names(wheel)


def test_the_schema_is_in_the_wheel(wheel: zipfile.Path) -> None:
    assert [name for name in names(wheel) if re.fullmatch(r"dsqa/exporters/[^/]+\.json", name)]


def test_the_wheel_says_what_it_needs(metadata: Message) -> None:
    needed = metadata.get_all("Requires-Dist") or []
    assert metadata["Name"] == "dsqa"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert sorted(need for need in needed if "extra ==" not in need) == [
        "idna>=3.7",
        "markdown-it-py<5,>=4",
        "platformdirs>=4",
        "pydantic>=2.7",
        "requests>=2.32",
        "rich>=13",
        "urllib3>=2.6.3",
    ]


def test_the_changelog_knows_the_version(metadata: Message) -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == metadata["Version"]


def test_the_command_says_the_version(metadata: Message) -> None:
    assert metadata["Version"] in run(sys.executable, "-m", "dsqa", "--version")


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("validate-manifest", ".pre-commit-hooks.yaml"),
        ("validate-config", ".pre-commit-config.yaml"),
    ],
)
def test_pre_commit_understands(command: str, path: str) -> None:
    run(sys.executable, "-m", "pre_commit", command, path)
