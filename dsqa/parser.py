"""A source becomes a document. What it does not know, it leaves out."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from dsqa import markdown
from dsqa.alignment import align
from dsqa.detection import FREE, Choice, Detection, detect
from dsqa.dialects import WayToAnswer, marked_answer, ways_to_answer
from dsqa.dialects.answers import ticked_option
from dsqa.dialects.listing import entry_listings
from dsqa.dialects.sheet import Listing, Sheet
from dsqa.document import (
    FOR_A_RULE,
    MOST_BLANKS,
    MOST_RULES,
    AnswerState,
    Block,
    Document,
    Entry,
    Heading,
    Image,
    Index,
    Link,
    Question,
    Recognition,
    Suppression,
)
from dsqa.html import TAGS_ONLY
from dsqa.markdown import Markdown
from dsqa.markdown.density import check_questions
from dsqa.slug import unique_slugs
from dsqa.source import Source, Span

COMMENT = r"""(?sx)
    <!-- \s*+ dsqa: \s*+
    (?P<verb> [a-z-]++ ) \s*+
    (?: \[ (?P<rules> [^\]]* ) \] )?
    (?P<reason> .* ) -->
"""
NOTHING_TO_SEE = re.compile(TAGS_ONLY)
RULE = re.compile(r"[^\s,]+")
ANSWERED = 0.2
ANSWERED_ITEMS = 0.6
"""Where fewer are answered, nobody set out to answer them."""
FEW = 5
NOTHING = "none"
"""What the settings call an axis on which there is nothing."""
T = TypeVar("T", Block, Image, Link)


def parse(
    source: Source, habits: Mapping[str, int] | None = None, choice: Choice = FREE
) -> Document:
    """What stands in the source: index, questions, answers, and all that can be linked to.

    `habits` says in how many other files of the repository the questions are marked in which way,
    `choice` what a person has settled. Raises Oversized where there is too much for its length.
    """
    read = markdown.read(source)
    headings = _anchored(read.headings)
    anchors = _anchors(headings, read.names)
    sheet = Sheet(source, read, headings, anchors)
    detection = detect(sheet, habits, choice.question)
    check_questions(len(detection.sections), source.text)
    questions = tuple(_questions(source, read, detection))
    ways = [_way(sheet, question, choice.answer) for question in questions]
    questions = tuple(_expecting(sheet, questions, ways, choice.answer))
    indexes = tuple(_indexes(sheet, questions, choice.index))
    questions = _grouped(questions, indexes)
    indexes = tuple(_naming(indexes, questions))
    return Document(
        source=source,
        headings=headings,
        links=read.links,
        images=read.images,
        anchors=anchors,
        blocks=read.blocks,
        lists=read.lists,
        tables=read.tables,
        paragraphs=read.paragraphs,
        codes=read.codes,
        breaks=read.breaks,
        indexes=indexes,
        questions=questions,
        comments=read.comments,
        suppressions=tuple(_suppressions(source, read)),
        dialect=detection.best.what if detection.best else "",
        reasons=tuple(_reasons(source, indexes, ways, detection)),
        recognitions=tuple(_recognitions(detection)),
        doubtful=detection.open and not choice.question,
    )


def _anchored(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    slugs = unique_slugs(heading.text for heading in headings)
    return tuple(
        heading._replace(anchor=slug) for heading, slug in zip(headings, slugs, strict=True)
    )


def _anchors(headings: Sequence[Heading], names: Sequence[tuple[str, Span]]) -> dict[str, Span]:
    """All names that one can link to; a heading's own goes before one that an author gave."""
    anchors = dict(reversed(names))
    anchors.update((heading.anchor, heading.span) for heading in headings)
    return anchors


def _questions(source: Source, read: Markdown, detection: Detection) -> Iterator[Question]:
    for section in detection.sections:
        asked = section.asked
        blocks: Sequence[Block] = _inside(read.blocks, section.body)
        images: Sequence[Image] = _inside(read.images, section.body)
        links: Sequence[Link] = _inside(read.links, section.body)
        yield Question(
            heading=asked.heading if asked.heading.genuine else _named(source, read, asked.heading),
            marker=asked.marker,
            title=asked.title,
            title_span=asked.title_span,
            answer=marked_answer.read_answer(source, section.body, blocks, images, links),
            group=section.group,
        )


