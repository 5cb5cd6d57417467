"""Documents become data: one file, one format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from dsqa.reporters._printable import LOOKS_LIKE_A_SPACE, MARKED_COMMAND, UNSEEN

if TYPE_CHECKING:
    from dsqa.exporters.contract import DocumentData

FORMATS = ("json", "jsonl")
AT_ONCE = 10_000
UNPRINTED = rf"(?!\n){UNSEEN.pattern}|{LOOKS_LIKE_A_SPACE.pattern}"
"""A character that one does not see for what it is, other than the ends of lines that JSON makes."""
SCHEMA = Path(__file__).parent / "schema.json"
"""The JSON Schema of what the `json` format writes, made from `contract`."""


def dumped(data: object, indent: int | None = None) -> str:
    """The data as JSON, in which what one sees is written as it is, and all else escaped."""
    from json import JSONEncoder, dumps

    if indent is None:
        text = dumps(data, ensure_ascii=False)
    else:
        # it comes in pieces, one for each bracket, which would fill the memory
        pieces = JSONEncoder(ensure_ascii=False, indent=indent).iterencode(data)
        text = "".join(iter(lambda: "".join(islice(pieces, AT_ONCE)), ""))
    unprinted = filter(re.compile(UNPRINTED).fullmatch, set(text))
    text = text.translate({ord(one): _escaped(one) for one in unprinted})
    return MARKED_COMMAND.sub(r"\\u005b", text)


def _escaped(character: str) -> str:
    """The character as JSON writes it by its number."""
    from json import dumps

    return dumps(character)[1:-1].replace("\x7f", r"\u007f")


def export(format: str, documents: Sequence[DocumentData]) -> str:
    """The documents in a format."""
    from dsqa.exporters.contract import Export

    return str(import_module(f"dsqa.exporters.{format}").write(Export(documents=tuple(documents))))
