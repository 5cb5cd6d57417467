"""A question is a heading without a number: `### What is recall?`.

All headings of a level ask, or hardly any does. Where two levels ask, one of the higher level that
has lower ones below it is the title of a group.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dsqa.dialects.sheet import DEEPEST_LEVEL, Asked, Reading, Sheet, next_line
from dsqa.dialects.wording import likeness, marked
from dsqa.document import Heading
from dsqa.words import fold

KEYS = ("heading",)
LEAST_LIKENESS = 0.6
LEAST_MARKED = 0.3
LEAST_MARKED_OF_FEW = 0.5
MANY = 8
VERY_MANY = 16
COVERED = 0.6
FURNITURE = frozenset(
    """table of contents|contents|toc|index|questions|list of questions|answers|references|reference
    |resources|additional resources|useful resources|further reading|links|useful links|license
    |licence|contributing|contributors|contribution|contact|author|authors|about|acknowledgements
    |acknowledgments|credits|support|disclaimer|introduction|overview|conclusion|summary|notes
    |目录|目錄|参考|参考资料|参考文献|目次|참고|참고 자료|목차|содержание|оглавление|ссылки
    |источники|índice|contenido|sommaire|table des matières|inhalt|inhaltsverzeichnis
    |المحتويات""".replace("\n    ", "").split("|")
)
"""What stands beside the questions on their level, and asks nothing."""


def readings(sheet: Sheet) -> Iterator[Reading]:
    headings = [
        heading
        for heading in sheet.outer_headings
        if fold(heading.text) not in FURNITURE and heading.span.start not in sheet.index_headings
    ]
    levels = {
        level: [heading for heading in headings if heading.level == level]
        for level in range(1, DEEPEST_LEVEL + 1)
    }
    for level, same in levels.items():
        if same:
            what = f"headings of level {level}"
            yield _reading(sheet, f"heading-{level}", what, same)
    for level in range(1, DEEPEST_LEVEL):
        leaves = _leaves([h for h in headings if h.level <= level + 1], level)
        upper = [heading for heading in leaves if heading.level == level]
        lower = [heading for heading in leaves if heading.level == level + 1]
        both = min(likeness([h.text for h in some]) for some in (upper, lower))
        if both >= LEAST_LIKENESS and len(upper) > 2 and len(lower) > 2:
            what = f"headings of level {level} and {level + 1} that have none below them"
            yield _reading(sheet, f"heading-{level}-{level + 1}", what, leaves)


def _leaves(headings: Sequence[Heading], level: int) -> list[Heading]:
    """The headings of the level and the next one, without those that head some of the next one."""
    following = [*headings, None][1:]
    return [
        heading
        for heading, below in zip(headings, following, strict=False)
        if heading.level >= level and not (below and below.level > heading.level)
    ]


def _reading(sheet: Sheet, key: str, what: str, headings: Sequence[Heading]) -> Reading:
    texts = [heading.text for heading in headings]
    like = likeness(texts)
    covered = sum(h.span.start in sheet.listed for h in headings) / len(headings)
    least = LEAST_MARKED if len(texts) >= MANY else LEAST_MARKED_OF_FEW
    asks = like >= LEAST_LIKENESS and (marked(texts) >= least or len(texts) >= VERY_MANY)
    weight = like if asks else 0.0
    if covered >= COVERED and like >= LEAST_MARKED and len(headings) > 3:
        weight = max(weight, 0.5 + like / 2)
    asked = tuple(
        Asked(
            heading,
            None,
            heading.text.strip(),
            heading.text_span,
            next_line(sheet.source, heading.span.end),
        )
        for heading in headings
    )
    return Reading(key, what, asked, weight)
