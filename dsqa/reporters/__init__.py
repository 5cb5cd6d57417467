"""Findings as text: each module of this folder is one format, with one pure function `render`.

A format exists because its module does. Names with an underscore are what formats share.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from dsqa.finding import Severity
from dsqa.report import Report
from dsqa.reporters._printable import disarmed as disarmed
from dsqa.reporters._printable import logged as logged
from dsqa.reporters._printable import printable as printable
from dsqa.reporters._wording import counted as counted


class Options(NamedTuple):
    """How a report for people looks; formats for machines always say everything.

    Findings of less than `show` are counted by rule instead of being told one by one.
    """

    color: bool = False
    width: int = 80
    show: Severity = Severity.WARNING


def formats() -> tuple[str, ...]:
    """The names of the formats; none of them is imported for that."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def render(
    name: str,
    report: Report,
    *,
    color: bool = False,
    width: int = 80,
    show: Severity = Severity.WARNING,
) -> str:
    """The report in the format of this name, as text to be written as it is."""
    if name not in formats():
        raise ValueError(f"no format `{name}`; there are {', '.join(formats())}")
    reporter: Callable[[Report, Options], str] = import_module(f"{__name__}.{name}").render
    return reporter(report, Options(color=color, width=width, show=show))
