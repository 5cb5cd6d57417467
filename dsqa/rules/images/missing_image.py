"""IMG001."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault, Landing
from dsqa.remedy import written_path
from dsqa.rule import Bad, Good, Rule
from dsqa.target import IMAGE_SUFFIXES, folder_of
from dsqa.workspace import Workspace

NEAR = 0.75
"""A name as like as this to the missing one may have been meant."""
MOST_COMPARISONS = 100_000
"""Images times names; beyond these no likely name is looked for."""


class MissingImage(Rule):
    """An image has no file.

    The reader sees a torn picture, and an answer that shows rather than tells says nothing. It
    happens when a file is renamed or moved, or was never added.
    """

    code = "IMG001"
    severity = Severity.ERROR
    examples = (
        Good("![ROC curve](img/roc.png)\n", {"img/roc.png": ""}),
        Bad("![ROC curve](img/roc.png)\n", under=["img/roc.png"]),
        Bad(
            "![ROC curve](roc-curve.png)\n",
            under=["roc-curve.png"],
            files={"roc_curve.png": "", "curves.md": ""},
        ),
        Bad(
            "![ROC curve](https://github.com/own/qa/raw/main/roc.png)\n",
            under=["https://github.com/own/qa/raw/main/roc.png"],
        ),
        Bad('<img src="roc.png" alt="ROC curve">\n', under=["roc.png"]),
        Bad("![ROC curve]()\n", under=["![ROC curve]()"]),
        Bad("![ROC curve](../roc.png)\n", under=["../roc.png"]),
        Bad("![ROC curve](img)\n", under=["img"], files={"img/roc.png": ""}),
        Good(
            "![ROC curve](https://example.org/roc.png) ![Key](/img/key.png)\n", {"img/key.png": ""}
        ),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for image in document.images:
            landing = workspace.landing(document, image)
            if landing.fault is Fault.EMPTY:
                yield self.finding(document, image.span, "The image has no address")
            elif landing.fault is Fault.MISSING_FILE:
                meant = _nearest(landing, document, workspace)
                path = landing.path or landing.target.path
                yield self.finding(
                    document,
                    image.href_span,
                    f"There is no image `{path}`",
                    reason=landing.reason,
                    target=written_path(document, meant) if meant else "",
                )


def _nearest(landing: Landing, document: Document, workspace: Workspace) -> str:
    """The path of the image in the same folder whose name is nearest to the missing one."""

    from difflib import get_close_matches

    folder = folder_of(landing.path)
    names = [name for name in workspace.neighbours(folder) if name.lower().endswith(IMAGE_SUFFIXES)]
    if len(names) * len(document.images) > MOST_COMPARISONS:
        return ""
    near = get_close_matches(landing.path.rpartition("/")[2], names, n=1, cutoff=NEAR)
    return f"{folder}/{near[0]}".lstrip("/") if near else ""
