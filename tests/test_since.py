"""Of a change only what it breaks is told, on a line of the change; of a harmless one nothing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dsqa.cli import main
from dsqa.document import Document
from dsqa.finding import Finding
from dsqa.history.changes import Change, Hunk
from dsqa.history.comparison import Comparison, arising
from dsqa.linter import lint
from dsqa.rules import rules
from dsqa.source import Source
from dsqa.standing import Repository
from dsqa.workspace import Disk, Memory, Workspace
from tests.test_founding import CORPUS, OWN
from tests.test_history import MISSED, RULES, WORDS, Case, cases, lines

SETTINGS = (
    'repository = "youssefHosni/Data-Science-Interview-Questions-Answers"\n'
    'former-names = ["youssefHosni/Data-Science-Interview-Questions"]\n'
)
FILES = [
    "Deep Learning Questions & Answers for Data Scientists.md",
    "Machine Learning Interview Questions & Answers for Data Scientists.md",
    "Probability Interview Questions & Answers for Data Scientists.md",
    "SQL & DB Interview Questions & Answers for Data Scientists.md",
    "Statistics Interview Questions & Answers for Data Scientists.md",
]


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    done = subprocess.run([*command, *words], check=True, capture_output=True, text=True)
    return done.stdout


class Scratch:
    """A checkout whose files are written and committed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        git(folder, "init", "-q", "-b", "main")

    def write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode())

    def commit(self, files: Mapping[str, str] | None = None) -> None:
        self.write(files or {})
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "--allow-empty", "-m", "x")

    def told(self, *words: str) -> list[dict[str, Any]]:
        """What is found, worst first, with the rule, the path and the line."""
        code = main(["check", "--format", "jsonl", "--allow-no-questions", *words])
        out, err = self.capsys.readouterr()
        assert code in (0, 1), err
        return [json.loads(line) for line in out.splitlines()]

    def brief(self, *words: str) -> list[tuple[str, str, int]]:
        return [(one["rule"], one["path"], one["line"]) for one in self.told(*words)]


@pytest.fixture
def scratch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Scratch:
    monkeypatch.chdir(tmp_path)
    return Scratch(tmp_path, capsys)


QA = """\
* [Q1: What is recall?](#q1-what-is-recall)
* [Q2: What is precision?](#q2-what-is-precision)
* [Q3: What is bias?](#q3-what-is-bias)

## Q1: What is recall?

The share of what is there that was found. ![ROC](roc.png)

## Q2: What is precision?

Answer:

## Q3: What is bias?

An error, as in [recall](#q1-what-is-recall).
"""


def test_an_edited_heading_is_told_with_the_index_line_that_it_breaks(scratch: Scratch) -> None:
    scratch.commit({"qa.md": QA, "roc.png": ""})
    scratch.write({"qa.md": QA.replace("## Q1: What is recall", "## Q1: What is the recall")})
    told = scratch.told("--since", "HEAD", "--select", "ALL")
    assert [(one["rule"], one["line"]) for one in told] == [("ANC001", 5), ("ANC001", 5)]
    assert {one["message"] for one in told} == {
        "This change breaks line 1: No heading has the anchor `#q1-what-is-recall`",
        "This change breaks line 15: No heading has the anchor `#q1-what-is-recall`",
    }
    assert {one["target"] for one in told} == {"#q1-what-is-the-recall"}
    fixes = [one["fix"] for one in told if one["fix"]]
    assert [[edit["line"] for edit in fix["edits"]] for fix in fixes] == [[1]]


