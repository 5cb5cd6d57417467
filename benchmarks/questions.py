"""Files of questions and answers, as long as one likes: the same ones in every run.

A question has some 1,700 characters with its answer and its line in the index, so 19 of them are a
usual file, and 6,000 are ten megabytes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SEED = 7
NOUNS = """
    anchor batch buffer cache channel cluster commit compiler container cursor daemon decorator
    deadlock dependency digest driver encoder endpoint event exception factory fixture gateway
    generator graph handler hash heap index interface iterator journal kernel key ledger lexer
    listener lock manifest mapper matrix message metric migration module mutex namespace network
    node observer packet parser partition pipeline pointer pool proxy query queue record reducer
    registry replica request resolver router schema scope segment semaphore session shard signal
    snapshot socket stack stream subscriber table template thread token trigger tuple vector
""".split()
ASKING = (
    "What is the difference between a {} and a {}?",
    "How does a {} cooperate with a {}?",
    "When would you prefer a {} to a {}?",
    "Why is a {} often built on top of a {}?",
    "Which problems does a {} solve that a {} leaves open?",
    "Can a {} be replaced by a {} without a change for its users?",
)
SAYING = (
    "A {} keeps what the {} has promised until the next {} asks for it.",
    "Nothing forces the {} to wait, but without a {} it cannot know whether the {} is still fresh.",
    "In practice the {} is small, the {} is large, and the time is spent on the {} between them.",
    "As soon as a second {} appears, each {} has to be told apart by its {}.",
    "Measure the {} first; a slow {} is blamed far more often than it is guilty, unlike the {}.",
    "The usual mistake is to share one {} among every {} and to forget the *{}*.",
    "Most teams start with `{}`, move to a **{}** later, and keep the {} for tests.",
    "A {} isn’t free: the {} pays for it at once, and the {} whenever it’s asked.",
)
ANCHORS, WORDS = "anchors", "words"
"""How the index leads to the questions: by their anchors, or by text fragments."""
FIGURES = 20
DOUBTFUL = """\
Where to read on
----------------

<div align="center">

> [The *first*][first] of [some [bracketed] words](#index), `a ]( b`

</div>

[first]: #index
"""
"""What cannot be told line by line: headings that are underlined, HTML, brackets in brackets."""


@dataclass(frozen=True)
class Kind:
    """What a file is like: how many questions, what its index leads by, which share is broken.

    A doubtful one ends with what takes a whole parser to understand.
    """

    questions: int
    index: str = ANCHORS
    broken: float = 0
    doubtful: bool = False
    seed: int = SEED


def text(kind: Kind) -> str:
    """The file."""
    chance = random.Random(f"{kind.seed} {kind.questions}")
    titles = _titles(chance, kind.questions)
    answers = [_answer(chance, titles) for _ in titles]
    before = ["Questions and answers", *(answer.rsplit("\n\n", 1)[-1] for answer in answers)]
    entries = (
        f"* [{title}]({_href(title, words, kind, chance)})"
        for title, words in zip(titles, before, strict=False)
    )
    sections = (f"### {title}\n\n{answer}\n" for title, answer in zip(titles, answers, strict=True))
    lines = ["# Interview questions 🚀\n", "## Index\n", *entries]
    lines += ["\n## Questions and answers\n", *sections]
    return "\n".join([*lines, DOUBTFUL] if kind.doubtful else lines)


def _titles(chance: random.Random, count: int) -> list[str]:
    pairs = len(NOUNS) * (len(NOUNS) - 1)
    titles = []
    for number, drawn in enumerate(chance.sample(range(len(ASKING) * pairs), count), 1):
        way, pair = divmod(drawn, pairs)
        first, other = divmod(pair, len(NOUNS) - 1)
        second = NOUNS[other + (other >= first)]
        titles.append(f"Q{number}: {ASKING[way].format(NOUNS[first], second)}")
    return titles


def _answer(chance: random.Random, titles: list[str]) -> str:
    """Some paragraphs, and what else is usual; it ends with a paragraph of plain words."""
    parts = ["Answer:", _paragraph(chance, 5)]
    parts.append("\n".join(f"* {_sentence(chance)}" for _ in range(4)))
    if chance.random() < 0.3:
        name, other = chance.sample(NOUNS, 2)
        parts.append(f"```python\ndef {name}(self, {other}):\n    return self[{other}]\n```")
    if chance.random() < 0.1:
        number = chance.randrange(FIGURES)
        parts.append(f"![A {chance.choice(NOUNS)} at work](figures/{number}.png)")
    if chance.random() < 0.2:
        title = chance.choice(titles)
        parts.append(f"See also [the question about it](#{slug(title)}).")
    if chance.random() < 0.05:
        rows = (f"| {chance.choice(NOUNS)} | {chance.randrange(100)} ms |" for _ in range(4))
        parts.append("\n".join(["| what | how long |", "| --- | ---: |", *rows]))
    parts.append(_paragraph(chance, 5))
    parts.append(f"So much for the {' '.join(chance.sample(NOUNS, 3))}.")
    return "\n\n".join(parts)


def _paragraph(chance: random.Random, sentences: int) -> str:
    return "\n".join(_sentence(chance) for _ in range(sentences))


def _sentence(chance: random.Random) -> str:
    return chance.choice(SAYING).format(*chance.sample(NOUNS, 3))


def slug(title: str) -> str:
    """The anchor of a title, of which all characters are ASCII."""
    kept = (c for c in title.lower() if c.isalnum() or c in " -")
    return "".join(kept).replace(" ", "-")


def _href(title: str, before: str, kind: Kind, chance: random.Random) -> str:
    """Where the index leads; a broken line leads to a title with one more word."""
    if chance.random() < kind.broken:
        first, *others = title.split()
        at = chance.randrange(len(others))
        title = " ".join([first, *others[:at], chance.choice(NOUNS), *others[at:]])
    if kind.index == ANCHORS:
        return f"#{slug(title)}"
    prefix = quote(" ".join(before.split()[-4:]), safe="")
    return f"#:~:text={prefix}-,{quote(title, safe='')}"


def many(files: int, questions: int) -> Iterator[tuple[str, Kind]]:
    """The files of a repository: half of them by anchors, and one entry of twenty is broken."""
    for number in range(files):
        index = WORDS if number % 2 else ANCHORS
        kind = Kind(questions, index, broken=0.05, seed=SEED + number)
        yield f"topic-{number // 50:02}/file-{number:04}.md", kind


def write(folder: Path, files: dict[str, Kind]) -> None:
    """Write the files, and the figures that they show."""
    for path, kind in files.items():
        place = folder / path
        figures = place.parent / "figures"
        if not figures.is_dir():
            figures.mkdir(parents=True)
            for number in range(FIGURES):
                (figures / f"{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        place.write_text(text(kind), encoding="utf-8")
