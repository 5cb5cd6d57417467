"""One JSON value that holds everything."""

from __future__ import annotations

from dsqa.exporters.contract import Export


def write(data: Export) -> str:
    return data.model_dump_json(indent=2) + "\n"