def test_what_code_has_swallowed_is_told_where_it_begins(scratch: Scratch) -> None:
    scratch.commit({"qa.md": QA, "roc.png": ""})
    scratch.write({"qa.md": QA.replace("The share", "```\nThe share")})
    told = scratch.brief("--since", "HEAD")
    assert {(rule, line) for rule, _, line in told} == {("STR009", 7), ("IDX001", 7)}
    assert len(told) == 3


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({"qa.md": QA.replace("The share", "That share")}, [], id="a word"),
        pytest.param({"qa.md": "# Notes\n\n" + QA}, [], id="lines above"),
        pytest.param(
            {
                "qa.md": QA.replace("## Q2: What is precision?\n\nAnswer:\n\n", "") + "\n"
                "## Q2: What is precision?\n\nAnswer:\n"
            },
            [("NUM003", "qa.md", 13)],
            id="a question at another place",
        ),
        pytest.param({"roc.png": None}, [("IMG001", "qa.md", 7)], id="an image that is gone"),
        pytest.param({"qa.md": None, "b.md": QA}, [], id="another name"),
        pytest.param(
            {"qa.md": QA.replace("The share of what is there that was found. ", "")},
            [("ANS003", "qa.md", 7)],
            id="a text that is gone",
        ),
        pytest.param(
            {"qa.md": QA.replace("* [Q2: What is precision?](#q2-what-is-precision)\n", "")},
            [("IDX002", "qa.md", 1)],
            id="an index line that is gone",
        ),
        pytest.param(
            {"qa.md": QA + "\n## Q4: What is noise?\n\nAnswer:\n"},
            [("ANS001", "qa.md", 17), ("IDX002", "qa.md", 17)],
            id="a question that is new",
        ),
        pytest.param(
            {"b.md": "See [recall](qa.md#q1-recall).\n"},
            [("ANC001", "b.md", 1)],
            id="a file that is new",
        ),
    ],
)
def test_only_what_a_change_breaks_is_told(
    scratch: Scratch, change: Mapping[str, str | None], expected: list[tuple[str, str, int]]
) -> None:
    scratch.commit({"qa.md": QA, "roc.png": "", "c.md": "## Q1:What is noise?\n"})
    for path, text in change.items():
        if text is None:
            (scratch.folder / path).unlink()
        else:
            scratch.write({path: text})
    assert scratch.brief("--since", "HEAD") == expected
    git(scratch.folder, "add", "-A")
    assert scratch.brief("--staged") == expected
    git(scratch.folder, "commit", "-qm", "y")
    assert scratch.brief("--since", "HEAD~1") == expected
    assert scratch.brief("--since", "HEAD") == []


def test_what_is_staged_is_judged_and_not_what_is_on_disk(scratch: Scratch) -> None:
    scratch.commit({"qa.md": QA, "roc.png": ""})
    broken = QA.replace("(#q3-what-is-bias)", "(#q3-bias)")
    scratch.write({"qa.md": broken})
    assert scratch.brief("--staged") == []
    git(scratch.folder, "add", "-A")
    scratch.write({"qa.md": QA})
    assert scratch.brief("--staged") == [("ANC001", "qa.md", 3)]


def test_what_is_staged_need_not_be_on_disk(scratch: Scratch) -> None:
    scratch.commit({"qa.md": QA, "roc.png": ""})
    scratch.write({"qa.md": QA.replace("(#q3-what-is-bias)", "(#q3-bias)")})
    git(scratch.folder, "add", "-A")
    (scratch.folder / "qa.md").unlink()
    assert scratch.brief("--staged") == [("ANC001", "qa.md", 3)]


def test_a_branch_is_compared_with_where_it_left(scratch: Scratch) -> None:
    scratch.commit({"qa.md": QA, "roc.png": ""})
    git(scratch.folder, "checkout", "-qb", "side")
    scratch.commit({"qa.md": QA.replace("(#q3-what-is-bias)", "()")})
    git(scratch.folder, "checkout", "-q", "main")
    scratch.commit({"qa.md": QA.replace("Answer:", "The share of what was found.")})
    git(scratch.folder, "checkout", "-q", "side")
    assert scratch.brief("--since", "main") == [("IDX003", "qa.md", 3)]


