"""From documents to the exported data."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from typing import TypeVar

from dsqa.dialects.marked_answer import visible_answer
from dsqa.document import Block, Document, Entry, Image, Link, Question
from dsqa.exporters.contract import (
    AnswerData,
    DocumentData,
    EntryData,
    ImageData,
    LinkData,
    QuestionData,
)
from dsqa.question_ids import question_ids
from dsqa.source import Source, Span
from dsqa.workspace import Workspace

BLANK_LINES = re.compile(r"\A(?:[ \t]*+(?>\r\n|\r|\n))++")
T = TypeVar("T", Block, Image, Link)


def document_data(path: str, document: Document, world: Workspace) -> DocumentData:
    """The data of the document, under the path to print."""
    title = next((heading.text for heading in document.headings if heading.level == 1), None)
    return DocumentData(
        path=path,
        title=one_line(title) if title is not None else None,
        dialect=document.dialect or None,
        index=tuple(_entry(entry, document, world) for entry in document.entries),
        questions=tuple(
            _question(question, f"{document.path}#{name}", document)
            for question, name in question_ids(document).items()
        ),
    )


def _entry(entry: Entry, document: Document, world: Workspace) -> EntryData:
    landing = world.landing(document, entry.link) if entry.link else None
    reached = landing.question if landing else None
    return EntryData(
        number=entry.number,
        title=one_line(entry.title),
        href=entry.link.href if entry.link else None,
        target=reached.heading.anchor if reached else None,
        question=entry.question.heading.anchor if entry.question else None,
        line=document.source.line_of(entry.span.start),
    )


def _question(question: Question, name: str, document: Document) -> QuestionData:
    source = document.source
    line = source.line_of(question.heading.span.start)
    end_line = max(last_line(source, question.span.end), line)
    first = source.line_of(max(question.heading.span.end - 1, 0)) + 1
    return QuestionData(
        id=name,
        number=question.number,
        numeral=question.marker.numeral if question.marker else None,
        title=one_line(question.title),
        anchor=question.heading.anchor,
        line=line,
        end_line=end_line,
        group=one_line(question.group) or None,
        answer=AnswerData(
            markdown=_markdown(question, document),
            text="\n\n".join(
                visible_answer(source, question.answer, _inside(document.blocks, question.span))
            ),
            state=question.answer.state.value,
            line=min(first, end_line),
            end_line=end_line,
        ),
        images=tuple(
            ImageData(alt=image.alt, href=image.href, line=source.line_of(image.span.start))
            for image in _inside(document.images, question.span)
        ),
        links=tuple(
            LinkData(text=link.text, href=link.href, line=source.line_of(link.span.start))
            for link in _inside(document.links, question.span)
        ),
    )


def _markdown(question: Question, document: Document) -> str:
    """The answer without its marker, the blank lines around it, and the rule that ends it."""
    source, answer = document.source, question.answer
    start = answer.marker.end if answer.marker else answer.span.start
    end = answer.span.end
    first, last = (bisect.bisect_left(document.breaks, place, key=_start) for place in (start, end))
    for rule in reversed(document.breaks[first:last]):
        if rule.end > end or source.text[rule.end : end].strip():
            break
        end = rule.start
    text = source.text[start:end].rstrip()
    behind_marker = text.lstrip(" \t") if answer.marker else text
    return BLANK_LINES.sub("", behind_marker, count=1)


def _start(span: Span) -> int:
    return span.start


def last_line(source: Source, end: int) -> int:
    """The line before the one that begins at `end`; at the end of the text, the line it ends on.

    So a final line end begins one more line, as editors count.
    """
    if end < len(source.text):
        return max(source.line_of(end) - 1, 1)
    return source.line_count + (1 if source.text.endswith(("\n", "\r")) else 0)


def one_line(text: str) -> str:
    """The words one blank apart; no-break spaces and line ends are blanks."""
    return " ".join(text.split())


def _inside(things: Sequence[T], span: Span) -> Sequence[T]:
    """Those that begin inside the span; they are in order."""
    first, last = (
        bisect.bisect_left(things, offset, key=lambda thing: thing.span.start)
        for offset in (span.start, span.end)
    )
    return things[first:last]
