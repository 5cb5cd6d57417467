"""One JSON value that holds everything."""

from __future__ import annotations

from dsqa.exporters import dumped
from dsqa.exporters.contract import Export


def write(data: Export) -> str:
    return dumped(data.model_dump(mode="python"), indent=2) + "\n"