def _named(source: Source, read: Markdown, heading: Heading) -> Heading:
    """What stands in place of a heading, with the name that its author gave to it, if any."""
    place = bisect.bisect_left(read.names, heading.span.end, key=lambda name: name[1].start) - 1
    if place < 0:
        return heading
    name, span = read.names[place]
    end = max(heading.span.start, span.start)
    beside = NOTHING_TO_SEE.fullmatch(source.text, span.start, end)
    return heading._replace(anchor=name) if beside else heading


def _way(sheet: Sheet, question: Question, chosen: str) -> WayToAnswer | None:
    """In which way the answer is told from the question; None if it is just the text below."""
    ways = (way for way in ways_to_answer() if not chosen or way.name == chosen)
    return next((way for way in ways if way.introduction(sheet, question.answer.span)), None)


def _expecting(
    sheet: Sheet, questions: Sequence[Question], ways: Sequence[WayToAnswer | None], chosen: str
) -> Iterator[Question]:
    """The questions, each of which knows whether those of its kind are answered.

    Where an option is ticked in most quizzes, one without a tick has no answer.
    """
    quizzes = [
        way is None and any(ticked_option.options(sheet, question.answer.span))
        for question, way in zip(questions, ways, strict=True)
    ]
    ticked = sum(way is not None and way.name == ticked_option.NAME for way in ways)
    if ticked > sum(quizzes):
        questions = [
            question._replace(answer=question.answer._replace(state=AnswerState.EMPTY))
            if quiz and _is_bare_quiz(sheet, question)
            else question
            for question, quiz in zip(questions, quizzes, strict=True)
        ]
    kinds = Counter(question.heading.style for question in questions)
    empty = Counter(q.heading.style for q in questions if q.answer.state is AnswerState.EMPTY)
    for question in questions:
        style = question.heading.style
        least = ANSWERED_ITEMS if style == "item" else ANSWERED
        few = kinds[style] < FEW and style != "item"
        expected = bool(chosen) or few or kinds[style] - empty[style] >= least * kinds[style]
        expected = expected and chosen != NOTHING
        yield question._replace(answer=question.answer._replace(expected=expected))


def _is_bare_quiz(sheet: Sheet, question: Question) -> bool:
    """Whether nothing stands below the last option."""
    last = sheet.lists_in(question.answer.span)[-1].span.end
    return not sheet.source.text[last : question.answer.span.end].strip("-*_ \t\r\n")


def _recognitions(detection: Detection) -> Iterator[Recognition]:
    """The ways to read the questions: the one that was chosen, what goes with it, the others."""
    best = detection.believed[:1]
    for reading in (*best, *detection.beside, *detection.believed[1:]):
        yield Recognition(
            key=reading.key,
            what=reading.what,
            count=len(reading.asked),
            weight=reading.score,
            first=reading.asked[0].heading.span,
            last=reading.asked[-1].heading.span,
            beside=reading in detection.beside,
        )


def _inside(things: Sequence[T], span: Span) -> Sequence[T]:
    first = bisect.bisect_left(things, span.start, key=lambda thing: thing.span.start)
    last = bisect.bisect_left(things, span.end, key=lambda thing: thing.span.start)
    return things[first:last]


def _indexes(sheet: Sheet, questions: Sequence[Question], chosen: str) -> Iterator[Index]:
    """The listings that name questions; those with no question between them are one index."""
    listings = entry_listings(sheet, questions)
    found = sorted(
        (pair for pair in listings if chosen in ("", pair[0].kind)), key=lambda pair: pair[0].span
    )
    entries = [entry for _, group in found for entry in group]
    aligned = iter(align(entries, questions, sheet.anchors))
    starts = [question.span.start for question in questions]
    parts: dict[int, list[tuple[Listing, Entry]]] = {}
    for listing, group in found:
        before = bisect.bisect_left(starts, listing.span.start)
        parts.setdefault(before, []).extend((listing, next(aligned)) for _ in group)
    for part in parts.values():
        first = part[0][0]
        titled = len({entry.group for _, entry in part}) > 1
        yield Index(
            Span(first.span.start, max(listing.span.end for listing, _ in part)),
            first.kind,
            tuple(
                sorted(
                    (entry if titled else entry._replace(group="") for _, entry in part),
                    key=lambda entry: entry.span,
                )
            ),
        )


