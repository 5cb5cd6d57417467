"""For pipes: one finding a line, as in the list of the format `json`, and nothing else.

There is no line of totals, so that `wc -l` counts findings and `head` needs no exception; whoever
wants the numbers of the run takes `json`. No findings are no lines.
"""

from __future__ import annotations

from dsqa.report import Report
from dsqa.reporters import Options
from dsqa.reporters._data import dumped, finding_data


def render(report: Report, options: Options) -> str:
    return "".join(f"{dumped(finding_data(report, finding))}\n" for finding in report.findings)
