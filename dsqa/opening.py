"""What a command is asked for: which settings, which rules, and what its paths mean, read."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dsqa.arguments import BASELINE
from dsqa.config import Config, Misuse, chosen_rules, load
from dsqa.finding import Severity
from dsqa.sight import look

if TYPE_CHECKING:
    from dsqa.rule import Rule
    from dsqa.run import Reading

PIPE = "-"
"""In place of a path: the standard input, or the output."""


def settled(arguments: argparse.Namespace) -> tuple[Config, Sequence[Rule]]:
    """The settings of the run, and the rules that it judges by."""
    config = load(Path.cwd(), Path(arguments.config) if arguments.config else None)
    online = getattr(arguments, "online", False)
    if arguments.fail_on:
        config = replace(config, fail_on=Severity[arguments.fail_on.upper()])
    chosen = chosen_rules(
        config,
        select=listed(arguments.select),
        extend_select=listed(arguments.extend_select),
        ignore=listed(arguments.ignore),
        online=online,
    )
    return config, chosen


def listed(values: Sequence[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def baseline_of(arguments: argparse.Namespace, config: Config) -> Path | None:
    """Where the findings are written down that one lives with, if anywhere."""
    if arguments.no_baseline:
        return None
    place = Path(arguments.baseline) if arguments.baseline else usual_baseline(config)
    look(place)
    return place if arguments.baseline or os.path.lexists(place) else None


def usual_baseline(config: Config) -> Path:
    """The nearest one, up to the top of the checkout; or where a new one belongs.

    That is beside the settings, or at the top where there are none.
    """
    from dsqa.config import NAMES
    from dsqa.discovery import root_of

    top = root_of(config.folder / BASELINE, config.folder)
    folders = [f for f in (config.folder, *config.folder.parents) if f.is_relative_to(top)]
    look(*(f / BASELINE for f in folders), *(config.folder / name for name in NAMES))
    settled = any(os.path.lexists(config.folder / name) for name in NAMES)
    known = (f / BASELINE for f in folders if os.path.lexists(f / BASELINE))
    return next(known, (config.folder if settled else top) / BASELINE)


def asked_for(
    arguments: argparse.Namespace,
    config: Config,
    *,
    staged: bool = False,
    chosen: Sequence[Rule] = (),
) -> Reading:
    return opened(
        arguments.paths,
        config,
        staged=staged,
        chosen=chosen,
        stdin_filename=arguments.stdin_filename,
        force_exclude=arguments.force_exclude,
    )


def opened(
    paths: Sequence[str],
    config: Config,
    *,
    stdin_filename: str | None = None,
    force_exclude: bool = False,
    staged: bool = False,
    chosen: Sequence[Rule] = (),
) -> Reading:
    """What the paths mean, read; and judged, if there is much of it, and rules are chosen."""
    from dsqa.discovery import File, discover, excluded, root_of, whole_trees
    from dsqa.judging import read_and_judge
    from dsqa.run import Reading, Unread, read, shown_path, without_astray
    from dsqa.source import Source, Unreadable
    from dsqa.workspace import LARGEST_FILE, check_size

    folder = Path.cwd()
    texts: dict[Path, Source] = {}
    files: tuple[File, ...] = ()
    trees: frozenset[Path] = frozenset()
    content = b""
    if PIPE in paths:
        if list(paths) != [PIPE]:
            raise Misuse("`-` cannot be mixed with other paths")
        place = folder / (stdin_filename or "standard-input.md")
        place = Path(os.path.normpath(place))
        root = root_of(place, folder)
        file = File(place, root)
        left_out = force_exclude and excluded(place, config)
        files = () if left_out else (file,)
        content = standard_input(LARGEST_FILE + 1)
        try:
            check_size(len(content))
            texts[place] = Source.decode(file.path, content)
        except Unreadable as error:
            unread = Unread(shown_path(place, folder), file, error)
            whole = content if len(content) <= LARGEST_FILE else b""
            return Reading(unread=() if left_out else (unread,), piped=whole)
    else:
        files = discover(paths, folder, config, force_exclude=force_exclude, staged=staged)
        trees = whole_trees(paths, folder, files)
    if staged:
        from dsqa.history import since

        reading = read(files, folder, config, texts, trees, since.staged)
    elif chosen and not texts:
        reading = read_and_judge(files, folder, config, chosen, trees)
    else:
        reading = read(files, folder, config, texts, trees)
    named = {Path(os.path.normpath(folder / path)) for path in paths}
    return without_astray(reading, named)._replace(piped=content)


def standard_input(most: int) -> bytes:
    """So many bytes of what is piped to us; raises Misuse."""
    if sys.stdin is None:
        raise Misuse("standard input: it is closed")
    try:
        return sys.stdin.buffer.read(most)
    except OSError as error:
        raise Misuse(f"standard input: {(error.strerror or str(error)).lower()}") from None
