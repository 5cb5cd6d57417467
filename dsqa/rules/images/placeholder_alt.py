"""IMG003."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document, Image
from dsqa.finding import Finding, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.target import parse_target
from dsqa.words import fold
from dsqa.workspace import Workspace

PLACEHOLDERS = frozenset(
    """alt|alt tag|alt text|alternate text|alternative text|caption|description|download
    |drawing|enter image description here|file|graphic|image|image alt|image alt text
    |image description|images|img|no alt text|photo|pic|picture|placeholder|screen shot|screenshot
    |text|title|unnamed|untitled""".replace("\n    ", "").split("|")
)
NUMBERED = re.compile(r"[\s_-]{0,8}\(?[0-9]{1,4}\)?")
"""What is put behind a name to tell it from its likes."""
FILE_NAME = re.compile(
    r"""
    \S+ \. (?: apng | avif | bmp | gif | jfif | jpe?g | png | svg | tiff? | webp )
  | .* \b (?: gif | jpe?g | pdf | png | svg | webp ) -to- (?: gif | jpe?g | pdf | png | webp ) .*
  | .* (?: 19 | 20 ) [0-9]{2} ([-._]) [0-9]{2} \1 [0-9]{2} .{1,12} [0-9]{2} .*
  | [^\W_]+ (?: - [^\W_]+ ){4,} (?: _ \w+ )?
  | [0-9] _ [\w-]{6,}
  | \w+ _ [0-9]+
  | [^\W_]+ (?: _ [^\W_]+ ){3,}
  | [0-9a-f]{8} (?: - [0-9a-f]{4} ){3} - [0-9a-f]{12}
    """,
    re.VERBOSE | re.IGNORECASE,
)
NUMBER = re.compile(r"[0-9\s._()-]+")
LONGEST_NAME = 255


class PlaceholderAlt(Rule):
    """The alternative text of an image does not say what it shows.

    It is all that a screen reader, a search and a reader without the image get. Tools fill in a
    file name or `image`, and nobody comes back to it. `alt=""` says that nothing is missed.
    """

    code = "IMG003"
    severity = Severity.WARNING
    examples = (
        Good("![ROC curve of two models](roc.png)\n"),
        Bad("![image](roc.png)\n", under=["image"]),
        Bad("![Alt_text](roc.png)\n", under=["Alt_text"]),
        Bad("![Screenshot 2](roc.png)\n", under=["Screenshot 2"]),
        Bad("![](roc.png)\n", under=["![](roc.png)"]),
        Bad('<img src="roc.png">\n', under=['<img src="roc.png">']),
        Good('<img src="line.png" alt="">\n'),
        Bad("![roc-curve.png](roc.png)\n", under=["roc-curve.png"]),
        Bad("![1659034521](roc.png)\n", under=["1659034521"]),
        Bad("![roc_curve](img/roc_curve.png)\n", under=["roc_curve"]),
        Bad("![the-roc-curve-of-two-models](roc.png)\n", under=["the-roc-curve-of-two-models"]),
        Bad("![Bild 2023-05-01 um 10.31](roc.png)\n", under=["Bild 2023-05-01 um 10.31"]),
        Bad("![plot webp-to-png (3)](roc.png)\n", under=["plot webp-to-png (3)"]),
        Good("![logo](logo.png) ![ResNet-50](resnet.png) ![one-vs-rest](one-vs-rest.png)\n"),
        Good("![ROC curve](roc%20curve.png)\n"),
        Good("![]()\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for image in document.images:
            if not image.href.strip():
                continue  # it shows nothing that one could describe
            alt = " ".join(image.alt.split())
            if not alt and not _is_decorative(document, image):
                message = "The image has no alternative text"
                yield self.finding(document, image.span, message, severity=Severity.INFO)
            elif reason := _emptiness(alt, image):
                yield self.finding(
                    document,
                    image.alt_span,
                    f"`{alt}` does not say what the image shows",
                    reason=reason,
                )


def _emptiness(alt: str, image: Image) -> str:
    """Why the text says nothing; empty if it may say something."""
    if not alt or len(alt) > LONGEST_NAME:
        return ""
    if fold(alt) in PLACEHOLDERS or fold(NUMBERED.sub("", alt)) in PLACEHOLDERS:
        return "it stands for a text that nobody wrote"
    if NUMBER.fullmatch(alt):
        return "it has no words"
    own = parse_target(image.href).path.rpartition("/")[2].rpartition(".")[0]
    if FILE_NAME.fullmatch(alt) or ("_" in alt and alt == own):
        return "it is the name of a file"
    return ""


def _is_decorative(document: Document, image: Image) -> bool:
    """Whether the author says so: with an empty `alt` in HTML."""
    return (
        image.style == "html" and re.search(r"\balt\s*=", document.source[image.span]) is not None
    )
