"""An answer is unfolded: `<details><summary>Answer</summary>`."""

from __future__ import annotations

from dsqa.dialects.sheet import Sheet
from dsqa.source import Span

NAME = "fold"
WHAT = "something to unfold"


def introduction(sheet: Sheet, body: Span) -> Span | None:
    return next((fold.heading.span for fold in sheet.folds_in(body) if not fold.depth), None)
