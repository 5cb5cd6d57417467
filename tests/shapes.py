"""Texts that were made to be slow, as long as one likes; the public suite tells them as data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from dsqa.markdown import density

Shape = Callable[[int], str]
Part = list[str | int]
WORDS = "and so on "


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


def _fits(text: str, size: int, most: int) -> bool:
    return len(text) <= size and density.signs(text) <= most
