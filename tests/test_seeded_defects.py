"""Each defect that is put into a clean document is found where it is, and clean ones are silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from dsqa.cli import main
from dsqa.finding import Finding
from dsqa.history.changes import Change
from dsqa.history.comparison import Comparison, arising
from dsqa.linter import lint, lint_tree
from dsqa.repair.fixer import fix
from dsqa.repair.proof import added
from dsqa.rules import rules
from dsqa.workspace import Memory, Workspace
from tests.clean import clean
from tests.defects import DEFECTS, FOLLOWING, Planted, planted
from tests.examples import REPOSITORY
from tests.test_since import Scratch, git, hunks, near

SETTINGS = 'repository = "own/qa"\nformer-names = ["own/notes"]\ndefault-branch = "main"\n'
RULES = [rule for rule in rules() if rule.on]
LEAST_FOUND = 0.99


def world(files: Mapping[str, str]) -> Workspace:
    return Workspace(Memory(files), REPOSITORY)


def documents(files: Mapping[str, str]) -> list[str]:
    return sorted(path for path in files if path.endswith(".md"))


def judged(files: Mapping[str, str]) -> dict[str, tuple[Finding, ...]]:
    """What is found in each of the documents."""
    workspace = world(files)
    return {path: lint(workspace.parsed(path), workspace, RULES) for path in documents(files)}


def lines_of(files: Mapping[str, str], found: Finding) -> tuple[str, int]:
    return found.path, world(files).parsed(found.path).source.line_of(found.span.start)


@pytest.fixture(scope="module")
def clean_ones(long: bool) -> range:
    return range(500 if long else 60)


@pytest.fixture(scope="module")
def defects(long: bool) -> list[tuple[str, Planted]]:
    return [planted(number) for number in range(200 if long else len(DEFECTS))]


def test_clean_documents_are_read_whole_and_silent(clean_ones: range) -> None:
    for number in clean_ones:
        document = clean(number)
        workspace = world(document.files)
        read = workspace.parsed(document.path)
        assert [q.title.replace("`", "") for q in read.questions] == [
            one.words.replace("`", "") for one in document.asked
        ]
        listed = [entry.question for entry in read.entries]
        assert listed == (list(read.questions) if document.style.index else [])
        told = {path: found for path, found in judged(document.files).items() if found}
        assert (number, told) == (number, {})
        assert lint_tree(workspace, RULES) == ()


def test_clean_documents_are_left_to_the_byte(clean_ones: range) -> None:
    for number in clean_ones:
        document = clean(number)
        for unsafe in (False, True):
            repair = fix(document.path, world(document.files), RULES, unsafe=unsafe)
            assert repair.after.encode() == document.text.encode()
            assert (repair.fixed, repair.carried) == ((), ())


class Outcome(NamedTuple):
    """What became of a defect: whether something was told, the right thing, and what else."""

    found: bool
    right: bool
    besides: int


def outcome(defect: Planted) -> Outcome:
    told = [found for all_found in judged(defect.files).values() for found in all_found]
    right = [found for found in told if is_right(defect, found)]
    return Outcome(bool(told), bool(right), len(told) - len(right))


def is_right(defect: Planted, found: Finding) -> bool:
    path, line = lines_of(defect.files, found)
    return path == defect.path and line in defect.lines and found.code in defect.rules


def test_planted_defects_are_found_where_they_are(defects: list[tuple[str, Planted]]) -> None:
    rows: dict[str, Counter[str]] = {kind: Counter() for kind, _ in defects}
    missed = []
    for number, (kind, defect) in enumerate(defects):
        came = outcome(defect)
        rows[kind] += Counter(planted=1, found=came.found, right=came.right, besides=came.besides)
        if not came.right:
            missed.append((number, kind))
    for line in table(rows):
        print(line)
    assert len(missed) <= (1 - LEAST_FOUND) * len(defects), missed


def table(rows: Mapping[str, Counter[str]]) -> Iterator[str]:
    """How many of each kind were planted, found, found at the right place, and told besides."""
    columns = ("planted", "found", "right", "besides")
    whole = sum(rows.values(), Counter[str]())
    for kind, row in (("", Counter()), *sorted(rows.items()), ("all", whole)):
        cells = (f"{row[column] if kind else column:>8}" for column in columns)
        yield f"{kind:<54}{''.join(cells)}"


def following(kind: str, defect: Planted) -> set[str]:
    return {*defect.rules, *FOLLOWING.get(kind, "").split()}


def test_what_is_told_besides_follows_from_the_defect(defects: list[tuple[str, Planted]]) -> None:
    for number, (kind, defect) in enumerate(defects):
        told = {found.code for all_found in judged(defect.files).values() for found in all_found}
        assert (number, kind, told - following(kind, defect)) == (number, kind, set())


def test_since_the_clean_state_the_defect_is_told_and_nothing_else(
    defects: list[tuple[str, Planted]],
) -> None:
    """It is told on a line of the change, or on the one that is wrong since a file is gone."""
    alone = 0
    for number, (kind, defect) in enumerate(defects):
        before, now = world(defect.before.files), world(defect.files)
        changes = dict(changed(defect.before.files, defect.files))
        chosen = dict.fromkeys(documents(defect.files), RULES)
        comparison = Comparison(before, now, changes)
        told = arising(judged(defect.files), comparison, chosen, RULES)
        codes = {found.code for found in told}
        assert (number, kind, codes - following(kind, defect)) == (number, kind, set())
        right = [found for found in told if found.code in defect.rules]
        assert any(stands_there(found, defect, now, changes) for found in right), (number, kind)
        alone += len(told) == len(right)
    print(f"{alone} of {len(defects)} alone")


def stands_there(
    found: Finding, defect: Planted, now: Workspace, changes: Mapping[str, Change]
) -> bool:
    document, change = now.parsed(found.path), changes.get(found.path)
    line = document.source.line_of(found.span.start)
    new = change is not None and near(found, document, change)
    return new or (found.path, line) in {(defect.path, one) for one in defect.lines}


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[tuple[str, Change]]:
    for path in before.keys() | now.keys():
        if path not in now:
            yield path, Change(path, "")
        elif before[path] != now[path]:
            yield path, Change(path, path, tuple(hunks(before[path], now[path])))


def test_a_repair_heals_what_it_says_and_leaves_nothing_to_do(
    defects: list[tuple[str, Planted]],
) -> None:
    repaired = as_it_was = 0
    for number, (_, defect) in enumerate(defects):
        beside = dict.fromkeys(documents(defect.files), RULES)
        for unsafe in (False, True):
            workspace = world(defect.files)
            repair = fix(defect.path, workspace, RULES, unsafe=unsafe, beside=beside)
            after = workspace.replacing(
                {source.path: source for source in (repair.after, *repair.carried)}
            )
            again = fix(defect.path, after, RULES, unsafe=unsafe, beside=beside)
            assert (number, again.changed, again.carried) == (number, False, ())
            old, new = workspace.parsed(defect.path), after.parsed(defect.path)
            found, left = lint(old, workspace, RULES), lint(new, after, RULES)
            assert (number, added(old, found, new, left)) == (number, [])
            assert len(left) <= len(found) - len(repair.fixed)
        repaired += repair.changed
        as_it_was += repair.after.text == defect.before.files[defect.path]
    print(f"{repaired} of {len(defects)} repaired, {as_it_was} of them to what was there before")


def test_the_commands_say_so_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], long: bool
) -> None:
    """In a checkout: what is new since the last commit, and what is repaired on disk."""
    monkeypatch.chdir(tmp_path)
    scratch = Scratch(tmp_path, capsys)
    for number in range(0, 200 if long else len(DEFECTS), 11):
        kind, defect = planted(number)
        git(tmp_path, "rm", "-rfq", "--ignore-unmatch", ".")
        scratch.commit({"dsqa.toml": SETTINGS, **defect.before.files})
        assert scratch.told("--since", "HEAD") == []
        for path in defect.before.files.keys() - defect.files.keys():
            (tmp_path / path).unlink()
        scratch.write(defect.files)
        told = {one["rule"] for one in scratch.told("--since", "HEAD")}
        assert told & set(defect.rules), (number, kind)
        assert told <= following(kind, defect), (number, kind)
        assert main(["fix"]) in (0, 1)
        repaired = {path: tmp_path.joinpath(path).read_bytes() for path in defect.files}
        capsys.readouterr()
        assert main(["fix"]) in (0, 1)
        assert capsys.readouterr().out.startswith("nothing to repair\n")
        again = {path: tmp_path.joinpath(path).read_bytes() for path in defect.files}
        assert (number, again) == (number, repaired)
