"""IMG006."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import mended, written_path
from dsqa.rule import Bad, Good, Rule, replace
from dsqa.source import Span
from dsqa.target import folder_of, join
from dsqa.workspace import Workspace

UNREAD = re.compile(r"!\[[^\[\]\n]*+\]\((?P<path>[^()<>\n\"']++)\)")


class ImagePathTrouble(Rule):
    """An image is there, but its path is written so that GitHub does not find it.

    There, letter case matters, `\\` parts no folders, and a `#` or a blank ends the path. On the
    author's own disk the same path may work, which is why nobody notices.
    """

    code = "IMG006"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good("![ROC curve](img/roc%20curve.png)\n", {"img/roc curve.png": ""}),
        Bad(
            "![ROC curve](Img/ROC.png)\n",
            under=["Img/ROC.png"],
            files={"img/roc.png": ""},
            fixed="![ROC curve](img/roc.png)\n",
        ),
        Bad(
            "![ROC curve](img\\roc.png)\n",
            under=["img\\roc.png"],
            files={"img/roc.png": ""},
            fixed="![ROC curve](img/roc.png)\n",
        ),
        Bad(
            "![A loop in C#](C#.png)\n",
            under=["C#.png"],
            files={"C#.png": ""},
            fixed="![A loop in C#](C%23.png)\n",
        ),
        Bad(
            "![ROC curve](roc curve.png)\n",
            under=["roc curve.png"],
            files={"roc curve.png": ""},
            fixed="![ROC curve](roc%20curve.png)\n",
        ),
        Good("![ROC curve](<roc curve.png>) and `![](roc curve.png)`\n", {"roc curve.png": ""}),
        Good("![see](no such file)\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for image, landing in workspace.landings(document, document.images, Fault.PATH_SPELLING):
            fix = mended(document, workspace, image)
            yield self.finding(
                document,
                image.href_span,
                f"GitHub does not find the image like this; it is at `{landing.suggestion}`",
                target=fix.edits[0].text if fix else "",
                fix=fix,
            )
        for span, path in _unread(document):
            if workspace.has_file(path):
                fix = replace(document, span, written_path(document, path), safe=False)
                yield self.finding(
                    document,
                    span,
                    "A blank in the path ends it, so that no image is shown",
                    target=fix.edits[0].text,
                    fix=fix,
                )


def _unread(document: Document) -> Iterator[tuple[Span, str]]:
    """What looks like an image whose path has a blank, which Markdown takes for plain words."""
    for paragraph in document.paragraphs:
        for match in UNREAD.finditer(document.source.text, paragraph.start, paragraph.end):
            span = Span(*match.span("path"))
            path = join(folder_of(document.path), match["path"])
            if path and " " in path and not document.in_code(span):
                yield span, path
