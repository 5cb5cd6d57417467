"""Documents become data: one file, one format."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from dsqa.document import Document
from dsqa.workspace import Workspace

if TYPE_CHECKING:
    from dsqa.exporters.contract import Export

FORMATS = ("json", "jsonl")
SCHEMA = Path(__file__).parent / "schema.json"
"""The JSON Schema of what the `json` format writes, made from `contract`."""


def export(format: str, documents: Sequence[tuple[str, Document, Workspace]]) -> str:
    """The documents in a format, each under the path to print."""
    from dsqa.exporters.building import built

    data: Export = built(documents)
    return str(import_module(f"dsqa.exporters.{format}").write(data))
