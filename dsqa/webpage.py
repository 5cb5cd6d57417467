"""What a reader finds on a page of the web: its words, the names one can link to, or a picture."""

from __future__ import annotations

import re
from bisect import bisect_left
from codecs import getincrementaldecoder
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from dsqa.collation import fold
from dsqa.fragment import DELIMITER, TextDirective, split_fragment
from dsqa.fragment import decoded as unquoted
from dsqa.html import BLOCK_TAGS, unescape
from dsqa.page import Text
from dsqa.verdict import Verdict, judge

LOOKED_AT = 1024
"""In how many bytes a page says its encoding; also how many tell a page from a picture."""

BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
CHARSET = re.compile(r"""charset[ \t]*=[ \t]*["']?(?P<charset>[\w.:-]{1,40})""", re.IGNORECASE)
META_CHARSET = re.compile(
    rb"""<meta\b[^>]*?\bcharset[ \t\n\f\r]*=[ \t\n\f\r]*["']?(?P<charset>[\w.:-]{1,40})""",
    re.IGNORECASE,
)
CODECS = {
    label: codec
    for codec, labels in {
        "utf-8": "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8",
        "utf-16-le": "utf-16 utf-16le unicode ucs-2 iso-10646-ucs-2 csunicode",
        "utf-16-be": "utf-16be",
        "cp866": "ibm866 866 cp866 csibm866",
        "cp874": "windows-874 iso-8859-11 iso8859-11 tis-620 dos-874",
        "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j csshiftjis ms932",
        "cp949": "euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean windows-949 cseuckr",
        "cp1250": "windows-1250 cp1250 x-cp1250",
        "cp1251": "windows-1251 cp1251 x-cp1251",
        "cp1252": "windows-1252 cp1252 iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 ascii"
        " us-ascii ansi_x3.4-1968 x-cp1252",
        "cp1253": "windows-1253 cp1253 x-cp1253",
        "cp1254": "windows-1254 cp1254 iso-8859-9 iso8859-9 latin5 l5 x-cp1254",
        "cp1255": "windows-1255 cp1255 x-cp1255",
        "cp1256": "windows-1256 cp1256 x-cp1256",
        "cp1257": "windows-1257 cp1257 x-cp1257",
        "cp1258": "windows-1258 cp1258 x-cp1258",
        "iso8859-2": "iso-8859-2 iso8859-2 latin2 l2",
        "iso8859-3": "iso-8859-3 iso8859-3 latin3 l3",
        "iso8859-4": "iso-8859-4 iso8859-4 latin4 l4",
        "iso8859-5": "iso-8859-5 iso8859-5 cyrillic",
        "iso8859-6": "iso-8859-6 iso8859-6 arabic asmo-708 ecma-114",
        "iso8859-7": "iso-8859-7 iso8859-7 greek greek8 ecma-118",
        "iso8859-8": "iso-8859-8 iso8859-8 iso-8859-8-i hebrew visual logical",
        "iso8859-10": "iso-8859-10 iso8859-10 latin6 l6",
        "iso8859-13": "iso-8859-13 iso8859-13",
        "iso8859-14": "iso-8859-14 iso8859-14",
        "iso8859-15": "iso-8859-15 iso8859-15 latin9 l9",
        "iso8859-16": "iso-8859-16",
        "koi8-r": "koi8-r koi8 koi koi8_r",
        "koi8-u": "koi8-u koi8-ru",
        "mac-roman": "macintosh mac x-mac-roman",
        "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
        "gb18030": "gb18030 gbk gb2312 gb_2312-80 gb_2312 chinese x-gbk csgb2312",
        "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5",
        "euc-jp": "euc-jp x-euc-jp cseucpkdfmtjapanese",
        "iso2022-jp": "iso-2022-jp csiso2022jp",
    }.items()
    for label in labels.split()
}
"""Python's names of the encodings in which pages are written (https://encoding.spec.whatwg.org).
No other name is looked up: Python knows some that unpack or run what they decode."""


