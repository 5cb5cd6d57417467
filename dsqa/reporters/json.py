"""For programs: one JSON object with every finding, and the numbers of the run.

Lines and columns count from 1, columns in characters; ends are exclusive. What is unknown is null.
The text is ASCII; a character that a path cannot hold in UTF-8 stays a lone `\\ud8xx` escape.
"""

from __future__ import annotations

from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._data import dumped, report_data


def render(report: Report, options: Options) -> str:
    return dumped(report_data(report), indent=2) + "\n"
