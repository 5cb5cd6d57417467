"""What is promised of every input, whatever it is: each promise breaks loudly."""

from __future__ import annotations

import json
import re
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from dsqa import config
from dsqa.collation import BLOCK_END, fold
from dsqa.coverage import coverage, total
from dsqa.discovery import File
from dsqa.document import Document
from dsqa.exporters import export
from dsqa.exporters.building import document_data
from dsqa.finding import Severity
from dsqa.fragment import split_fragment
from dsqa.history import baseline
from dsqa.linter import lint
from dsqa.page import Text, matches
from dsqa.repair.fixer import fix
from dsqa.repair.proof import added
from dsqa.report import Report
from dsqa.reporters import formats, render
from dsqa.rules import rules
from dsqa.run import Item, info, looked_at
from dsqa.source import Source, Span, Unreadable
from dsqa.target import Kind, decode, encode_path, folder_of, join, parse_target, relative
from dsqa.verdict import github_chrome, judge
from dsqa.webpage import decoded, is_image, leads_somewhere, read_names, read_page
from dsqa.workspace import Memory, Workspace
from tests.examples import PATH, REPOSITORY
from tests.grammar import LARGEST
from tests.nasty import difference

PATIENCE = 5.0
"""Seconds of the processor that an input of the largest size may take."""
OTHER = "other.md"
OTHER_TEXT = """\
# X

## Q1: What is recall?

[A share](qa.md#q1-what-is-recall), not [it](qa.md#q2-what-is-bias) nor [that](qa.md#:~:text=What).
"""
BESIDE = {OTHER: OTHER_TEXT, "a.png": "", "img/b.png": ""}
ALL = rules(online=False)
USUAL = [rule for rule in ALL if rule.on]
CHANGING = frozenset(rule.code for rule in ALL if rule.changes_answers)
SCRATCH = Path(tempfile.mkdtemp(prefix="promises-"))


def world(text: str) -> Workspace:
    return Workspace(Memory({PATH: text, **BESIDE}), REPOSITORY)


def parse(content: bytes) -> None:
    """All that stands in a document is where it is said to be, and no question holds another.

    What is read without markdown-it is read as by it.
    """
    source = Source.decode(PATH, content)
    assert source.encode() == content
    assert difference(source.text) == ""
    workspace = world(source.text)
    document = workspace.parsed(PATH)
    whole = Span(0, len(source.text))
    assert all(span in whole for span in _spans(document))
    end = 0
    for question in document.questions:
        heading, answer = question.heading.span, question.answer.span
        assert end <= heading.start <= heading.end <= answer.start
        end = answer.end
    for link in document.links:
        written = source[link.href_span]
        escaped = "\\" in written or "&" in written
        assert link.style == "html" or escaped or written == link.href
    for finding in lint(document, workspace, ALL):
        assert not finding.unjudged, finding.trace
        assert finding.span in whole
        assert finding.message
        assert "\n" not in finding.message
    (exported,) = json.loads(export("json", [document_data(PATH, document, workspace)]))[
        "documents"
    ]
    assert len(exported["questions"]) == len(document.questions)


def _spans(document: Document) -> Iterator[Span]:
    for things in (
        document.headings,
        document.links,
        document.images,
        document.blocks,
        document.lists,
        document.tables,
        document.entries,
        document.indexes,
        document.suppressions,
    ):
        yield from (thing.span for thing in things)
    for spans in (document.paragraphs, document.codes, document.breaks, document.comments):
        yield from spans
    yield from document.anchors.values()
    yield from (link.href_span for link in document.links)
    yield from (link.text_span for link in document.links)
    yield from (suppression.scope for suppression in document.suppressions)


def repair(content: bytes) -> None:
    """A repair ends, keeps questions and answers, brings no finding, and leaves nothing to do."""
    source = Source.decode(PATH, content)
    for chosen, unsafe in ((USUAL, False), (ALL, True)):
        before, beside = world(source.text), {OTHER: chosen}
        done = fix(PATH, before, chosen, unsafe=unsafe, beside=beside)
        after = before.replacing({one.path: one for one in (done.after, *done.carried)})
        again = fix(PATH, after, chosen, unsafe=unsafe, beside=beside)
        assert (again.after, again.carried) == (done.after, ())
        assert done.changed or not done.fixed
        old, new = before.parsed(PATH), after.parsed(PATH)
        assert unsafe or _asked(old) == _asked(new)
        assert len(old.questions) == len(new.questions)
        if CHANGING.isdisjoint(finding.code for finding in done.fixed):
            assert _answers(old) == _answers(new)
        for path in (PATH, OTHER):
            old, new = before.parsed(path), after.parsed(path)
            assert not added(old, lint(old, before, chosen), new, lint(new, after, chosen))


def _asked(document: Document) -> list[tuple[int | None, str]]:
    return [(question.number, question.title) for question in document.questions]


def _answers(document: Document) -> list[str]:
    return [document.source[question.answer.span] for question in document.questions]


def search(content: bytes) -> None:
    """Where words are found, there they stand; the next place lies behind the one before."""
    directive, _, page = content.decode(errors="replace").replace(BLOCK_END, "").partition("\n")
    text = Text(tuple(page.split("\n")))
    chrome = github_chrome("own", "qa", "main", PATH)
    for one in split_fragment(f"#:~:text={directive}").directives:
        behind = (0, 0)
        for match in matches(one, text):
            assert behind <= (match.first_block, match.start)
            behind = (match.last_block, match.end)
            first, last = text.blocks[match.first_block], text.blocks[match.last_block]
            opening, closing = first[match.start :], last[: match.end]
            assert opening
            assert closing
            if match.first_block == match.last_block:
                assert _folded(opening).startswith(_folded(one.start))
                assert _folded(closing).endswith(_folded(one.end or one.start))
        for block in (None, 0):
            judgement = judge(one, text, block, chrome)
            assert bool(judgement.count) == (judgement.match is not None)


