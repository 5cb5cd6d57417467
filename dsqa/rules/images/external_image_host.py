"""IMG004."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsqa.document import Document, Image
from dsqa.finding import Finding, Severity
from dsqa.rule import Bad, Good, Rule
from dsqa.target import Kind
from dsqa.workspace import Workspace

HOST = re.compile(r"(?:https?:)?//(?:[^/@?#]*@)?(?P<host>[^/?#:]+)", re.IGNORECASE)
BADGE = re.compile(
    r"""
    //(?: [^/]+ \. )? (?: appveyor | badgen | circleci | cirrus-ci | codecov | codefactor
      | contrib \. rocks | coveralls | creativecommons | david-dm | deepsource | forthebadge
      | gitpod | komarev | licensebuttons | shields | snyk | star-history | travis-ci
      | visitor-badge )
    (?: \. | / )
  | //avatars [0-9]* \. githubusercontent \.
  | \b badges? \b | badge \. svg | / [a-z]+ -badge [/.] | / shields? / | [?&] logo =
  | / actions / workflows / | / workflows / [^/]+ / badge
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A picture that a service keeps up to date, so that it has to stay there."""
EXPIRING = re.compile(r"//private-user-images\.|[?&](?:jwt|X-Amz-Expires|Expires)=", re.IGNORECASE)


class ExternalImageHost(Rule):
    """An image lies on a foreign host, and not in the repository with the text that needs it.

    It is lost when the host cleans up, moves or forbids it, and a copy of the repository shows
    nothing without the network. An address that carries a key is dead as soon as the key expires.
    Badges and portraits, which have to change, are let be.
    """

    code = "IMG004"
    severity = Severity.INFO
    examples = (
        Good("![ROC curve](roc.png)\n", {"roc.png": ""}),
        Bad(
            "![ROC curve](https://user-images.githubusercontent.com/1/2-3.png)\n",
            under=["https://user-images.githubusercontent.com/1/2-3.png"],
        ),
        Bad(
            "![ROC curve](https://github.com/own/qa/assets/1/2-3)\n",
            under=["https://github.com/own/qa/assets/1/2-3"],
        ),
        Bad(
            '<img src="//example.org/roc.png" alt="ROC curve">\n',
            under=["//example.org/roc.png"],
        ),
        Bad(
            "![ROC curve](https://private-user-images.githubusercontent.com/1/2.png?jwt=e3b0)\n",
            under=["https://private-user-images.githubusercontent.com/1/2.png?jwt=e3b0"],
        ),
        Bad(
            "![ROC curve](https://raw.githubusercontent.com/some/book/main/roc.png)\n",
            under=["https://raw.githubusercontent.com/some/book/main/roc.png"],
        ),
        Good(
            "![ROC curve](https://raw.githubusercontent.com/own/qa/main/roc.png)\n",
            {"roc.png": ""},
        ),
        Good(
            "[![License](https://img.shields.io/github/license/own/qa.svg)](LICENSE)\n"
            "![Tests](https://github.com/own/qa/actions/workflows/tests.yml/badge.svg)\n"
        ),
        Good("![Dot](data:image/gif;base64,R0lGODlhAQABAAAAACw=)\n"),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for image in document.images:
            match = HOST.match(image.href.strip())
            if not match or BADGE.search(image.href) or not _abroad(document, workspace, image):
                continue
            expiring = EXPIRING.search(image.href) is not None
            yield self.finding(
                document,
                image.href_span,
                "The address of this image expires"
                if expiring
                else f"The image lies on `{match['host'].lower()}`, not in this repository",
                severity=Severity.ERROR if expiring else Severity.INFO,
                reason="it carries a key that is valid for minutes only" if expiring else "",
            )


def _abroad(document: Document, workspace: Workspace, image: Image) -> bool:
    """Whether it lies outside the repository, and nothing else is wrong with its address."""
    landing = workspace.landing(document, image)
    own = workspace.standing(document).repository.name
    known = landing.target.kind is Kind.EXTERNAL or bool(own)
    return known and landing.fault is None and not landing.path and not landing.target.permanent
