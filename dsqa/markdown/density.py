"""How much there is to read in a text, told before it is read; and how much is read at the most.

Each line, and each sign that can be a part of Markdown, takes time and memory, whatever it turns
out to be. Nobody writes millions of them; whoever makes a machine write them wants to keep us busy.
"""

from __future__ import annotations

from dsqa.source import Oversized

SIGNS = "*_`<&\\~|"
LINKING = ("[", "://", "www.")
OF_A_LINK = OF_A_LINE = 3
"""What can be a link, and what is a line, takes as much as so many signs."""
MOST, SPARSE = 80_000, 16
"""So many signs may stand in any text, and one more for each so many characters of it. The densest
that people wrote, a hundred kilobytes of code and quizzes, has one for four characters; the
largest, half a megabyte, one for ten, and most one for ten to thirty."""
MOST_IN_DOUBT = 60_000
"""So many may be in doubt: to judge them takes ten times as long."""


def signs(text: str) -> int:
    """The signs and the lines of a text, as much as each of them takes."""
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return lines(ends) + OF_A_LINK * sum(map(text.count, LINKING)) + sum(map(text.count, SIGNS))


def lines(number: int) -> int:
    """What so many lines take, in signs."""
    return OF_A_LINE * number


def most(text: str) -> int:
    """How many signs of the text would be read."""
    return MOST + len(text) // SPARSE


def check(text: str) -> None:
    """Raises Oversized if there is more in the text than is read."""
    if (found := signs(text)) > most(text):
        raise Oversized(f"too dense: {found:,} signs of Markdown, of which {most(text):,} are read")


def check_doubt(found: int) -> None:
    """Raises Oversized if so many signs, with all that were before, are more than are judged."""
    if found > MOST_IN_DOUBT:
        raise Oversized("too tangled: it would take too long to tell what is a list or a link")
