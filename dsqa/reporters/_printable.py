"""Text from a document made safe to print: nothing in it moves a cursor, hides, or commands."""

from __future__ import annotations

import re

# Unicode 16: the categories Cc, Cf, Zl, Zp and Cs, and what is Default_Ignorable_Code_Point.
UNSEEN = re.compile(
    "["
    "\u0000-\u001f\u007f-\u009f\u00ad"  # controls, soft hyphen
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # joiner, Arabic mark, fillers, selectors
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2"  # marks that enclose the digits after them
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, separators, direction
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"  # fillers, selectors, byte-order mark
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tags, more selectors
    "\ud800-\udfff"  # surrogates that stand alone
    "]"
)
LOOKS_LIKE_A_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")

# What the log of a build obeys: on GitHub `::` after blanks at the start of a line; there, in Azure
# Pipelines and in TeamCity what follows `##` anywhere. The sections of GitLab and Travis, and what
# Buildkite and Jenkins hide in their logs, need a control, and none is ever printed.
# https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
# https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
# https://www.jetbrains.com/help/teamcity/service-messages.html
ESCAPE = "\x1b"
COMMAND = re.compile(r"^((?:[^\S\n]++|\x1b\[[0-9;]*m)*):(?=:)", re.MULTILINE)
MARKED_COMMAND = re.compile(r"(?<=##)\[|(?<=##vso)\[|(?<=##teamcity)\[", re.IGNORECASE)


def escaped(character: str) -> str:
    """The character by its number, as in `\\u{a0}`."""
    return f"\\u{{{ord(character):x}}}"


def printable(text: str, *, limit: int | None = None) -> str:
    """The text in one line, with each character that one does not see shown by its number.

    So are spaces that only look like the common one, and the bracket of `##[` and its likes, which
    are commands in the log of a build. What is beyond the limit of characters is cut off, which `…`
    says.
    """
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    for characters in (UNSEEN, LOOKS_LIKE_A_SPACE, MARKED_COMMAND):
        text = characters.sub(lambda match: escaped(match[0]), text)
    return text


def disarmed(output: str) -> str:
    """The lines of an output without a command that the log of a build would obey.

    The last word on an output of printable parts: a folded line may begin with any word of them.
    """
    output = COMMAND.sub(lambda match: match[1] + escaped(":"), output)
    return MARKED_COMMAND.sub(lambda match: escaped(match[0]), output)


def logged(data: str) -> str:
    """The data in which only those lines are made printable that the log of a build would obey.

    A log may end a line at a carriage return, and hear nothing of what one does not see. The
    commands of some logs begin with an escape, as those of terminals do.
    """
    return "\n".join(
        disarmed(printable(line)) if any(map(_obeyed, line.split("\r"))) else line
        for line in data.split("\n")
    )


def _obeyed(line: str) -> bool:
    heard = UNSEEN.sub("", line)
    return ESCAPE in line or disarmed(heard) != heard