def decoded(body: bytes, content_type: str) -> str:
    """The text of a page, which may be cut off at its end.

    Its encoding is told by its first bytes, or else by the header, or else by its own first lines.
    """
    for mark, codec in BYTE_ORDER_MARKS.items():
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    if told := CHARSET.search(content_type):
        return body.decode(CODECS.get(told["charset"].lower(), "utf-8"), "replace")
    if named := META_CHARSET.search(body[:LOOKED_AT]):
        codec = CODECS.get(named["charset"].decode("ascii", "replace").lower(), "utf-8")
        # who can read the name in ASCII, does not read UTF-16
        return body.decode("utf-8" if codec.startswith("utf-16") else codec, "replace")
    try:
        return getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


# The marks of HTML, as https://html.spec.whatwg.org/#tokenization takes them apart. Every search
# begins where the last one ended, so that the time is linear in the length of the page.

OPENING = re.compile(
    r"<(?: (?P<closing>/)? (?P<name>[A-Za-z][^ \t\n\f\r/>]*+) | (?P<comment>!--) | [!?] | /.)",
    re.VERBOSE | re.DOTALL,
)
COMMENT_END = re.compile(r"-?>|.*?--!?>", re.DOTALL)
ATTRIBUTE = re.compile(
    r"""
    (?P<gap>[ \t\n\f\r/]*+)
    (?: (?P<end>>)
      | (?P<name>[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+)
        (?: [ \t\n\f\r]*+ = [ \t\n\f\r]*+
            (?: "(?P<double>[^"]*+)" | '(?P<single>[^']*+)' | (?P<unclosed>["'])
              | (?P<bare>[^ \t\n\f\r>]*+) )
        )?
    )
    """,
    re.VERBOSE,
)
TOLD = frozenset(
    "class content hidden href http-equiv id name open shadowrootmode src style type value".split()
)
"""The attributes that say something of what is shown."""
FOR_SCRIPTS = re.compile(r"[@:]|aria-(?!description|label\Z)|data-|for\Z|headers\Z|ng-|on|v-|x-")
"""How the names of attributes begin by which scripts, and what helps to read, find their way."""

RAW = {
    name: re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.IGNORECASE)
    for name in "iframe noembed noframes script style textarea title xmp".split()
}
"""The elements in which nothing is a mark, and where each of them ends."""
FOREIGN = frozenset({"math", "svg"})


class Mark(NamedTuple):
    """A start or an end tag; `inside` is the text of an element that holds no marks."""

    name: str
    closing: bool
    attributes: Mapping[str, str]
    inside: str = ""


def _marks(html: str) -> Iterator[str | Mark]:
    """The text and the tags of a page, in order."""
    position = foreign = 0
    while opening := OPENING.search(html, position):
        if position < opening.start():
            yield html[position : opening.start()]
        if opening["comment"]:
            ending = COMMENT_END.match(html, opening.end())
            if not ending:
                return
            position = ending.end()
            continue
        if not opening["name"]:
            position = html.find(">", opening.start() + 2) + 1
            if not position:
                return
            continue
        name, closing = opening["name"].lower(), bool(opening["closing"])
        attributes: dict[str, str] = {}
        position = opening.end()
        while (found := ATTRIBUTE.match(html, position)) and not found["unclosed"]:
            position = found.end()
            if found["end"]:
                break
            key = found["name"].lower()
            if key not in attributes and (key in TOLD or FOR_SCRIPTS.match(key)):
                value = found["double"] or found["single"] or found["bare"] or ""
                attributes[key] = unescape(value)
        else:
            return
        empty = found["gap"].endswith("/") and (foreign > 0 or name in FOREIGN)
        if name in FOREIGN and not empty:
            foreign = max(foreign + (-1 if closing else 1), 0)
        if name not in RAW or closing or empty:
            yield Mark(name, closing, attributes)
            if empty and not closing:
                yield Mark(name, True, {})
            continue
        end = RAW[name].search(html, position)
        yield Mark(name, False, attributes, html[position : end.start() if end else len(html)])
        if not end:
            return
        position = end.start()
    yield html[position:]


