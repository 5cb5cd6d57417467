"""Documents become data: one file, one format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from dsqa.reporters._printable import LOOKS_LIKE_A_SPACE, MARKED_COMMAND, UNSEEN

if TYPE_CHECKING:
    from dsqa.exporters.contract import DocumentData

FORMATS = ("json", "jsonl")
UNPRINTED = rf"(?!\n){UNSEEN.pattern}|{LOOKS_LIKE_A_SPACE.pattern}"
"""A character that one does not see for what it is; but the ends of lines are those of the JSON."""
SCHEMA = Path(__file__).parent / "schema.json"
"""The JSON Schema of what the `json` format writes, made from `contract`."""


def dumped(data: object) -> str:
    """The data as JSON in one line; what one sees is written as it is, and all else escaped."""
    from json import dumps

    return _escaped(dumps(data, ensure_ascii=False))


def indented(data: object) -> Iterator[str]:
    """The same in lines, in pieces: all of it at once can fill the memory."""
    from json import JSONEncoder

    from dsqa.reporters._data import written

    return map(_escaped, written(JSONEncoder(ensure_ascii=False, indent=2), data))


def _escaped(text: str) -> str:
    """The JSON, in which each character that one does not see is written by its number."""
    from json import dumps

    unseen = filter(re.compile(UNPRINTED).fullmatch, set(text))
    numbers = {ord(one): dumps(one)[1:-1].replace("\x7f", r"\u007f") for one in unseen}
    return MARKED_COMMAND.sub(r"\\u005b", text.translate(numbers))


def export(format: str, documents: Sequence[DocumentData]) -> bytes:
    """The documents in a format, in UTF-8."""
    from dsqa.exporters.contract import Export

    pieces = import_module(f"dsqa.exporters.{format}").write(Export(documents=tuple(documents)))
    return b"".join(piece.encode() for piece in pieces)
