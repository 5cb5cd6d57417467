"""What may be said on the command line."""

from __future__ import annotations

import argparse
from typing import NoReturn

from dsqa import __version__
from dsqa.exporters import FORMATS as EXPORTS
from dsqa.finding import Severity
from dsqa.reporters import formats, printable

BASELINE = ".dsqa-baseline.json"
"""Where the findings are written down that a repository lives with; it lies with the settings."""
LONGEST = 1e6
"""A time beyond which nobody waits."""
SEVERITIES = tuple(str(severity) for severity in Severity)


class Parser(argparse.ArgumentParser):
    """One that quotes what was said in characters that one sees: it may be the name of a file."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def parser() -> argparse.ArgumentParser:
    top = Parser(
        prog="dsqa",
        description="Lints, repairs and exports Markdown that asks questions and answers them.",
        epilog="exit codes: 0 clean; 1 findings at or above --fail-on; 2 cannot judge (usage, "
        "settings, unreadable input, internal error); 3 nothing was recognised as questions and "
        "answers",
    )
    top.add_argument("--version", action="version", version=f"dsqa {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    checking = commands.add_parser("check", help="say what is wrong")
    common(checking)
    choosing(checking)
    checking.add_argument(
        "--format", choices=formats(), default="text", help="how it is said (default: text)"
    )
    checking.add_argument(
        "--statistics",
        dest="format",
        action="store_const",
        const="statistics",
        help="how often each rule has something to say",
    )
    checking.add_argument(
        "--output-file",
        metavar="FORMAT=PATH",
        action="append",
        default=[],
        help="also write the report in this format to this file; may be given several times",
    )
    checking.add_argument(
        "--show",
        choices=SEVERITIES,
        default="warning",
        help="list findings of this severity and above one by one",
    )
    comparing = checking.add_mutually_exclusive_group()
    comparing.add_argument(
        "--since", metavar="REF", help="only what is wrong since the branch left this commit"
    )
    comparing.add_argument(
        "--staged", action="store_true", help="only what the next commit would make wrong"
    )
    asking(checking)
    checking.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    checking.set_defaults(command="check")

    checking.add_argument("--baseline", metavar="FILE", help=f"instead of {BASELINE}")
    checking.add_argument(
        "--no-baseline", action="store_true", help="tell also what the baseline knows"
    )

    living = commands.add_parser("baseline", help="write down what is wrong, to be silent on it")
    common(living)
    choosing(living)
    living.add_argument("-o", "--output", metavar="FILE", help=f"instead of {BASELINE}")
    asking(living)
    living.set_defaults(command="baseline")

    fixing = commands.add_parser("fix", help="repair what can be repaired without a person")
    common(fixing)
    choosing(fixing)
    fixing.add_argument("--diff", action="store_true", help="show what would change; write nothing")
    fixing.add_argument(
        "--unsafe", action="store_true", help="also what changes words or rests on a guess"
    )
    fixing.add_argument(
        "--proof", action="store_true", help="say of each changed file what was proven"
    )
    fixing.add_argument(
        "--exit-non-zero-on-fix", action="store_true", help="exit 1 if anything was changed"
    )
    asking(fixing)
    fixing.set_defaults(command="fix")

    counting = commands.add_parser("status", help="say how far the questions are answered")
    common(counting)
    counting.add_argument("--format", choices=("text", "json"), default="text")
    counting.add_argument("--badge", metavar="FILE", help="also write a badge, as SVG")
    counting.set_defaults(command="status")

    exporting = commands.add_parser("export", help="write the questions and answers as data")
    common(exporting)
    exporting.add_argument("--format", choices=EXPORTS, default="json")
    exporting.add_argument(
        "-o", "--output", metavar="FILE", help="write to this file instead of standard output"
    )
    exporting.add_argument("--schema", action="store_true", help="print the JSON Schema, and stop")
    exporting.set_defaults(command="export")

    listing = commands.add_parser("rules", help="list the rules")
    listing.add_argument("--format", choices=("text", "markdown"), default="text")
    listing.set_defaults(command="rules")

    explaining = commands.add_parser("explain", help="explain a rule, or how a file is read")
    explaining.add_argument("subject", metavar="RULE|FILE")
    explaining.add_argument("--config", metavar="FILE")
    explaining.set_defaults(command="explain")
    return top


def common(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        help="files or folders; `-` reads standard input (default: .)",
    )
    command.add_argument("--config", metavar="FILE", help="settings instead of the nearest ones")
    command.add_argument(
        "--stdin-filename", metavar="PATH", help="the name of the file that `-` reads"
    )
    command.add_argument(
        "--force-exclude", action="store_true", help="leave out what is excluded though it is named"
    )
    command.add_argument(
        "--allow-no-questions", action="store_true", help="exit 0, not 3, where there are none"
    )


def asking(command: argparse.ArgumentParser) -> None:
    """What lets the command talk to the world outside. No settings file can say any of it."""
    group = command.add_argument_group("the world outside")
    group.add_argument(
        "--online",
        action="store_true",
        help="ask whether the addresses outside the repository are alive",
    )
    group.add_argument(
        "--allow",
        metavar="HOST[:PORT]",
        action="append",
        default=[],
        help="talk to this name, address or network although it is private",
    )
    group.add_argument(
        "--header",
        metavar="HOST=VARIABLE",
        action="append",
        default=[],
        help="send this host the header that the environment variable holds",
    )
    group.add_argument(
        "--proxy",
        metavar="URL",
        help="ask by way of this proxy, http://[USER:PASSWORD@]HOST:PORT; where public names lead "
        "is then its concern (those of the environment are not heeded)",
    )
    group.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=positive,
        help="for one address, its redirects included (default: 4)",
    )
    group.add_argument(
        "--time-limit", metavar="SECONDS", type=positive, help="for all of them (default: 600)"
    )
    group.add_argument(
        "--confirm-after",
        metavar="HOURS",
        type=hours,
        help="a dead address is an error once it is found dead again so much later; 0: at once "
        "(default: 6)",
    )
    group.add_argument(
        "--cache", metavar="FOLDER", help="where answers are kept (default: the user's cache)"
    )
    command.add_argument(
        "--no-cache", action="store_true", help="keep no answers, and give none that was kept"
    )


def positive(text: str) -> float:
    number = float(text)
    if not 0 < number < LONGEST:
        raise ValueError
    return number


def hours(text: str) -> float:
    number = float(text)
    if not 0 <= number < LONGEST:
        raise ValueError
    return number


def choosing(command: argparse.ArgumentParser) -> None:
    for option, meaning in (
        ("--select", "only these rules: codes, groups, names or ALL"),
        ("--extend-select", "these rules too"),
        ("--ignore", "not these rules"),
    ):
        command.add_argument(option, metavar="RULE,…", action="append", default=[], help=meaning)
    command.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        help="the least severity that makes exit 1 (default: error)",
    )
