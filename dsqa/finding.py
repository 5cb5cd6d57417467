"""What a rule says about a place, and how the place could be mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from dsqa.source import Source, Span

if TYPE_CHECKING:
    from dsqa.outside import Answer


class Severity(IntEnum):
    """How much a finding matters; a greater one is worse."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


UNJUDGED = "FIL"
"""The group of what is found where a file could not be judged; nothing silences it."""


class Edit(NamedTuple):
    """The replacement of a span by a text; an empty span inserts. `path` names the source."""

    path: str
    span: Span
    text: str


def apply(source: Source, edits: Iterable[Edit]) -> Source:
    """The source with the edits made; they must not overlap.

    Of two that begin at one place the insertion is made before the replacement.
    """
    pieces, end = [], 0
    for edit in sorted(set(edits), key=lambda edit: (edit.span.start, edit.span.end)):
        pieces += [source.text[end : edit.span.start], edit.text]
        end = edit.span.end
    return Source(source.path, "".join([*pieces, source.text[end:]]), source.marked)


class Fix(NamedTuple):
    """Edits that belong together: all of them are made, or none.

    `safe` says that the words a reader sees stay the same, that answers stay byte-identical
    unless the rule is about them, and that each changed link lands where its label says.
    """

    edits: tuple[Edit, ...]
    safe: bool
    summary: str
    """What the fix does, as the tail of a sentence: `#q1-what-is-it`, `add the line …`."""
    note: str = ""
    """What it leaves for a person to look at, once it is made."""


class Related(NamedTuple):
    """A second place of the same defect, and what is there."""

    path: str
    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect.

    `message` says what is wrong, in a reader's words, with the thing in backticks.
    `reason` says why we think so, where that surprises. `target` is where it should lead instead,
    ready to paste. `question` is the number or the title of the question it belongs to. `evidence`
    is what the world outside answered, where the finding rests on that. `trace` is where dsqa
    itself failed, for whoever is to mend it.
    """

    path: str
    code: str
    name: str
    severity: Severity
    span: Span
    message: str
    reason: str = ""
    target: str = ""
    question: str = ""
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    evidence: Answer | None = None
    trace: str = field(default="", compare=False, repr=False)

    @property
    def unjudged(self) -> bool:
        """Whether it says that something could not be judged."""
        return self.code.startswith(UNJUDGED)
