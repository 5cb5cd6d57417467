"""What the measurements of speed rest on: files that are known, and the slope of a line."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import questions
from benchmarks.growth import exponent
from benchmarks.questions import ANCHORS, FIGURES, WORDS, Kind
from dsqa.finding import Severity
from dsqa.linter import lint
from tests.examples import PATH, workspace

IMAGES = {f"figures/{number}.png": "" for number in range(FIGURES)}


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        pytest.param(Kind(40, ANCHORS), {}, id="anchors, all right"),
        pytest.param(Kind(40, WORDS), {}, id="words, all right"),
        pytest.param(Kind(40, ANCHORS, 1), {"ANC001": 40}, id="anchors, all broken"),
        pytest.param(Kind(40, WORDS, 1), {"TXF001": 40}, id="words, all broken"),
        pytest.param(Kind(40, doubtful=True), {}, id="in doubt, all right"),
    ],
)
def test_the_files_that_are_measured_have_the_defects_that_are_planted(
    kind: Kind, wrong: dict[str, int]
) -> None:
    world = workspace(questions.text(kind), IMAGES)
    document = world.parsed(PATH)
    assert len(document.questions) == len(document.entries) == kind.questions
    found = lint(document, world)
    assert Counter(f.code for f in found if f.severity > Severity.INFO) == wrong


@pytest.mark.parametrize("power", [1, 1.5, 2])
def test_the_exponent_is_the_power_of_the_size(power: float) -> None:
    sizes = [1.25, 2.5, 5, 10]
    assert exponent(sizes, [3 * size**power for size in sizes]) == pytest.approx(power)


def test_two_sizes_make_no_exponent() -> None:
    assert exponent([1, 2], [1, 2]) is None
