"""Text as XML 1.0 holds it, in characters that a terminal and the log of a build take for text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dsqa.reporters._printable import LOOKS_LIKE_A_SPACE, MARKED_COMMAND, UNSEEN

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no document may hold, not even by its number: https://www.w3.org/TR/xml/#charsets"""
MARKUP = re.compile("""[&<>"']""")


def element(tag: str, elements: Iterable[str] = (), /, **attributes: object) -> tuple[str, ...]:
    """The lines of an element, in which the lines of others stand."""
    opened = opening(tag, attributes)
    inside = tuple(f"  {line}" for line in elements)
    return (f"<{opened}>", *inside, f"</{tag}>") if inside else (f"<{opened}/>",)


def text_element(tag: str, text: str, /, **attributes: object) -> tuple[str, ...]:
    """The one line of an element that holds a text."""
    return (f"<{opening(tag, attributes)}>{escaped(text)}</{tag}>",)


def opening(tag: str, attributes: Mapping[str, object]) -> str:
    return tag + "".join(f' {key}="{escaped(str(value))}"' for key, value in attributes.items())


def escaped(text: str) -> str:
    """The text for an attribute or an element, in one line.

    What cannot be seen is written by its number; what is no character of XML becomes U+FFFD.
    """
    text = ILLEGAL.sub("\ufffd", text)
    for characters in (MARKUP, UNSEEN, LOOKS_LIKE_A_SPACE, MARKED_COMMAND):
        text = characters.sub(lambda match: by_number(match[0]), text)
    return text


def by_number(character: str) -> str:
    return f"&#{ord(character)};"
