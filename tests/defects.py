"""Defects as they happen to people who write: each is put into a clean document, and knows where.

A defect says which rules name it, and on which lines; what else may be told is what follows from
it: an index line that leads nowhere any more, a number that is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import NamedTuple

from tests.clean import (
    HEADINGS,
    HUB,
    OTHER,
    TITLE,
    Ask,
    Clean,
    Index,
    Piece,
    anchor,
    clean,
    escaped,
    heading,
    label,
)

NO_BREAK_SPACE = "\u00a0"


class Planted(NamedTuple):
    """A document with one defect, and what it was before.

    Right is what one of these `rules` says on one of these `lines`, of the document or of `path`.
    """

    before: Clean
    files: Mapping[str, str]
    path: str
    lines: tuple[int, ...]
    rules: tuple[str, ...]


Plant = Callable[[Clean, Random], Planted | None]
DEFECTS: dict[str, Plant] = {}
"""Each kind of defect by what a person did; none where a document has no place for it."""


def _kind(plant: Plant) -> Plant:
    DEFECTS[plant.__name__.replace("_", " ")] = plant
    return plant


def planted(number: int) -> tuple[str, Planted]:
    """The defect of this number, and what kind it is of: all kinds in turn."""
    names = sorted(DEFECTS)
    kind = names[number % len(names)]
    seed = 1000 * number
    while True:
        document = clean(seed)
        chance = Random(f"defect {seed}")
        found = DEFECTS[kind](document, chance) if len(document.asked) > 1 else None
        if found:
            assert found.files != document.files
            return kind, found
        seed += 1


def _planted(before: Clean, after: Clean, places: tuple[int, ...], rules: str) -> Planted:
    lines = tuple(after.line(place) for place in places)
    return Planted(before, after.files, after.path, lines, tuple(rules.split()))


def _instead(document: Clean, place: int | None, text: str, rules: str) -> Planted | None:
    """The text in place of a piece, where it is found."""
    if place is None or document.pieces[place].text == text:
        return None
    piece = document.pieces[place]._replace(text=text)
    return _planted(document, document.changed(place, piece), (place,), rules)


def _one(document: Clean, chance: Random, role: str) -> int | None:
    places = document.places(role)
    return chance.choice(places) if places else None


def _reworded(document: Clean, chance: Random, words: str) -> str:
    """The words, of which one is another."""
    things = document.style.language.things
    found = [thing for thing in things if thing in words]
    other = chance.choice([thing for thing in things if thing not in words])
    return words.replace(found[0], other, 1)


# The questions


@_kind
def drop_a_heading(document: Clean, chance: Random) -> Planted | None:
    style, number = document.style, chance.randrange(len(document.asked) - 1)
    if style.ask is Ask.FOLDED or not (style.index or style.counted):
        return None
    at, listed = document.place("heading", number), document.place("entry", number)
    if at is None:
        return None
    after = document.changed(at, Piece(""))
    following = after.place("heading", number + 1)
    places = tuple(place for place in (listed, following) if place is not None)
    return _planted(document, after, places, "IDX001 ANC001 TXF001 NUM001")


@_kind
def reword_a_heading(document: Clean, chance: Random) -> Planted | None:
    number = chance.randrange(len(document.asked))
    at, listed = document.place("heading", number), document.place("entry", number)
    if at is None or listed is None:
        return None
    one = document.asked[number]
    text = heading(document.style, one._replace(words=_reworded(document, chance, one.words)))
    piece = document.pieces[at]._replace(text=f"{text}\n")
    return _planted(document, document.changed(at, piece), (listed,), "ANC001 IDX001 IDX004 TXF001")


@_kind
def renumber_a_heading(document: Clean, chance: Random) -> Planted | None:
    style, number = document.style, chance.randrange(len(document.asked))
    at, listed = document.place("heading", number), document.place("entry", number)
    if at is None or not style.counted:
        return None
    one = document.asked[number]
    other = one.number + chance.choice((1, 2, 40))
    if number == len(document.asked) - 1:
        other = one.number + 2
    piece = document.pieces[at]._replace(text=heading(style, one._replace(number=other)) + "\n")
    after = document.changed(at, piece)
    places = tuple(place for place in (at, listed) if place is not None)
    return _planted(document, after, places, "NUM001 NUM002 NUM003 ANC001 IDX004")


@_kind
def ask_a_question_twice(document: Clean, chance: Random) -> Planted | None:
    style, number = document.style, chance.randrange(len(document.asked))
    if not (style.anchored or style.counted):
        return None
    mine = [p for p in document.pieces if p.question == number and p.role != "entry"]
    last = max(n for n, p in enumerate(document.pieces) if p.question == number)
    pieces = (*document.pieces[: last + 1], *mine, *document.pieces[last + 1 :])
    after = replace(document, pieces=pieces)
    at = document.place("heading", number)
    return None if at is None else _planted(document, after, (at, last + 1), "NUM002 ANC002")


@_kind
def put_a_no_break_space_into_a_heading(document: Clean, chance: Random) -> Planted | None:
    return _space_in_a_heading(document, chance, NO_BREAK_SPACE)


@_kind
def put_a_second_blank_into_a_heading(document: Clean, chance: Random) -> Planted | None:
    return _space_in_a_heading(document, chance, "  ")


def _space_in_a_heading(document: Clean, chance: Random, space: str) -> Planted | None:
    number = chance.randrange(len(document.asked))
    at, words = document.place("heading", number), document.asked[number].words
    if document.style.ask not in HEADINGS or at is None or " " not in words:
        return None
    text = document.pieces[at].text.replace(words, space.join(words.rsplit(" ", 1)))
    return _instead(document, at, text, "ANC004")


@_kind
def lower_a_heading(document: Clean, chance: Random) -> Planted | None:
    style, number = document.style, chance.randrange(1, len(document.asked))
    at = document.place("heading", number)
    if style.ask not in (Ask.LABELLED, Ask.NUMBERED) or at is None:
        return None
    text = heading(replace(style, level=style.level + 1), document.asked[number])
    return _instead(document, at, f"{text}\n", "STR003")


@_kind
def forget_the_hashes(document: Clean, chance: Random) -> Planted | None:
    style, number = document.style, chance.randrange(1, len(document.asked))
    at, listed = document.place("heading", number), document.place("entry", number)
    if style.ask not in (Ask.LABELLED, Ask.NUMBERED) or at is None or listed is None:
        return None
    text = document.pieces[at].text.strip("# \n")
    piece = document.pieces[at]._replace(text=f"{text}\n")
    after = document.changed(at, piece)
    return _planted(document, after, (at, listed), "STR010 IDX001 ANC001")


@_kind
def close_a_heading_without_a_blank(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, "heading")
    if document.style.ask not in (Ask.LABELLED, Ask.NUMBERED) or at is None:
        return None
    text = document.pieces[at].text.rstrip("# \n")
    return _instead(document, at, f"{text}###\n", "STR008")


@_kind
def write_a_number_otherwise(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, chance.choice(("heading", "entry")))
    if document.style.ask not in (Ask.LABELLED, Ask.NUMBERED) or at is None:
        return None
    one = document.asked[document.pieces[at].question]
    text = document.pieces[at].text
    return _instead(document, at, text.replace(f" {one.words}", one.words), "NUM004")


@_kind
def glue_a_heading(document: Clean, chance: Random) -> Planted | None:
    number = chance.randrange(1, len(document.asked))
    at = document.place("heading", number)
    if document.style.ask not in (Ask.LABELLED, Ask.NUMBERED, Ask.PLAIN) or at is None:
        return None
    above = document.pieces[at - 1]
    if above.role != "text":
        return None
    after = document.changed(at - 1, above._replace(text=above.text.removesuffix("\n")))
    return _planted(document, after, (at,), "STR007")


# The answers


@_kind
def empty_an_answer(document: Clean, chance: Random) -> Planted | None:
    return _answer_instead(document, chance, "", "ANS001")


@_kind
def put_an_answer_off(document: Clean, chance: Random) -> Planted | None:
    return _answer_instead(document, chance, chance.choice(("TODO", "Coming soon…")), "ANS002")


KEPT = frozenset({"entry", "opening", "heading", "gap", "marker", "closing"})


def _answer_instead(document: Clean, chance: Random, text: str, rules: str) -> Planted | None:
    number = chance.randrange(len(document.asked))
    at = document.place("heading", number)
    text = f"   {text}" if text and document.style.ask in (Ask.ORDERED, Ask.LISTED) else text
    pieces: list[Piece] = []
    for piece in document.pieces:
        if piece.question != number or piece.role in KEPT:
            pieces.append(piece)
        elif text:
            pieces.append(Piece(f"{text}\n\n", "text", number))
            text = ""
    after = replace(document, pieces=tuple(pieces))
    return None if at is None else _planted(document, after, (at,), rules)


@_kind
def leave_code_open(document: Clean, chance: Random) -> Planted | None:
    return _open(document, chance, "```python\n")


@_kind
def leave_a_comment_open(document: Clean, chance: Random) -> Planted | None:
    return _open(document, chance, "<!-- who knows more?\n\n")


@_kind
def leave_marks_of_a_merge(document: Clean, chance: Random) -> Planted | None:
    return _open(document, chance, "<<<<<<< main\nOne.\n=======\nTwo.\n>>>>>>> other\n\n")


def _open(document: Clean, chance: Random, text: str) -> Planted | None:
    """What swallows the questions below, at the beginning of an answer."""
    number = chance.randrange(len(document.asked) - 1)
    at = document.place("text", number)
    if document.style.ask not in HEADINGS - {Ask.LISTED} or at is None:
        return None
    after = document.changed(at, Piece(text, "open", number), document.pieces[at])
    return _planted(document, after, (at,), "STR009")


@_kind
def dress_letters(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "text", r"(?<=\w)\b", " 𝐈𝐧𝐝𝐞𝐞𝐝", "UNI001")


@_kind
def count_with_letters(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, "steps")
    if document.style.ask not in HEADINGS - {Ask.LISTED} or at is None:
        return None
    return _instead(document, at, "a) One thing\n\nb) And another one\n\n", "NUM005")


# The index


@_kind
def drop_an_index_line(document: Clean, chance: Random) -> Planted | None:
    number = chance.randrange(len(document.asked))
    at, asked = document.place("entry", number), document.place("heading", number)
    if at is None or asked is None:
        return None
    after = document.changed(at, Piece(""))
    return _planted(document, after, (asked,), "IDX002")


@_kind
def repeat_an_index_line(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, "entry")
    if at is None:
        return None
    after = document.changed(at, document.pieces[at], document.pieces[at])
    return _planted(document, after, (at, at + 1), "IDX008")


@_kind
def swap_index_lines(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, "entry")
    if at is None or document.pieces[at + 1].role != "entry":
        return None
    after = document.changed(at, document.pieces[at + 1]).changed(at + 1, document.pieces[at])
    return _planted(document, after, (at, at + 1), "IDX007")


@_kind
def change_the_number_of_an_index_line(document: Clean, chance: Random) -> Planted | None:
    at, style = _one(document, chance, "entry"), document.style
    if at is None or style.ask not in (Ask.LABELLED, Ask.NUMBERED):
        return None
    one = document.asked[document.pieces[at].question]
    said, other = label(style, one), label(style, one._replace(number=one.number + 30))
    return _instead(document, at, document.pieces[at].text.replace(said, other, 1), "IDX004")


@_kind
def reword_an_index_line(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, "entry")
    if at is None:
        return None
    words = document.asked[document.pieces[at].question].words
    text = document.pieces[at].text.replace(words, _reworded(document, chance, words), 1)
    return _instead(document, at, text, "IDX004 TXF001")


@_kind
def put_a_no_break_space_into_an_index_line(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, "entry")
    words = "" if at is None else document.asked[document.pieces[at].question].words
    if at is None or " " not in words:
        return None
    text = document.pieces[at].text.replace(words, words.replace(" ", NO_BREAK_SPACE, 1), 1)
    return _instead(document, at, text, "UNI002")


def _lead(document: Clean, chance: Random, rules: str, to: Callable[[str], str]) -> Planted | None:
    """An index line that leads elsewhere; what it leads to is told by where it should lead."""
    at = _one(document, chance, "entry")
    if at is None or not document.style.anchored:
        return None
    one = document.asked[document.pieces[at].question]
    right = f"#{anchor(document.style, one)}"
    return _instead(document, at, document.pieces[at].text.replace(right, to(right)), rules)


@_kind
def break_an_anchor(document: Clean, chance: Random) -> Planted | None:
    def broken(right: str) -> str:
        place = chance.randrange(len(right) // 2, len(right))
        return right[:place] + right[place + 1 :]

    return _lead(document, chance, "ANC001", broken)


@_kind
def change_the_letter_case_of_an_anchor(document: Clean, chance: Random) -> Planted | None:
    return _lead(document, chance, "ANC003", str.upper)


@_kind
def lead_to_another_question(document: Clean, chance: Random) -> Planted | None:
    other = f"#{anchor(document.style, chance.choice(document.asked))}"
    return _lead(document, chance, "IDX005", lambda right: other)


@_kind
def lead_nowhere(document: Clean, chance: Random) -> Planted | None:
    return _lead(document, chance, "IDX003", lambda right: "")


@_kind
def lead_by_a_whole_address(document: Clean, chance: Random) -> Planted | None:
    return _lead(document, chance, "IDX009", lambda right: _address(document, "own/qa", right))


@_kind
def lead_to_a_copy(document: Clean, chance: Random) -> Planted | None:
    return _lead(document, chance, "LNK002", lambda right: _address(document, "ada/qa", right))


@_kind
def lead_to_a_former_name(document: Clean, chance: Random) -> Planted | None:
    return _lead(document, chance, "LNK003", lambda right: _address(document, "own/notes", right))


@_kind
def lead_to_a_former_branch(document: Clean, chance: Random) -> Planted | None:
    def of_master(right: str) -> str:
        return _address(document, "own/qa", right).replace("/main/", "/master/")

    return _lead(document, chance, "LNK004", of_master)


@_kind
def lead_to_another_file(document: Clean, chance: Random) -> Planted | None:
    other = f"../{OTHER}" if "/" in document.path else OTHER
    return _lead(document, chance, "IDX006", lambda right: f"{other}#token")


@_kind
def lead_to_the_line_itself(document: Clean, chance: Random) -> Planted | None:
    """By the very words of the line; those of a list in HTML stand in one block with all others."""
    at = _one(document, chance, "entry")
    if at is None or not document.style.anchored:
        return None
    one = document.asked[document.pieces[at].question]
    words = label(document.style, one).replace("`", "")
    right = f"#{anchor(document.style, one)}"
    text = document.pieces[at].text.replace(right, f"#:~:text={escaped(words)}")
    return _instead(
        document, at, text, "IDX005" if document.style.index is Index.TAGS else "TXF002"
    )


def _address(document: Clean, repository: str, right: str) -> str:
    path = document.path.replace(" ", "%20")
    return f"https://github.com/{repository}/blob/main/{path}{right}"


@_kind
def break_a_text_fragment(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, "entry")
    if at is None or not document.style.by_words:
        return None
    text = re.sub(r"(?<=text=)\w+", "Wherefore", document.pieces[at].text)
    return _instead(document, at, text, "TXF001")


@_kind
def put_an_image_into_the_index(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, "entry")
    image = next((path for path in document.beside if path.endswith(".png")), "")
    image = image.removeprefix("notes/")
    if at is None or not image or document.style.index is not Index.BULLETS:
        return None
    after = document.changed(at, document.pieces[at], Piece(f"\n  ![Two curves]({image})\n\n"))
    return _planted(document, after, (at, at + 1), "STR005")._replace(
        lines=(after.line(at), after.line(at + 1) + 1)
    )


@_kind
def glue_a_line_across_the_page(document: Clean, chance: Random) -> Planted | None:
    entries = document.places("entry")
    if not entries or document.style.index not in (Index.BULLETS, Index.NESTED, Index.COUNTING):
        return None
    at = entries[-1] + 1
    after = document.changed(at, Piece("---\n"), document.pieces[at])
    return _planted(document, after, (at,), "STR006")


# Links and images


def _write(
    document: Clean, chance: Random, roles: str, old: str, new: str, rules: str
) -> Planted | None:
    """A piece of one of the roles, in which something is written otherwise."""
    at = _one(document, chance, chance.choice(roles.split(",")))
    if at is None:
        return None
    return _instead(document, at, re.sub(old, new, document.pieces[at].text, count=1), rules)


@_kind
def break_a_link_to_a_question(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "link", r"\(#(.+)\)", r"(#\1-again)", "ANC001")


@_kind
def break_a_link_to_a_file(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "file,file anchor", "terms\\.md", "term.md", "LNK001")


@_kind
def change_the_letter_case_of_a_file(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "file,file anchor", "terms\\.md", "Terms.md", "LNK001")


@_kind
def break_an_anchor_of_another_file(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "file anchor", "#token", "#tokens", "ANC001")


@_kind
def change_the_letter_case_of_an_anchor_of_another_file(
    document: Clean, chance: Random
) -> Planted | None:
    return _write(document, chance, "file anchor", "#token", "#Token", "ANC003")


@_kind
def leave_a_link_open(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "file,outer link", r"\)\.", ".", "LNK005")


@_kind
def leave_a_link_empty(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "file,outer link", r"\(\S+\)\.", "().", "LNK005")


@_kind
def say_here(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "file,outer link", r"\[.*\]", "[here]", "LNK006")


@_kind
def dash_a_text_fragment(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "outer link", "second%20chapter", "second-chapter", "TXF004")


@_kind
def break_the_path_of_an_image(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "image,html image", r"figures/", "figure/", "IMG001")


@_kind
def change_the_letter_case_of_an_image(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "image,html image", r"figures/", "Figures/", "IMG006")


@_kind
def write_a_backslash_in_the_path_of_an_image(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "image", r"figures/", r"figures\\", "IMG006")


@_kind
def describe_no_image(document: Clean, chance: Random) -> Planted | None:
    return _write(document, chance, "image", r"!\[.*\]", "![image]", "IMG003")


@_kind
def show_a_foreign_image(document: Clean, chance: Random) -> Planted | None:
    far = "(https://example.org/roc.png)"
    return _write(document, chance, "image", r"\(figures/\S+\)", far, "IMG004")


@_kind
def remove_an_image(document: Clean, chance: Random) -> Planted | None:
    at = _one(document, chance, chance.choice(("image", "html image")))
    found = re.search(r"figures/[\w.-]+", document.pieces[at].text) if at is not None else None
    if at is None or not found:
        return None
    left = {path: text for path, text in document.beside.items() if not path.endswith(found[0])}
    return _planted(document, replace(document, beside=left), (at,), "IMG001")


# Comments and other files


@_kind
def silence_nothing(document: Clean, chance: Random) -> Planted | None:
    return _comment(document, chance, "<!-- dsqa: ignore[empty-answer] old -->\n\n", "SUP001")


@_kind
def misspell_what_to_silence(document: Clean, chance: Random) -> Planted | None:
    return _comment(document, chance, "<!-- dsqa: ignore[emty-answer] -->\n\n", "SUP002")


def _comment(document: Clean, chance: Random, text: str, rules: str) -> Planted | None:
    number = chance.randrange(len(document.asked))
    at = document.place("text", number)
    if document.style.ask not in HEADINGS - {Ask.LISTED} or at is None:
        return None
    after = document.changed(at, Piece(text), document.pieces[at])
    return _planted(document, after, (at,), rules)


@_kind
def call_a_file_otherwise(document: Clean, chance: Random) -> Planted | None:
    if HUB not in document.beside:
        return None
    hub = document.beside[HUB].replace(f"[{TITLE}]", "[Questions about everything]")
    after = replace(document, beside={**document.beside, HUB: hub})
    return Planted(document, after.files, HUB, (3,), ("REP001",))


FOLLOWING = {
    "forget the hashes": "NUM001",
    "leave a comment open": "ANC001 IDX001",
    "leave code open": "ANC001 IDX001",
    "leave marks of a merge": "ANS001 STR003",
    "lower a heading": "ANS001",
    "put a no break space into a heading": "ANC001",
    "put a second blank into a heading": "ANC001 IDX004",
    "write a number otherwise": "ANC001 IDX004",
}
"""What else is true of a defect of a kind, and told: the index line of each question that code has
swallowed leads nowhere, a bare number without hashes counts the items of a list, the marks of a
merge underline a paragraph, so that it is a heading, and where a heading gets another anchor, what
leads to the old one is dead."""
