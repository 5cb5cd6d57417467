"""IMG002."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault
from dsqa.remedy import mended
from dsqa.rule import Bad, Good, Rule
from dsqa.workspace import Workspace

VIEW = re.compile(r"(https?://(?:www\.)?github\.com/[^/]+/[^/]+)/blob/", re.IGNORECASE)


class BlobUrlImage(Rule):
    """An image is taken from the page that shows the file instead of from the file.

    GitHub knows its own pages and shows the image nevertheless. Editors, exports and every other
    site get a page in HTML and show a torn picture.
    """

    code = "IMG002"
    severity = Severity.WARNING
    changes_answers = True
    examples = (
        Good("![ROC curve](img/roc.png)\n", {"img/roc.png": ""}),
        Bad(
            "![ROC curve](https://github.com/own/qa/blob/main/img/roc.png)\n",
            under=["https://github.com/own/qa/blob/main/img/roc.png"],
            files={"img/roc.png": ""},
            fixed="![ROC curve](img/roc.png)\n",
        ),
        Bad(
            "![ROC curve](https://github.com/ada/plots/blob/main/roc.png)\n",
            under=["https://github.com/ada/plots/blob/main/roc.png"],
        ),
        Good(
            "![ROC curve](https://github.com/own/qa/blob/main/roc.png?raw=true)\n", {"roc.png": ""}
        ),
        Good("[ROC curve](https://github.com/ada/plots/blob/main/roc.png)\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for image, _ in workspace.landings(document, document.images, Fault.PAGE_AS_IMAGE):
            fix = mended(document, workspace, image)
            yield self.finding(
                document,
                image.href_span,
                "The address is that of a page which shows the image, not of the image",
                # whether a file of somebody else is there, nobody here knows
                target=fix.edits[0].text if fix else VIEW.sub(r"\1/raw/", image.href),
                fix=fix,
            )
