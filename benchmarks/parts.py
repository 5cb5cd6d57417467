"""How the time of each part grows that compares much with much: `python benchmarks/parts.py`.

Each is asked alone, for documents of 1,200 to 9,600 questions, two megabytes to 16; to read them is
no part of it. It ends with 1 if a time grows faster than with the power of 1.15 of the size.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.growth import EXPONENT, exponent
from benchmarks.questions import ANCHORS, WORDS, Kind, text
from benchmarks.timing import table
from dsqa.alignment import align
from dsqa.document import Document
from dsqa.finding import Edit, apply
from dsqa.history.changes import Change, Hunk
from dsqa.history.comparison import Comparison, arising
from dsqa.linter import lint
from dsqa.repair.difference import changes, hunks
from dsqa.rules import rules
from dsqa.standing import Repository
from dsqa.workspace import Memory, Workspace

PATH = "questions.md"
SIZES = (1_200, 2_400, 4_800, 9_600)
ROUNDS = 2
Work = Callable[[], object]


def world(written: str) -> tuple[Workspace, Document]:
    space = Workspace(Memory({PATH: written}), Repository("own/qa"))
    return space, space.parsed(PATH)


def landings(kind: Kind) -> Work:
    space, document = world(text(kind))
    return lambda: [space.landing(document, link) for link in document.links]


def alignment(size: int) -> Work:
    _, document = world(text(Kind(size, ANCHORS, broken=1)))
    entries = [entry._replace(question=None) for entry in document.entries]
    return lambda: align(entries, document.questions, document.anchors)


def duplicates(size: int) -> Work:
    """All headings say the same, and so do all lines of the index."""
    entry, section = "* [What is it?](#what-is-it)\n", f"### What is it?\n\n{'So. ' * 350}\n\n"
    space, document = world(f"{entry * size}\n{section * size}")
    asked = [rule for rule in rules() if rule.name.startswith(("duplicate", "ambiguous"))]
    return lambda: lint(document, space, asked)


def two_states(size: int) -> tuple[Sequence[str], Sequence[str]]:
    """The lines of a document, and those of the same one in which half of the index is broken."""
    both = (text(Kind(size, ANCHORS, broken)) for broken in (0, 0.5))
    old, new = (one.splitlines(keepends=True) for one in both)
    return old, new


def difference(size: int) -> Work:
    old, new = two_states(size)
    return lambda: list(hunks(old, new))


def edits(size: int) -> Work:
    _, document = world(text(Kind(size)))
    made = [Edit(PATH, heading.text_span, "What?") for heading in document.headings]
    return lambda: apply(document.source, made)


def since(size: int) -> Work:
    """What of the findings is new."""
    old, new = two_states(size)
    (before, _), (now, document) = world("".join(old)), world("".join(new))
    found = {PATH: lint(document, now)}
    changed = tuple(
        Hunk(one.old.start + 1, len(one.old), one.new.start + 1, len(one.new))
        for one in changes(old, new)
    )
    compared = Comparison(before, now, {PATH: Change(PATH, PATH, changed)})
    usual = [rule for rule in rules() if rule.on]
    return lambda: arising(found, compared, {PATH: usual}, usual)


PARTS: dict[str, Callable[[int], Work]] = {
    "text fragments that lead somewhere": lambda size: landings(Kind(size, WORDS)),
    "text fragments that do not": lambda size: landings(Kind(size, WORDS, broken=1)),
    "the nearest of all anchors": lambda size: landings(Kind(size, ANCHORS, broken=1)),
    "index lines and their sections": alignment,
    "what is there twice": duplicates,
    "a diff": difference,
    "edits": edits,
    "what is new since another state": since,
}


def seconds(part: Callable[[int], Work], size: int) -> float:
    """The least of what it took of the processor; each time in a world that knows nothing yet."""
    times = []
    for _ in range(ROUNDS):
        work = part(size)
        gc.collect()
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def main() -> int:
    lengths = [len(text(Kind(size))) for size in SIZES]
    rows, kept = [], True
    for name, part in PARTS.items():
        times = [seconds(part, size) for size in SIZES]
        power = exponent(lengths, times)
        kept = kept and power is not None and power <= EXPONENT
        rows.append([name, *(f"{one:.3f}" for one in times), f"{power:.2f}"])
    head = ["part", *(f"{size:,} questions" for size in SIZES), "exponent"]
    sys.stdout.write(table(head, rows))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
