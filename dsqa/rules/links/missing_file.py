"""LNK001."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Link
from dsqa.finding import Finding, Severity
from dsqa.landing import Fault, Landing
from dsqa.rule import Bad, Good, Rule, replace
from dsqa.target import Kind, encode_path, folder_of, join, relative
from dsqa.workspace import Workspace

PAGE_SUFFIXES = (".html", ".htm", "/")
MARKDOWN_SUFFIX = ".md"
HOST = "www."
NEAR = 0.75


class MissingFile(Rule):
    """A link leads to a file that is not in the repository.

    The reader gets a page that says 404. It happens when a file is moved, renamed or deleted, when
    a path is written as seen from another folder, and when the letter case differs: the host tells
    `List.md` from `list.md` even if the computer at home does not.
    """

    code = "LNK001"
    severity = Severity.ERROR
    changes_answers = True
    examples = (
        Good(
            "See [the list](list.md), [the data](data/) and [the issues](../../issues).\n",
            {"list.md": "# List\n", "data/a.csv": ""},
        ),
        Good("Write to <me@example.com> or see www.example.com.\n"),
        Bad(
            "See [the list](https://github.com/own/qa/blob/main/list.md).\n",
            under=["https://github.com/own/qa/blob/main/list.md"],
        ),
        Bad(
            "See [the list](lists.md#short).\n",
            under=["lists.md#short"],
            files={"list.md": "# Short\n"},
        ),
        Bad(
            "See [the list](LIST.md#short).\n",
            under=["LIST.md#short"],
            files={"list.md": "# Short\n"},
            fixed="See [the list](list.md#short).\n",
        ),
        Bad("See [the list](../list.md).\n", under=["../list.md"]),
        Bad("See [our page](www.example.com/qa).\n", under=["www.example.com/qa"]),
        Bad("See [the list](list.html).\n", under=["list.html"], files={"list.md": "# List\n"}),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link in document.links:
            landing = workspace.landing(document, link)
            if landing.fault is not Fault.MISSING_FILE:
                continue
            page = _page_of(landing, workspace)
            near = landing.suggestion or page or _nearest(landing, workspace)
            reason, target = landing.reason, _href(document, link, near) if near else ""
            if landing.suggestion:
                reason = f"the letter case differs: it is called `{landing.suggestion}`"
            elif page:
                reason = f"a site may make it of `{page}`; among the files there is only that one"
            elif near:
                reason = f"near it there is `{near}`"
            elif landing.target.path.startswith(HOST):
                reason, target = "`https://` is missing before the host", f"https://{link.href}"
            yield self.finding(
                document,
                link.href_span,
                f"There is no file `{landing.path or landing.target.path}`",
                severity=Severity.INFO if page else Severity.ERROR,
                reason=reason,
                target=target,
                fix=replace(document, link.href_span, target, safe=True)
                if landing.suggestion
                else None,
            )


def _page_of(landing: Landing, workspace: Workspace) -> str:
    """The Markdown file that a site builder would make the page of; empty if there is none."""
    suffix = next((s for s in PAGE_SUFFIXES if landing.target.path.endswith(s)), None)
    if suffix is None or landing.target.kind is Kind.GITHUB:
        return ""
    path = landing.path.removesuffix(suffix) + MARKDOWN_SUFFIX
    return path if workspace.has_file(path) else ""


def _nearest(landing: Landing, workspace: Workspace) -> str:
    """The path of the file whose name is most like the missing one; empty if none is near.

    Looked for in the folder that is named, and where the same path would be seen from the root.
    """
    from difflib import get_close_matches

    folder, _, name = landing.path.rpartition("/")
    near = get_close_matches(name, workspace.neighbours(folder), n=1, cutoff=NEAR)
    if near:
        return f"{folder}/{near[0]}".lstrip("/")
    from_root = join("", landing.target.path.replace("../", ""))
    return from_root if from_root and workspace.has_file(from_root) else ""


def _href(document: Document, link: Link, path: str) -> str:
    """The relative href of the path, with what follows the path in the link."""
    _, mark, fragment = link.href.partition("#")
    return encode_path(relative(path, folder_of(document.path))) + mark + fragment