@pytest.mark.parametrize(
    ("ref", "complaint"),
    [
        pytest.param("nowhere", "`nowhere` is no commit that is known here", id="unknown"),
        pytest.param("--output=x", "is no commit that is known here", id="an option"),
        pytest.param("other", "have no common history", id="unrelated"),
    ],
)
def test_what_cannot_be_compared(scratch: Scratch, ref: str, complaint: str) -> None:
    scratch.commit({"qa.md": QA})
    git(scratch.folder, "checkout", "-q", "--orphan", "other")
    scratch.commit({"b.md": "x\n"})
    git(scratch.folder, "checkout", "-q", "main")
    assert main(["check", f"--since={ref}"]) == 2
    assert complaint in scratch.capsys.readouterr().err
    assert not Path("x").exists()


def test_a_shallow_clone_says_what_to_fetch(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit({"qa.md": QA})
    scratch.commit({"qa.md": QA.replace("A", "B")})
    git(scratch.folder, "checkout", "-qb", "side", "HEAD~1")
    scratch.commit({"b.md": "x\n"})
    place = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{scratch.folder}", str(place))
    git(place, "fetch", "-q", "--depth=1", "origin", "main:main")
    assert main(["check", "--since", "main", str(place)]) == 2
    assert "`fetch-depth: 0`" in scratch.capsys.readouterr().err


def test_a_folder_without_git_cannot_be_compared(scratch: Scratch, tmp_path: Path) -> None:
    place = tmp_path / "plain"
    place.mkdir()
    (tmp_path / ".git").rename(tmp_path / "git")
    (place / "qa.md").write_text(QA)
    assert main(["check", "--since", "main", "plain"]) == 2
    assert main(["check", "--staged", "plain"]) == 2


def test_a_hook_judges_what_this_very_commit_takes(scratch: Scratch) -> None:
    """`git commit FILE` makes an index for itself, and tells the hook where it is."""
    scratch.commit({"qa.md": QA, "roc.png": ""})
    hook = scratch.folder / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} -m dsqa check --staged\n", encoding="utf-8")
    hook.chmod(0o755)
    scratch.write({"qa.md": QA.replace("## Q3: What is bias", "## Q3: What is the bias")})
    with pytest.raises(subprocess.CalledProcessError) as refused:
        git(scratch.folder, "commit", "-qam", "x")
    assert "ANC001" in f"{refused.value.stdout}{refused.value.stderr}"


def test_a_file_that_becomes_a_link_is_no_bug(scratch: Scratch) -> None:
    scratch.commit({"qa.md": QA, "roc.png": "", "b": "x"})
    (scratch.folder / "b").unlink()
    (scratch.folder / "b").symlink_to("qa.md")
    scratch.write({"qa.md": QA.replace("(#q3-what-is-bias)", "()")})
    assert scratch.brief("--since", "HEAD") == [("IDX003", "qa.md", 3)]


def test_conflicts_are_said_to_be_in_the_way(scratch: Scratch) -> None:
    scratch.commit({"qa.md": QA})
    git(scratch.folder, "checkout", "-qb", "side")
    scratch.commit({"qa.md": QA.replace("An error", "A side")})
    git(scratch.folder, "checkout", "-q", "main")
    scratch.commit({"qa.md": QA.replace("An error", "A main")})
    with pytest.raises(subprocess.CalledProcessError):
        git(scratch.folder, "merge", "side")
    assert main(["check", "--staged"]) == 2
    assert "qa.md has conflicts that are not resolved yet" in scratch.capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        pytest.param("![ROC](roc1.png)", "![ROC](roc2.png)", 7, id="another image is missing"),
        pytest.param("[x](a1.md)", "[x](a2.md)", 7, id="another file is missing"),
        pytest.param("[x](a.md)", "[x](a.md)\nand [x](a.md)", 8, id="the same once more"),
    ],
)
def test_what_is_wrong_in_the_same_way_is_told_apart(
    scratch: Scratch, before: str, after: str, line: int
) -> None:
    scratch.commit({"qa.md": QA.replace("![ROC](roc.png)", before)})
    scratch.write({"qa.md": QA.replace("![ROC](roc.png)", after)})
    assert [place for _, _, place in scratch.brief("--since", "HEAD")] == [line]


