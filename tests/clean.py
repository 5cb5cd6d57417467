"""Documents in which nothing is wrong, in every way of writing that is read: the same in every run.

A document is made of pieces that know what they are, so that a defect can be put into it, and its
place be told, without a look at how the document is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from random import Random
from typing import NamedTuple
from urllib.parse import quote

from benchmarks.questions import ASKING, NOUNS, SAYING, slug


class Language(NamedTuple):
    """Words to ask and to answer with; a question holds two of the things, a sentence three."""

    things: Sequence[str]
    asking: Sequence[str]
    saying: Sequence[str]
    label: str = "Q{}"
    contents: str = "Index"
    answers: str = "Answers"
    groups: Sequence[str] = ("First steps", "Daily work", "Rare cases")


ENGLISH = Language(NOUNS, ASKING, SAYING)
LANGUAGES = (
    ENGLISH,
    ENGLISH,
    ENGLISH,
    Language(
        "Äußerung Brücke Datei Faden Gerät Hülle Kanal Knoten Menge Öffnung Schlüssel Wächter"
        " Würfel Zähler".split(),
        (
            "Wie unterscheiden sich {} und {}?",
            "Warum braucht die Größe „{}“ auch {}?",
            "Wozu dient {} neben {}?",
        ),
        (
            "Hier geht {} vor {}, und {} folgt später.",
            "Für {} und {} zählt allein, was {} daraus macht.",
            "Man prüft zuerst {}, dann {}, und erst am Ende {}.",
        ),
        "Frage {}",
        "Übersicht",
        "Antworten",
        ("Grundlagen", "Alltag", "Seltenes"),
    ),
    Language(
        "буфер граф журнал кеш ключ модуль образ очередь пакет поток сервер таблица узел".split(),
        (
            "Чем отличается {} от того, что делает {}?",
            "Зачем нужен {} там, где есть {}?",
            "Как связаны {} и {}?",
        ),
        (
            "Сначала идёт {}, потом {}, и только затем {}.",
            "Для этого есть {} и {}, но не {}.",
            "Обычно {} меньше, чем {}, а {} нигде не нужен.",
        ),
        "Вопрос {}",
        "Содержание",
        "Ответы",
        ("Основы", "Практика", "Редкости"),
    ),
    Language(
        "缓存 队列 线程 进程 事务 索引 接口 模块 容器 节点 信号 令牌 日志".split(),
        ("{}和{}有什么区别？", "为什么{}需要{}？", "如何用{}代替{}？"),
        (
            "首先是{}，然后是{}，最后才是{}。",
            "这里{}比{}快，但是{}更稳定。",
            "通常先检查{}，再检查{}和{}。",
        ),
        "第 {} 题：",
        "目录",
        "答案",
        ("基础", "日常", "少见"),
    ),
    Language(
        "캐시 버퍼 스레드 큐 모듈 노드 토큰 패킷 신호 세션 스택 커널".split(),
        (
            "{} 및 {} 사이에는 어떤 차이가 있나요?",
            "왜 {} 없이는 {} 작업이 느린가요?",
            "{} 대신 {} 방식을 쓰면 어떻게 되나요?",
        ),
        (
            "먼저 {} 작업을 하고 {} 다음에 {} 작업을 한다.",
            "여기서는 {} 쪽이 {} 또는 {} 쪽보다 빠르다.",
        ),
        "질문 {}",
        "목차",
        "답변",
        ("기초", "실무", "드문 경우"),
    ),
)


class Ask(StrEnum):
    """How questions are written: as headings, with a number or without, or otherwise."""

    LABELLED = auto()
    NUMBERED = auto()
    PLAIN = auto()
    LISTED = auto()
    BOLD = auto()
    COUNTED = auto()
    FOLDED = auto()
    ORDERED = auto()
    HTML = auto()
    FILE = auto()


class Index(StrEnum):
    """How an index is made."""

    BULLETS = auto()
    COUNTING = auto()
    NESTED = auto()
    TABLE = auto()
    LINES = auto()
    TAGS = auto()


HEADINGS = frozenset({Ask.LABELLED, Ask.NUMBERED, Ask.PLAIN, Ask.LISTED})
TICKED = "- [ ] All of it.\n- [x] A part of it."
BREAKS = {"*": "  ", "-": "<br>", "+": "\n"}
"""What ends a line of an index that is no list."""


@dataclass(frozen=True)
class Style:
    """How a document is written."""

    language: Language
    ask: Ask
    index: Index | None = None
    by_words: bool = False
    """Whether the index leads by text fragments, where there is no anchor."""
    groups: int = 0
    level: int = 3
    separator: str = ": "
    closed: bool = False
    bullet: str = "*"
    marker: str = ""
    """What stands before each answer."""
    restarts: bool = False
    """Whether each group is numbered anew; a bare number that does so too often is a word."""
    front: str = ""
    end: str = "\n"
    ended: bool = True
    emoji: bool = False

    @property
    def anchored(self) -> bool:
        """Whether questions have anchors of their own."""
        return self.ask in HEADINGS or self.ask is Ask.HTML

    @property
    def counted(self) -> bool:
        """Whether questions have numbers of their own, and not those that Markdown counts."""
        return self.ask in (Ask.LABELLED, Ask.NUMBERED, Ask.LISTED, Ask.COUNTED)


class Piece(NamedTuple):
    """Some whole lines, what they are, and the question they belong to."""

    text: str
    role: str = ""
    question: int = -1


class Asked(NamedTuple):
    """A question: its number, its words as they are written, and its group."""

    number: int
    words: str
    group: str = ""


@dataclass(frozen=True)
class Clean:
    """A document, the files beside it, and what it is made of."""

    path: str
    style: Style
    asked: tuple[Asked, ...]
    pieces: tuple[Piece, ...]
    beside: Mapping[str, str]

    @property
    def text(self) -> str:
        return written(self.pieces, self.style)

    @property
    def files(self) -> dict[str, str]:
        return {self.path: self.text, **self.beside}

    def places(self, role: str) -> list[int]:
        """Where among the pieces those of the role are."""
        return [place for place, piece in enumerate(self.pieces) if piece.role == role]

    def place(self, role: str, question: int) -> int | None:
        return next((n for n in self.places(role) if self.pieces[n].question == question), None)

    def line(self, place: int) -> int:
        """The line on which the piece begins."""
        return 1 + sum(piece.text.count("\n") for piece in self.pieces[:place])

    def changed(self, place: int, *pieces: Piece) -> Clean:
        """The document with these pieces in the place of one."""
        return replace(self, pieces=(*self.pieces[:place], *pieces, *self.pieces[place + 1 :]))


def written(pieces: Sequence[Piece], style: Style) -> str:
    text = "".join(piece.text for piece in pieces)
    return (text if style.ended else text.rstrip("\n")).replace("\n", style.end)


def clean(seed: int) -> Clean:
    """The document of this number."""
    chance = Random(f"clean {seed}")
    style = _style(chance)
    asked = tuple(_asked(chance, style))[: 1 if style.ask is Ask.FILE else None]
    path = chance.choice(("qa.md", "notes/topics.md", "Fragen & Antworten.md"))
    folder = "notes/" if "/" in path else ""
    images = [f"figures/{name}.png" for name in chance.sample(NOUNS, 2)]
    pieces = tuple(_pieces(chance, style, asked, images, f"../{OTHER}" if folder else OTHER))
    shown = "".join(piece.text for piece in pieces)
    beside = {OTHER: OTHER_TEXT, **{f"{folder}{one}": "" for one in images if one in shown}}
    if chance.random() < 0.3:
        title = asked[0].words if style.ask is Ask.FILE else TITLE
        listed = {title: quote(path), **MORE}
        beside |= {name: f"# {title}\n\n{MORE_TEXT}" for title, name in MORE.items()}
        beside[HUB] = "# All\n\n" + "".join(f"* [{of}]({to})\n" for of, to in listed.items())
    return Clean(path, style, asked, pieces, beside)


ELSEWHERE = (
    "[the old list](https://github.com/own/qa/blob/v1.0/terms.md)",
    "[another collection](https://github.com/other/book/blob/main/README.md#terms)",
    "[the book](https://example.org/book?page=7#recall)",
    "[its second chapter](https://example.org/book#:~:text=The%20second%20chapter)",
    "[the issues](https://github.com/own/qa/issues)",
)
HUB, TITLE = "README.md", "Questions and answers"
OTHER, OTHER_TITLE = "terms.md", "All terms"
MORE = {"What else there is": "more.md", "What comes last": "last.md"}
MORE_TEXT = "## Q1: What is a token?\n\nA word.\n"
OTHER_TEXT = f"# {OTHER_TITLE}\n\nWords that are used here.\n\n## Token\n\nA word.\n"


def _style(chance: Random) -> Style:
    language = chance.choice(LANGUAGES)
    ask = chance.choice((*Ask, Ask.LABELLED, Ask.PLAIN))
    style = Style(
        language,
        ask,
        level=chance.choice((2, 3, 4)),
        separator=chance.choice((": ", ". ", ") ")),
        closed=ask in (Ask.LABELLED, Ask.NUMBERED, Ask.PLAIN) and chance.random() < 0.2,
        bullet=chance.choice("*-+"),
        marker=_marker(chance, ask) if language is ENGLISH or ask is Ask.FILE else "",
        restarts=ask is Ask.LABELLED and chance.random() < 0.3,
        front=chance.choice(("", "", "---\ntitle: Notes\ntags: [a, b]\n---\n\n")),
        end=chance.choice(("\n", "\n", "\n", "\r\n")),
        ended=chance.random() < 0.9,
        emoji=chance.random() < 0.2,
    )
    index = chance.choice(
        (
            Index.BULLETS,
            Index.BULLETS,
            Index.BULLETS,
            Index.COUNTING,
            Index.NESTED,
            Index.TABLE,
            Index.LINES,
            Index.TAGS,
        )
    )
    if style.anchored:
        if index is Index.NESTED:
            return replace(style, index=index, groups=2, level=4)
        return replace(style, index=index)
    by_words = ask in (Ask.BOLD, Ask.FOLDED) and language is ENGLISH and chance.random() < 0.6
    return replace(style, index=Index.BULLETS if by_words else None, by_words=by_words)


def _marker(chance: Random, ask: Ask) -> str:
    if ask is Ask.FILE:
        return "## Answer"
    if ask in (Ask.LABELLED, Ask.NUMBERED, Ask.PLAIN) and chance.random() < 0.3:
        return chance.choice(("##### Answer", "<details>\n<summary>Show answer</summary>", TICKED))
    return chance.choice(("", "", "Answer:", "**Answer:**"))


def _asked(chance: Random, style: Style) -> Iterator[Asked]:
    language, seen = style.language, set[str]()
    count = chance.randint(5, 9)
    things = chance.sample(language.things, len(language.things))
    for number in range(1, count + 1):
        way = language.asking[number % len(language.asking)]
        first, second = things[number % len(things)], things[(3 * number + 1) % len(things)]
        if first == second:
            second = things[(3 * number + 2) % len(things)]
        code = (
            language is ENGLISH
            and style.ask not in (Ask.FOLDED, Ask.HTML)
            and style.index is not Index.TAGS
        )
        if code and chance.random() < 0.2:
            first = f"`{first}`"
        words = way.format(first, second)
        if words not in seen:
            seen.add(words)
            later = number > count // 2
            group = language.groups[later] if style.groups else ""
            before = count // 2 if style.groups and style.restarts and later else 0
            yield Asked(len(seen) - before, words, group)


def _pieces(
    chance: Random, style: Style, asked: Sequence[Asked], images: Sequence[str], other: str
) -> Iterator[Piece]:
    if style.front:
        yield Piece(style.front, "front")
    if style.ask is not Ask.FILE:
        yield Piece(f"# {TITLE}{' 🚀' if style.emoji else ''}\n\n", "title")
    bodies = [
        list(_body(chance, style, asked, number, images, other)) for number in range(len(asked))
    ]
    if style.index:
        yield Piece(f"## {style.language.contents}\n\n", "index title")
        yield from _index(style, asked, bodies)
        yield Piece("\n")
    if style.groups or style.ask is Ask.LISTED or (style.index and style.level > 2):
        yield Piece(f"## {style.language.answers}\n\n", "answers title")
    for number, one in enumerate(asked):
        if style.groups and (not number or asked[number - 1].group != one.group):
            yield Piece(f"### {one.group}\n\n", "group")
        if style.ask is Ask.FOLDED:
            yield Piece("<details>\n", "opening", number)
        yield Piece(f"{heading(style, one)}\n", "heading", number)
        yield Piece("\n", "gap", number)
        yield from bodies[number]
        if style.ask is Ask.FOLDED:
            yield Piece("</details>\n\n", "closing", number)


def name(style: Style, one: Asked) -> str:
    """The number of a question, as it stands before its words."""
    match style.ask:
        case Ask.LABELLED:
            said = style.language.label.format(one.number)
            return said if said.endswith("：") else said + style.separator
        case Ask.NUMBERED | Ask.COUNTED:
            return f"{one.number}{'. ' if style.separator == ': ' else style.separator}"
    return ""


def heading(style: Style, one: Asked) -> str:
    """The line or lines that ask a question."""
    words, hashes = f"{name(style, one)}{one.words}", "#" * style.level
    match style.ask:
        case Ask.BOLD | Ask.COUNTED:
            return f"**{words}**"
        case Ask.FOLDED:
            return f"<summary>{words}</summary>"
        case Ask.ORDERED:
            return f"{one.number}. {words}"
        case Ask.LISTED:
            return f"{one.number}. {hashes} {words}"
        case Ask.HTML:
            return f'<h{style.level} id="question-{one.number}">{words}</h{style.level}>'
        case Ask.FILE:
            return f"# {words}"
    return f"{hashes} {words}{f' {hashes}' if style.closed else ''}"


def anchor(style: Style, one: Asked) -> str:
    """The name that the host gives to the heading of a question."""
    return slug(f"{name(style, one)}{one.words}")


def label(style: Style, one: Asked) -> str:
    """What the index says of a question."""
    if style.index is Index.COUNTING and style.ask in (Ask.NUMBERED, Ask.LISTED, Ask.PLAIN):
        return one.words
    return f"{name(style, one)}{one.words}"


def href(style: Style, one: Asked, body: Sequence[Piece]) -> str:
    """Where the index leads."""
    if not style.by_words:
        return f"#{anchor(style, one)}"
    behind = " ".join(body[0].text.split()[:3]).strip(".,:*")
    return f"#:~:text={escaped(one.words.replace('`', ''))},-{escaped(behind)}"


def escaped(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


def _index(
    style: Style, asked: Sequence[Asked], bodies: Sequence[Sequence[Piece]]
) -> Iterator[Piece]:
    if style.index is Index.TABLE:
        yield Piece("| No. | Question |\n| ---: | --- |\n")
    if style.index is Index.TAGS:
        yield Piece("<ul>\n")
    group = ""
    for number, one in enumerate(asked):
        if one.group != group:
            group = one.group
            yield Piece(f"{style.bullet} [{group}](#{slug(group)})\n")
        yield Piece(entry(style, one, href(style, one, bodies[number])), "entry", number)
    if style.index is Index.TAGS:
        yield Piece("</ul>\n")


def entry(style: Style, one: Asked, to: str) -> str:
    """The line of the index for a question."""
    said = label(style, one)
    match style.index:
        case Index.COUNTING:
            return f"{one.number}. [{said}]({to})\n"
        case Index.NESTED:
            return f"  {style.bullet} [{said}]({to})\n"
        case Index.TABLE:
            return f"| {one.number} | [{said}]({to}) |\n"
        case Index.LINES:
            return f"[{said}]({to}){BREAKS[style.bullet]}\n"
        case Index.TAGS:
            return f'<li><a href="{to}">{said}</a></li>\n'
    return f"{style.bullet} [{said}]({to})\n"


def _body(
    chance: Random,
    style: Style,
    asked: Sequence[Asked],
    number: int,
    images: Sequence[str],
    other: str,
) -> Iterator[Piece]:
    """The answer to a question, a blank line behind each part of it."""
    indent = {Ask.LISTED: "   ", Ask.ORDERED: "   "}.get(style.ask, "")

    def piece(text: str, role: str) -> Piece:
        lines = (f"{indent}{line}" if line else "" for line in text.split("\n"))
        return Piece("\n".join(lines) + "\n\n", role, number)

    if style.marker:
        yield piece(style.marker, "marker")
    yield piece(_paragraph(chance, style), "text")
    for part in chance.sample(range(12), 3):
        match part:
            case 0:
                drawn = f"A drawing of a {chance.choice(NOUNS)}"
                yield piece(f"![{drawn}]({chance.choice(images)})", "image")
            case 1:
                yield piece(f"Its words are in [the list of terms]({other}).", "file")
            case 2 if style.anchored:
                one = asked[(number + 1) % len(asked)]
                yield piece(f"See also [the question after it](#{anchor(style, one)}).", "link")
            case 3:
                yield piece("```python\n# Q1: no heading\nprint('[x](y)')\n```", "code")
            case 4:
                items = "\n".join(f"- {_sentence(chance, style)}" for _ in range(3))
                yield piece(items, "list")
            case 5:
                yield piece(
                    "| what | how long |\n| --- | ---: |\n| a | 3 ms |\n| b | 4 ms |", "table"
                )
            case 6:
                yield piece("The sum is $𝑥 + 𝑦$ over ℝ, as `x` and `y` are 👍.", "math")
            case 7:
                yield piece(f"> {_sentence(chance, style)}", "quotation")
            case 8:
                yield piece(f"It is said in {chance.choice(ELSEWHERE)}.", "outer link")
            case 9:
                yield piece("1. One thing\n2. And another one", "steps")
            case 10:
                yield piece(f'<img src="{chance.choice(images)}" alt="Two curves">', "html image")
            case _:
                yield piece(f"A token is [a word]({other}#token) 🙂.", "file anchor")
    yield piece(_paragraph(chance, style), "text")
    if style.marker.startswith("<details>"):
        yield piece("</details>", "closing")


def _paragraph(chance: Random, style: Style) -> str:
    return "\n".join(_sentence(chance, style) for _ in range(2))


def _sentence(chance: Random, style: Style) -> str:
    language = style.language
    return chance.choice(language.saying).format(*chance.sample(list(language.things), 3))
