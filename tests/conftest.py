"""How large the tests are, and where the documents lie that they are measured on, if they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and public suites; the test is skipped where it is absent."""
    if not (SHARED / "conformance").is_dir():
        pytest.skip(f"NOT MEASURED: {SHARED} is absent (set DSQA_SHARED to measure)")
    return SHARED
