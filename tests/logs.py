"""What the log of a build obeys: the parsers of the hosts, after their sources and manuals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

LINE_END = re.compile(r"\r\n|\r|\n")
UNHEARD = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What .NET does not hear when it compares strings as a culture does, which the runner lets it."""
KNOWN = frozenset(
    "add-mask add-matcher add-path debug echo endgroup error group internal-set-repo-path notice "
    "remove-matcher save-state set-env set-output stop-commands warning".split()
)
DATA = (("\r", "%0D"), ("\n", "%0A"), ("%", "%25"))
PROPERTY = (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25"))
OLD = ((";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"), ("%", "%25"))


class Command(NamedTuple):
    """What a log was told to do."""

    name: str
    properties: Mapping[str, str] = {}
    data: str = ""


def unescaped(text: str, mappings: tuple[tuple[str, str], ...]) -> str:
    for token, replacement in mappings:
        text = text.replace(replacement, token)
    return text


def github(output: str) -> list[Command]:
    """What the runner of GitHub Actions obeys, line by line.

    https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
    """
    lines = LINE_END.split(output)
    heard = (command(line) or command(UNHEARD.sub("", line)) for line in lines)
    return [one for one in heard if one]


def command(line: str) -> Command | None:
    return try_parse_v2(line) or try_parse(line)


def try_parse_v2(message: str) -> Command | None:
    message = message.lstrip()
    if not message.startswith("::"):
        return None
    end = message.find("::", 2)
    if end < 0:
        return None
    name, _, given = message[2:end].partition(" ")
    if name not in KNOWN:
        return None
    pairs = (part.split("=", 1) for part in given.strip().split(",") if part)
    properties = {pair[0]: unescaped(pair[1], PROPERTY) for pair in pairs if len(pair) == 2}
    return Command(name, properties, unescaped(message[end + 2 :], DATA))


def try_parse(message: str) -> Command | None:
    start = message.find("##[")
    end = message.find("]", start)
    if start < 0 or end < 0:
        return None
    name, _, given = message[start + 3 : end].partition(" ")
    if name not in KNOWN:
        return None
    pairs = (part.split("=", 1) for part in given.split(";") if part)
    properties = {pair[0]: unescaped(pair[1], OLD) for pair in pairs if len(pair) == 2}
    return Command(name, properties, unescaped(message[end + 1 :], OLD))


OTHERS = {
    # https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
    "Azure Pipelines": r"(?i)##(?:vso)?\[",
    # https://www.jetbrains.com/help/teamcity/service-messages.html
    "TeamCity": r"(?i)##teamcity\[",
    # https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections
    "GitLab": r"section_(?:start|end):\d+:[\w.-]+(?:\[[^\]]*\])?\r\x1b\[0K",
    # https://docs.travis-ci.com, which folds and times in the same way
    "Travis": r"travis_(?:fold|time):(?:start|end):[^\r]+\r\x1b\[0K",
    # https://buildkite.com/docs/pipelines/configure/links-and-images-in-log-output
    "Buildkite": r"\x1b(?:\]133[89];|_bk;)",
    # https://javadoc.jenkins.io/hudson/console/ConsoleNote.html
    "Jenkins": r"\x1b\[8mha:",
    # https://github.com/nektos/act, and what was made of it
    "act": r"(?m)^::[^ \n]+(?: .+)?::",
}
"""The marks by which the logs of other hosts know a command."""


def others(output: str) -> list[str]:
    """The hosts beside GitHub whose logs would find a command in it."""
    heard = (output, UNHEARD.sub("", output))
    return [host for host, mark in OTHERS.items() if any(re.search(mark, text) for text in heard)]


UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def assert_only_text(output: str, *, commands: int = 0) -> None:
    """Nothing in it is unseen, and logs obey no more of it than so many commands of GitHub."""
    assert UNSEEN.findall(output) == []
    assert len(github(output)) == commands
    assert others(output) == (["act"] if commands else [])
    assert len([line for line in output.split("\n") if line.lstrip().startswith("::")]) == commands
