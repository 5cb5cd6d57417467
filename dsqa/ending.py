"""How a command ends: its exit code, and complaints of what could not be judged.

Exit codes are a contract: 0 clean, 1 findings at or above `--fail-on`, 2 cannot judge, 3 nothing
was recognised as questions and answers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dsqa.reporters import printable
from dsqa.streams import complain, complain_plainly

if TYPE_CHECKING:
    from dsqa.finding import Finding
    from dsqa.run import Reading

CLEAN, FOUND, CANNOT_JUDGE, NOTHING = 0, 1, 2, 3
INTERRUPTED, CLOSED_PIPE = 130, 141


def verdict(
    reading: Reading,
    unjudged: Iterable[tuple[str, Finding]] = (),
    *,
    failed: bool = False,
    allow_none: bool = False,
) -> int:
    """The exit code, after complaints of what was not judged, which goes before all else."""
    if complain_of_unjudged(reading, unjudged):
        return CANNOT_JUDGE
    return outcome(reading, failed=failed, allow_none=allow_none)


def outcome(reading: Reading, *, failed: bool, allow_none: bool) -> int:
    """The exit code of what was judged: what was found goes before nothing."""
    recognised = allow_none or any(item.asks for item in reading.items)
    if not recognised:
        files = len(reading.items)
        what = "no Markdown was found" if not files else f"none in {files} file{'s' * (files > 1)}"
        complain(f"nothing was recognised as questions and answers: {what}")
    if failed:
        return FOUND
    return CLEAN if recognised else NOTHING


def complain_of_unjudged(reading: Reading, more: Iterable[tuple[str, Finding]] = ()) -> bool:
    """Complain of all that could not be judged, and of more of that kind; whether there is any.

    Of what was skipped, too.
    """
    from dsqa.run import unread_finding

    for remark in reading.skipped:
        complain(remark)
    missed = [(one.shown, unread_finding(one, one.shown)[0]) for one in reading.missed]
    told = dict.fromkeys((shown, finding.message) for shown, finding in (*missed, *more))
    findings = {(shown, finding.message): finding for shown, finding in (*missed, *more)}
    for shown, message in told:
        complain_of(shown, findings[shown, message])
    return bool(told)


def complain_of(subject: str, finding: Finding) -> None:
    said = finding.message[:1].lower() + finding.message[1:]
    complain("; ".join(filter(None, (f"{subject}: {said}", finding.reason))))
    trace(finding)


def trace(finding: Finding) -> None:
    """Print where dsqa itself failed, if that is asked for."""
    if finding.trace and os.environ.get("DSQA_TRACEBACK"):
        complain_plainly("\n".join(map(printable, finding.trace.split("\n"))))
