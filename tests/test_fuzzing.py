"""What is promised of every input holds for what nobody would write, and for what once broke it."""

from __future__ import annotations

from random import Random

import pytest

from tests.clean import clean
from tests.grammar import changed, grown
from tests.promises import PROMISES, hold

TRIED = {"parse": 60, "fix": 15, "reporters": 15}
"""How many inputs are tried of each promise in a usual run; of the others, that are quick, MANY."""
MANY = 150
LONG = 20
"""How many times as many are tried where every case counts."""
FOUND = [
    pytest.param("parse", "* )\n\tQ", id="a tab over the indent of an item"),
    pytest.param("parse", "\x85", id="a line that is empty for Python alone"),
    pytest.param(
        "parse",
        "* [Q1: a?](#q1-a)\n* [x]()\n\n## Q1: a?\n\n## Q999999999: b?\n",
        id="a thousand million numbers are missing",
    ),
]
"""The smallest inputs of those that broke a promise once."""


@pytest.mark.parametrize(("promise", "text"), FOUND)
def test_what_was_found_stays_mended(promise: str, text: str) -> None:
    hold(promise, text.encode())


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_holds_for_what_nobody_would_write(promise: str, long: bool) -> None:
    symbol = PROMISES[promise].symbol
    for number in range(TRIED.get(promise, MANY) * (LONG if long else 1)):
        chance = Random(f"{promise} {number}")
        text = clean(number).text if symbol == "document" and number % 3 == 0 else ""
        text = text or grown(chance, symbol)
        for _ in range(chance.randrange(6)):
            text = changed(chance, text, symbol)
        hold(promise, text.encode())
