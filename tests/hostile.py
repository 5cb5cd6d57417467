"""What strangers write: strings that want to be more, and the places where they get in."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.conftest import SHARED

OWN_ROWS = (
    ("bidi override", "a\u202eb\u2066c"),
    ("lone surrogate", "caf\udce9\ud800"),
    ("tags", "a\U000e0001\U000e0041"),
    ("C1 CSI", "\x9b31m"),
    ("NBSP before a command", "\u00a0::error::x"),
    ("ideographic space before a command", "\u3000::error::x"),
    ("a word that begins a folded line", "word " * 14 + "::error file=a::x " + "::warning::y " * 9),
    ("old command", "x ##[error]y ###[group]z"),
    ("delete", "\x7f"),
    ("NUL", "\0"),
    ("very long", "::error::x " * 5000),
)
OF_HOSTS = (
    ("Azure", "x ##vso[task.setvariable variable=PATH]y"),
    ("Azure, upper case", "##VSO[task.complete result=Failed]"),
    ("Azure, invisible", "##\u200bvso[task.complete]"),
    ("Azure, a group", "##[section]x"),
    ("TeamCity", "a ##teamcity[buildStatus text='x']"),
    ("TeamCity, no break", "##TeamCity\u2060[message text='x']"),
    ("GitLab", "section_start:1:a\r\x1b[0Kx"),
    ("GitLab, collapsed", "section_end:1:a[collapsed=true]\r\x1b[0K"),
    ("Travis", "travis_fold:start:a\r\x1b[0K"),
    ("Buildkite", "\x1b]1339;url='https://example.org';content='x'\x07"),
    ("Jenkins", "\x1b[8mha:AAAA\x1b[0m"),
    ("invisible before a command", "\u200b\u2060::error::x"),
    ("a control before a command", "\x1b\x01::error::x"),
    ("stop-commands", "::stop-commands::x"),
    ("image", "![x](https://example.org/x.png)"),
    ("table break", "a | b\\| c || d"),
    ("an end of code", "`` ` ```x"),
    ("an issue", "owner/name#1 #1 GH-1 @owner"),
    ("an address", "https://example.org www.example.org a@example.org"),
    ("SVG", '"><script xmlns="http://www.w3.org/2000/svg">x</script>'),
    ("XML", "]]>\ufffe\uffff<?x?>&#0;"),
    ("no UTF-8", "caf\udce9"),
)
ALL_AT_ONCE = (
    "::error::x\r\n::notice::y\x1b]0;\u202e\u200b\xa0##[group]##vso[a.b]##teamcity[c]<img>|[d](e)@f"
)
FEW = {"all at once", "invisible before a command", "no UTF-8"}
"""What is tried where not all are: all that is dangerous, and what cannot stand behind it."""


def conformance_rows() -> list[dict[str, str]]:
    path = SHARED / "conformance" / "threats" / "injection.json"
    if not path.is_file():
        return []
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def strings() -> list[Any]:
    """All of them, each with its name."""
    rows = conformance_rows()
    texts = [("all at once", ALL_AT_ONCE), *OWN_ROWS, *OF_HOSTS]
    texts += [(row["name"], row["text"]) for row in rows]
    params = [pytest.param(text, id=name) for name, text in texts if text]
    if rows:
        return params
    reason = f"NOT TESTED: no hostile strings at {SHARED}"
    return [*params, pytest.param("", marks=pytest.mark.skip(reason=reason), id="conformance")]


# Where a stranger's string gets in

ASKED = "\n## Q1: Why?\n\nTODO\n\n## Q2: What?\n\nIt is so.\n"
PLACES = {
    "title": "# T\n\n* [Q1: x](#none)\n\n## Q1: {}\n\nTODO\n",
    "bold title": "**Q1: {}**\n\nTODO\n\n**Q3: {}**\n\nIt is.\n",
    "label": "# T\n\n* [Q1: {}](#none)\n* [Q2: {}]()\n" + ASKED,
    "href": "# T\n\n* [Q1: Why?](<#{}>)\n* [Q2: What?](#{})\n* [Q3](<{}.md>)\n" + ASKED,
    "words": "# T\n\n* [Q1: Why?](#:~:text={})\n* [Q2: What?](#q1:~:text=a-b,{})\n" + ASKED,
    "anchor": '# T\n\n* [Q1: Why?](#x)\n<a id="{}"></a>\n<a name="{}"></a>\n' + ASKED,
    "alt": "# T\n" + ASKED + "\n![{}](missing.png)\n",
    "image": "# T\n" + ASKED + "\n![image](<{}.png>) <img src='{}'>\n",
    "reason": "# T\n<!-- dsqa: ignore[ANC001] {} -->\n" + ASKED,
    "rule": "# T\n<!-- dsqa: ignore[{}] -->\n<!-- dsqa: {} -->\n" + ASKED,
    "id": "# T\n" + ASKED + "\n<!-- dsqa: id[{}] -->\n",
    "group": "# T\n\n### {}\n\n* [Q1: Why?](#none)\n\n# {}\n" + ASKED,
    "answer": "# T\n\n## Q1: Why?\n\n{}\n\n```\n{}\n```\n\n## Q3: How?\n\nTODO {}\n",
    "repository": "# T\n\n* [Q1: Why?](https://github.com/{}/blob/main/label.md#q1)\n" + ASKED,
    "option": "1. {}\n   - [ ] {}\n   - [x] {}\n2. {}\n   - [ ] a\n   - [x] b\n",
    "fold": "# T\n" + 2 * "\n<details><summary>Q1: {}</summary>\n\nTODO\n\n</details>\n",
    "branch": "# T\n\n* [Q1: Why?](https://github.com/own/qa/blob/{}/branch.md#q1)\n" + ASKED,
}


def written(text: str) -> str:
    """The string as a file of text can hold it."""
    return re.sub("[\0\ud800-\udfff]", "", text)


def named(text: str) -> str:
    """The string as a file can be called."""
    return re.sub("[\0/\ud800-\udc7f\udd00-\udfff]", "-", text)[:40] or "-"


def documents(text: str) -> dict[str, str]:
    """Documents with the string in a place each, and in their own names."""
    placed = {
        f"{name}.md": markdown.replace("{}", written(text)) for name, markdown in PLACES.items()
    }
    label = placed["label.md"]
    return {**placed, f"{named(text)}.md": label, f"{named(text)}/other.md": label}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """For the modules that import it: a test of `hostile` is tried with each of the strings."""
    if "hostile" in metafunc.fixturenames:
        whole = metafunc.config.getoption("--long")
        params = [param for param in strings() if whole or param.id in FEW or param.marks]
        metafunc.parametrize("hostile", params)
