"""Documents become data: one file, one format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from dsqa.reporters._printable import LOOKS_LIKE_A_SPACE, MARKED_COMMAND, UNSEEN

if TYPE_CHECKING:
    from dsqa.exporters.contract import DocumentData

FORMATS = ("json", "jsonl")
UNPRINTED = rf"(?!\n){UNSEEN.pattern}|{LOOKS_LIKE_A_SPACE.pattern}"
"""What one does not see for what it is, but for the ends of the lines that JSON itself makes."""
SCHEMA = Path(__file__).parent / "schema.json"
"""The JSON Schema of what the `json` format writes, made from `contract`."""


def dumped(data: object, indent: int | None = None) -> str:
    """The data as JSON, in which what one sees is written as it is, and all else escaped."""
    from json import dumps

    text = dumps(data, ensure_ascii=False, indent=indent)
    text = re.sub(UNPRINTED, lambda match: dumps(match[0])[1:-1].replace("\x7f", r"\u007f"), text)
    return MARKED_COMMAND.sub(r"\\u005b", text)


def export(format: str, documents: Sequence[DocumentData]) -> str:
    """The documents in a format."""
    from dsqa.exporters.contract import Export

    return str(import_module(f"dsqa.exporters.{format}").write(Export(documents=tuple(documents))))
