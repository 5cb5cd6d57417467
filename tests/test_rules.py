"""Each rule does what its examples say."""

from __future__ import annotations

import pytest

from dsqa.document import Document
from dsqa.finding import Finding
from dsqa.linter import lint, lint_tree
from dsqa.repair.fixer import fix
from dsqa.rule import Bad, Good, Rule
from dsqa.rules import rules
from tests.examples import workspace

GOOD = [
    pytest.param(rule, example, id=f"{rule.code}-good-{number}")
    for rule in rules()
    for number, example in enumerate(e for e in rule.examples if isinstance(e, Good))
]
BAD = [
    pytest.param(rule, example, id=f"{rule.code}-bad-{number}")
    for rule in rules()
    for number, example in enumerate(e for e in rule.examples if isinstance(e, Bad))
]


def checked(rule: Rule, example: Good | Bad) -> tuple[Document, list[Finding]]:
    world = workspace(example.markdown, example.files, example.outside, example.path)
    document = world.document(example.path)
    assert document
    return document, [*lint(document, world, [rule]), *lint_tree(world, [rule])]


def marked(document: Document, findings: list[Finding]) -> list[str]:
    """What each finding marks: words of the document, or another file."""
    return [f.path if f.path != document.path else document.source[f.span] for f in findings]


@pytest.mark.parametrize(("rule", "example"), GOOD)
def test_a_good_example_is_silent(rule: Rule, example: Good) -> None:
    document, findings = checked(rule, example)
    assert marked(document, findings) == []


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_is_found_where_it_says(rule: Rule, example: Bad) -> None:
    document, findings = checked(rule, example)
    assert marked(document, findings) == list(example.under)


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_bad_example_is_fixed_as_it_says(rule: Rule, example: Bad) -> None:
    world = workspace(example.markdown, example.files, example.outside, example.path)
    repair = fix(example.path, world, [rule], unsafe=True)
    assert [refusal.why for refusal in repair.refused] == []
    assert repair.after.text == (example.markdown if example.fixed is None else example.fixed)


def test_codes_and_names_are_used_once() -> None:
    assert len({rule.code for rule in rules()}) == len(rules())
    assert len({rule.name for rule in rules()}) == len(rules())


def test_the_rules_that_need_the_world_outside_are_a_group() -> None:
    assert rules(online=False) == tuple(rule for rule in rules() if not rule.online)


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.code) for rule in rules()])
def test_messages_follow_the_house_style(rule: Rule) -> None:
    for example in rule.examples:
        for finding in checked(rule, example)[1]:
            assert not finding.message.endswith(".")
            assert "please" not in finding.message.lower()
            assert "\n" not in finding.message
