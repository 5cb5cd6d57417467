"""An answer begins with a word for it: `Answer: the share that was found.`"""

from __future__ import annotations

from dsqa.dialects.marked_answer import marker
from dsqa.dialects.sheet import Sheet
from dsqa.source import Span

NAME = "marker"
WHAT = "a marker such as `Answer:`"


def introduction(sheet: Sheet, body: Span) -> Span | None:
    return marker(sheet.source, body)
