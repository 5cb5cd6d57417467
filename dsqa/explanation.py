"""How a file was read: which lines are the index, which are questions, and why."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.reporters import printable
from dsqa.run import Item


def explained(item: Item) -> str:
    """What was recognised in the file."""
    return "".join(f"{line}\n" for line in _lines(item))


def _lines(item: Item) -> Iterator[str]:
    document, source = item.document, item.document.source
    yield printable(item.shown)
    if not document.reasons:
        yield "  nothing was recognised as questions and answers"
    yield from (f"  {printable(reason)}" for reason in document.reasons)
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
            f"{printable(question.name)}: {title}{group}"
        )
