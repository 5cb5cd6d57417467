"""What stands behind the `#` of an address: a name, or the words of text directives.

What is valid follows https://wicg.github.io/scroll-to-text-fragment/. Where browsers differ, it
follows Chromium, in which most of these links are made and followed; its treatment of dashes inside
words is also that of the specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

DELIMITER = ":~:"
KEY = "text="

SHOWN = 40
"""How many characters of a text are quoted in a reason."""

LONGEST = 4_000
"""How many characters of a directive are looked at. A longer one is reported, never searched:
comparing it with a hostile page would cost the product of their lengths."""

ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
ALMOST_DELIMITED = re.compile(
    r"(?:^|[:~#])(?:%3A)?(?P<directive>text=.*)", re.IGNORECASE | re.DOTALL
)


class TextDirective(NamedTuple):
    """The words that a link points at: `prefix-,start,end,-suffix`, decoded.

    `raw` is what is written after `text=`.
    """

    start: str
    end: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    raw: str = ""


class Malformed(NamedTuple):
    """A part of a fragment that browsers do not take as it is meant.

    `reason` says why; `instead` is what could be written, or nothing if only the author can know.
    """

    raw: str
    reason: str
    instead: str = ""


class Fragment(NamedTuple):
    """What stands behind the `#` of an address."""

    element_id: str
    directives: tuple[TextDirective, ...] = ()
    malformed: tuple[Malformed, ...] = ()


def split_fragment(fragment: str) -> Fragment:
    """The element and the words that a fragment names; a leading `#` does not matter.

    `malformed` tells of every directive that browsers drop. It also tells of one that they keep
    but can never match, and of what looks like a directive but is none.
    """
    element_id, delimiter, rest = fragment.removeprefix("#").partition(DELIMITER)
    if not delimiter:
        return Fragment(element_id, (), tuple(_not_delimited(element_id)))
    directives: list[TextDirective] = []
    malformed: list[Malformed] = []
    if "#" in element_id:
        malformed.append(Malformed(element_id, "an address has only one `#`"))
    if "#" + DELIMITER in rest or DELIMITER + KEY in rest:
        malformed.append(
            Malformed(rest, f"only the first `{DELIMITER}` counts; directives are joined by `&`")
        )
    meant = False
    for piece in rest.split("&"):
        if piece.startswith(KEY):
            directive = parse_directive(piece.removeprefix(KEY))
            meant = True
            if isinstance(directive, TextDirective):
                directives.append(directive)
                malformed += _never_matching(directive)
            else:
                malformed.append(directive)
        elif piece.strip().casefold().startswith(KEY):
            meant = True
            instead = KEY + piece.strip()[len(KEY) :]
            malformed.append(Malformed(piece, f"a directive begins with exactly `{KEY}`", instead))
        elif meant and piece and "=" not in piece:
            reason = (
                f"`&` ends the words, so {quoted(piece)} is ignored; an `&` of the text is `%26`"
            )
            malformed.append(Malformed(piece, reason))
    if not meant:
        malformed.append(Malformed(rest, f"no `{KEY}` after `{DELIMITER}`"))
    return Fragment(element_id, tuple(directives), tuple(malformed))


def _not_delimited(element_id: str) -> Iterator[Malformed]:
    if almost := ALMOST_DELIMITED.search(element_id):
        instead = DELIMITER + KEY + almost["directive"][len(KEY) :]
        yield Malformed(element_id, f"no `{DELIMITER}` before `{KEY}`", instead)
    elif "#" in element_id:
        yield Malformed(element_id, "an address has only one `#`")


def _never_matching(directive: TextDirective) -> Iterator[Malformed]:
    if bad := BAD_ESCAPE.search(directive.raw):
        escape = directive.raw[bad.start() : bad.start() + 3]
        reason = f"`{escape}` is no escape, and Chrome and Edge never match it; a `%` is `%25`"
        yield Malformed(directive.raw, reason, BAD_ESCAPE.sub("%25", directive.raw))


def parse_directive(raw: str) -> TextDirective | Malformed:
    """The directive written after `text=`, or why browsers drop it."""
    if len(raw) > LONGEST:
        return Malformed(raw[:80] + "…", f"longer than {LONGEST} characters, so it was not judged")
    terms = raw.split(",")
    prefix = suffix = None
    if terms[0].endswith("-"):
        prefix = terms.pop(0)[:-1]
    if terms and terms[-1].startswith("-"):
        suffix = terms.pop()[1:]
    if not terms:
        return Malformed(raw, "it has a prefix or a suffix, but no words between them")
    if len(terms) > 2:
        return Malformed(raw, f"{len(terms)} terms where at most two can be; a comma is `%2C`")
    all_terms = [term for term in (prefix, *terms, suffix) if term is not None]
    if not all(all_terms):
        return Malformed(raw, "one of its terms is empty")
    if dashed := [term for term in all_terms if "-" in term]:
        instead = ",".join(
            (
                *([] if prefix is None else [prefix.replace("-", "%2D") + "-"]),
                *(term.replace("-", "%2D") for term in terms),
                *([] if suffix is None else ["-" + suffix.replace("-", "%2D")]),
            )
        )
        reason = f"the `-` in {quoted(dashed[0])} must be `%2D`: Chrome and Edge drop the directive"
        return Malformed(raw, reason, instead)
    return TextDirective(
        start=decoded(terms[0]),
        end=decoded(terms[1]) if len(terms) == 2 else None,
        prefix=None if prefix is None else decoded(prefix),
        suffix=None if suffix is None else decoded(suffix),
        raw=raw,
    )


def decoded(term: str) -> str:
    """The term without percent escapes; bytes that are no UTF-8 become U+FFFD, `+` stays."""
    octets = ESCAPE.sub(lambda escape: bytes((int(escape[1], 16),)), term.encode(errors="replace"))
    return octets.decode(errors="replace")


def in_one_line(words: str) -> str:
    """The words in one line, cut where it would be long."""
    line = " ".join(words.split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def quoted(words: str) -> str:
    """The words as a message quotes them."""
    return f"`{in_one_line(words)}`"
