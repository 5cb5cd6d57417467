"""The number before a question: `Q7: `, `Question 7. `, `**Q7)** `, `7. `, `س7: `, `第 7 题：`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from dsqa.document import Marker
from dsqa.source import Source, Span

LABELS = r"""
    Question | Q | Pregunta | Pergunta | Quest[aã]o | Domanda | Frage | Vraag | Fr[aå]ga
    | Spørsmål | Spørgsmål | Kysymys | Pytanie | Otázka | Întrebarea? | Soru | Câu[ ]hỏi | Câu
    | Pertanyaan | Soal | Вопрос | Питання | Пытанне | Въпрос | Питање | Ερώτηση
    | س | سؤال | السؤال | سوال | پرسش | שאלה | प्रश्न | प्र | প্রশ্ন | கேள்வி | คำถาม
    | 질문 | 문제 | 问题 | 問題 | 题目 | 題目 | 質問
"""
"""Words for a question that stand before its number, in any language that has been met."""
LETTERS = r"[A-Z\u0391-\u03a9\u0410-\u042f]"
"""A letter that may be short for such a word, where many questions have it and count upwards."""
NUMERAL = r"\d{1,9} (?: [.\u2013-] \d{1,4} ){0,4}"
BEFORE = r"""
    \s*+ (?: <a \b [^<>]{0,200} > \s*+ (?: </a> )? \s*+ ){0,4} [*_~]{0,3}
"""
BETWEEN = r"[ \t\u00a0]*+ (?: [.\#] [ \t\u00a0]*+ )?"
BEHIND = r"""
    (?:
      [*_~]{0,3} [ \t\u00a0]*+ [:.)\u2013\u2014\uff1a\uff0e\u3001-]++ [*_~]{0,3} [ \t\u00a0]*+
      | [*_~]{0,3} [ \t\u00a0]++ (?! \d )
    )
    (?= \S )