def _folded(words: str) -> str:
    return fold(words, spaces=True).text.strip()


def settings(content: bytes) -> None:
    """Settings are understood, or refused in one line."""
    for name in config.NAMES:
        try:
            read = config.load(SCRATCH, given=_written(name, content))
            config.chosen_rules(read)
        except config.Misuse as misuse:
            _in_one_line(misuse)
            continue
        patterns = {*read.exclude, *dict(read.per_file_ignores), *dict(read.question)}
        for pattern in patterns:
            config.matches(pattern, f"a/{60 * 'a'}.md")


def known(content: bytes) -> None:
    """A baseline is understood, or refused in one line."""
    try:
        counts = baseline.load(_written("baseline.json", content), named=True)
    except config.Misuse as misuse:
        _in_one_line(misuse)
    else:
        assert all(count > 0 for count in counts.values())


def _written(name: str, content: bytes) -> Path:
    place = SCRATCH / name
    place.write_bytes(content)
    return place


def _in_one_line(misuse: config.Misuse) -> None:
    assert len(str(misuse).splitlines()) == 1


def follow(content: bytes) -> None:
    """An address is taken apart without loss, and a path put together leads where it did."""
    href, _, folder = content.decode(errors="replace").partition("\n")
    found = parse_target(href)
    assert (found.kind is Kind.NOTHING) == (not href.strip(" \t\r\n"))
    assert decode(encode_path(found.path)) == found.path
    here = join("", folder)
    path = None if here is None else join(here, found.path)
    if here is not None and path:
        assert join(here, relative(path, here)) == path
        assert join(folder_of(path), path.rpartition("/")[2]) == path


def browse(content: bytes) -> None:
    """Of a page that was not read to its end, nothing is said to be missing."""
    first, _, rest = content.partition(b"\n")
    kind, _, body = rest.partition(b"\n")
    name, media_type = first.decode(errors="replace").removeprefix("#"), kind.decode("latin-1")
    html = decoded(body, media_type)
    page, names = read_page(html), read_names(html)
    assert "" not in page.names | names.names
    assert leads_somewhere(name, page, whole=False) is not False
    assert leads_somewhere(name, names, whole=True) is not False
    leads_somewhere(name, page, whole=True)
    is_image(body, media_type)


def tell(content: bytes) -> None:
    """No document makes a report that cannot be read, or that commands who reads it."""
    source = Source.decode(PATH, content)
    workspace = world(source.text)
    document = workspace.parsed(PATH)
    item = Item(PATH, Path(), File(Path("/", PATH), Path("/")), workspace)
    covered = coverage(PATH, document)
    report = Report(
        findings=lint(document, workspace, ALL),
        sources={path: workspace.read(path) for path in (PATH, OTHER)},
        looked=looked_at([item], total([covered])),
        rules={rule.code: info(rule) for rule in ALL},
        version="0",
        coverage=(covered,),
    )
    for name in formats():
        READABLE.get(name, _for_eyes)(render(name, report, show=Severity.INFO, width=60))


COMMANDING = re.compile(
    r"[^\n\x20-\x7e\u00a1-\U0010ffff]|[\u00ad\u200b-\u200f\u2028-\u202e]|^\s*::|\#\#\[",
    re.MULTILINE,
)
"""What a terminal or the log of a build would obey, or nobody sees."""
ANNOTATIONS = re.compile(r"(?:::(?:error|warning|notice) [^\n]*\n|(?!\s*::)[^\n]*\n)*")


def _for_eyes(text: str) -> None:
    assert not COMMANDING.search(text)


def _annotates(text: str) -> None:
    assert ANNOTATIONS.fullmatch(text)


def _is_lines(text: str) -> None:
    assert all(json.loads(line) for line in text.split("\n")[:-1])


READABLE: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(("gitlab", "json", "rdjson", "sarif"), json.loads),
    **dict.fromkeys(("checkstyle", "junit"), ET.fromstring),
    "github": _annotates,
    "jsonl": _is_lines,
}
"""What shows that a format for machines can be read by them."""


class Promise(NamedTuple):
    """What is promised, and the symbol of the grammar of which inputs for it are made."""

    holds: Callable[[bytes], None]
    symbol: str = "document"


PROMISES: Mapping[str, Promise] = {
    "parse": Promise(parse),
    "fix": Promise(repair),
    "reporters": Promise(tell),
    "fragment": Promise(search, "search"),
    "target": Promise(follow, "address"),
    "webpage": Promise(browse, "page"),
    "config": Promise(settings, "settings"),
    "baseline": Promise(known, "known"),
}


def hold(name: str, content: bytes) -> None:
    """Try the promise on the input, which takes no longer than its size allows.

    What is no text has no document, and nothing is promised of it here.
    """
    start = time.process_time()
    try:
        PROMISES[name].holds(content)
    except Unreadable:
        return
    spent = time.process_time() - start
    assert spent < PATIENCE or len(content) > LARGEST, f"{spent:.1f} s for {len(content)} bytes"