def _grouped(questions: Sequence[Question], indexes: Sequence[Index]) -> tuple[Question, ...]:
    """The questions in the groups of the index if it has some, else in those of the body."""
    titles = {
        entry.question.heading.span: entry.group
        for index in indexes
        for entry in index.entries
        if entry.question and entry.group
    }
    titled = len({question.group for question in questions}) > 1
    return tuple(
        question._replace(
            group=titles.get(question.heading.span, "")
            if titles
            else (question.group if titled else ""),
        )
        for question in questions
    )


def _naming(indexes: Sequence[Index], questions: Sequence[Question]) -> Iterator[Index]:
    """The indexes, whose entries name these very questions."""
    by_place = {question.heading.span: question for question in questions}
    for index in indexes:
        yield index._replace(
            entries=tuple(
                entry._replace(question=by_place[entry.question.heading.span])
                if entry.question
                else entry
                for entry in index.entries
            ),
        )


def _suppressions(source: Source, read: Markdown) -> Iterator[Suppression]:
    found = [
        (span, match)
        for span in read.comments
        if (match := re.compile(COMMENT).fullmatch(source.text, span.start, span.end))
    ]
    headings, images = read.headings, read.images
    others = [*(heading.span for heading in headings), *(image.span for image in images)]
    blocks = sorted([*read.paragraphs, *read.codes, *read.breaks, *others]) if found else []
    end = len(source.text)
    ends = [*sorted(span.start for span, match in found if match["verb"] == "enable"), end]
    most = MOST_RULES + end // FOR_A_RULE
    for span, match in found:
        start = match.start("rules")
        named = list(islice(RULE.finditer(match["rules"] or ""), most + 1))
        rules = tuple(
            (rule[0], Span(start + rule.start(), start + rule.end()))
            for rule in (named if len(named) <= most else ())
        )
        most -= len(rules)
        match match["verb"]:
            case "disable-file":
                scope = Span(0, end)
            case "disable":
                scope = Span(span.start, ends[bisect.bisect(ends, span.start)])
            case "ignore":
                scope = _next_block(source, blocks, span)
            case _:
                scope = span
        reason = match["reason"].strip()
        open_bracket = match["rules"] is None and reason.startswith("[")
        nameless = open_bracket or (match["rules"] is not None and not rules)
        verb_span = Span(*match.span("verb"))
        yield Suppression(span, match["verb"], rules, reason, scope, verb_span, nameless)


def _next_block(source: Source, blocks: Sequence[Span], comment: Span) -> Span:
    """The lines of the block around the comment, or else those down to the end of the next one.

    So a comment between the items of a list, or above it, means the item below.
    """
    place = bisect.bisect_right(blocks, comment.start, key=lambda block: block.start)
    line = source.line_of(comment.start)
    lines = source.lines_span(line, source.line_of(comment.end - 1))
    around = blocks[place - 1] if place and comment in blocks[place - 1] else None
    if around:
        return source.lines_span(source.line_of(around.start), source.line_of(around.end - 1))
    if len(lines) > len(comment) + MOST_BLANKS or source[lines].strip() != source[comment]:
        return lines
    below = bisect.bisect_left(blocks, comment.end, key=lambda block: block.start)
    last = blocks[below].end if below < len(blocks) else comment.end
    return Span(comment.start, source.line_span(source.line_of(max(last - 1, 0))).end)


def _reasons(
    source: Source,
    indexes: Sequence[Index],
    ways: Sequence[WayToAnswer | None],
    detection: Detection,
) -> Iterator[str]:
    """What was recognised, on which lines, and by what."""
    for reading in (*detection.believed[:1], *detection.beside):
        first, last = reading.asked[0].heading.span, reading.asked[-1].heading.span
        number = len(reading.asked)
        where = _lines(source, Span(first.start, last.end))
        yield f"{number} question{'s' * (number > 1)} on {where}: {reading.what}"
    for index in indexes:
        known = sum(entry.question is not None for entry in index.entries)
        number = len(index.entries)
        yield (
            f"an index on {_lines(source, index.span)}: a {index.kind} outside the answers, whose "
            f"lines name a question by number and words ({known} of {number})"
        )
    told = Counter(way.what for way in ways if way)
    if ways and not told:
        yield "answers: the text below each question"
    for what, number in told.most_common():
        yield f"answers that are told by {what}: {number} of {len(ways)}"


def _lines(source: Source, span: Span) -> str:
    first, last = source.line_of(span.start), source.line_of(max(span.end - 1, span.start))
    return f"line {first}" if first == last else f"lines {first} to {last}"
