"""A run that tells only what is wrong since an earlier state of its files, as git keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from dsqa.config import Config, Misuse
from dsqa.finding import Finding
from dsqa.git import Incomparable
from dsqa.history import revision
from dsqa.history.changes import changes
from dsqa.history.comparison import Comparison, arising
from dsqa.history.revision import Revision
from dsqa.rule import Rule
from dsqa.run import Found, Reading, choice, rules_for
from dsqa.standing import Repository
from dsqa.workspace import Disk, Files, Workspace


def staged(disk: Disk, known: Repository) -> tuple[Files, Repository]:
    """The files as they would be committed now, and what git knows of them; raises Misuse."""
    if not disk.git:
        raise Misuse(f"{disk.root} is no checkout of git, so nothing is staged")
    try:
        files = revision.staged(disk.git)
    except Incomparable as error:
        raise Misuse(str(error)) from None
    return files, replace(known, git=files)


def comparisons(
    reading: Reading, config: Config, *, since: str | None
) -> Mapping[Path, Comparison]:
    """By the root of each tree, the state with which it is compared; raises Misuse.

    It is that at which the branch left another one, or else the last commit.
    """
    roots = {item.file.root: item.workspace for item in reading.items}
    try:
        return {root: _comparison(root, now, config, since) for root, now in roots.items()}
    except Incomparable as error:
        raise Misuse(str(error)) from None


def remarks(compared: Mapping[Path, Comparison], since: str | None) -> Iterator[str]:
    """With what the files are compared."""
    files = (comparison.before.files for comparison in compared.values())
    for commit in sorted({one.commit[:12] for one in files if isinstance(one, Revision)}):
        what = f"`{since}`" if since else "the last commit"
        yield f"told is only what is new since {what} ({commit or 'there is none yet'})"


def _comparison(root: Path, now: Workspace, config: Config, since: str | None) -> Comparison:
    checkout = Disk(root).git
    if not checkout:
        raise Incomparable(f"{root} is no checkout of git, so there is nothing to compare with")
    base = revision.base_of(checkout, since) if since is not None else revision.head_of(checkout)
    files = revision.committed(checkout, base) if base else Revision(checkout, {}, "")
    known = replace(now.repository, git=files)
    before = Workspace(files, known, None, partial(choice, config, root))
    before.failed = now.failed  # what dsqa cannot read of before is told as well
    changed = changes(checkout, base or revision.EMPTY_TREE, staged=since is None)
    return Comparison(before, now, changed)


def new(
    found: Sequence[Found],
    reading: Reading,
    config: Config,
    chosen: Sequence[Rule],
    compared: Mapping[Path, Comparison],
) -> Iterator[Found]:
    """What of it was not there before, each with a document of its tree."""
    for root, comparison in compared.items():
        mine = {item.document.path: item for item in reading.items if item.file.root == root}
        by_path: dict[str, list[Finding]] = defaultdict(list)
        for finding, item in found:
            if item.file.root == root:
                by_path[finding.path].append(finding)
        rules = {path: rules_for(item, config, chosen) for path, item in mine.items()}
        for finding in arising(by_path, comparison, rules, chosen):
            yield finding, mine.get(finding.path, next(iter(mine.values())))
