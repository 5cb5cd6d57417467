"""What was found in documents is known again, and the run says what it would say without."""

from __future__ import annotations

import io
import os
import random
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from benchmarks import questions
from dsqa import cache, cli, judging, processes, recall, run
from dsqa.config import Config
from dsqa.discovery import discover
from dsqa.rules import rules
from tests.test_recall import AGED, git

FILES = 12
WORDS = "batch cache channel cluster commit cursor daemon digest event graph".split()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout in which some files link to others, to images, and to what is not there."""
    folder = tmp_path / "tree"
    folder.mkdir()
    questions.write(folder, dict(questions.many(FILES, 3)))
    (folder / "README.md").write_text(
        "# Topics\n\n"
        "* [Q1: What is a hub?](#q1-what-is-a-hub)\n"
        "* [the second](topic-00/file-0001.md#q1)\n"
        "* [gone](topic-00/file-0099.md)\n\n"
        "## Q1: What is a hub?\n\n![a figure](topic-00/figures/0.png)\n",
        encoding="utf-8",
    )
    git(folder, "init", "-q")
    git(folder, "remote", "add", "origin", "https://github.com/own/qa")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    time.sleep(AGED)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(processes, "processors", lambda: 1)
    return folder


def check(*words: str) -> tuple[int, str, str]:
    """What a run says that recalls no whole answer, but knows documents."""
    words = ("check", "--show", "info", "--format", "json", *words)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = cli.main(words, question=recall.question(words))
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are judged, not known."""
    names: list[str] = []

    def counting(item: run.Item, *arguments: object) -> object:
        names.append(item.file.place.name)
        return run.found_in(item, *arguments)  # type: ignore[arg-type]  # as they were given

    monkeypatch.setattr(judging, "found_in", counting)
    return names


def append(folder: Path, name: str, text: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(text)


def test_only_what_changed_is_judged_again(tree: Path, judged: list[str]) -> None:
    first = check()
    assert len(judged) == FILES + 1
    judged.clear()
    assert check() == first
    assert judged == []
    append(tree, "topic-00/file-0003.md", "\nOne more line.\n")
    time.sleep(AGED)
    check()
    assert judged == ["file-0003.md"]


def test_what_rests_on_a_file_is_judged_again_with_it(tree: Path, judged: list[str]) -> None:
    check()
    judged.clear()
    place = tree / "topic-00" / "file-0001.md"
    place.write_text(place.read_text().replace("### Q1: ", "### Q1: Really? "), encoding="utf-8")
    assert check() == check("--no-cache")
    assert {"README.md", "file-0001.md"} <= set(judged)


def test_other_rules_and_settings_know_nothing(tree: Path, judged: list[str]) -> None:
    check()
    for words in (("--select", "IDX"), ("--ignore", "IDX001")):
        judged.clear()
        check(*words)
        assert len(judged) == FILES + 1
    (tree / "dsqa.toml").write_text('former-names = ["own/old"]\n', encoding="utf-8")
    judged.clear()
    assert check() == check("--no-cache")
    assert len(judged) >= FILES + 1


def test_a_commit_leaves_known_what_does_not_rest_on_it(tree: Path, judged: list[str]) -> None:
    check()
    append(tree, "topic-00/file-0003.md", "\nOne more line.\n")
    git(tree, "commit", "-qam", "second")
    time.sleep(AGED)
    judged.clear()
    check()
    assert "file-0003.md" in judged
    assert len(judged) < FILES // 2


def test_what_is_damaged_is_not_believed(tree: Path, judged: list[str]) -> None:
    first = check()
    (place,) = (tree.parent / "cache" / "dsqa" / "answers").glob("documents-*")
    content = place.read_bytes()
    for damaged in (content[:-1], b"", content[:2], content[:40] + b"\xff" + content[41:]):
        place.write_bytes(damaged)
        judged.clear()
        assert check() == first
        assert len(judged) == FILES + 1


def test_what_a_stranger_laid_there_is_not_believed(
    tree: Path, judged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recall, "program", lambda: {recall.__file__: "1 2 3 4 5"})
    first = check()
    judged.clear()
    assert check() == first
    assert len(judged) == FILES + 1


def test_a_file_that_changed_just_now_is_not_kept(tree: Path, judged: list[str]) -> None:
    check()
    append(tree, "topic-00/file-0003.md", "\nOne more line.\n")
    check()
    judged.clear()
    check()
    assert judged == ["file-0003.md"]


def _reword(folder: Path, chance: random.Random) -> None:
    place = chance.choice(sorted(folder.rglob("*.md")))
    lines = place.read_text(encoding="utf-8").split("\n")
    headings = [number for number, line in enumerate(lines) if line.startswith("### Q")]
    if headings:
        number = chance.choice(headings)
        lines[number] += f" {chance.choice(WORDS)}"
        place.write_text("\n".join(lines), encoding="utf-8")


def _link(folder: Path, chance: random.Random) -> None:
    one, other = chance.sample(sorted(folder.rglob("*.md")), 2)
    path = os.path.relpath(other, one.parent)
    anchor = chance.choice(["", "#q1", "#nowhere", "#questions-and-answers"])
    append(folder, str(one.relative_to(folder)), f"\nSee [there]({path}{anchor}).\n")


def _remove(folder: Path, chance: random.Random) -> None:
    chance.choice(sorted(folder.rglob("*.md"))).unlink()


def _remove_image(folder: Path, chance: random.Random) -> None:
    if images := sorted(folder.rglob("*.png")):
        chance.choice(images).unlink()


def _rename(folder: Path, chance: random.Random) -> None:
    place = chance.choice(sorted(folder.rglob("*.md")))
    place.rename(place.with_name(f"{chance.choice(WORDS)}-{chance.randrange(100)}.md"))


def _renumber(folder: Path, chance: random.Random) -> None:
    place = chance.choice(sorted(folder.rglob("*.md")))
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("### Q2", "### Q7"), encoding="utf-8")


def _commit(folder: Path, chance: random.Random) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--allow-empty", "-qm", "more")


def _ignore(folder: Path, chance: random.Random) -> None:
    append(folder, ".gitignore", f"{chance.choice(WORDS)}-*\n")


def _restore(folder: Path, chance: random.Random) -> None:
    git(folder, "checkout", "-q", "--", ".")


STEPS: tuple[Callable[[Path, random.Random], None], ...] = (
    *(_reword, _reword, _link, _link, _remove, _remove_image, _rename, _renumber),
    *(_commit, _ignore, _restore),
)


def test_whatever_happens_it_says_what_it_would_say_without(tree: Path, long: bool) -> None:
    for seed in range(40 if long else 2):
        chance = random.Random(seed)
        for step in range(12):
            change = chance.choice(STEPS)
            change(tree, chance)
            if chance.random() < 0.7:
                time.sleep(AGED)
            told = check()
            assert told == check("--no-cache"), (seed, step, change.__name__)
        git(tree, "checkout", "-q", "--", ".")


def test_what_is_written_is_read_again(tree: Path) -> None:
    config = Config(tree)
    reading = run.read(discover(["."], tree, config), tree, config)
    for item in reading.items:
        findings = run.found_in(item, config, [rule for rule in rules() if not rule.online])
        one = cache.Judged(tuple(findings), item.facts)
        assert cache._read(cache._written(one)) == (one.findings, one.facts)
