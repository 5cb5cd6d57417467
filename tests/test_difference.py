"""What a repair would change is told so that git can apply it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsqa.repair.difference import changes, hunks

LINES = st.lists(st.sampled_from(["\n", "a\n", "b\n", "c\n", "d\n", "e\n"]), max_size=40)


@settings(deadline=None)
@given(LINES, LINES)
def test_the_changes_make_the_new_lines_of_the_old_ones(old: list[str], new: list[str]) -> None:
    made, place = [], 0
    for change in changes(old, new):
        made += old[place : change.old.start] + new[change.new.start : change.new.stop]
        place = change.old.stop
    assert made + old[place:] == new


MANY = [f"{number}\n" for number in range(400)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(MANY, [*MANY[:200], "x\n", *MANY[201:]], id="one line"),
        pytest.param(MANY, [*MANY[:9], "x\n", *MANY[10:16], "y\n", *MANY[17:]], id="one hunk"),
        pytest.param(MANY, [*MANY[:9], "x\n", *MANY[10:17], "y\n", *MANY[18:]], id="two hunks"),
        pytest.param(MANY, [*MANY[:50], *["x\n"] * 99, *MANY[50:]], id="many lines more"),
        pytest.param(MANY, [*MANY[:50], *MANY[250:]], id="many lines less"),
        pytest.param(MANY, ["x\n", *MANY], id="the first line"),
        pytest.param(MANY, [*MANY, "x\n"], id="behind the last line"),
        pytest.param(["a\n"], ["a"], id="the end of the last line"),
        pytest.param(["a"], ["a\n"], id="an end for the last line"),
    ],
)
def test_git_applies_it(old: list[str], new: list[str], tmp_path: Path) -> None:
    (tmp_path / "qa.md").write_text("".join(old), encoding="utf-8")
    lines = ("--- a/qa.md\n", "+++ b/qa.md\n", *hunks(old, new))
    end = "\n\\ No newline at end of file\n"
    diff = "".join(line if line.endswith("\n") else line + end for line in lines)
    subprocess.run(["git", "apply"], input=diff, cwd=tmp_path, encoding="utf-8", check=True)
    assert (tmp_path / "qa.md").read_text(encoding="utf-8") == "".join(new)