def test_a_question_that_is_copied_is_new_though_its_like_is_not_looked_at(
    scratch: Scratch,
) -> None:
    empty = "\n## Q4: What is noise?\n\nTODO\n"
    scratch.commit({"qa.md": QA, "roc.png": "", "b.md": f"## Q1: What is x?\n\nx\n{empty}"})
    scratch.write({"qa.md": QA + empty, "b.md": f"## Q1: What is x?\n\nxx\n{empty}"})
    assert ("ANS002", "qa.md", 17) in scratch.brief("--since", "HEAD", "qa.md")


def test_no_commit_is_no_wish_for_all(scratch: Scratch) -> None:
    scratch.commit({"qa.md": QA})
    assert main(["check", "--since", ""]) == 2


def test_what_maintainers_repaired_would_have_been_told_when_it_broke(shared: Path) -> None:
    """The repaired text comes first, the broken one is the change."""
    telling = frozenset[str]().union(*RULES.values())
    chosen = [rule for rule in rules() if rule.code in telling]
    pairs: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases(shared):
        if not case.repository:
            pairs[case.path, case.before.text, case.after.text].append(case)
    broken = list(pairs.items())[::2]
    told, silent, astray = 0, [], []
    for (path, before, after), mine in broken:
        old, now = (
            Workspace(Disk(shared / CORPUS), OWN, {path: Source(path, text)})
            for text in (after, before)
        )
        document = now.parsed(path)
        change = Change(path, path, tuple(hunks(after, before)))
        comparison = Comparison(old, now, {path: change})
        found = {path: lint(document, now, chosen)}
        new = arising(found, comparison, {path: chosen}, chosen)
        for case in mine:
            known = any(said(finding, case, document) for finding in new)
            told += known
            silent += [] if known else [case.place]
        astray += [one.code for one in new if not near(one, document, change)]
    assert len(broken) > 20
    assert told >= 40, (told, silent, astray)
    assert [place for place in silent if place not in MISSED] == []
    assert set(astray) <= {"NUM004"}, "most headings have another form since the change"


def hunks(before: str, after: str) -> Iterator[Hunk]:
    old, new = Source("", before).lines(), Source("", after).lines()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            yield Hunk(first + (last > first), last - first, start + (end > start), end - start)


def near(finding: Finding, document: Document, change: Change) -> bool:
    """Whether it stands on a line that is new, or where lines were taken away."""
    line = document.source.line_of(finding.span.start)
    gone = (hunk.new for hunk in change.hunks if not hunk.news)
    return change.touches(line, line) or any(line in (max(new, 1), new + 1) for new in gone)


def said(finding: Finding, case: Case, document: Document) -> bool:
    """Whether the finding is the case, at its line or by what it says of that."""
    codes = {finding.code, *re.findall(r"also (\S+)", finding.reason)}
    word = WORDS.get(case.kind, "")
    kind = bool(codes & RULES[case.kind]) and word in f"{finding.message} {finding.reason}"
    return kind and case.line in lines(document, finding)


def typo(text: str) -> str:
    """A word of the longest line outside of index and headings."""
    line = max((one for one in text.splitlines() if one[:1].isalpha()), key=len)
    first, _, rest = line.partition(" ")
    return text.replace(line, f"{first} indeed {rest}", 1)


def rewrapped(text: str) -> str:
    line = max((one for one in text.splitlines() if one[:1].isalpha() and ". " in one), key=len)
    return text.replace(line, line.replace(". ", ".\n", 1), 1)


def spread(text: str) -> str:
    """More lines above the first question."""
    return text.replace("\n", "\n\n\n", 1)


def lengthened(text: str) -> str:
    """An answer with one more paragraph."""
    return re.sub(r"(\n### Q3:)", r"\nOne more thing is to be said here.\n\1", text, count=1)