# What is shown of the marks.

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
BLOCKS = BLOCK_TAGS | frozenset(
    """body caption dir frameset hgroup html legend listing menu optgroup option plaintext search
    select textarea xmp""".split()
)
UNSHOWN = frozenset(
    "audio canvas datalist noembed noframes noscript rp script style template title video".split()
)
STYLE = re.compile(
    r"""
    (?: ^ | ; ) [ \t\n]*+
    (?: display [ \t\n]*+ : [ \t\n]*+ (?P<display>[a-z-]++)
      | visibility [ \t\n]*+ : [ \t\n]*+ (?P<visibility>hidden|collapse) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
FLEXIBLE = frozenset({"flex", "grid", "inline-flex", "inline-grid"})
"""How a thing is displayed inside of which everything is a block."""
BLOCK_DISPLAYS = FLEXIBLE | {
    "block",
    "flow-root",
    "list-item",
    "table",
    "table-caption",
    "table-cell",
}


SCOPES = frozenset("button caption object table td template th".split())
"""Elements that the end of one around them does not close."""
LISTS = frozenset("dl menu ol ul".split())
TABLES = frozenset({"table", "template"})
ROWS = frozenset("tbody td tfoot th thead tr".split())
ENDS = {
    **dict.fromkeys((BLOCK_TAGS | {"hgroup", "menu", "search"}) - ROWS - {"br"}, ("p",)),
    "li": ("li", "p"),
    "dt": ("dt", "dd", "p"),
    "dd": ("dt", "dd", "p"),
    "tr": ("tr",),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tbody": ("thead", "tbody", "tfoot"),
    "tfoot": ("thead", "tbody", "tfoot"),
    "option": ("option",),
}
"""The elements that end where another one begins."""

TYPED = frozenset({"", "button", "email", "reset", "search", "submit", "tel", "text", "url"})
"""Fields whose value is shown."""
PROGRAMS = frozenset({"", "module", "text/javascript", "application/javascript"})
MOUNTS = frozenset({"article", "div", "main", "section"})
FETCHED = frozenset({"include-fragment", "turbo-frame"})
"""Elements whose content a script fetches from their `src`."""
WAITING = re.compile(r"(?:^|[\s_-])(?:loading|skeleton|spinner)(?:$|[\s_-])", re.IGNORECASE)
"""What a thing is called that is shown until something else comes in its place."""
PAID_FOR = re.compile(r'"isAccessibleForFree"\s*+:\s*+"?false', re.IGNORECASE)
"""How a page tells search engines that not all of it is shown to everybody (schema.org)."""

HARDLY_ANY, LITTLE = 200, 2_000
"""Characters of text on a page: what a page without its content has, and what one may have."""
MUCH_CODE = 10
"""How many times as long as the text scripts are that have more to do than to count readers."""


class Element(NamedTuple):
    """An element that is open; `flexible` says that all that is right inside of it is a block."""

    name: str
    block: bool = False
    flexible: bool = False


@dataclass
class _Reading:
    """What is read of a page so far; `hidden` is the place of the open element that hides all."""

    names: set[str] = field(default_factory=set)
    blocks: list[str] = field(default_factory=list)
    block: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)
    places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    hidden: int | None = None
    programs: bool = False
    code: int = 0
    data: int = 0
    mount: str = ""
    hollow: bool = False
    """Whether there is an empty element that a script may fill."""
    excuses: bool = False
    """Whether it has words for those who run no scripts."""
    leads_on: bool = False
    """Whether its content is somewhere else, or for others: in frames, elsewhere, to be paid."""
    barred: bool = False
    """Whether there may be little else than a frame, or than a field for a password."""

    def read(self, text: str) -> None:
        if not text.isspace():
            self.mount = ""
        if self.hidden is None:
            self.block.append(unescape(text))
            return
        self.unseen.append(unescape(text))
        if self.places["noscript"] and not text.isspace():
            self.excuses = True

    def cut(self) -> None:
        if self.block:
            self.blocks.append("".join(self.block))
            self.block = []

    def enter(self, mark: Mark) -> None:
        name, attributes = mark.name, mark.attributes
        self.end(ENDS.get(name, ()), TABLES if name in ROWS else SCOPES | LISTS)
        self.names.add(attributes.get("id", ""))
        if name == "a":
            self.names.add(attributes.get("name", ""))
        display, hides = _styled(attributes.get("style", ""))
        hides = hides or attributes.get("hidden", "until-found").lower() != "until-found"
        hides = hides or (name in UNSHOWN and "shadowrootmode" not in attributes)
        hides = hides or (name == "dialog" and "open" not in attributes)
        inside_flexible = bool(self.open) and self.open[-1].flexible
        block = name in BLOCKS if not display else display in BLOCK_DISPLAYS
        element = Element(name, block or inside_flexible, display in FLEXIBLE)
        if element.block and self.hidden is None and not hides:
            self.cut()
        self.observe(mark)
        self.unseen += (value for key, value in attributes.items() if key not in TOLD)
        if "#" in (href := attributes.get("href", "")):
            self.unseen.append(unquoted(href.partition("#")[2]))
        if name not in VOID:
            if hides and self.hidden is None:
                self.hidden = len(self.open)
            self.places[name].append(len(self.open))
            self.open.append(element)
            if name == "textarea":
                self.read(mark.inside)
            elif mark.inside:
                self.unseen.append(mark.inside)
        elif name == "input" and not hides and attributes.get("type", "").lower() in TYPED:
            self.read(attributes.get("value", ""))

    def observe(self, mark: Mark) -> None:
        """Keeps what tells whether a script draws the page."""
        name, attributes = mark.name, mark.attributes
        mounts = (name in MOUNTS and "id" in attributes) or "-" in name
        self.mount = name if mounts and self.hidden is None else ""
        if attributes.get("aria-busy") == "true" or WAITING.search(attributes.get("class", "")):
            self.hollow = True
        sends = name == "meta" and attributes.get("http-equiv", "").lower() == "refresh"
        if name == "frameset" or (sends and "url" in attributes.get("content", "").lower()):
            self.leads_on = True
        if name in FETCHED and "src" in attributes:
            self.leads_on = True
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        if name == "iframe" or (name == "input" and kind == "password"):
            self.barred = self.barred or self.hidden is None
        if name != "script":
            return
        if kind == "application/ld+json":
            self.leads_on = self.leads_on or PAID_FOR.search(mark.inside) is not None
        elif kind in PROGRAMS:
            self.programs = True
            self.code += len(mark.inside)
        else:
            self.data += len(mark.inside)

    def leave(self, name: str) -> None:
        if name == self.mount:
            self.hollow = True
        self.mount = ""
        if name in ("br", "p") and self.hidden is None:
            self.cut()
        outer = frozenset() if name in SCOPES - ROWS else SCOPES
        self.end((name,), TABLES if name in ROWS else outer)

    def end(self, names: tuple[str, ...], spared: frozenset[str]) -> None:
        """Closes the elements of these names, unless they are around one that keeps them open."""
        inside = [self.places[name][-1] for name in names if self.places[name]]
        if not inside:
            return
        least = max((self.places[name][-1] for name in spared if self.places[name]), default=-1)
        place = min((place for place in inside if place > least), default=len(self.open))
        if self.hidden is None and any(element.block for element in self.open[place:]):
            self.cut()
        for element in self.open[place:]:
            self.places[element.name].pop()
        del self.open[place:]
        if self.hidden is not None and self.hidden >= place:
            self.hidden = None

    @property
    def incomplete(self) -> bool:
        """Whether the page may have more to show, as far as that can be told without its scripts.

        It has hardly any text and no names; or little text, and a frame or a field for a password.
        Or scripts draw it: then there are scripts, and hardly any text or little of it with a sign
        of more to come: an empty element to be filled, words for those without scripts, a large
        program, or data that outweigh the text.
        """
        shown = sum(len("".join(block.split())) for block in self.blocks)
        if self.leads_on or self.data > shown or (self.barred and shown < LITTLE):
            return True
        if shown < HARDLY_ANY and not self.names - {""}:
            return True
        signs = self.hollow or self.excuses or self.code > MUCH_CODE * shown
        return self.programs and (shown < HARDLY_ANY or (shown < LITTLE and signs))


def _styled(style: str) -> tuple[str, bool]:
    """How an element is displayed by its own style, if that says so, and whether it is hidden."""
    display, hides = "", False
    for found in STYLE.finditer(style):
        hides = hides or bool(found["visibility"])
        display = (found["display"] or display).lower()
    return display, hides or display == "none"


# What becomes of a reader.


@dataclass(frozen=True)
class WebPage:
    """What a reader finds on a page.

    `names` are what one can link to. `unseen` is what is written where no reader sees it, and may
    be shown or answered by a script one day. `incomplete` says that the page has, or may have,
    another text when it is looked at than when it is fetched.
    """

    names: frozenset[str]
    text: Text
    incomplete: bool
    unseen: str = ""

    @cached_property
    def folded_names(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.names)

    @cached_property
    def letters(self) -> tuple[str, str]:
        """The letters and digits of what is seen and of what is not, whatever is between them."""
        return _letters(self.text.raw), _letters(self.unseen)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The letters and digits of all that is short enough to be a title, sorted.

        Each is there with and without the number before it.
        """
        blocks = (block for block in self.text.blocks if len(block) <= LONGEST_TITLE)
        titles = {_letters(block) for block in blocks}
        return tuple(sorted(titles | {title.lstrip(DIGITS) for title in titles}))

    def has_title(self, letters: str) -> bool:
        """Whether a title has these letters, or begins with so many that one may stop there."""
        title = "".join(self.titles[(place := bisect_left(self.titles, letters)) : place + 1])
        return title == letters or (len(letters) >= CUT_OFF and title.startswith(letters))


def read_page(html: str) -> WebPage:
    """What a reader finds on the page, as far as it is written in its HTML."""
    reading = _Reading()
    for mark in _marks(html):
        if isinstance(mark, str):
            reading.read(mark)
        elif mark.closing:
            reading.leave(mark.name)
        else:
            reading.enter(mark)
    reading.cut()
    return WebPage(
        frozenset(reading.names - {""}),
        Text(tuple(reading.blocks)),
        reading.incomplete,
        " ".join(reading.unseen),
    )


def read_names(html: str) -> WebPage:
    """The beginning of a page, of which nothing is asked but what one can link to."""
    marks = (mark for mark in _marks(html) if not isinstance(mark, str) and not mark.closing)
    names = {
        name
        for mark in marks
        for name in (mark.attributes.get("id"), mark.name == "a" and mark.attributes.get("name"))
        if name
    }
    return WebPage(frozenset(names), Text(()), incomplete=True)


LONGEST_TITLE = 300
CUT_OFF = 30
"""After how many letters of a title a script may stop, when it makes a name of it."""
DIGITS = "0123456789"
PREFIX = "user-content-"
"""What hosts put before the names that authors give; their scripts find them without it."""
ADDED = re.compile(
    r"""
    \A (?: anchor | h[1-6]? | head(?:er|ing) | id | menu | section | tab | title | toc ) [-_.:]+
    | [-_.] [0-9]+ \Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What scripts put before or behind a title when they make a name of it."""
PLAIN_NAME = re.compile(
    r"""
    (?! L?[0-9] | lines?-?[0-9] )
    (?! .* [0-9]{4} )
    (?! (?=[a-f]*[0-9]) [0-9a-f]{4,} \Z )
    (?! (?: answer | comment | discussion | message | msg | note | p | post | repl(?:y|ie) | respond
          | response | review ) s? [-_]? [0-9]* \Z )
    (?! disqus | mjx- )
    \w [\w.:-]{0,199}
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A name that only an element can have that an author named: not a line, a slide, a formula, or a
place in an app; not a number that a machine gave; and not what readers add, a comment or all of
them, which may stand on another page by now or be fetched when somebody looks."""
UNESCAPED = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"<>`')
"""What browsers leave as it is in a fragment (https://url.spec.whatwg.org/#fragment-state)."""


def leads_somewhere(fragment: str, page: WebPage, *, whole: bool) -> bool | None:
    """Whether a reader finds the place that is named behind the `#`; None if it cannot be told.

    That something is not there can only be told of a whole page that has nothing more to show.
    """
    name, delimiter, _ = fragment.partition(DELIMITER)
    certain = whole and not page.incomplete
    named = _is_named(name, page) if name or not delimiter else False
    directives = split_fragment(fragment).directives
    if not directives:
        return (None if delimiter and not name else named) if certain or named else None
    worded = [_is_worded(directive, page) for directive in directives]
    if True in worded or named:
        return True
    return False if certain and named is False and not any(one is None for one in worded) else None


def _is_named(name: str, page: WebPage) -> bool | None:
    """Whether the page has an element of the name; None if it may get one."""
    plain = unquoted(name)
    if not name or plain.lower() == "top":
        return True
    # https://html.spec.whatwg.org/#find-a-potential-indicated-element: escaped, then decoded
    spelled = {name, plain, quote(name, safe=UNESCAPED, errors="replace")}
    spelled |= {PREFIX + one for one in spelled}
    if not page.names.isdisjoint(spelled):
        return True
    if not PLAIN_NAME.fullmatch(plain):
        return None
    if not page.folded_names.isdisjoint(one.casefold() for one in spelled):
        return None
    bare = plain.removeprefix(PREFIX)
    # scripts give names to titles, made of their words
    if any(map(page.has_title, {_letters(bare), _letters(ADDED.sub("", bare))} - {""})):
        return None
    return None if re.search(rf"(?<![\w-]){re.escape(bare)}(?![\w-])", page.unseen) else False


def _is_worded(directive: TextDirective, page: WebPage) -> bool | None:
    """Whether the page has the words; None if they may be there for a reader of today or tomorrow.

    A style may hide what stands between the words, or part what stands together. So they are only
    missing for sure if some of them are nowhere, whatever is between their letters.
    """
    judgement = judge(directive, page.text)
    if judgement.match is not None:
        return True
    terms = filter(None, (directive.start, directive.end))
    there = all(any(_letters(term) in letters for letters in page.letters) for term in terms)
    return None if judgement.verdict is not Verdict.CANNOT_MATCH or there else False


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text, spaces=False).text))


