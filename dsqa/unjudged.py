"""What keeps a file from being judged: told as a finding, which nothing silences."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from dsqa.finding import UNJUDGED, Finding, Severity
from dsqa.source import Failed, Oversized, Source, Span, Undecodable, Unreadable

ISSUES = "https://github.com/dsqa/dsqa/issues"
TRACEBACK = "DSQA_TRACEBACK"
"""The environment variable that has tracebacks printed."""


class Hindrance(NamedTuple):
    """What can keep a file from being judged, in the words of a rule; but none can leave it out."""

    number: int
    name: str
    summary: str
    rationale: str
    severity: Severity = Severity.ERROR

    @property
    def code(self) -> str:
        return f"{UNJUDGED}{self.number:03}"


UNREADABLE = Hindrance(
    1,
    "unreadable-file",
    "A file cannot be read.",
    """\
Nobody knows what is wrong in it. It is not there, or may not be read; it is a folder, a pipe or a
device; or it is a link that leads out of what is checked, and such links are never followed. One
that was not named, but found in a folder, is skipped with a remark.""",
)
UNDECODABLE = Hindrance(
    2,
    "undecodable-text",
    "A file is not UTF-8 text.",
    """\
Browsers show signs in its place that nobody wrote. It happens where an editor saves in an old
encoding, or in UTF-16. The first byte that is no text is named, counted from 0. dsqa never writes
to such a file: it would have to guess what it says.""",
)
OVERSIZED = Hindrance(
    3,
    "oversized-file",
    "A file is larger, or holds more, than any that is judged.",
    """\
It has more than 32 MiB; or so many lines, links and signs of Markdown that nobody can have written
them: their weight is more than that of 80,000 signs, and of one more for each 16 characters. Or it
is so tangled that it would take minutes to tell what is a list or a link, or asks thousands of
questions more than anybody reads. Or one rule finds more than 10,000 places in it; then the first
of them are told. It is left as it is, so that a run takes
neither all the memory that there is nor all the time; and no reader gets to the end of such a page.
Part it into several files.""",
)
FAILED = Hindrance(
    4,
    "internal-error",
    "dsqa itself failed here.",
    f"""\
This is a bug of dsqa, not of the file, in which something may be wrong that nobody was told of.
Please report it at <{ISSUES}> with the traceback, which is printed if the
environment variable `{TRACEBACK}` is set. All other rules and files are judged, and `dsqa fix`
leaves the file as it is.""",
)
HINDRANCES = (UNREADABLE, UNDECODABLE, OVERSIZED, FAILED)


def unread(path: str, why: Unreadable) -> tuple[Finding, Source | None]:
    """The finding that the file at the path could not be read, and what can be shown of it."""
    if isinstance(why, Failed):
        return failure(path, why), None
    hindrance, seen, offset = UNREADABLE, None, 0
    if isinstance(why, Oversized):
        hindrance = OVERSIZED
    if isinstance(why, Undecodable):
        hindrance, seen, offset = UNDECODABLE, why.seen, why.offset
    said = str(why)
    span = Span(offset, offset + 1) if seen else Span(0, 0)
    return _finding(hindrance, path, said[:1].upper() + said[1:], span=span), seen


def failure(path: str, error: BaseException, during: str = "") -> Finding:
    """The finding that dsqa itself failed at the file, in the middle of what `during` says."""
    from traceback import format_exception

    error = (isinstance(error, Failed) and error.__cause__) or error
    what = f"{during} raised" if during else "it raised"
    message = f"dsqa itself failed here: {what} `{type(error).__name__}` at {where(error)}"
    reason = f"a bug of dsqa; report it at {ISSUES} with the traceback ({TRACEBACK}=1)"
    trace = "".join(format_exception(error))
    return _finding(FAILED, path, message, reason=reason, trace=trace)


def endless(path: str, rule: str, told: int) -> Finding:
    """The finding that the rule has more to say of the file than so many findings."""
    message = f"More than {told:,} places are found by {rule}, and only the first are told"
    reason = "nobody reads them all, and they take the time and the memory of the others"
    return _finding(OVERSIZED, path, message, reason=reason)


def where(error: BaseException) -> str:
    """The last line of our own that the exception came from: `rules/index/entry_order.py:83`."""
    from traceback import walk_tb

    home = Path(__file__).parent
    frames = [
        (Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)
    ]
    ours = [(place, line) for place, line in frames if place.is_relative_to(home)] or frames
    if not ours:
        return "an unknown place"
    place, line = ours[-1]
    name = place.relative_to(home).as_posix() if place.is_relative_to(home) else place.name
    return f"{name}:{line}"


def _finding(
    hindrance: Hindrance,
    path: str,
    message: str,
    *,
    span: Span = Span(0, 0),
    reason: str = "",
    trace: str = "",
) -> Finding:
    code, name, severity = hindrance.code, hindrance.name, hindrance.severity
    return Finding(path, code, name, severity, span, message, reason, trace=trace)