def moved(text: str) -> str:
    """Two paragraphs of prose that follow each other, the other way round."""
    prose = r"\n\n([A-Z][^\n#*|`<>\[]{60,})\n\n([A-Z][^\n#*|`<>\[]{60,})\n\n"
    return re.sub(prose, r"\n\n\2\n\n\1\n\n", text, count=1)


def recounted(text: str) -> str:
    """A list whose items all count from another number; where there is none, one comes new."""
    items = re.search(r"(?:\n[1-6]\. [^\n]+){3,}\n", text)
    if not items:
        return f"{text}\n1. One\n2. Two\n"
    other = re.sub(r"\n([1-6])\. ", lambda one: f"\n{int(one[1]) + 3}. ", items[0])
    return text.replace(items[0], other, 1)


@pytest.mark.parametrize("harmless", [typo, rewrapped, spread, lengthened, moved, recounted])
@pytest.mark.parametrize("name", FILES, ids=lambda name: name[:10])
def test_a_harmless_change_is_silent(
    scratch: Scratch, shared: Path, name: str, harmless: Callable[[str], str]
) -> None:
    text = (shared / CORPUS / name).read_text(encoding="utf-8")
    scratch.commit({"dsqa.toml": SETTINGS, name: text})
    scratch.write({name: harmless(text)})
    assert scratch.told("--since", "HEAD") == []


NOUNS = "recall precision bias noise entropy margin kernel leaf depth batch".split()


def grown(text: str, turn: int, random: Random) -> str:
    """The text after a commit: a question more, with a defect or without, or a harmless edit."""
    one, other = random.choice(NOUNS), random.choice(NOUNS)
    words = f"{one} of kind {turn} in {other}"
    number = text.count("\n## Q") + 1
    anchor = f"q{number}-what-is-{words.replace(' ', '-')}"
    link = random.choice([anchor, anchor, anchor, f"q{number}-what-was-{turn}-here", ""])
    answer = random.choice(
        ["A share.", "An error.", "", "![x](gone.png)\n\nSo.", "See [it](none.md).", "TODO"]
    )
    index, mark, body = text.partition("\n# Answers\n")
    match random.randrange(6):
        case 0:
            return text.replace("A share.", f"A share, by {turn}.", 1)
        case 1:
            return f"{index}{mark}\nSome words {turn}.\n{body}"
        case 2:
            return text.replace("An error.", "An error.\n\nIt is one.", 1)
        case _:
            line = f"* [Q{number}: What is {words}?]({'#' * bool(link)}{link})\n"
            return f"{index}{line}{mark}{body}\n## Q{number}: What is {words}?\n\n{answer}\n"


def test_in_a_long_history_each_defect_is_told_once() -> None:
    """What is told of all commits together is what there is in the end."""
    random = Random(500)
    codes = {"ANC001", "ANS001", "ANS002", "IDX003", "IMG001", "LNK001"}
    chosen = [rule for rule in rules() if rule.code in codes]
    texts = {f"{n}.md": "# Questions\n\n\n# Answers\n" for n in range(30)}
    told: Counter[tuple[str, str]] = Counter()
    own = Repository(authoritative=True)
    for turn in range(500):
        path = random.choice(sorted(texts))
        text = grown(texts[path], turn, random)
        old, now = Workspace(Memory(texts), own), Workspace(Memory({**texts, path: text}), own)
        change = Change(path, path, tuple(hunks(texts[path], text)))
        comparison = Comparison(old, now, {path: change})
        found = {path: lint(now.parsed(path), now, chosen)}
        told.update((path, one.code) for one in arising(found, comparison, {path: chosen}, chosen))
        texts[path] = text
    world = Workspace(Memory(texts), own)
    there = Counter(
        (path, one.code) for path in texts for one in lint(world.parsed(path), world, chosen)
    )
    assert told == there
    assert sum(there.values()) > 150
