"""How a file was read: which lines are the index, which are questions, and why."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.detection import THIN
from dsqa.document import Document
from dsqa.reporters import counted, printable
from dsqa.run import Item


def explained(item: Item) -> str:
    """What was recognised in the file."""
    return "".join(f"{line}\n" for line in _lines(item))


def _readings(document: Document) -> Iterator[str]:
    """How else the questions could be read, how clear it is, and what would settle it."""
    if not document.recognitions:
        return
    chosen, *others = document.recognitions
    for rival in [other for other in others if not other.beside][:1]:
        times = chosen.weight / rival.weight
        place = document.source.line_of(rival.first.start)
        clear = "" if times >= THIN else "; this is not clear"
        yield (
            f"  rather than {counted(rival.count, 'question')} from line {place} on, "
            f"{printable(rival.what)}: {times:.1f} times as much speaks for it{clear}"
        )
    kinds = {index.kind for index in document.indexes}
    path = document.path.replace("\\", "\\\\").replace('"', '\\"')
    settled = [("question", chosen.key)]
    if not any(question.answer.expected for question in document.questions):
        settled.append(("answer", "none"))
    if len(kinds) < 2:
        settled.append(("index", next(iter(kinds), "none")))
    yield "  to settle it, in `[tool.dsqa]`:"
    yield from (
        f'    {axis} = {{ "/{printable(path)}" = "{printable(way)}" }}' for axis, way in settled
    )


def _lines(item: Item) -> Iterator[str]:
    document, source = item.document, item.document.source
    yield printable(item.shown)
    if not document.reasons:
        yield "  nothing was recognised as questions and answers"
    yield from (f"  {printable(reason)}" for reason in document.reasons)
    yield from _readings(document)
    standing = item.workspace.standing(document)
    if standing.repository.name:
        why = "by its own links" if standing.inferred else "by settings or git"
        yield f"  it belongs to `{printable(standing.repository.name)}`, {why}"
    for index in document.indexes:
        yield "\nindex"
        for entry in index.entries:
            meant = entry.question.name if entry.question else "no question"
            sure = "" if entry.sure or not entry.question else " (not sure)"
            landing = item.workspace.landing(document, entry.link) if entry.link else None
            reached = landing.question.name if landing and landing.question else "no question"
            line = source.line_of(entry.span.start)
            yield f"  {line:>5}  names {printable(meant)}{sure}, leads to {printable(reached)}"
    if document.questions:
        yield "\nquestions"
    for question in document.questions:
        first = source.line_of(question.span.start)
        last = source.line_of(max(question.span.end - 1, question.span.start))
        group = f"  [{printable(question.group)}]" if question.group else ""
        title = printable(" ".join(question.title.split()), limit=60)
        yield (
            f"  {first:>5}-{last:<5} {question.answer.state!s:<11} "
            f"{f'{printable(question.name)}: ' if question.marker else ''}{title}{group}"
        )
