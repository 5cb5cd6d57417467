"""Inputs that nobody would write: grown from a grammar, and changed at random."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

from dsqa.slug import slug

GRAMMAR: Mapping[str, tuple[str, ...]] = {
    "document": (
        "{section}{section}",
        "{entries}\n{section}{section}{section}",
        "{front}{entries}\n{section}{section}",
        "{block}{section}{block}{section}",
        "{details}{details}{details}",
        "{ordered}\n{block}",
        "{table}\n{section}{section}",
        "{bold}{bold}{bold}",
        "{section}{entries}{section}",
        "{document}{document}",
    ),
    "section": (
        "{heading}\n{answer}\n",
        "{heading}{answer}",
        "{heading}\n",
        "{heading}\n{comment}{answer}\n",
        "{section}{section}",
    ),
    "heading": (
        "{hashes} {question}\n",
        "{hashes} {question} {hashes}\n",
        "{question}\n---\n",
        "{hashes}  {question}{hashes}\n",
        "1. {hashes} {question}\n",
        "> {hashes} {question}\n",
        "<h2 id=x>{question}</h2>\n",
        "{hashes} {question} <a name='{name}'></a>\n",
        "**{question}**\n",
    ),
    "hashes": ("##", "##", "#", "###", "######"),
    "question": (
        "Q{number}: {words}",
        "Q{number}: {words}?",
        "{number}. {words}",
        "{number}) {words}",
        "Question {number}. {words}",
        "第 {number} 题：{words}",
        "**Q{number}:** {words}",
        "{words}?",
        "{number}-{number} {words}",
        "Q. {words}",
    ),
    "number": ("1", "2", "3", "4", "5", "10", "2", "0", "007", "999999999", "18446744073709551616"),
    "words": (
        "What is recall",
        "What is recall",
        "Why  `x`",
        "What is bias",
        "Define *recall*",
        "𝐖𝐡𝐚𝐭 is\u00a0bias",
        "Что такое смещение",
        "什么是召回率",
        "재현율은 무엇인가요",
        "a [b]({href}) c",
        "İ ß ǆ \u0301\u0345",
        "& < > &amp; &#0; &#x110000;",
        "\u200b\u00ad",
        "TODO",
        "",
        "{words} {words}",
    ),
    "entries": (
        "{entry}{entry}{entry}",
        "{entry}\n{entry}",
        "## Index\n\n{entry}{entry}",
        "{entry}  {entry}  {entry}",
        "{table}",
        "{entries}{entries}",
    ),
    "entry": (
        "* [{question}]({href})\n",
        "* [{question}](#{name})\n",
        "1. [{question}]({href})\n",
        "- {question}\n",
        "* [{question}]()\n",
        "* [{question}](<>) {image}\n",
        "[{question}]({href})\\\n",
        "[{question}]({href})  \n",
        "* [{question}][{name}]\n",
        "<li><a href='{href}'>{question}</a></li>\n",
    ),
    "name": (
        "q1-what-is-recall",
        "q2-what-is-bias",
        "x",
        "Q1-What-Is-Recall",
        "q1--what-is-recall",
        "%",
    ),
    "href": (
        "#{name}",
        "#:~:text={directive}",
        "qa.md#{name}",
        "other.md",
        "other.md#{name}",
        "./QA.md#{name}",
        "../qa.md",
        "https://github.com/own/qa/blob/main/qa.md#{name}",
        "https://github.com/own/notes/blob/master/qa.md#:~:text={directive}",
        "https://github.com/other/qa/blob/main/other.md?plain=1#L1",
        "https://raw.githubusercontent.com/own/qa/main/a.png",
        "https://example.org/%zz#:~:text={directive}",
        "#",
        "",
        "# {name}",
        "a b.md",
        "<{href}>",
        "%2e%2e/%00",
        "mailto:x",
        "//x",
        "\\{href}",
        "#{name}#{name}",
    ),
    "directive": (
        "{escaped}",
        "{escaped}-,{escaped}",
        "{escaped},-{escaped}",
        "{escaped}-,{escaped},{escaped},-{escaped}",
        "{escaped},{escaped}",
        "{escaped}&text={escaped}",
        "-,-",
        "%",
        ",",
        "{escaped}-{escaped}",
    ),
    "escaped": (
        "Q1%3A%20What%20is%20recall%3F",
        "What%20is",
        "recall",
        "the%20share",
        "%E5%8F%AC",
        "Footer",
        "%F0%9D%90%96",
        "%ff",
        "%20",
        "%0A",
        "ß",
        "I%CC%87",
    ),
    "answer": (
        "The share that was found.\n",
        "Answer:\n{block}",
        "Answer: {words}\n",
        "**Answer:** {words}\n",
        "{block}{block}",
        "TODO\n",
        "",
        "{image}\n",
        "[{words}]({href})\n",
        "{details}",
        "### {words}\n{block}",
        "Q{number}: {words}?\n",
        "- [x] {words}\n- [ ] {words}\n",
    ),
    "block": (
        "{words}\n",
        "{words} {link} {image} {words}\n\n",
        "* {block}",
        "  {block}",
        "> {block}",
        "1) {words}\n2) {words}\n1) {words}\n{words}\n",
        "a) {words}\n\nb) {words}\n",
        "```\n{block}```\n",
        "```python\n{block}",
        "~~~\n",
        "    {block}",
        "\t{block}",
        "---\n",
        "{table}",
        "{details}",
        "{comment}",
        "<div>\n{block}</div>\n",
        "<!-- {words}\n",
        "<pre>\n{block}",
        "<<<<<<< HEAD\n{block}=======\n{block}>>>>>>> x\n",
        "[{name}]: {href} '{words}'\n",
        "{block}{block}",
        "\r\n",
        "{words}\r",
        "\f\v\u2028\u0085\n",
        "$$\n{block}$$\n",
        "\ufeff\n",
        "[^1]: {words}\n",
    ),
    "link": (
        "[{words}]({href})",
        "[{words}][{name}]",
        "<https://example.org/{name}>",
        "https://example.org/{name}",
        '[{words}]({href} "{words}")',
        "<a href={href}>{words}</a>",
        "[{words}]({href}",
        "{words}]({href})",
        "[{image}]({href})",
        "[here]({href})",
    ),
    "image": (
        "![{words}]({href})",
        "![image](a.png)",
        "![A curve](img/b.png)",
        "![](Img\\B.png)",
        "<img src='{href}' alt={words}>",
        "![{words}][{name}]",
    ),
    "details": (
        "<details>\n<summary>{question}</summary>\n\n{answer}\n</details>\n\n",
        "<details><summary>{question}</summary>{block}",
        "<details open>\n<summary>\n{question}\n</summary>\n{details}</details>\n",
        "</details>\n",
    ),
    "ordered": (
        "1. {question}\n\n   {answer}",
        "1. {question}\n2. {question}\n3. {question}\n",
        "9. {entry}",
    ),
    "bold": ("**{question}**\n\n{answer}\n", "**{question}**<br>{answer}\n\n", "{bold}{bold}"),
    "table": (
        "| No. | Question |\n| - | - |\n| 1 | [{words}]({href}) |\n| 2 | [{words}](#{name}) |\n",
        "|{words}|\n|-|\n|{link}|{image}|\n",
        "|a\n|-\n|{words}\\|{words}\n",
    ),
    "comment": (
        "<!-- dsqa: ignore[{rule}] {words} -->\n",
        "<!-- dsqa: disable[{rule}, {rule}] -->\n",
        "<!-- dsqa: enable[{rule}] -->\n",
        "<!-- dsqa: disable-file -->\n",
        "<!-- dsqa: ignore -->\n",
        "<!-- dsqa: ignore[ -->\n",
        "<!-- dsqa: {words} -->\n",
    ),
    "rule": ("ANS001", "broken-anchor", "IDX", "emty-answer", "", "SUP001", "ALL"),
    "front": ("---\ntitle: {words}\nquestion: {question}\n---\n", "---\n{block}---\n", "+++\n"),
    "search": ("{directive}\n{page text}",),
    "page text": (
        "Q1: What is recall?\nQ1: What is recall?\nThe share\n",
        "recall the share recall\n{words}\n",
        "{words} {words}\n{page text}",
        "{escaped}\n{words}",
        "Footer\nrecall\n",
    ),
    "settings": (
        "{setting}\n{setting}\n{setting}\n",
        "[tool.dsqa]\n{setting}\n",
        "{setting}",
        "{settings}{settings}",
    ),
    "setting": (
        'select = ["{rule}"]',
        'extend-select = ["ALL", "{rule}"]',
        'ignore = ["{rule}", 1]',
        '"per-file-ignores" = {{ "{pattern}" = ["{rule}"] }}',
        '[per-question-ignores]\n"qa.md#{name}" = ["{rule}"]',
        'exclude = ["{pattern}"]',
        'fail-on = "{severity}"',
        'repository = "{name}/{name}"',
        'former-names = ["own/{name}"]',
        "default-branch = {value}",
        'question = "{way}"',
        '[question]\n"{pattern}" = "{way}"',
        'answer = "{way}"',
        "index = {value}",
        'unasked = ["{pattern}"]',
        "{name} = {value}",
        "a.b.c = {value}",
        "[[{name}]]",
        "[tool.dsqa]",
    ),
    "severity": ("error", "Warning", "info", "none", "İ"),
    "way": ("heading", "numbered-heading", "none", "summary", "bold-line", "list-item", "x"),
    "pattern": ("*.md", "**/x", "a/", "[a-", "!x", "./", "*a*a*a*a*b", "", "\\u0000", "{words}"),
    "value": (
        "1",
        "'x'",
        "[]",
        "{{}}",
        "1979-05-27T07:32:00Z",
        "nan",
        '"\\ud800"',
        "[[[{value}]]]",
        "true",
        "'''\n",
    ),
    "known": (
        '{{"version": 1, "findings": [{known one}]}}',
        '{{"version": 1, "findings": [{known one}, {known one}]}}',
        '{{"version": {value}, "findings": {value}}}',
        "{value}",
        "[{known}]",
    ),
    "known one": (
        '{{"path": "qa.md", "rule": "ANS001", {about}, "count": {number}}}',
        '{{"path": {value}, "rule": {value}, {about}, "count": {value}}}',
        "{value}",
        "{known}",
    ),
    "about": ('"question": "{words}", "detail": "x"', '"question": {value}, "detail": {value}'),
    "page": (
        "#{name}\ntext/html\n<html><head><title>{words}</title></head><body>{element}{element}</body>",
        "#:~:text={directive}\ntext/html; charset={charset}\n{element}{element}",
        "#{name}\nimage/png\n{element}",
        "#\n\n<meta charset={charset}>{element}{page}",
    ),
    "charset": ("utf-8", "utf-16", "gb18030", "iso-2022-jp", "x-user-defined", "zip", "'"),
    "element": (
        "<p id={name}>{words}",
        "<div class='loading' hidden>{element}</div>",
        "<a name='{name}' href='{href}'>{words}</a>",
        "<ul><li>{words}<li>{words}</ul>",
        "<table><tr><td>{words}<td>{element}</table>",
        "<script>{element}</script>",
        "<style>{words}",
        "<svg><title>{words}</title></svg>",
        "<textarea>{element}",
        "<!-- {element} --!>",
        "<details><summary>{words}</summary>{element}</details>",
        "<template shadowrootmode=open>{element}</template>",
        "<span style='display: {style}'>{words}</span>",
        "<input type=submit value='{words}'>",
        "<br/><{name} {name}={name}>",
        "</div></p></{name}>",
        "&lt;{words}&#x0;&notit;",
        "<!DOCTYPE svg [<!ENTITY a '{words}'>]>",
        "<include-fragment src=x>",
        "<iframe srcdoc='{element}'>",
        "{element}{element}",
        "<",
    ),
    "style": ("none", "block", "flex", "inline", "contents", "{words}"),
    "address": (
        "{href}",
        "{href}\n{folder}",
        "https://{href}",
        "https://github.com/{name}/{name}/{view}/{href}",
        "/{folder}/{href}",
    ),
    "view": ("blob", "raw", "tree", "edit", "blame", "issues", "Blob"),
    "folder": ("a/b", "..", "a//b/./c", "%2F", "~", "{folder}/{folder}", ""),
}
"""What the inputs are made of: for each symbol the ways to write it."""

SYMBOL = re.compile(r"\{\{|\}\}|\{([a-z ]+)\}")
MOST_SYMBOLS = 120
"""After so many symbols each is written in its first way, which soon holds none."""
LARGEST = 10_000
"""Characters of an input."""
SIGNS = "\\`*_[]()<>#!|&;:~-.\"' \t\u00a0\0"
NESTING = ("> ", "  ", "    ", "* ", "1. ", "\t", "# ")
ENDS = ("\n", "\r\n", "\r", "\u2028", "")


def grown(chance: Random, symbol: str) -> str:
    """A text that the grammar makes of the symbol."""
    left = iter(range(MOST_SYMBOLS))

    def written(symbol: str) -> str:
        ways = GRAMMAR[symbol]
        way = chance.choice(ways) if next(left, None) is not None else ways[0]
        return SYMBOL.sub(lambda match: written(match[1]) if match[1] else match[0][0], way)

    return written(symbol)[:LARGEST]


def changed(chance: Random, text: str, symbol: str) -> str:
    """The text with one change: a line more, less, elsewhere or otherwise."""
    lines = text.splitlines(keepends=True) or [""]
    chance.choice(CHANGES)(chance, lines, chance.choice((symbol, *GRAMMAR)))
    return "".join(lines)[:LARGEST]


def _grow(chance: Random, lines: list[str], symbol: str) -> None:
    lines.insert(_place(chance, lines), grown(chance, symbol))


def _drop(chance: Random, lines: list[str], symbol: str) -> None:
    at = _place(chance, lines)
    del lines[at : at + chance.randint(1, 3)]


def _repeat(chance: Random, lines: list[str], symbol: str) -> None:
    lines.insert(_place(chance, lines), lines[_place(chance, lines)])


def _swap(chance: Random, lines: list[str], symbol: str) -> None:
    at, other = _place(chance, lines), _place(chance, lines)
    lines[at], lines[other] = lines[other], lines[at]


def _end(chance: Random, lines: list[str], symbol: str) -> None:
    at = _place(chance, lines)
    lines[at] = lines[at].rstrip("\r\n") + chance.choice(ENDS)


def _nest(chance: Random, lines: list[str], symbol: str) -> None:
    at = _place(chance, lines)
    lines[at] = chance.choice(NESTING) + lines[at]


def _reword(chance: Random, lines: list[str], symbol: str) -> None:
    at = _place(chance, lines)
    words = lines[at].split(" ")
    words[_place(chance, words)] = grown(chance, symbol)
    lines[at] = " ".join(words)


def _sign(chance: Random, lines: list[str], symbol: str) -> None:
    at = _place(chance, lines)
    place = chance.randint(0, len(lines[at]))
    lines[at] = lines[at][:place] + chance.choice(SIGNS) + lines[at][place:]


def _list(chance: Random, lines: list[str], symbol: str) -> None:
    """Put in an index line for what may be a heading."""
    words = lines[_place(chance, lines)].strip("#>* \t\r\n")[:300]
    lines.insert(_place(chance, lines), f"* [{words}](#{slug(words)})\n")


def _multiply(chance: Random, lines: list[str], symbol: str) -> None:
    at = _place(chance, lines)
    lines[at] *= chance.choice((2, 3, 50))


CHANGES = (_grow, _grow, _drop, _repeat, _swap, _end, _nest, _reword, _sign, _list, _multiply)


def _place(chance: Random, things: Sequence[str]) -> int:
    return chance.randrange(len(things))
