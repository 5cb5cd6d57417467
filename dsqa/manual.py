"""The rules become a manual: what each is about, why, and its examples."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from dsqa.rule import EXAMPLE, Bad, Good, Rule
from dsqa.slug import slug

if TYPE_CHECKING:
    from dsqa.unjudged import Hindrance

MANUAL = "https://github.com/dsqa/dsqa/blob/main/dsqa/rules/README.md"
HEAD = """\
# The rules

Made from the rules themselves by `dsqa rules --format markdown`; what is shown here is what is
tested. A rule is selected or ignored by its code, by its name, or by the three letters of its
group.
"""
LONG_LINE = 1_000
ALWAYS = """
These are no rules that one may leave out: no setting, no comment and no baseline silences them, and
the exit code is 2.
"""


def help_uri(rule: Rule | Hindrance) -> str:
    """Where the manual explains it."""
    return f"{MANUAL}#{slug(_title(rule))}"


def table(rules: Sequence[Rule]) -> str:
    """The rules, a line each: code, name, severity, fix, and what it is about; and the rest."""
    from dsqa.unjudged import HINDRANCES

    told: list[Rule | Hindrance] = [*rules, *HINDRANCES]
    width = max(len(one.name) for one in told)
    rows = (
        f"{one.code}  {one.name:<{width}}  {one.severity!s:<7}  {_marks(one)}{one.summary}"
        for one in sorted(told, key=lambda one: one.code)
    )
    return "".join(f"{row}\n" for row in rows)


def _marks(one: Rule | Hindrance) -> str:
    if isinstance(one, Rule):
        return f"{'fix' if one.fixable else '   '}  {_unless_on(one)}"
    return "     (always) "


def _unless_on(rule: Rule) -> str:
    if rule.online:
        return "(--online) "
    return "" if rule.on else "(off) "


def manual(rules: Sequence[Rule]) -> str:
    """All pages in one, by group."""
    from dsqa.unjudged import HINDRANCES

    parts = [HEAD]
    for group, members in groupby(rules, key=lambda rule: type(rule).__module__.rpartition(".")[0]):
        parts.append(f"\n## {(importlib.import_module(group).__doc__ or '').strip()}\n")
        parts += [f"\n{page(rule)}" for rule in members]
    parts.append(f"\n## What cannot be judged\n{ALWAYS}")
    parts += [f"\n{page(hindrance)}" for hindrance in HINDRANCES]
    return "".join(parts)


def page(rule: Rule | Hindrance) -> str:
    """What one rule is about, why it matters, and its examples."""
    lines = _page(rule) if isinstance(rule, Rule) else _hindrance(rule)
    return "\n".join(lines) + "\n"


def _hindrance(one: Hindrance) -> Iterator[str]:
    yield f"### {_title(one)}"
    yield f"\n{one.summary}\n"
    yield one.rationale
    yield f"\nSeverity: {one.severity}; always on; needs a person."


def _title(rule: Rule | Hindrance) -> str:
    return f"{rule.code} {rule.name}"


def _page(rule: Rule) -> Iterator[str]:
    state = "on with `--online`" if rule.online else "on" if rule.on else "off unless selected"
    mending = "can be fixed" if rule.fixable else "needs a person"
    yield f"### {_title(rule)}"
    yield f"\n{rule.summary}\n"
    yield rule.rationale
    yield f"\nSeverity: {rule.severity}; {state}; {mending}."
    good = [example for example in rule.examples if isinstance(example, Good)]
    bad = [example for example in rule.examples if isinstance(example, Bad)]
    for example in bad:
        quoted = ", ".join(_quoted(text) for text in example.under if text.strip())
        yield f"\nFound{f' at {quoted}' if quoted else ''}{_told(example)}:\n"
        yield from _fenced(example.markdown)
        if example.fixed is not None:
            yield "\nFixed:\n"
            yield from _fenced(example.fixed)
    yield f"\nNot found{_told(good[0])}:\n"
    yield from _fenced(good[0].markdown)


def _told(example: Good | Bad) -> str:
    """Where an example stands, if that is told, and what the addresses in it answer."""
    where = f" in `{example.path}`" if example.path != EXAMPLE else ""
    told = {f"{answer.outcome}, {answer.reason}" for answer in example.outside.values()}
    return where + (f" ({'; '.join(sorted(told))})" if told else "")


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    shown = words if len(words) <= 60 else words[:59] + "…"
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _fenced(markdown: str) -> Iterable[str]:
    longest = max((len(run) for run in markdown.split("\n") if run.startswith("`")), default=0)
    fence = "`" * max(3, longest + 1) if "```" in markdown else "```"
    lines = (_shortened(line) for line in markdown.rstrip("\n").split("\n"))
    return (f"{fence}markdown", *lines, fence)


def _shortened(line: str) -> str:
    """The line, or the beginning and the length of one that nobody would read."""
    return line if len(line) < LONG_LINE else f"{line[:60]}… ({len(line):,} characters)"
