"""Slugs against our own table, and against what github.com really gave."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

import pytest

from dsqa.slug import UNRECORDED, slug, unique_slugs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("Q1: What is recall?", "q1-what-is-recall", id="punctuation goes"),
        pytest.param("Questions & Answers", "questions--answers", id="blanks are not collapsed"),
        pytest.param(" a ", "-a-", id="nothing is trimmed"),
        pytest.param("a - b", "a---b", id="a hyphen stays"),
        pytest.param("snake_case", "snake_case", id="an underscore stays"),
        pytest.param("a\u203fb", "a\u203fb", id="connecting punctuation stays"),
        pytest.param("L1/L2 (e.g., 0.9)", "l1l2-eg-09", id="digits stay"),
        pytest.param("1D\u00a0signal", "1dsignal", id="a no-break space goes"),
        pytest.param("a\tb\u3000c\u2028d", "abcd", id="only the blank becomes a hyphen"),
        pytest.param("soft\u00adhyphen\u200d", "softhyphen", id="invisible characters go"),
        pytest.param("a – b — c", "a--b--c", id="other dashes go"),
        pytest.param("\U0001f680 go", "-go", id="an emoji goes, its blank stays"),
        pytest.param("ok \u2714\ufe0f", "ok-\ufe0f", id="a variation selector is a mark"),
        pytest.param("1\ufe0f\u20e3", "1\ufe0f\u20e3", id="a keycap is a mark"),
        pytest.param("\u24b6\U0001f170", "\u24d0\U0001f170", id="circled letters stay"),
        pytest.param("x² ½", "x-", id="numbers that are no digits go"),
        pytest.param("ÄÉΘ ПРИВЕТ", "äéθ-привет", id="all alphabets have lower case"),
        pytest.param("\u0130", "i\u0307", id="lower case may be longer"),
        pytest.param("e\u0301 \u00e9", "e\u0301-\u00e9", id="nothing is normalised"),
        pytest.param("\U0001d407\U0001d428\U0001d430", "\U0001d407\U0001d428\U0001d430", id="math"),
        pytest.param("深度学习？", "深度学习", id="ideographs stay"),
        pytest.param("ภาษาไทย ง่าย", "ภาษาไทย-ง่าย", id="marks stay"),
        pytest.param("\ue000$€+", "", id="private use, currency and symbols go"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([], [], id="no headings"),
        pytest.param(["a", "A!", "a"], ["a", "a-1", "a-2"], id="counted by name"),
        pytest.param(
            ["echo", "echo", "echo 1", "echo-1", "echo"],
            ["echo", "echo-1", "echo-1-1", "echo-1-2", "echo-2"],
            id="a number may be taken",
        ),
        pytest.param(["b-1", "b", "b"], ["b-1", "b", "b-2"], id="taken beforehand"),
        pytest.param(["?", "!", ""], ["", "-1", "-2"], id="nothing is a name too"),
        pytest.param(["__proto__", "__proto__"], ["__proto__", "__proto__-1"], id="no magic"),
    ],
)
def test_unique_slugs(texts: list[str], expected: list[str]) -> None:
    assert unique_slugs(texts) == expected


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["a"] * 100_000, id="always the same"),
        pytest.param([f"a-{n}" for n in range(50_000)] + ["a"] * 50_000, id="numbers are taken"),
        pytest.param(["a" + "-1" * n for n in range(1_000)] * 20, id="numbers of numbers"),
    ],
)
def test_hostile_headings_get_names_of_their_own(texts: list[str]) -> None:
    assert len(set(unique_slugs(texts))) == len(texts)


@pytest.mark.parametrize(
    ("before", "letters", "behind"),
    [
        pytest.param("\u24b5", "\u24d0\u24e9", "\u24ea", id="in circles"),
        pytest.param("\U0001f12f", "\U0001f130\U0001f149", "\U0001f14a", id="in squares"),
        pytest.param("\U0001f14f", "\U0001f150\U0001f169", "\U0001f16a", id="in dark circles"),
        pytest.param("\U0001f16f", "\U0001f170\U0001f189", "\U0001f18a", id="in dark squares"),
    ],
)
def test_symbols_that_are_letters_stay(before: str, letters: str, behind: str) -> None:
    assert slug(before + letters + behind) == letters


def test_a_long_heading() -> None:
    assert slug("Σ\u0301 " * 200_000) == "σ\u0301-" * 200_000


def test_documents_seen_on_github(shared: Path) -> None:
    rows = json.loads((shared / "conformance/github_slugs.json").read_text("utf-8"))
    rows += json.loads((shared / "conformance/seed_slugs.json").read_text("utf-8"))
    rows.sort(key=lambda row: (row["document"], row["order"]))
    for document, headings in groupby(rows, key=lambda row: row["document"]):
        listed = list(headings)
        expected = [row["slug"] for row in listed]
        assert unique_slugs(row["heading_text"] for row in listed) == expected, document


def codepoints(shared: Path) -> list[dict[str, str]]:
    cases = json.loads((shared / "conformance/github_slug_codepoints.json").read_text("utf-8"))
    rows: list[dict[str, str]] = cases["cases"]
    return rows


def test_characters_seen_on_github(shared: Path) -> None:
    """Also those that this Python, or GitHub at that time, did not know."""
    rows = codepoints(shared)
    found = {row["cp"]: slug(row["heading_text"]) for row in rows}
    assert found == {row["cp"]: row["slug"] for row in rows}


NEWER = """0CF3 0ECE 10EFD..10EFF 1123F..11241 11F00..11F10 11F12..11F3A 11F3E..11F42 11F50..11F59
    1342F 13440..13455 1B132 1B155 1DF25..1DF2A 1E030..1E06D 1E08F 1E4D0..1E4F9 2B739 2EBF0..2EE5D
    31350..323AF"""
"""DerivedAge.txt of Unicode, 15.0 and 15.1: its letters, marks and digits."""


@pytest.mark.parametrize("run", NEWER.split())
def test_letters_that_some_pythons_do_not_know_go(run: str) -> None:
    first, last = (int(run.split("..")[place], 16) for place in (0, -1))
    assert slug(f"a{chr(first)}{chr(last)}b") == "ab"
    assert (first, last) in UNRECORDED
    assert len(UNRECORDED) == len(NEWER.split())
