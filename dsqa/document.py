"""The parsed Q&A file: what stands in it, and where."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import NamedTuple, TypeVar

from dsqa.source import Source, Span, Spans

T = TypeVar("T")
HASHES = re.compile(r"[ \t]*(?P<hashes>\#+)[ \t]*")


class AnswerState(Enum):
    """Whether a question is answered, and if not, what stands there instead."""

    ANSWERED = "answered"
    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    IMAGE_ONLY = "image-only"
    OUTSOURCED = "outsourced"

    def __str__(self) -> str:
        return self.value


UNWRITTEN = frozenset({AnswerState.EMPTY, AnswerState.PLACEHOLDER})


class Link(NamedTuple):
    """A link as written. `href` is unescaped but not decoded.

    `href_span` is where the href is written, without angle brackets or quotes; empty for `]()`.
    `style` is inline, reference, autolink, bare or html.
    """

    span: Span
    text: str
    text_span: Span
    href: str
    href_span: Span
    style: str = "inline"


class Image(NamedTuple):
    """An image as written; `style` is inline, reference or html."""

    span: Span
    alt: str
    alt_span: Span
    href: str
    href_span: Span
    style: str = "inline"


LONGEST_GROUP = 500
"""Characters of the name of a group, which is told again with each question in it."""


class Heading(NamedTuple):
    """A heading; `text` is what a reader sees, `text_span` where its words are written.

    `span` is the whole heading with its marks. `anchor` is the id that GitHub gives to it. `nested`
    says that it stands in a quotation or in an item of a list. `style` is heading; or what stands
    in place of one above an answer, without a level and an anchor of its own: bold, line, summary,
    item, or file.
    """

    span: Span
    level: int
    text: str
    text_span: Span
    anchor: str
    html: bool = False
    nested: bool = False
    style: str = "heading"

    @property
    def genuine(self) -> bool:
        """Whether Markdown or HTML knows it as a heading."""
        return self.style == "heading"

    @property
    def group(self) -> str:
        """The name of the group of questions below it."""
        return self.text.strip()[:LONGEST_GROUP]


class Block(NamedTuple):
    """A piece of visible text that begins and ends with a block or a hard line break."""

    text: str
    span: Span


class Line(NamedTuple):
    """The first line of a paragraph that stands by itself, in no list and no quotation.

    `text` is what a reader sees of it, `text_span` where its words are written. `bold` says that
    all of it is bold; `begins_bold` that its first words are.
    """

    span: Span
    text: str
    text_span: Span
    bold: bool
    begins_bold: bool = False


class Fold(NamedTuple):
    """What a reader unfolds: `<details>` with its `<summary>`, which is the heading.

    `depth` counts the folds around it.
    """

    span: Span
    heading: Heading
    depth: int


class Cell(NamedTuple):
    """A cell of a table."""

    text: str
    text_span: Span
    links: tuple[Link, ...]


class Table(NamedTuple):
    """A table; its first row is the one of titles. Each row is told by its line."""

    span: Span
    rows: tuple[tuple[Span, tuple[Cell, ...]], ...]


class Marker(NamedTuple):
    """What stands before the words of a question or of its entry: `Q7: `.

    `span` runs from its first character to the first of the words. `text` is what is written
    there, as a reader sees it. `name_span` holds the label and the number: `Q7`. `numeral` is the
    number in plain digits, and `number` its value; a numeral of several parts, `2-1`, has none.
    """

    text: str
    label: str
    numeral: str
    number: int | None
    span: Span
    number_span: Span
    name_span: Span

    @property
    def name(self) -> str:
        """How one speaks of what it stands before: `Q7`; `No. 7` where it has no label."""
        return f"{self.label}{self.numeral}" if self.label else f"No. {self.numeral}"


class Answer(NamedTuple):
    """All that stands below a question, up to the next one.

    `span` begins with the line after the heading. `marker` is the `Answer:` that introduces it.
    `evidence` is what the state rests on: the placeholder, the one link, the marker. `expected`
    says that most others of its kind are answered; a list of bare questions is none of answers.
    """

    span: Span
    state: AnswerState
    marker: Span | None = None
    evidence: Span | None = None
    expected: bool = True

    @property
    def bare(self) -> bool:
        """Whether nothing stands there, and nothing is missing."""
        return self.state is AnswerState.EMPTY and not self.expected

    @property
    def owed(self) -> bool:
        """Whether it still has to be written."""
        return self.state in UNWRITTEN and not self.bare


class Question(NamedTuple):
    """A question: its heading, its number, its words, its answer."""

    heading: Heading
    marker: Marker | None
    title: str
    title_span: Span
    answer: Answer
    group: str = ""

    @property
    def number(self) -> int | None:
        return self.marker.number if self.marker else None

    @property
    def name(self) -> str:
        """How one speaks of it: `Q7`, or its words where it has no number."""
        return self.marker.name if self.marker else self.title

    @property
    def labelled(self) -> bool:
        """Whether a word for it stands before its number."""
        return self.marker is not None and bool(self.marker.label)

    @property
    def name_span(self) -> Span:
        """Where its name is written in its heading."""
        return self.marker.name_span if self.marker else self.title_span

    @property
    def span(self) -> Span:
        return Span(self.heading.span.start, self.answer.span.end)


class Entry(NamedTuple):
    """One item of an index.

    `label` is what a reader sees of it, with blanks at its ends; `link` is None for plain text.
    `question` is the question that it means by its number and its words, wherever its link leads;
    `sure` says that both agree on that one, or that the words are near it and far from others.
    `listing` is the list, the table or the run of lines that it stands in.
    """

    span: Span
    label: str
    label_span: Span
    marker: Marker | None
    title: str
    link: Link | None
    group: str = ""
    question: Question | None = None
    sure: bool = False
    listing: Span = Span(0, 0)

    @property
    def number(self) -> int | None:
        return self.marker.number if self.marker else None

    @property
    def name(self) -> str:
        return self.marker.name if self.marker else self.title.strip()


class Index(NamedTuple):
    """A list of the questions, in one or more groups; `kind` is how it is made."""

    span: Span
    kind: str
    entries: tuple[Entry, ...]


MOST_BLANKS = 1_000
"""Characters beside a comment on its line; where there are more, they are taken not to be blank."""
MOST_RULES, FOR_A_RULE = 1_000, 256
"""So many rules may be named in the comments of any text, and one more for each so many characters.
A comment with more than are left was not written by hand, and silences nothing."""


class Suppression(NamedTuple):
    """`<!-- dsqa: ignore[rule] reason -->`: findings of the rules are silent within `scope`.

    `verb` is ignore, disable, enable or disable-file. `rules` holds codes or names as written; none
    means every rule.
    """

    span: Span
    verb: str
    rules: tuple[tuple[str, Span], ...]
    reason: str
    scope: Span
    verb_span: Span
    nameless: bool = False
    """Whether a bracket for rules has none in it, or too many; then it silences nothing."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """A way to read the questions of a document: how the settings name it, and what speaks for it.

    `count` is how many questions there are, read so, `first` and `last` where they begin. `beside`
    says that it reads what a better one leaves out. `weight` is what a better one needs to exceed.
    """

    key: str
    what: str
    count: int
    weight: float
    first: Span
    last: Span
    beside: bool = False


class ListItem(NamedTuple):
    """An item of a list: its mark, and the first paragraph inside it.

    `mark` is `*`, `-`, `+`, `.` or `)`; `ordinal` is the number before the last two. `lazy` are the
    lines of that paragraph that belong to the item only because no blank line parts them from it.
    """

    span: Span
    mark: str
    ordinal: int | None
    mark_span: Span
    text: str = ""
    text_span: Span = Span(0, 0)
    links: tuple[Link, ...] = ()
    lazy: tuple[Span, ...] = ()


class ItemList(NamedTuple):
    """A list; `depth` counts the lists around it."""

    span: Span
    ordered: bool
    depth: int
    items: tuple[ListItem, ...]


@dataclass(frozen=True, eq=False)
class Document:
    """A source and all that the rules ask about it, complete at birth.

    `anchors` maps every name that one can link to in it to its place. `blocks` is its visible text
    in order. `codes` are the spans of code, where characters are meant as they are. `breaks` are
    the thematic breaks. `paragraphs` are the spans of paragraphs outside the index.
    `reasons` tell what was recognised, and by what. `recognitions` are the ways to read it, the
    chosen one first; `doubtful` says that other files of the repository may know better.
    """

    source: Source
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    anchors: Mapping[str, Span]
    blocks: tuple[Block, ...]
    lists: tuple[ItemList, ...]
    tables: tuple[Table, ...]
    paragraphs: tuple[Span, ...]
    codes: tuple[Span, ...]
    breaks: tuple[Span, ...]
    indexes: tuple[Index, ...]
    questions: tuple[Question, ...]
    comments: tuple[Span, ...]
    suppressions: tuple[Suppression, ...]
    dialect: str
    reasons: tuple[str, ...]
    recognitions: tuple[Recognition, ...] = ()
    doubtful: bool = False

    @property
    def path(self) -> str:
        return self.source.path

    @cached_property
    def addresses(self) -> tuple[Link | Image, ...]:
        """All that leads somewhere, in order."""
        both: list[Link | Image] = [*self.links, *self.images]
        return tuple(sorted(both, key=lambda address: address.span))

    @cached_property
    def addresses_by_href(self) -> Mapping[str, Sequence[Link | Image]]:
        """The same by what they say, each in order."""
        alike: dict[str, list[Link | Image]] = defaultdict(list)
        for address in self.addresses:
            alike[address.href].append(address)
        return alike

    def address_at(self, offset: int) -> Link | Image | None:
        """What leads somewhere and holds the character at the offset; an image's link before it."""
        place = bisect.bisect_right(self.addresses, offset, key=lambda one: one.span.start)
        around = self.addresses[max(place - 2, 0) : place]
        return next((one for one in around if offset < one.span.end), None)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for index in self.indexes for entry in index.entries)

    @cached_property
    def listings(self) -> Collection[Span]:
        """The lists, the tables and the runs of lines in which its index lines stand."""
        return frozenset(entry.listing for entry in self.entries)

    @cached_property
    def entry_of_link(self) -> Mapping[Link, Entry]:
        return {entry.link: entry for entry in self.entries if entry.link}

    @cached_property
    def entry_of_question(self) -> Mapping[Question, Entry]:
        """The first entry that means the question."""
        return {entry.question: entry for entry in reversed(self.entries) if entry.question}

    @cached_property
    def entries_of_heading(self) -> Mapping[Span, Sequence[Entry]]:
        """All entries that mean the question of a heading, by the place of that."""
        entries: dict[Span, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.question:
                entries[entry.question.heading.span].append(entry)
        return entries

    @cached_property
    def question_starts(self) -> tuple[int, ...]:
        return tuple(question.span.start for question in self.questions)

    @cached_property
    def linked(self) -> Spans:
        """Where its links stand."""
        return Spans.of(link.span for link in self.links)

    @cached_property
    def commented(self) -> Spans:
        """Where its comments stand."""
        return Spans.of(self.comments)

    def question_at(self, offset: int) -> Question | None:
        """The question whose heading or answer holds the character at the offset."""
        place = bisect.bisect_right(self.question_starts, offset) - 1
        if place < 0:
            return None
        question = self.questions[place]
        return question if offset < question.span.end else None

    def asked_at(self, offset: int) -> tuple[Question | None, Entry | None]:
        """The question to which the place belongs, and the index line if that is where it is."""
        question = self.question_at(offset)
        entry = None if question else self.entry_at(offset)
        return question or (entry.question if entry else None), entry

    def label_words(self, entry: Entry) -> Span:
        """Where the label of the entry is written, without the blanks at its ends."""
        return self.trimmed(entry.label_span)

    def trimmed(self, span: Span) -> Span:
        """The span without the blanks at its ends."""
        text = self.source[span]
        start = span.start + len(text) - len(text.lstrip())
        return Span(start, max(span.start + len(text.rstrip()), start))

    @cached_property
    def item_of_entry(self) -> Mapping[Entry, tuple[ItemList, ListItem]]:
        """The list, and the item of it, that an entry is."""
        items = {item.span.start: (each, item) for each in self.lists for item in each.items}
        return {e: items[e.span.start] for e in self.entries if e.span.start in items}

    def heading_at(self, offset: int) -> Heading | None:
        """The heading that holds the character at the offset."""
        place = bisect.bisect_right(self.heading_starts, offset) - 1
        heading = self.headings[place] if place >= 0 else None
        return heading if heading and offset < heading.span.end else None

    def heading_above(self, offset: int) -> Heading | None:
        """The last heading that begins before the offset."""
        place = bisect.bisect_left(self.headings, offset, key=lambda heading: heading.span.start)
        return self.headings[place - 1] if place else None

    def headings_in(self, span: Span) -> tuple[Heading, ...]:
        """The headings that begin inside the span."""
        return _beginning_in(self.headings, span, lambda heading: heading.span.start)

    def hashes(self, heading: Heading) -> tuple[Span, ...]:
        """Where its hashes are written: those that open it, and those that close it."""
        words = heading.text_span
        around = (Span(heading.span.start, words.start), Span(words.end, heading.span.end))
        matches = (HASHES.fullmatch(self.source.text, place.start, place.end) for place in around)
        return tuple(Span(*match.span("hashes")) for match in matches if match)

    @cached_property
    def heading_starts(self) -> tuple[int, ...]:
        return tuple(heading.span.start for heading in self.headings)

    def entry_at(self, offset: int) -> Entry | None:
        """The index line that holds the character at the offset."""
        place = bisect.bisect_right(self.entry_starts, offset) - 1
        entry = self.sorted_entries[place] if place >= 0 else None
        return entry if entry and offset <= entry.span.end else None

    @cached_property
    def sorted_entries(self) -> tuple[Entry, ...]:
        return tuple(sorted(self.entries, key=lambda entry: entry.span))

    @cached_property
    def entry_starts(self) -> tuple[int, ...]:
        return tuple(entry.span.start for entry in self.sorted_entries)

    def block_at(self, span: Span) -> int | None:
        """The place among the blocks of the first that shares a character with the span."""
        place = bisect.bisect_left(self.block_starts, span.start)
        while place > 0 and self.blocks[place - 1].span.overlaps(span):
            place -= 1
        found = place < len(self.blocks) and self.blocks[place].span.overlaps(span)
        return place if found else None

    @cached_property
    def block_starts(self) -> tuple[int, ...]:
        return tuple(block.span.start for block in self.blocks)

    @cached_property
    def outline(self) -> tuple[Heading, ...]:
        """The headings that part the document: those of its questions, and those in no answer."""
        asking = {question.heading.span for question in self.questions}
        return tuple(
            heading
            for heading in self.headings
            if heading.span in asking or not self.question_at(heading.span.start)
        )

    @cached_property
    def groups(self) -> tuple[Heading, ...]:
        """The headings of the outline that ask no question."""
        asking = {question.heading.span for question in self.questions}
        return tuple(heading for heading in self.outline if heading.span not in asking)

    def paragraph_at(self, offset: int) -> Span | None:
        """The paragraph that holds the character at the offset."""
        place = bisect.bisect(self.paragraphs, offset, key=lambda paragraph: paragraph.start)
        paragraph = self.paragraphs[place - 1] if place else None
        return paragraph if paragraph and offset < paragraph.end else None

    def paragraphs_in(self, span: Span) -> tuple[Span, ...]:
        """The paragraphs that begin inside the span."""
        return _beginning_in(self.paragraphs, span, lambda paragraph: paragraph.start)

    @cached_property
    def outermost_lists(self) -> tuple[ItemList, ...]:
        return tuple(each for each in self.lists if not each.depth)

    def in_list(self, span: Span) -> bool:
        """Whether it is a part of a list."""
        lists = self.outermost_lists
        place = bisect.bisect(lists, span.start, key=lambda each: each.span.start)
        return place > 0 and span in lists[place - 1].span

    def lists_in(self, span: Span) -> tuple[ItemList, ...]:
        """The lists that begin inside the span, the inner ones too."""
        return _beginning_in(self.lists, span, lambda each: each.span.start)

    def images_in(self, span: Span) -> tuple[Image, ...]:
        """The images that begin inside the span."""
        return _beginning_in(self.images, span, lambda image: image.span.start)

    def code_blocks_in(self, span: Span) -> tuple[Span, ...]:
        """The code that begins inside the span, without that in running text."""
        codes = _beginning_in(self.codes, span, lambda code: code.start)
        return tuple(code for code in codes if not self.paragraph_at(code.start))

    def code_at(self, offset: int) -> Span | None:
        """The code that holds the character at the offset."""
        place = bisect.bisect(self.codes, offset, key=lambda code: code.start)
        code = self.codes[place - 1] if place else None
        return code if code and offset < code.end else None

    def in_code(self, span: Span) -> bool:
        place = bisect.bisect_left(self.codes, span.end, key=lambda code: code.start)
        return place > 0 and span.overlaps(self.codes[place - 1])


def _beginning_in(things: tuple[T, ...], span: Span, start: Callable[[T], int]) -> tuple[T, ...]:
    first = bisect.bisect_left(things, span.start, key=start)
    return things[first : bisect.bisect_left(things, span.end, key=start)]
