"""IMG005."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from dsqa.finding import Finding, Severity
from dsqa.html import unescape
from dsqa.rule import Bad, Good, Rule
from dsqa.source import Astray, Unreadable
from dsqa.target import IMAGE_SUFFIXES, MARKDOWN_SUFFIXES, decode, folder_of
from dsqa.workspace import Workspace

COMPUTED = r"""(?ix)
    (?: (?<! [\w)\]-] ) | % (?: 0[0-9] )? [dis] | \$ \w{1,40} )
    (?P<suffix> \. (?: apng | avif | bmp | gif | jfif | jpe?g | png | svg | tiff? | webp ) ) \b
"""
"""The end of a name that a program puts together, as in `{number}.png`."""
LONGEST_NAME = 255
NO_TEXT = (
    *(".7z", ".bin", ".docx", ".eot", ".gz", ".ico", ".jar", ".mov", ".mp3", ".mp4", ".otf"),
    *(".parquet", ".pdf", ".pptx", ".pyc", ".tar", ".ttf", ".webm", ".woff", ".woff2", ".xlsx"),
    *(".zip", *(suffix for suffix in IMAGE_SUFFIXES if suffix != ".svg")),
)
"""Files that name no others in words."""
MOST_COMPARISONS = 2_000_000_000
"""Characters times names; beyond these nobody is told that something is unused."""


class UnusedImage(Rule):
    """An image lies among those that the documents show, and nothing uses it.

    It is loaded with every clone, and whoever tidies up cannot tell whether it is needed. It stays
    behind when an answer is reworked. An image counts as used if its name stands in any text of the
    tree, also in a page, a style sheet or a program. It is told only when the whole tree is judged.
    """

    code = "IMG005"
    severity = Severity.INFO
    examples = (
        Good("![ROC curve](img/roc.png)\n", {"img/roc.png": ""}),
        Bad(
            "![ROC curve](img/roc.png)\n\n![Bias](img/bias.png)\n",
            under=["img/draft.png"],
            files={"img/roc.png": "", "img/bias.png": "", "img/draft.png": ""},
        ),
        Good(
            '![ROC curve](img/roc.png)\n\n<a href="img/bias%201.png">Bias</a>\n',
            {"img/roc.png": "", "img/bias 1.png": ""},
        ),
        Good(
            "![ROC curve](img/roc.png)\n",
            {"img/roc.png": "", "img/logo.png": "", "site.css": "a { background: url(logo.png) }"},
        ),
        Good(
            "![ROC curve](img/roc.png)\n",
            {"img/roc.png": "", "img/roc.svg": "", "logo.png": "", "archive/old.png": ""},
        ),
        Good(
            "![ROC curve](img/roc.png)\n",
            {"img/roc.png": "", "img/1.png": "", "plot.py": 'save(f"img/{number}.png")'},
        ),
    )

    def check_tree(self, workspace: Workspace) -> Iterator[Finding]:
        folders = _folders(workspace)
        shown = workspace.shown() if folders else frozenset()
        showing = set(map(folder_of, shown))
        folders = {folder: images for folder, images in folders.items() if folder in showing}
        doubtful = [image for images in folders.values() for image in images if image not in shown]
        unnamed = _unnamed(doubtful, workspace)
        git = workspace.repository.git
        for images in folders.values():
            used = {_stem(image) for image in images if image not in unnamed}
            unused = [image for image in images if _stem(image) not in used]
            for image in unused if len(unused) <= len(used) else ():
                if not (git and git.ignores(image)):
                    yield self.finding_of_file(image, "Nothing uses this image")


def _folders(workspace: Workspace) -> Mapping[str, Sequence[str]]:
    """The images in each folder below the root."""
    folders: dict[str, list[str]] = defaultdict(list)
    for path in workspace.files.paths():
        if path.lower().endswith(IMAGE_SUFFIXES) and folder_of(path):
            folders[folder_of(path)].append(path)
    return dict(sorted(folders.items()))


def _stem(path: str) -> str:
    """The path without its suffix: a drawing and the picture made of it have one."""
    return path.rpartition(".")[0].casefold()


def _unnamed(images: Sequence[str], workspace: Workspace) -> Collection[str]:
    """Those of the images that no text of the tree names; none if not all texts can be read."""
    forms = {image: tuple(_forms(image.rpartition("/")[2])) for image in images}
    work = 0
    for path in workspace.files.paths() if images else ():
        if not forms or path.lower().endswith(NO_TEXT):
            continue
        try:
            text = workspace.read(path).text
        except Astray:
            continue
        except Unreadable:
            if path.lower().endswith((*MARKDOWN_SUFFIXES, ".html")):
                return ()
            continue
        work += len(text) * len(forms)
        if work > MOST_COMPARISONS:
            return ()
        computed = {match["suffix"].lower() for match in re.finditer(COMPUTED, text)}
        plain = "\n".join(
            (text, unescape(decode(text)), unescape(decode(text.replace("\\", ""))))
        ).casefold()
        forms = {
            image: names
            for image, names in forms.items()
            if not (image.lower().endswith(tuple(computed)) or any(n in plain for n in names))
        }
    return forms.keys()


def _forms(name: str) -> Iterator[str]:
    """How the name may be written: its letters composed or not, and as JSON writes them."""
    if len(name) > LONGEST_NAME:
        yield name.casefold()
        return
    from json import dumps

    for form in ("NFC", "NFD"):
        written = unicodedata.normalize(form, name)
        yield written.casefold()
        yield dumps(written)[1:-1].casefold()
