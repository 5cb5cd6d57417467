"""Where the documents lie that the project is measured on, if they are there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("DSQA_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and public suites; the test is skipped where it is absent."""
    if not (SHARED / "conformance").is_dir():
        pytest.skip(f"NOT MEASURED: {SHARED} is absent (set DSQA_SHARED to measure)")
    return SHARED
