"""An index is a table, in whose rows a cell names a question: `| 7 | [What is recall?](…) |`."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.dialects.sheet import Listing, Row, Sheet

NAME = "table"


def listings(sheet: Sheet) -> Iterator[Listing]:
    for table in sheet.read.tables:
        rows = (
            Row(line, cell.text, cell.text_span, cell.links)
            for line, cells in table.rows
            for cell in cells
            if cell.links
        )
        yield Listing(NAME, table.span, tuple(rows))
