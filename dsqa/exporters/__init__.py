"""Documents become data: one file, one format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dsqa.exporters.contract import DocumentData

FORMATS = ("json", "jsonl")
UNPRINTED = r"[\x7f-\x9f\u2028\u2029\ud800-\udfff]|(?<=##)\["
"""What a terminal, the log of a CI service or a reader of lines would take for a command."""
SCHEMA = Path(__file__).parent / "schema.json"
"""The JSON Schema of what the `json` format writes, made from `contract`."""


def dumped(data: object, indent: int | None = None) -> str:
    """The data as JSON, in which nothing but words is written as it is."""
    from json import dumps

    text = dumps(data, ensure_ascii=False, indent=indent)
    return re.sub(UNPRINTED, lambda match: f"\\u{ord(match[0]):04x}", text)


def export(format: str, documents: Sequence[DocumentData]) -> str:
    """The documents in a format."""
    from dsqa.exporters.contract import Export

    return str(import_module(f"dsqa.exporters.{format}").write(Export(documents=tuple(documents))))
