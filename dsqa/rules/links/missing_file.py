"""LNK001."""

from __future__ import annotations

from collections.abc import Iterator

from dsqa.document import Document, Link
from dsqa.finding import Finding, Severity
from dsqa.landing import IGNORED, Fault, Landing
from dsqa.remedy import mended
from dsqa.rule import Bad, Good, Rule, asked, replace
from dsqa.target import Kind, encode_path, folder_of, join, relative
from dsqa.workspace import Workspace

PAGE_SUFFIXES = (".html", ".htm", "/")
MARKDOWN_SUFFIX = ".md"
HOST = "www."
USUAL_FOLDERS = (".github", "docs")
"""Where the host finds what it calls for by name, besides the root."""
NEAR = 0.8
MOST_COMPARISONS = 100_000
"""Links times names; beyond these no likely name is looked for."""


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
        Bad(
            "* [Q1: What is recall?](old.md#q1-what-is-recall)\n\n## Q1: What is recall?\n",
            under=["old.md#q1-what-is-recall"],
            fixed="* [Q1: What is recall?](#q1-what-is-recall)\n\n## Q1: What is recall?\n",
        ),
        Bad("See [the list](../list.md).\n", under=["../list.md"], files={"list.md": "# List\n"}),
        Bad("See [our page](www.example.com/qa).\n", under=["www.example.com/qa"]),
        Bad("See [the list](list.html).\n", under=["list.html"], files={"list.md": "# List\n"}),
    )

    def check(self, document: Document, workspace: Workspace) -> Iterator[Finding]:
        for link, landing in workspace.landings(document, document.links, Fault.MISSING_FILE):
            page = _page_of(landing, workspace)
            fix = mended(document, workspace, link)
            reason, href = _advice(document, link, landing, page, workspace)
            if landing.suggestion and not fix:
                fix = replace(document, link.href_span, href, safe=True)
            entry = document.entry_of_link.get(link)
            here = "" if _is_host(landing) else landing.path
            yield self.finding(
                document,
                link.href_span,
                f"There is no file `{here or landing.target.path}`",
                severity=Severity.INFO if page and not fix else Severity.ERROR,
                reason=reason,
                target=fix.edits[0].text if fix else href,
                related=[asked(document, entry.question)] if entry and entry.question else [],
                fix=fix,
            )


def _advice(
    document: Document, link: Link, landing: Landing, page: str, workspace: Workspace
) -> tuple[str, str]:
    """Which file may have been meant, or what else is wrong, and the href that leads there."""
    if page:
        return f"a site may make it of `{page}`, but that is the file", _href(document, link, page)
    if landing.reason == IGNORED:
        return landing.reason, ""
    if near := landing.suggestion or _nearest(document, landing, workspace):
        reason = f"{landing.reason}, but" if landing.reason else "but"
        return f"{reason} there is `{near}`", _href(document, link, near)
    if _is_host(landing):
        return "`https://` is missing before the host", f"https://{link.href}"
    return landing.reason, ""


def _is_host(landing: Landing) -> bool:
    return landing.target.path.startswith(HOST)


def _page_of(landing: Landing, workspace: Workspace) -> str:
    """The Markdown file that a site builder would make the page of; empty if there is none."""
    suffix = next((s for s in PAGE_SUFFIXES if landing.target.path.endswith(s)), None)
    if suffix is None or landing.target.kind is Kind.GITHUB:
        return ""
    path = landing.path.removesuffix(suffix) + MARKDOWN_SUFFIX
    return path if workspace.has_file(path) else ""


def _nearest(document: Document, landing: Landing, workspace: Workspace) -> str:
    """The path that may have been meant; empty if none is near.

    It is the same one as seen from a folder above, or a name in its folder that is almost the same.
    """
    written = landing.target.path.replace("../", "").removeprefix("./")
    above = [folder_of(document.path)]
    while above[-1]:
        above.append(folder_of(above[-1]))
    for folder in (*above, *USUAL_FOLDERS):
        path = join(folder, written)
        if path and workspace.has_file(path):
            return path
    from difflib import get_close_matches

    folder, _, name = landing.path.rpartition("/")
    stems = {_stem(neighbour): neighbour for neighbour in workspace.neighbours(folder)}
    few = len(stems) * len(document.links) <= MOST_COMPARISONS
    near = get_close_matches(_stem(name), list(stems), n=1, cutoff=NEAR) if few else []
    return f"{folder}/{stems[near[0]]}".lstrip("/") if near else ""


def _stem(name: str) -> str:
    return (name.rpartition(".")[0] or name).casefold()


def _href(document: Document, link: Link, path: str) -> str:
    """The relative href of the path, with what follows the path in the link."""
    _, mark, fragment = link.href.partition("#")
    return encode_path(relative(path, folder_of(document.path))) + mark + fragment
