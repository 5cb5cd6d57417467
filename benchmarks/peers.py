"""The tools beside which the speed of dsqa is measured, and what they are asked to do.

Each checks what comes nearest to what dsqa checks, offline links and anchors; and those that check
more unless they are told otherwise are also run as they come.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FROM_PYTHON = {
    "mdformat": "1.0.0",
    "mdformat-gfm": "1.0.0",
    "pymarkdownlnt": "0.9.41",
    "rumdl": "0.3.0",
}
FROM_NODE = {
    "doctoc": "2.5.0",
    "markdownlint-cli2": "0.22.1",
    "remark-cli": "12.0.1",
    "remark-validate-links": "13.1.0",
}
"""The newest ones that run with Node.js 20."""

RUMDL = "rumdl 0.3.0"
RUMDL_NEAR = f"{RUMDL}, nearest rules"
RUMDL_WARM = f"{RUMDL}, again"
MARKDOWNLINT = "markdownlint-cli2 0.22.1"
MARKDOWNLINT_NEAR = f"{MARKDOWNLINT}, nearest rules"
REMARK = "remark 12.0.1, validate-links"
PYMARKDOWN = "pymarkdown 0.9.41"
PYMARKDOWN_NEAR = f"{PYMARKDOWN}, nearest rules"
MDFORMAT = "mdformat 1.0.0 --check"
DOCTOC = "doctoc 2.5.0 --dryrun"
FAST = (RUMDL, RUMDL_NEAR)
NEAREST = ("MD042", "MD045", "MD051", "MD053")
"""Links without a destination, images without words, anchors, unused definitions."""
NEAREST_OF_RUMDL = (*NEAREST, "MD057", "MD082")
"""Also relative links, and headings without content."""


@dataclass(frozen=True)
class Tools:
    """Where everything is installed."""

    folder: Path

    @property
    def python(self) -> str:
        """The interpreter that runs dsqa, and has nothing else."""
        return str(self.folder / "dsqa" / "bin" / "python")

    @property
    def dsqa(self) -> str:
        return str(self.folder / "dsqa" / "bin" / "dsqa")

    def script(self, name: str) -> str:
        return str(self.folder / "peers" / "bin" / name)

    def package(self, path: str) -> str:
        return str(self.folder / "node_modules" / path)


def install(folder: Path, root: Path, *, alone: bool) -> Tools:
    """Install dsqa, as it is in the folder of its sources, and the other tools."""
    _environment(folder / "dsqa", [str(root)])
    if not alone:
        _environment(folder / "peers", [f"{name}=={v}" for name, v in FROM_PYTHON.items()])
        wanted = [f"{name}@{version}" for name, version in FROM_NODE.items()]
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)]
        subprocess.run([*command, *wanted], check=True, stdout=subprocess.DEVNULL)
        settings = {"config": {"default": False, **dict.fromkeys(NEAREST, True)}}
        (folder / "near.markdownlint-cli2.jsonc").write_text(json.dumps(settings), encoding="utf-8")
    return Tools(folder)


def _environment(folder: Path, wanted: Sequence[str]) -> None:
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q"]
    # the commands that older ones write import more than a recalled answer needs in all
    subprocess.run([*pip, "install", "--upgrade", "pip"], check=True)
    subprocess.run([*pip, "install", *wanted], check=True)


def commands(tools: Tools, path: str) -> Iterator[tuple[str, Sequence[str]]]:
    """What each of the tools is called, and its command, of the file or of all files (`.`)."""
    everything = path == "."
    rumdl = [tools.script("rumdl"), "check"]
    yield RUMDL, [*rumdl, "--no-cache", path]
    yield RUMDL_NEAR, [*rumdl, "--no-cache", "--enable", ",".join(NEAREST_OF_RUMDL), path]
    mdl = ["node", tools.package("markdownlint-cli2/markdownlint-cli2-bin.mjs")]
    near = ["--config", str(tools.folder / "near.markdownlint-cli2.jsonc")]
    files = "**/*.md" if everything else path
    yield MARKDOWNLINT, [*mdl, files]
    yield MARKDOWNLINT_NEAR, [*mdl, *near, files]
    links = f"{tools.package('remark-validate-links/index.js')}=repository:false"
    remark = ["node", tools.package("remark-cli/cli.js"), "--no-stdout", "--quiet", "--frail"]
    yield REMARK, [*remark, "--use", links, path]
    pymarkdown = [tools.script("pymarkdown")]
    chosen = ["--disable-rules", "*", "--enable-rules", ",".join(NEAREST).lower()]
    scan = ["scan", "--recurse", path] if everything else ["scan", path]
    yield PYMARKDOWN, [*pymarkdown, *scan]
    yield PYMARKDOWN_NEAR, [*pymarkdown, *chosen, *scan]
    yield MDFORMAT, [tools.script("mdformat"), "--check", path]
    yield DOCTOC, ["node", tools.package("doctoc/doctoc.js"), "--dryrun", path]


def warm(tools: Tools, path: str) -> tuple[str, Sequence[str]]:
    """The one tool that remembers what it has seen."""
    return RUMDL_WARM, [tools.script("rumdl"), "check", path]
