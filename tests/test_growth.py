"""Twice the text takes twice the time, however hostile the text is."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from dsqa.exporters.building import document_data
from dsqa.linter import lint
from dsqa.markdown import density
from dsqa.repair.difference import hunks
from dsqa.repair.fixer import fix
from dsqa.source import Oversized
from dsqa.standing import Repository
from dsqa.workspace import Memory, Workspace
from tests.shapes import Shape, densest, largest
from tests.shapes import read as shapes_of

PATH = "qa.md"
RATIO = 1.6
"""How much faster than the text the time may grow; with the square of it, it is four times."""
ATTEMPTS = 4
LONGEST = 1_000_000
"""Characters."""
NOTHING = 0.05
"""Seconds of the processor; of less nobody can tell how it grows."""


def each(text: str) -> Shape:
    """The text so many times, with the number of the time in it."""
    return lambda n: "".join(text.replace("@", str(number)) for number in range(1, n + 1))


def both(first: str, second: str) -> Shape:
    """So many index lines, and as many sections."""
    return lambda n: f"{each(first)(n)}\n{each(second)(n)}"


ANSWERED = "## Q@: What is @ of it?\n\nAnswer: So.\n\n"
SHAPES: Mapping[str, Shape] = {
    "brackets behind an address": lambda n: "https://a.b" + ")" * 9 * n,
    "entities behind an address": lambda n: "https://a.b" + "&a;" * 3 * n,
    "addresses and code": lambda n: "`x` https://a.b/c " * n,
    "comments that silence": each("<!-- dsqa: ignore[broken-anchor] so -->\n\n[x](#y)\n\n"),
    "comments that silence, on one line": lambda n: (
        "## Q1: What?\n\n" + "<!-- dsqa: ignore[ANS001] so --> " * n
    ),
    "letters in dress, on one line": lambda n: (
        "## Q1: What?\n\n" + "\U0001d41b\U0001d428\U0001d425 and so on " * n
    ),
    "cells with pipes": lambda n: (
        "|".join(["a"] * n) + "\n" + "|".join(["--"] * n) + "\n" + "a\\|b|" * n + "word " * 9 * n
    ),
    "comments that disable": each("<!-- dsqa: disable[broken-anchor] so -->\n\n[x](#y)\n\n"),
    "comments that enable": each(
        "<!-- dsqa: disable[ANC] -->\n\n[x](#y)\n\n<!-- dsqa: enable -->\n\n"
    ),
    "names to silence": lambda n: f"<!-- dsqa: ignore[{'broken-anchor, ' * n}] so -->\n\n[x](#y)\n",
    "one number": each("## Q7: What is @?\n\nSo.\n\n"),
    "numbers that fall": lambda n: "".join(f"## Q{n - i}: What {i}?\n\nSo.\n\n" for i in range(n)),
    "numbers with gaps": lambda n: "".join(f"## Q{3 * i}: What {i}?\n\nSo.\n\n" for i in range(n)),
    "groups with gaps": each("## @\n\n### Q1: a @?\n\nSo.\n\n### Q3: b @?\n\nSo.\n\n"),
    "one heading": each("## What is it?\n\nSo.\n\n"),
    "one heading, listed": both("* [What is it?](#x)\n", "### What is it?\n\nSo.\n\n"),
    "one number, listed": both("* [Q1: What is it?](#x)\n", "### Q1: Who was this?\n\nSo.\n\n"),
    "an index that misses": both("* [Q@: what is @ of it?](#q@-gone)\n", ANSWERED),
    "an index of other words": both("* [Who is x@ of it?](#gone@)\n", "### Was y@ us?\n\nSo.\n\n"),
    "an index of other numbers": both("* [Q@: Whatt is @?](#q@)\n", "## Q7@: What is @?\n\n"),
    "an index of nothing": each("* [Q@: what is @ of it?](#q@-gone)\n"),
    "an index of two": lambda n: (
        "* [What is 1?](#what-is-1)\n* [What is 2?](#what-is-2)\n\n"
        + each("## What is @?\n\nSo.\n\n")(n)
    ),
    "words that are missing": both("* [Q@: a?](#:~:text=a%20b%20@%20c)\n", ANSWERED),
    "words behind a prefix": both(
        "* [Q@: a?](#:~:text=So.-,Q@%3A%20What%20is%20@%20of%20it)\n", ANSWERED
    ),
    "words that end elsewhere": both("* [Q@: a?](#:~:text=What,zz@)\n", ANSWERED),
    "dead links in answers": each("## Q@: What is @?\n\n[x](#q@-what-was-@-then)\n\n"),
    "links back": lambda n: "## Q1: What?\n\n" + "[back](#top)\n\n" * n,
    "links back on one line each": lambda n: "## Q1: What?\n\n" + "[back](#top)  \n" * n,
    "halves of links": lambda n: "## Q1: What?\n\n" + "x](https://a.b/c d " * n,
    "folds": each("<details><summary>What is @?</summary>\n\nSo.\n\n</details>\n\n"),
    "folds in folds": each("<details><summary>What is @?</summary>\n\nSo.\n\n"),
    "folds on one line": lambda n: "<details><summary>What?</summary>So.</details>" * n,
    "names": lambda n: "x " + each('<a name="q@"></a>')(n) + "\n\n**What?**\n",
    "no-break spaces": each("## Q@: What\u00a0is @?\n\n[x](#q@-whatis-@)\n\n"),
    "letters in dress": each("## Q@: \U0001d407\U0001d428\U0001d430 @?\n\nSo.\n\n"),
    "levels in turn": each("## Q@1: What?\n\nSo.\n\n### Q@2: How?\n\nSo.\n\n"),
    "rules": each("## Q@: What?\n\nSo.\n\n---\n\n"),
    "tilde fences": lambda n: "```\n# Q1: x\n" + "~" * 20 * n + "`\n",
    "a table": lambda n: "| a | b |\n|---|---|\n" + "| x\\|y | [z](#q) |\n" * n,
    "combining marks": lambda n: "## Q1: a" + "\u0301" * 9 * n + "?\n\nSo.\n",
    "a list of questions": each("* What is @?\n"),
    "one long line": lambda n: "word " * 9 * n,
}


def world(text: str) -> Workspace:
    return Workspace(Memory({PATH: text}), Repository("own/qa"))


def checked(text: str) -> None:
    space = world(text)
    lint(space.parsed(PATH), space)


def exported(text: str) -> None:
    space = world(text)
    document_data(PATH, space.parsed(PATH), space)


def fixed(text: str) -> None:
    repair = fix(PATH, world(text))
    old, new = (side.text.splitlines(keepends=True) for side in (repair.before, repair.after))
    list(hunks(old, new))


def seconds(action: Callable[[str], None], text: str) -> float:
    """What the action takes of the processor."""
    gc.collect()
    began = time.process_time()
    action(text)
    return time.process_time() - began


def sized(shape: Shape, size: int) -> str:
    """The text of the shape that has so many characters, as far as all of it may be in doubt."""
    return largest(shape, size, density.MOST_IN_DOUBT // 2)


def grows(action: Callable[[str], None], shape: Shape, size: int) -> float:
    """How much faster than the text the time grows, from a quarter of the size to all of it.

    A text that is done at once is made longer, until one can tell; the longest that is read and
    still is, grows in no way that anybody would notice. The machine has other work, too: of several
    attempts the best one counts.
    """
    size = min(size, len(sized(shape, size)))
    while seconds(action, sized(shape, size)) < NOTHING:
        if size >= LONGEST or len(sized(shape, 2 * size)) < 1.5 * size:
            return 0.0
        size *= 2
    small, large = sized(shape, size // 4), sized(shape, size)
    best = float("inf")
    for _ in range(ATTEMPTS):
        little, much = seconds(action, small), seconds(action, large)
        best = min(best, much / little / (len(large) / len(small)))
        if best <= RATIO:
            break
    return best


@pytest.mark.parametrize("name", SHAPES)
def test_a_check_takes_as_long_as_the_text_is(name: str, long: bool) -> None:
    assert grows(checked, SHAPES[name], 1_000_000 if long else 30_000) <= RATIO


REPAIRED = ("an index that misses", "one number", "no-break spaces", "rules", "one heading, listed")


@pytest.mark.parametrize("action", [fixed, exported])
@pytest.mark.parametrize("name", REPAIRED)
def test_repair_and_export_take_as_long_as_the_text_is(
    name: str, action: Callable[[str], None], long: bool
) -> None:
    assert grows(action, SHAPES[name], 400_000 if long else 20_000) <= RATIO


def test_no_hostile_shape_takes_longer_than_its_length(shared: Path, long: bool) -> None:
    shapes = list(shapes_of(shared / "conformance" / "robustness" / "pathological.json"))
    assert len(shapes) > 50
    slow: dict[str, float] = {}
    for name, shape in shapes if long else shapes[::6]:
        if len(shape(64)) > len(shape(16)):  # else it is one text, whatever the number
            ratio = grows(checked, without_nul(shape), 400_000 if long else 10_000)
            slow |= {name: ratio} if ratio > RATIO else {}
    assert slow == {}


MUCH, EACH = 38 * 2**20, 20
"""Bytes for any text, beside what Python and the modules take; and for each character of it."""


def test_no_hostile_shape_fills_the_memory(shared: Path, long: bool) -> None:
    shapes = list(shapes_of(shared / "conformance" / "robustness" / "pathological.json"))
    large: dict[str, float] = {}
    for name, shape in shapes if long else shapes[4::8]:
        size = 1_000_000 if long else 200_000
        text = densest(without_nul(shape), size)
        tracemalloc.start()
        checked(text)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        large |= {name: peak / 2**20} if peak > MUCH + EACH * len(text) else {}
    assert large == {}


LONG = "b" * 60_000
TABLE = "\n|" + "a|" * 3_000 + "\n|" + "-|" * 3_000 + "\n" + "|b\n" * 12 + "\n"
GROUPED = "# @" + LONG + "\n\n" + each("## Q@: What is @?\n\nSo.\n\n")(900)
ONCE = {
    "cells that rows lack": TABLE * 8,
    "an address that is defined once": "So [a] on\n\n" * 2_000 + f"[a]: {LONG}.md\n",
    "the name of a group": GROUPED.replace("@", "1") + GROUPED.replace("@", "2"),
}


@pytest.mark.parametrize("action", [checked, fixed, exported])
@pytest.mark.parametrize("name", ONCE)
def test_what_is_written_once_does_not_fill_the_memory(
    name: str, action: Callable[[str], None]
) -> None:
    tracemalloc.start()
    with suppress(Oversized):
        action(ONCE[name])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MUCH + EACH * len(ONCE[name])


def without_nul(shape: Shape) -> Shape:
    return lambda number: shape(number).replace("\0", "")