# Pictures.

SIGNATURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"\x00\x00\x01\x00",
    b"\x00\x00\x02\x00",
    b"II*\x00",
    b"MM\x00*",
    b"\xff\x0a",
    b"\x00\x00\x00\x0cJXL \r\n\x87\n",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n",
)
OTHER_SIGNATURES = re.compile(
    rb"RIFF.{4}WEBP | BM.{4}\0\0\0\0 | .{4}ftyp(?:avif|avis|heic|heix|mif1|msf1)",
    re.VERBOSE | re.DOTALL,
)
FIRST_TAG = re.compile(
    r"""
    (?: \s++
      | <\?[^>]*+>
      | (?> <!--.*?--> )
      | <!DOCTYPE \s++ (?!html\b) [^>\[]*+ (?:\[[^\]]*+\]\s*+)?+ >
    )*+
    < (?: !DOCTYPE\s++html\b
      | (?:a|body|br|center|div|frameset|h[1-6]|head|html|iframe|link|meta|p|script|style|table
        |title) [\s/>]
      | (?P<svg> (?:[\w-]++:)?+ svg [\s/>] ) )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
TEXT_TYPE = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|javascript|xml)\b")


def is_image(body: bytes, media_type: str) -> bool | None:
    """Whether a picture begins with these bytes, or else is said to; None if nobody can tell."""
    kind = media_type.strip().lower()
    if body.startswith(SIGNATURES) or OTHER_SIGNATURES.match(body):
        return True
    first = FIRST_TAG.match(decoded(body, "")) if body.strip() else None
    if first:
        return first["svg"] is not None
    if kind.startswith("image/"):
        return True
    says_text = body.strip() and b"\0" not in body[:LOOKED_AT] and TEXT_TYPE.match(kind)
    return False if says_text else None