"""
LABELLED = re.compile(
    rf"""
    {BEFORE} (?P<label> {LABELS} ) {BETWEEN}
    (?P<number> {NUMERAL} ) (?! \d | [.\u2013-] \d ) {BEHIND}
    """,
    re.VERBOSE | re.IGNORECASE,
)
LETTERED = re.compile(
    rf"{BEFORE} (?P<label> {LETTERS} ) (?P<number> {NUMERAL} ) (?! \d | [.\u2013-] \d ) {BEHIND}",
    re.VERBOSE,
)
COUNTED = re.compile(
    rf"""
    {BEFORE} (?P<label> 第 ) [ \t]*+ (?P<number> \d{{1,9}} ) [ \t]*+ [个個]? [道题題问問题目]++
    [ \t]*+ [:.)\uff1a\uff0e\u3001-]*+ [ \t]*+ (?= \S )
    """,
    re.VERBOSE,
)
NUMBERED = re.compile(
    rf"""
    {BEFORE} (?P<label> [(\[]? ) (?P<number> {NUMERAL} ) (?! \d | [.\u2013-] \d )
    (?:
      [*_~]{{0,3}} [ \t\u00a0]*+ [:.)\]\uff1a\uff0e\u3001\uff09-]++ [*_~]{{0,3}} [ \t\u00a0]*+
      | (?<= \d [.-] \d ) [*_~]{{0,3}} [ \t\u00a0]++
      | (?<= \d [.-] \d\d ) [*_~]{{0,3}} [ \t\u00a0]++
    )
    (?= \S )
    """,
    re.VERBOSE,
)
HASHED = re.compile(
    rf"""
    {BEFORE} (?P<label> \# | №[ ]? ) (?P<number> {NUMERAL} )
    (?: \s*+ \Z | [*_~]{{0,3}} [ \t]*+ [:.)-]*+ [*_~]{{0,3}} [ \t]++ (?= \S ) )
    """,
    re.VERBOSE,
)

MARKUP = re.compile(r"<[^<>]*>|[*_~]")
NUMBER = re.compile(r"\d+")
LABEL_AGAIN = re.compile(
    r"""
    (?: Question | Q ) [ \t]* (?P<number> [0-9]{0,9} ) [ \t]* [:.)] [ \t]* (?= \S )
    """,
    re.VERBOSE | re.IGNORECASE,
)
LONG_RUN = 6.0
MOST_SLIPS = 0.2
"""So large a share of the numbers may repeat one or go back, if not to the first one: by a slip."""
Reader = Callable[[Source, Span], Marker | None]


def read_marker(source: Source, span: Span) -> Marker | None:
    """The label and the number at the beginning of the words that are written at the span."""
    if not NUMBER.search(source.text, span.start, span.end):
        return None
    return _read(LABELLED, source, span) or _read(COUNTED, source, span)


def read_lettered(source: Source, span: Span) -> Marker | None:
    """A single letter and a number there: `P7. `."""
    return _read(LETTERED, source, span)


def read_number(source: Source, span: Span) -> Marker | None:
    """A number without a label there: `7. `, `2-1) `."""
    marker = _read(NUMBERED, source, span)
    return marker and _without_label(marker)


def read_hashed(source: Source, span: Span) -> Marker | None:
    """A number behind a hash there, with words or without: `#7`."""
    return _read(HASHED, source, span)


def _read(form: re.Pattern[str], source: Source, span: Span) -> Marker | None:
    match = form.match(source.text, span.start, span.end)
    if not match:
        return None
    parts = [int(part) for part in NUMBER.findall(match["number"])]
    return Marker(
        text=MARKUP.sub("", match[0]),
        label=match["label"],
        numeral=NUMBER.sub(lambda part: str(int(part[0])), match["number"]),
        number=parts[0] if len(parts) == 1 else None,
        span=Span(match.start(), match.end()),
        number_span=Span(*match.span("number")),
        name_span=Span(match.start("label"), match.end("number")),
    )


def _without_label(marker: Marker) -> Marker:
    """The marker of a bare number; a bracket before it is no label."""
    return Marker(
        marker.text,
        "",
        marker.numeral,
        marker.number,
        marker.span,
        marker.number_span,
        marker.number_span,
    )


def parts(marker: Marker) -> tuple[int, ...]:
    """The numbers of which its numeral consists."""
    return tuple(int(part) for part in NUMBER.findall(marker.numeral))


def steadiness(found: Sequence[Marker]) -> float:
    """How long the numbers go on upwards before they begin again, from 0 to 1."""
    counted = [parts(marker) for marker in found]
    falls = [pair for pair in pairwise(counted) if pair[1] <= pair[0]]
    slips = sum(before == after or after[-1] > 1 for before, after in falls)
    breaks = len(falls) - (slips if slips <= MOST_SLIPS * len(counted) else 0)
    mean = len(counted) / (breaks + 1)
    return 1.0 if not breaks else min(1.0, mean / LONG_RUN)


def words_after_marker(text: str) -> str:
    """What a reader sees behind the label and the number; all of it where there are none."""
    match = LABELLED.match(text) or COUNTED.match(text)
    return text[match.end() :] if match else text


def words_after(marker: Marker, text: str) -> str:
    """What a reader sees of the text behind the marker that was read in it."""
    for form in (LABELLED, COUNTED, LETTERED, NUMBERED, HASHED):
        match = form.match(text)
        if match and NUMBER.findall(match["number"]) and _same(match, marker):
            return text[match.end() :]
    return text


def _same(match: re.Match[str], marker: Marker) -> bool:
    return NUMBER.sub(lambda part: str(int(part[0])), match["number"]) == marker.numeral


def spelling(marker: Marker, *, number: str = "7") -> str:
    """How the marker is written, with another number in it, and without blanks before it."""
    return NUMBER.sub(number, marker.text.replace("\u00a0", " ").lstrip(), count=1)


def label_again(source: Source, marker: Marker, end: int) -> Span | None:
    """Where the words behind the marker begin with the same label again: `Q7: Question 7: `."""
    match = LABEL_AGAIN.match(source.text, marker.span.end, end)
    same = match and match["number"] in ("", source[marker.number_span])
    return Span(*match.span()) if match and same else None
