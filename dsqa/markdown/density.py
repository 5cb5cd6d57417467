"""How much there is to read in a text, and how much is read at the most.

Each line, each sign that can be a part of Markdown, and each thing that is found takes time and
memory. Nobody writes millions of them; whoever makes a machine write them wants to keep us busy.
All is weighed in signs, each of which takes about 10 microseconds and 300 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dsqa.source import Oversized

SIGNS = "*_`&\\~|\n"
"""Each is one, where it stands in words or in HTML; in a block of code they cost nothing."""
BEGINNINGS = ("[", "<", "://", "www.", "text=")
OF_A_BEGINNING = 3
"""What one of them takes: it can begin a link, a tag or a text directive."""
OF_A_LINE = 1
"""What any line takes, also a blank one and one of code; between words its end is a sign."""
OF_A_CELL, OF_AN_ITEM, OF_A_ROW, OF_A_HEADING = 2, 4, 8, 16
"""What they take beside their lines and signs; the cells that a row of a table lacks, too."""
OF_A_LINK = 10
"""What a link, an image and an anchor take, beside their signs."""
PART_IT = "part it into several files"
MOST, SPARSE = 80_000, 16
"""So many signs may be in any text, and one more for each so many characters of it. The densest
that people wrote, thirty kilobytes of quizzes, has one for 4 characters; the largest, half a
megabyte, one for 11. GitHub shows the first 500 KiB of a README."""
MOST_IN_DOUBT, OF_A_LINE_IN_DOUBT, OF_A_CELL_IN_DOUBT = 60_000, 3, 3
"""So many may be in doubt: to judge them takes ten times as long."""
MOST_QUESTIONS, FOR_A_QUESTION = 8_000, 256
"""So many questions may be in any text, and one more for each so many characters."""


def signs(text: str) -> int:
    """The signs of words or of HTML; what is found in them is not counted."""
    beginnings = sum(map(text.count, BEGINNINGS))
    return OF_A_BEGINNING * beginnings + sum(map(text.count, SIGNS))


def cells(lines: Iterable[str]) -> int:
    """How many cells the tables on the lines can have, with those that their rows lack."""
    found = columns = 0
    for line in lines:
        if "-" in line and not line.strip("|-: \t>"):
            columns = max(columns, line.count("|") + 1)
        elif not line.strip("> \t"):
            columns = 0
        found += columns
    return found


def most(text: str) -> int:
    """How many signs of the text would be read."""
    return MOST + len(text) // SPARSE


def work(text: str) -> int:
    """About what it takes to read and to judge a text, in signs."""
    return len(text) // SPARSE + signs(text)


def check_questions(number: int, text: str) -> None:
    """Raises Oversized if so many questions are more than are judged in the text."""
    allowed = MOST_QUESTIONS + len(text) // FOR_A_QUESTION
    if number > allowed:
        raise Oversized(f"too many questions: more than {allowed:,}; {PART_IT}")


class Budget:
    """What may still be read of a text. Born with its reading, thrown away with it."""

    def __init__(self, text: str) -> None:
        self.most = most(text)
        self.left = self.most
        self.left_in_doubt = MOST_IN_DOUBT

    def spend(self, signs: int) -> None:
        """Raises Oversized if so many signs, with all before, are more than are read."""
        self.left -= signs
        if self.left < 0:
            what = f"all that it is made of weighs more than {self.most:,} signs"
            raise Oversized(f"too dense: {what}; {PART_IT}")

    def doubt(self, signs: int) -> None:
        """Raises Oversized if so many in doubt, with all before, are more than are judged."""
        self.left_in_doubt -= signs
        if self.left_in_doubt < 0:
            what = "it would take too long to tell what is a list, a link or code"
            raise Oversized(f"too tangled: {what}; {PART_IT}")

    def doubt_lines(self, lines: Sequence[str], first: int, end: int) -> None:
        """The same of the blocks on those lines."""
        judged = lines[first:end]
        self.doubt(OF_A_LINE_IN_DOUBT * len(judged) + OF_A_CELL_IN_DOUBT * cells(judged))
        self.doubt(sum(map(len, judged)) // SPARSE)
