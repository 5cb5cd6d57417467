"""Arguments become calls, and an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from dsqa import __version__, recall
from dsqa.arguments import parser
from dsqa.config import Config, Misuse, did_you_mean, load
from dsqa.ending import (
    CANNOT_JUDGE,
    CLEAN,
    CLOSED_PIPE,
    FOUND,
    INTERRUPTED,
    complain_of,
    complain_of_unjudged,
    outcome,
    trace,
    verdict,
)
from dsqa.finding import Severity
from dsqa.opening import PIPE, asked_for, baseline_of, opened, settled, usual_baseline
from dsqa.reporters import counted, formats, logged, printable, render
from dsqa.sight import begin, end
from dsqa.streams import (
    WIDTH_OF_PIPES,
    Unprinted,
    appearance,
    complain,
    complain_plainly,
    goes_to_a_log,
    open_streams,
    put,
    say,
    silence,
)

if TYPE_CHECKING:
    from dsqa.history.comparison import Comparison
    from dsqa.online import Outside, Terms
    from dsqa.rule import Rule
    from dsqa.run import Found, Reading
    from dsqa.unjudged import Hindrance

ONLINE = (
    "allow",
    "header",
    "proxy",
    "timeout",
    "time_limit",
    "confirm_after",
    "cache",
)
"""What the command line can say about the world outside."""
NOT_GIVEN: Mapping[str, object] = {"allow": [], "header": []}


def main(argv: Sequence[str] | None = None, *, question: bytes = b"") -> int:
    """Run the command; the exit code. Whatever goes wrong, it is never taken for clean.

    The answer is kept for the question, if there is one and it will have the same answer again.
    """
    open_streams()
    try:
        return called(argv, question)
    except Misuse as error:
        complain(str(error))
        return CANNOT_JUDGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Unprinted as error:
        silence(sys.stdout)
        if error.broken:
            return CLOSED_PIPE
        complain(f"the output cannot be written: {error}")
        return CANNOT_JUDGE
    except Exception as error:
        from dsqa.unjudged import failure

        complain_of("nothing can be said about the files", failure("", error))
        return CANNOT_JUDGE
    finally:
        end()


def called(argv: Sequence[str] | None, question: bytes) -> int:
    """The exit code of the command, or of argparse where help is wanted or a word misspelt."""
    try:
        with redirect_stdout(StringIO()) as told:
            arguments = parser().parse_args(argv)
    except SystemExit as stopped:
        put(told.getvalue())
        return int(stopped.code or 0)
    try:
        Path.cwd()
    except OSError:
        raise Misuse("the working folder is not there any more") from None
    arguments.question = question
    return COMMANDS[arguments.command](arguments)


def check(arguments: argparse.Namespace) -> int:
    from dsqa.run import report

    seen = begin() if arguments.question and lasting(arguments) else None
    config, chosen = settled(arguments)
    new = arguments.since is not None or arguments.staged
    place = baseline_of(arguments, config)
    plain = not (new or place or arguments.online)
    reading = asked_for(arguments, config, staged=arguments.staged, chosen=chosen if plain else ())
    outputs = output_files(arguments.output_file, reading)
    compared = None
    if new:
        from dsqa.history import since

        compared = since.comparisons(reading, config, since=arguments.since)
    outside = answered(arguments, reading, config, chosen, compared)
    if outside:
        reading = reading.knowing(outside.answers)
        compared = compared and {r: one.knowing(outside.answers) for r, one in compared.items()}
    ways: list[Callable[[Sequence[Found]], Iterable[Found]]] = []
    notes: list[str] = [*outside.notes] if outside else []
    if compared is not None:
        ways.append(
            partial(since.new, reading=reading, config=config, chosen=chosen, compared=compared)
        )
        notes += since.remarks(compared, arguments.since)
    if place:
        from dsqa.history import baseline

        ways.append(
            partial(
                baseline.silenced,
                reading=reading,
                place=place,
                known=baseline.load(place, named=bool(arguments.baseline)),
                chosen=chosen,
                whole=not new,
            )
        )
    found = report(reading, config, chosen, version=__version__, ways=ways, notes=notes)
    color, width = appearance(arguments.color)
    show = Severity[arguments.show.upper()]
    contents = [
        (place, render(name, found, width=WIDTH_OF_PIPES, show=show))
        for place, name in outputs.items()
    ]
    unwritten = [place for place, text in contents if not wrote(place, encoded(text))]
    text = render(arguments.format, found, color=color, width=width, show=show)
    put(text)
    if unwritten:
        return CANNOT_JUDGE
    if outside and outside.interrupted:
        return INTERRUPTED
    if found.unjudged:
        for finding in found.findings:
            trace(finding)
        return CANNOT_JUDGE
    code = outcome(reading, failed=found.failed, allow_none=arguments.allow_no_questions)
    if seen and repeatable(reading, code, allow_none=arguments.allow_no_questions):
        recall.remember(arguments.question, seen, code, text.encode("utf-8", "backslashreplace"))
    return code


def lasting(arguments: argparse.Namespace) -> bool:
    """Whether the answer rests on nothing but files, and nothing is done but to give it."""
    other = (arguments.online, arguments.staged, arguments.since, arguments.output_file)
    return not any(other) and not arguments.no_cache and PIPE not in arguments.paths


def repeatable(reading: Reading, code: int, *, allow_none: bool) -> bool:
    """Whether the report was all there was to say, and can be kept where no document lies."""
    complete = code in (CLEAN, FOUND) and (allow_none or any(item.asks for item in reading.items))
    folder = recall.folder()
    kept = {Path(os.path.normpath(Path.cwd() / folder)), Path(os.path.realpath(folder))}
    roots = {item.file.root for item in reading.items}
    roots |= {Path(os.path.realpath(root)) for root in roots}
    return complete and not any(one.is_relative_to(root) for one in kept for root in roots)


def answered(
    arguments: argparse.Namespace,
    reading: Reading,
    config: Config,
    chosen: Sequence[Rule],
    compared: Mapping[Path, Comparison] | None = None,
) -> Outside | None:
    """What the world outside says, if the command line lets us ask it."""
    if not arguments.online:
        for name in ONLINE:
            if getattr(arguments, name) not in (None, NOT_GIVEN.get(name)):
                option = name.replace("_", "-")
                raise Misuse(f"--{option} says something only together with --online")
        return None
    from dsqa import online
    from dsqa.progress import watching

    with watching() as watched:
        return online.outside(
            reading, config, chosen, terms(arguments), compared=compared, watched=watched
        )


def interrupted(outside: Outside) -> bool:
    """Whether nothing is to be written, because not all was asked; what is to be noted is told."""
    for note in outside.notes:
        complain(note)
    if outside.interrupted:
        complain("nothing was written")
    return outside.interrupted


def terms(arguments: argparse.Namespace) -> Terms:
    """What the command line allows of the world outside."""
    from platformdirs import user_cache_path

    from dsqa.network.errand import Manners
    from dsqa.online import HOUR, Terms, headers_of, proxy_of

    usual = Manners()
    cache = Path(arguments.cache) if arguments.cache else user_cache_path("dsqa", appauthor=False)
    after = arguments.confirm_after
    return Terms(
        allowed=tuple(arguments.allow),
        headers=headers_of(arguments.header, os.environ),
        proxy=proxy_of(arguments.proxy) if arguments.proxy else None,
        manners=replace(
            usual,
            seconds=arguments.timeout or usual.seconds,
            whole_run=arguments.time_limit or usual.whole_run,
        ),
        confirm_after=Terms().confirm_after if after is None else int(after * HOUR),
        cache=None if arguments.no_cache else cache,
    )


def output_files(wanted: Iterable[str], reading: Reading) -> dict[Path, str]:
    """The files to write a report to, and the format of each; raises Misuse."""
    named: dict[Path, str] = {}
    for one in wanted:
        name, _, path = one.partition("=")
        place = Path(path)
        if name not in formats():
            known = ", ".join(formats())
            near = did_you_mean(name, formats())
            raise Misuse(f"`{one}` is not FORMAT=PATH with one of the formats {known}{near}")
        if path in ("", PIPE):
            raise Misuse(f"`{one}` names no file; `--format {name}` is what goes to the output")
        if place in named:
            raise Misuse(f"{path}: two reports cannot go into one file")
        untouched(path, reading)
        named[place] = name
    return named


def untouched(path: str, reading: Reading) -> None:
    """Raises Misuse if the path to write to is one of the files that are read, or a trap.

    A link in a checkout may come from a stranger: what leads out of it by one is not written to.
    """
    from dsqa.discovery import root_of
    from dsqa.git import MARK

    real = Path(os.path.realpath(path))
    if any(real == Path(os.path.realpath(item.file.place)) for item in reading.items):
        raise Misuse(f"{path}: this is one of the files that are read")
    place = Path(os.path.normpath(Path.cwd() / path))
    root = root_of(place, place.parent)
    if os.path.exists(root / MARK) and not real.is_relative_to(os.path.realpath(root)):
        raise Misuse(f"{path}: leads out of the checkout")


def encoded(text: str) -> bytes:
    """The text in UTF-8; what cannot be written in it, by its number."""
    return text.encode("utf-8", "backslashreplace")


def wrote(place: Path, content: bytes) -> bool:
    """Write the content to the place; whether that could be done, and a complaint if not.

    The summary of a job is appended to, because other commands of its step write there too.
    """
    from dsqa.writing import Unwritten, append_file, write_file

    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    appended = summary and os.path.realpath(summary) == os.path.realpath(place)
    write = append_file if appended else write_file
    try:
        write(place, content)
    except Unwritten as error:
        complain(f"{place}: {error}")
        return False
    return True


def write_baseline(arguments: argparse.Namespace) -> int:
    from dsqa.history import baseline
    from dsqa.run import all_found
    from dsqa.writing import Unwritten, write_file

    config, chosen = settled(arguments)
    reading = asked_for(arguments, config)
    if outside := answered(arguments, reading, config, chosen):
        if interrupted(outside):
            return INTERRUPTED
        reading = reading.knowing(outside.answers)
    found = all_found(reading, config, chosen)
    unjudged = [(item.beside(finding.path), finding) for finding, item in found if finding.unjudged]
    found = [(finding, item) for finding, item in found if not finding.unjudged]
    place = Path(arguments.output or usual_baseline(config))
    untouched(str(place), reading)
    try:
        known = os.path.lexists(place)
        former = baseline.load(place, named=bool(arguments.output)) if known else Counter()
        write_file(place, baseline.written(found, former, reading, chosen).encode())
    except Unwritten as error:
        raise Misuse(f"{place}: {error}") from None
    shown = printable(os.path.relpath(place))
    complain_plainly(
        f"{counted(len(found), 'finding')} in {shown}; `dsqa check` is silent on them\n"
    )
    return verdict(reading, unjudged, allow_none=arguments.allow_no_questions)


def fix(arguments: argparse.Namespace) -> int:
    from dsqa.repair import repairing
    from dsqa.run import rules_for

    config, chosen = settled(arguments)
    reading = asked_for(arguments, config)
    piped = PIPE in arguments.paths
    if not (piped or arguments.diff) and taken_back(reading):
        reading = asked_for(arguments, config)
    if outside := answered(arguments, reading, config, chosen):
        if interrupted(outside):
            return INTERRUPTED
        reading = reading.knowing(outside.answers)
    rules = {item.file: rules_for(item, config, chosen) for item in reading.items}
    repairs = repairing.repaired(reading.items, rules, unsafe=arguments.unsafe)
    unwritten: list[tuple[str, str]] = []
    if arguments.diff:
        difference = "".join(repairing.difference(repair) for repair in repairs)
        if sys.stdout.isatty():
            difference = "\n".join(map(printable, difference.split("\n")))
        put(logged(difference) if goes_to_a_log() else difference)
    elif piped:
        # what cannot be repaired goes on as it came: it may be all that there is of it
        put(b"".join(repair.after.encode() for repair in repairs) or reading.piped)
    else:
        unwritten = list(repairing.written(repairs))
    failed = {shown for shown, _ in unwritten}
    made = [repair for repair in repairs if repair.item.shown not in failed]
    told = repairing.told(made, unsafe=arguments.unsafe, diff=arguments.diff)
    if arguments.proof:
        told += repairing.proof(made, rules, unsafe=arguments.unsafe)
    (complain_plainly if piped or arguments.diff else say)(told)
    for shown, why in unwritten:
        complain(f"{shown}: {why}")
    unjudged = [
        (repair.item.beside(finding.path), finding)
        for repair in repairs
        for finding in repair.left
        if finding.unjudged
    ]
    if unwritten:
        complain_of_unjudged(reading, unjudged)
        return CANNOT_JUDGE
    changed = any(repair.changed for repair in repairs)
    left = any(finding.severity >= config.fail_on for repair in repairs for finding in repair.left)
    asked = arguments.exit_non_zero_on_fix or arguments.diff
    found = changed if arguments.diff else left or (changed and asked)
    return verdict(reading, unjudged, failed=found, allow_none=arguments.allow_no_questions)


def taken_back(reading: Reading) -> bool:
    """Whether a killed run had half written some of the files, which now are what they were."""
    from dsqa.repair import repairing
    from dsqa.writing import Unwritten

    try:
        shown = repairing.taken_back(reading.items)
    except Unwritten as error:
        raise Misuse(f"{os.path.relpath(error.place)}: {error}") from None
    for one in shown:
        complain(f"{one}: taken back, because a run was killed before it had written all with it")
    return bool(shown)


def status(arguments: argparse.Namespace) -> int:
    from dsqa import exporters
    from dsqa import status as telling
    from dsqa.coverage import coverage
    from dsqa.run import attempted

    config = load(Path.cwd(), Path(arguments.config) if arguments.config else None)
    reading = asked_for(arguments, config)
    files, failed = attempted(reading.items, lambda item: coverage(item.shown, item.document))
    reading = reading._replace(unread=(*reading.unread, *failed))
    files = [file for file in files if file.questions]
    if arguments.badge:
        untouched(arguments.badge, reading)
        if not wrote(Path(arguments.badge), encoded(telling.badge(files))):
            return CANNOT_JUDGE
    if arguments.format == "json":
        unreadable = [(one.shown, str(one.why)) for one in reading.missed]
        put("".join(exporters.indented(telling.data(files, unreadable))) + "\n")
    else:
        put(telling.text(files))
    return verdict(reading, allow_none=arguments.allow_no_questions)


def export(arguments: argparse.Namespace) -> int:
    from dsqa import exporters
    from dsqa.exporters.building import document_data
    from dsqa.run import attempted

    if arguments.schema:
        put(exporters.SCHEMA.read_text(encoding="utf-8"))
        return CLEAN
    config = load(Path.cwd(), Path(arguments.config) if arguments.config else None)
    reading = asked_for(arguments, config)
    untouched(arguments.output or PIPE, reading)
    asking = [item for item in reading.items if item.asks]
    documents, failed = attempted(
        asking, lambda item: document_data(item.shown, item.document, item.workspace)
    )
    reading = reading._replace(unread=(*reading.unread, *failed))
    written = exporters.export(arguments.format, documents)
    if arguments.output and arguments.output != PIPE:
        if not wrote(Path(arguments.output), written):
            return CANNOT_JUDGE
        count = counted(sum(len(document.questions) for document in documents), "question")
        files = counted(len(documents), "file")
        complain_plainly(f"{count} of {files} in {printable(arguments.output)}\n")
    else:
        put(written)
    return verdict(reading, failed=False, allow_none=arguments.allow_no_questions)


def list_rules(arguments: argparse.Namespace) -> int:
    from dsqa import manual
    from dsqa.rules import rules

    put(manual.manual(rules()) if arguments.format == "markdown" else manual.table(rules()))
    return CLEAN


def explain(arguments: argparse.Namespace) -> int:
    from dsqa import manual
    from dsqa.rule import aliases
    from dsqa.rules import rules
    from dsqa.unjudged import HINDRANCES

    subject = arguments.subject
    told: list[Rule | Hindrance] = [*rules(), *HINDRANCES]
    if named := [one for one in told if subject.upper() in map(str.upper, aliases(one))]:
        put("\n".join(map(manual.page, named)))
        return CLEAN
    if not os.path.lexists(subject):
        known = [name for one in told for name in (one.code, one.name)]
        near = did_you_mean(subject, known)
        raise Misuse(f"{printable(subject)}: neither a rule nor a file{near}")
    from dsqa.explanation import explained

    config = load(Path.cwd(), Path(arguments.config) if arguments.config else None)
    reading = opened([subject], config)
    say("\n".join(explained(item) for item in reading.items))
    return verdict(reading)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "baseline": write_baseline,
    "check": check,
    "explain": explain,
    "export": export,
    "fix": fix,
    "rules": list_rules,
    "status": status,
}
