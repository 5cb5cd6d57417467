"""How large the tests are, and where the documents lie that they are measured on, if they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from dsqa import unjudged

SHARED = Path(os.environ.get("DSQA_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="as many cases as docs/guarantees.md speaks of, which takes hours",
    )


@pytest.fixture(scope="session")
def long(pytestconfig: pytest.Config) -> bool:
    """Whether every case counts, not only as many as fit into a minute."""
    return bool(pytestconfig.getoption("--long"))


FAILURE = unjudged.failure


@pytest.fixture(scope="session", autouse=True)
def failures() -> Iterator[None]:
    """A failure of dsqa itself, which a user is told as a finding, stops a test as any other."""

    def failure(path: str, error: Exception, during: str = "") -> NoReturn:
        error.add_note(f"at {path} {during}")
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unjudged, "failure", failure)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and public suites; the test is skipped where it is absent."""
    if not (SHARED / "conformance").is_dir():
        pytest.skip(f"NOT MEASURED: {SHARED} is absent (set DSQA_SHARED to measure)")
    return SHARED


@pytest.fixture(autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is noted while files are written lies where no other run looks."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
