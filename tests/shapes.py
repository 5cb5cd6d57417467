"""Texts that were made to be slow, as long as one likes; the public suite tells them as data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from dsqa import markdown
from dsqa.markdown import density
from dsqa.source import Oversized, Source, Undecodable

Shape = Callable[[int], str]
Part = list[str | int]
WORDS = "and so on "
SPARE = 100
"""So many signs are left for what stands around a shape."""
PARTS = (1, 1.2, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 100)
"""What is refused for what is found in it, or is in doubt, is tried with such parts of it."""


def read(file: Path) -> Iterator[tuple[str, Shape]]:
    """The shapes of a suite with their names; those that are one text, whatever the number, too."""
    for case in json.loads(file.read_text(encoding="utf-8"))["cases"]:
        yield case["name"], partial(built, case["parts"])


def built(parts: list[Part], number: int) -> str:
    """The text of a shape: each part is a text, how often it comes, and how it changes."""
    pieces: list[str] = []
    for text, count, *mode in parts:
        assert isinstance(text, str)
        match = re.fullmatch(r"n([*/])([0-9]+)", str(count))
        times = number if count == "n" else int(count) if match is None else 0
        if match:
            by = int(match[2])
            times = number * by if match[1] == "*" else max(1, number // by)
        if mode == ["index"]:
            holes = text.replace("%%", "").count("%d")
            pieces += [text % ((one,) * holes) for one in range(times)]
        elif mode == ["grow"]:
            pieces += ["e" + text * one for one in range(1, times)]
        elif mode == ["indent"]:
            pieces += ["  " * one + text for one in range(times)]
        else:
            pieces.append(text * times)
    return "".join(pieces)


def largest(shape: Shape, size: int, most: int) -> str:
    """The longest text of the shape that has no more characters and signs than that, nearly."""
    few, many = 1, 2
    while _fits(shape(many), size, most) and many < size:
        few, many = many, many * 2
    while many - few > max(1, few // 100):
        middle = (few + many) // 2
        few, many = (middle, many) if _fits(shape(middle), size, most) else (few, middle)
    return shape(few)


def sized(shape: Shape, size: int, most: int) -> str:
    """A text of about so many characters; what would be more signs than that, are words."""
    text = largest(shape, size, most) + "\n\n"
    return text + WORDS * ((size - len(text)) // len(WORDS))


def densest(shape: Shape, size: int, around: str = "") -> str:
    """The text of about so many characters that has as much of the shape as dsqa reads."""
    text = around
    for part in PARTS:
        text = around + sized(shape, size, int((density.most(" " * size) - SPARE) / part))
        if is_read(text):
            break
    return text


def is_read(text: str) -> bool:
    """Whether the text is not too much for dsqa; what is no text to it, is not either."""
    try:
        markdown.read(Source.decode("qa.md", text.encode()))
    except Oversized:
        return False
    except Undecodable:
        pass
    return True


def _fits(text: str, size: int, most: int) -> bool:
    lines = density.OF_A_LINE * (text.count("\n") + text.count("\r"))
    return len(text) <= size and density.signs(text) + lines <= most
