"""Which fixes are made where several touch one place, and when one gives up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from dsqa import linter
from dsqa.document import Document
from dsqa.finding import Edit, Finding, Fix, Severity
from dsqa.repair import fixer
from dsqa.repair.fixer import Repair, changed_lines, fix, unfit
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Source, Span
from dsqa.workspace import Memory, Workspace

TEXT = "abcdefgh\n"


class Once(Rule):
    """The text is still as it was.

    For tests: all its fixes are mended as soon as one of them is made.
    """

    code = "TST001"
    severity = Severity.WARNING
    examples = (Good("x"), Bad("y", under=["y"]))
    fixes: Sequence[Fix] = ()

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        if document.source.text == TEXT:
            for number, one in enumerate(self.fixes):
                yield self.finding(document, Span(number, number), str(number), fix=one)


def edit(start: int, end: int, text: str, path: str = "qa.md") -> Edit:
    return Edit(path, Span(start, end), text)


def made(*fixes: Sequence[Edit]) -> Repair:
    once = Once()
    once.fixes = [Fix(tuple(edits), True, "") for edits in fixes]
    return fix("qa.md", Workspace(Memory({"qa.md": TEXT})), [once])


A_TO_D, B_TO_C = edit(0, 4, "X"), edit(1, 3, "Y")


@pytest.mark.parametrize(
    ("edits", "text", "fixed"),
    [
        pytest.param([edit(0, 2, "X"), edit(4, 6, "Y")], "XcdYgh\n", "01", id="apart"),
        pytest.param([edit(4, 6, "Y"), edit(0, 2, "X")], "XcdYgh\n", "01", id="the last one first"),
        pytest.param([edit(0, 2, "X"), edit(2, 4, "Y")], "XYefgh\n", "01", id="side by side"),
        pytest.param([edit(2, 4, "Y"), edit(0, 2, "X")], "XYefgh\n", "01", id="other side first"),
        pytest.param([edit(0, 3, "X"), edit(2, 4, "Y")], "Xdefgh\n", "0", id="over its end"),
        pytest.param([edit(2, 4, "Y"), edit(0, 3, "X")], "abYefgh\n", "0", id="over its beginning"),
        pytest.param([A_TO_D, B_TO_C], "Xefgh\n", "0", id="inside"),
        pytest.param([B_TO_C, A_TO_D], "aYdefgh\n", "0", id="around"),
        pytest.param([edit(1, 3, "X"), edit(1, 3, "Y")], "aXdefgh\n", "0", id="at one place"),
        pytest.param([edit(1, 3, "Y"), edit(1, 3, "X")], "aYdefgh\n", "0", id="the first wins"),
        pytest.param([edit(1, 3, "X"), edit(1, 3, "X")], "aXdefgh\n", "01", id="the same twice"),
        pytest.param([edit(1, 1, "X"), edit(1, 1, "X")], "aXbcdefgh\n", "01", id="put in twice"),
        pytest.param([edit(1, 1, "X"), edit(1, 1, "Y")], "aXbcdefgh\n", "0", id="put in, two ways"),
        pytest.param([edit(1, 1, "X"), edit(2, 2, "Y")], "aXbYcdefgh\n", "01", id="put in, apart"),
        pytest.param([edit(1, 3, "X"), edit(1, 1, "+")], "a+Xdefgh\n", "01", id="put before"),
        pytest.param([edit(1, 1, "+"), edit(1, 3, "X")], "a+Xdefgh\n", "01", id="put before first"),
        pytest.param([edit(1, 3, "X"), edit(3, 3, "+")], "aX+defgh\n", "01", id="put behind"),
        pytest.param([edit(3, 3, "+"), edit(1, 3, "X")], "aX+defgh\n", "01", id="put behind first"),
        pytest.param([edit(1, 3, "X"), edit(2, 2, "+")], "aXdefgh\n", "0", id="put inside"),
        pytest.param([edit(2, 2, "+"), edit(1, 3, "X")], "ab+cdefgh\n", "0", id="put inside first"),
        pytest.param(
            [edit(1, 3, "X"), edit(3, 3, "+"), edit(1, 4, "Y"), edit(3, 5, "Z")],
            "aX+Zfgh\n",
            "013",
            id="one of many",
        ),
        pytest.param(
            [edit(0, 1, "X"), edit(2, 3, "X"), edit(4, 5, "X"), edit(6, 7, "X"), edit(0, 7, "Y")],
            "XbXdXfXh\n",
            "0123",
            id="over many",
        ),
    ],
)
def test_of_fixes_that_overlap_the_first_is_made(edits: list[Edit], text: str, fixed: str) -> None:
    repair = made(*([one] for one in edits))
    assert repair.after.text == text
    assert "".join(finding.message for finding in repair.fixed) == fixed
    assert repair.refused == ()


def test_all_edits_of_a_fix_are_made_or_none() -> None:
    repair = made(
        [edit(0, 2, "X")],
        [edit(1, 3, "Y"), edit(5, 6, "Y")],
        [edit(4, 7, "Z")],
        [edit(2, 3, "W"), edit(6, 8, "W")],
        [edit(2, 3, "V"), edit(7, 8, "V")],
    )
    assert repair.after.text == "XVdZV\n"
    assert [finding.message for finding in repair.fixed] == ["0", "2", "4"]


def test_each_file_has_its_places() -> None:
    once = Once()
    once.fixes = [Fix((edit(1, 3, "X"), edit(1, 2, "Y", "b.md")), True, "")]
    world = Workspace(Memory({"qa.md": TEXT, "b.md": TEXT}))
    repair = fix("qa.md", world, [once], beside={"qa.md": [], "b.md": []})
    assert repair.after.text == "aXdefgh\n"
    assert repair.carried == (Source("b.md", "aYcdefgh\n"),)


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        pytest.param([], "", id="nothing"),
        pytest.param([edit(0, 2, "X"), edit(2, 4, "Y"), edit(2, 2, "+")], "", id="side by side"),
        pytest.param([edit(0, 2, "X"), edit(0, 2, "X")], "", id="the same twice"),
        pytest.param([edit(0, 2, "X", "a.md"), edit(1, 3, "X")], "", id="in two files"),
        pytest.param(
            [edit(3, 5, "Y"), edit(7, 8, "Z"), edit(0, 4, "X")],
            "it changes one place in two ways",
            id="one place in two ways",
        ),
        pytest.param(
            [edit(0, 1, "X", "d.md"), edit(0, 1, "X", "c.md"), edit(0, 1, "X", "a.md")],
            "it changes c.md, which is not among the files to repair",
            id="what one may not change",
        ),
    ],
)
def test_whether_a_fix_can_be_made_at_all(edits: list[Edit], why: str) -> None:
    assert unfit(Fix(tuple(edits), True, ""), {"qa.md", "a.md"}) == why


def test_a_fix_that_contradicts_itself_is_refused_and_the_rest_is_made() -> None:
    repair = made([edit(0, 3, "X"), edit(2, 4, "Y")], [edit(1, 3, "Z")])
    assert repair.after.text == "aZdefgh\n"
    assert repair.before.text == TEXT
    assert repair.changed
    assert [f.message for f in repair.fixed] == ["1"]
    alone = made([edit(0, 3, "X"), edit(2, 4, "Y")])
    assert [refusal.why for refusal in alone.refused] == ["it changes one place in two ways"]
    assert [refusal.finding for refusal in alone.refused] == list(alone.left)
    assert not alone.changed


def test_what_is_not_judged_whole_is_not_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    edits = [edit(0, 1, "X")], [edit(2, 3, "Y")], [edit(4, 5, "Z")]
    assert made(*edits).after.text == "XbYdZfgh\n"
    monkeypatch.setattr(linter, "MOST", 2)
    repair = made(*edits)
    assert not repair.changed
    assert not repair.fixed
    assert not repair.refused
    assert [finding.code for finding in repair.left if finding.unjudged] == ["FIL003"]


GAVE_UP = "too many repairs turned out to be wrong, and each takes a look at the whole document"
OWN_REASON = "it changes nothing"


@pytest.mark.parametrize(
    ("most", "fewest", "length", "expected"),
    [
        pytest.param(0, 3, 9, [OWN_REASON, GAVE_UP, GAVE_UP], id="of few"),
        pytest.param(60, 3, 9, [OWN_REASON] * 3, id="of as many as a short text allows"),
        pytest.param(59, 3, 9, [OWN_REASON] * 2 + [GAVE_UP], id="of one less"),
        pytest.param(29, 3, 9, [OWN_REASON, GAVE_UP, GAVE_UP], id="of no fewer than the fewest"),
        pytest.param(12, 3, 1, [OWN_REASON] * 3, id="in the shortest text"),
        pytest.param(11, 3, 1, [OWN_REASON] * 2 + [GAVE_UP], id="in the shortest text, one less"),
        pytest.param(6, 3, 0, [OWN_REASON] * 3, id="in an empty one"),
    ],
)
def test_one_gives_up_when_too_many_turned_out_to_be_wrong(
    most: int, fewest: int, length: int, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three together the first is tried in two looks, so are the other two, and the last."""
    monkeypatch.setattr(fixer, "MOST_DISPROVEN", most)
    monkeypatch.setattr(fixer, "FEWEST_DISPROVEN", fewest)
    monkeypatch.setattr(fixer, "work", len)
    world = Workspace(Memory({"qa.md": TEXT[len(TEXT) - length :]}))
    repair = fix("qa.md", world, [Idle()])
    assert [refusal.why for refusal in repair.refused] == expected
    assert not repair.changed
    assert len(repair.left) == 3


class Idle(Rule):
    """Three fixes change nothing.

    For tests.
    """

    code = "TST002"
    severity = Severity.WARNING
    examples = Once.examples

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for number in range(3):
            one = Fix((Edit(document.path, Span(0, 0), ""),), True, "")
            yield self.finding(document, Span(0, 0), str(number), fix=one)


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [
        pytest.param("a\nb\n", "a\nb\n", 0, id="none"),
        pytest.param("a\nb\nc\n", "a\nX\nY\n", 2, id="other words"),
        pytest.param("a\nb\n", "b\na\n", 2, id="another order"),
        pytest.param("a\nb\n", "a\nX\nY\nb\n", 2, id="new lines"),
        pytest.param("a\nX\nY\nb\n", "a\nb\n", 2, id="lines taken away"),
        pytest.param("a\nb\nc\n", "a\nX\nc\nd\n", 2, id="both"),
        pytest.param("a\n", "a\na\na\n", 2, id="the same once more"),
    ],
)
def test_how_many_lines_are_changed(before: str, after: str, number: int) -> None:
    assert changed_lines(Source("", before), Source("", after)) == number
