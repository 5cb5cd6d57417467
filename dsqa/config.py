"""What a user has settled: `[tool.dsqa]` of pyproject.toml, or dsqa.toml."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from dsqa.finding import UNJUDGED, Severity
from dsqa.sight import look
from dsqa.source import Source, Unreadable

if TYPE_CHECKING:
    from dsqa.rule import Rule

LARGEST_CONFIG = 64 * 1024
LARGEST_PROJECT = 5 * 1024 * 1024
"""Bytes of a file that may speak of other things than our settings."""
MOST_PARTS = 100
"""Dots in a name; the time that TOML's parser takes grows with their square."""
LONGEST_PATTERN = 500
"""Characters; the time that it takes to compare grows with them and with those of the path."""
NAMES = ("dsqa.toml", "pyproject.toml")
EVERYTHING = "ALL"


class Misuse(Exception):
    """What was asked for cannot be done; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings. `folder` is where their file lies; its patterns are relative to it.

    `select`, `ignore` and `extend_select` name rules by code, by the letters of a group, or by
    name; no `select` means the rules that are on by themselves. `repository` is `owner/name`.
    `question`, `answer` and `index` say for patterns in which way these are written. `unasked` are
    patterns of addresses that `--online` leaves alone; nothing in here can let it ask more.
    """

    folder: Path
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    per_question_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    repository: str = ""
    former_names: tuple[str, ...] = ()
    default_branch: str = ""
    question: tuple[tuple[str, str], ...] = ()
    answer: tuple[tuple[str, str], ...] = ()
    index: tuple[tuple[str, str], ...] = ()
    unasked: tuple[str, ...] = ()
    given: bool = False
    """Whether the file was named on the command line, and so speaks for files everywhere."""

    def holds(self, place: Path) -> bool:
        """Whether the settings speak for the place."""
        return self.given or place.is_relative_to(self.folder)


def load(folder: Path, given: Path | None = None) -> Config:
    """The settings of the given file, or of the nearest one at or above the folder.

    Raises Misuse if the file cannot be read or says what nobody understands.
    """
    if given is not None:
        return replace(_config(given, _table(given, content_of)), given=True)
    for place in (folder, *folder.parents):
        for name in NAMES:
            file = place / name
            look(file)
            if os.path.lexists(file) and (table := _table(file, content_of_found)) is not None:
                return _config(file, table)
    return Config(folder)


def content_of(file: Path, most: int) -> bytes:
    """The content of a file that the command line names; raises Misuse."""
    from dsqa.workspace import read_bytes

    try:
        return read_bytes(os.path.realpath(file), most)
    except Unreadable as error:
        raise Misuse(f"{file}: {error}") from None


def content_of_found(file: Path, most: int) -> bytes:
    """The content of a file that nobody named, and that must not lead elsewhere; raises Misuse."""
    from dsqa.git import MARK, is_within

    top = next((above for above in file.parents if os.path.lexists(above / MARK)), file.parent)
    if not is_within(os.path.realpath(file), os.path.realpath(top)):
        raise Misuse(f"{file}: a link that leads out of {top}")
    return content_of(file, most)


def chosen_rules(
    config: Config,
    select: Sequence[str] = (),
    extend_select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    *,
    online: bool = False,
) -> tuple[Rule, ...]:
    """The rules to judge by; what is said on the command line goes before the settings.

    Those about the world outside are judged only if it may be asked; raises Misuse where the
    command line names no others.
    """
    from dsqa.rules import rules

    named = matching((*select, *extend_select))
    if named and not online and all(rule.online for rule in rules() if rule.code in named):
        raise Misuse(f"`{', '.join((*select, *extend_select))}` is judged only with --online")
    selected = select or config.select
    judged = rules(online=online)
    chosen = matching(selected) if selected else {rule.code for rule in judged if rule.on}
    chosen |= matching((*config.extend_select, *extend_select))
    chosen -= matching((*config.ignore, *ignore))
    judging = tuple(rule for rule in judged if rule.code in chosen)
    if chosen and not judging:
        raise Misuse("the rules that are selected are judged only with --online")
    return judging


def ignored_codes(config: Config, path: str) -> set[str]:
    """The codes of the rules that are silent in the file; the path is relative to `folder`."""
    return {
        code
        for pattern, names in config.per_file_ignores
        if matches(pattern, path)
        for code in matching(names)
    }


def way_at(ways: Iterable[tuple[str, str]], path: str) -> str:
    """The way that is settled for the file, by the first pattern that means it; empty if none."""
    return next((way for pattern, way in ways if matches(pattern, path)), "")


def matching(names: Iterable[str]) -> set[str]:
    """The codes of the rules that the names mean; raises Misuse for a name that means none."""
    found: set[str] = set()
    for name in dict.fromkeys(names):
        from dsqa.rules import rules

        codes = {
            rule.code
            for rule in rules()
            if name in (EVERYTHING, rule.code, rule.name) or name == rule.code[:3]
        }
        if not codes and name[:3] == UNJUDGED:
            raise Misuse(f"`{name}` cannot be chosen or left out: it is always told")
        if not codes:
            known = [n for rule in rules() for n in (rule.code, rule.name, rule.code[:3])]
            raise Misuse(f"no rule is called `{name[:100]}`{did_you_mean(name, known)}")
        found |= codes
    return found


def matches(pattern: str, path: str) -> bool:
    """Whether the pattern means the path: itself, a folder above it, or a name in any folder.

    `*` stands for any characters, slashes too; `**/` may also stand for no folder at all. A slash
    at the beginning means the folder of the settings.
    """
    here = pattern.startswith(("./", "/"))
    pattern = pattern.removeprefix(".").strip("/")
    if here or "/" in pattern:
        patterns = (pattern, pattern.removeprefix("**/"))
        return any(fnmatchcase(path, each) or fnmatchcase(path, f"{each}/*") for each in patterns)
    return any(fnmatchcase(part, pattern) for part in path.split("/"))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word[:100], sorted(set(known)), n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _table(file: Path, content_of: Callable[[Path, int], bytes]) -> Mapping[str, object] | None:
    """The settings in a file; None if it is a pyproject.toml that says nothing to us."""
    import tomllib

    content = content_of(file, LARGEST_PROJECT)
    if len(content) > LARGEST_CONFIG:
        if file.name == "pyproject.toml" and b"dsqa" not in content:
            return None
        raise Misuse(f"{file}: larger than {LARGEST_CONFIG // 1024} KiB")
    try:
        source = Source.decode(file.name, content)
        if source.marked:
            raise ValueError("it begins with a byte-order mark, which TOML does not know")
        if line := _line_of_many_parts(source.text):
            raise ValueError(f"a name has more than {MOST_PARTS} parts (at line {line})")
        table: object = tomllib.loads(source.text)
    except (ValueError, RecursionError, Unreadable) as error:
        reason = " ".join(str(error).split())[:200]
        raise Misuse(f"{file}: not TOML: {reason}") from None
    if file.name == "pyproject.toml":
        for key in ("tool", "dsqa"):
            table = table.get(key) if isinstance(table, dict) else None
        if table is None:
            return None
    if not isinstance(table, dict):
        raise Misuse(f"{file}: `tool.dsqa` is not a table")
    return table


def _line_of_many_parts(text: str) -> int:
    """The line with a name of so many parts that the parser would take seconds for it; 0 if none.

    What is quoted may have as many dots as it likes.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") >= MOST_PARTS:
            import re

            part = r"""(?:[\w-]++|"[^"]*+"|'[^']*+')"""
            if re.search(rf"{part}(?:[ \t]*+\.[ \t]*+{part}){{{MOST_PARTS}}}", line):
                return number
    return 0


def _config(file: Path, table: Mapping[str, object] | None) -> Config:
    settings: dict[str, object] = {}
    for key, value in (table or {}).items():
        if key not in KEYS:
            raise Misuse(f"{file}: unknown key `{key[:100]}`{did_you_mean(key, KEYS)}")
        try:
            settings[key.replace("-", "_")] = KEYS[key](value)
        except ValueError as error:
            raise Misuse(f"{file}: `{key}` must be {error}") from None
    # where it was found: a link to it may lie in another folder than what it speaks for
    folder = Path(os.path.normpath(Path.cwd() / file)).parent
    config = Config(folder, **settings)  # type: ignore[arg-type]  # KEYS says which
    patterns = (
        *(*config.exclude, *config.unasked),
        *(pattern for pattern, _ in (*config.per_file_ignores, *config.question)),
        *(pattern for pattern, _ in (*config.answer, *config.index)),
    )
    if longest := [pattern for pattern in patterns if len(pattern) > LONGEST_PATTERN]:
        raise Misuse(f"{file}: `{longest[0][:40]}…` has more than {LONGEST_PATTERN} characters")
    try:
        matching((*config.select, *config.extend_select, *config.ignore))
        ignores = (*config.per_file_ignores, *config.per_question_ignores)
        matching(name for _, names in ignores for name in names)
    except Misuse as error:
        raise Misuse(f"{file}: {error}") from None
    return config


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError("a list of texts")
    return tuple(value)


def _patterns(value: object) -> tuple[str, ...]:
    patterns = _texts(value)
    if any(not pattern.strip("./") or pattern.startswith("!") for pattern in patterns):
        raise ValueError("a list of patterns; none may be empty or begin with `!`")
    return patterns


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")
    return value


def _repository(value: object) -> str:
    name = _text(value)
    if name.count("/") != 1 or not all(name.split("/")) or " " in name:
        raise ValueError("a name such as `owner/name`")
    return name


def _repositories(value: object) -> tuple[str, ...]:
    try:
        return tuple(_repository(name) for name in _texts(value))
    except ValueError:
        raise ValueError("a list of names such as `owner/name`") from None


def _severity(value: object) -> Severity:
    try:
        return Severity[_text(value).upper()]
    except (KeyError, ValueError):
        raise ValueError("`error`, `warning` or `info`") from None


def _ignores(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ValueError("a table, in which each name has a list of rules")
    return tuple((pattern, _texts(names)) for pattern, names in value.items())


def _ways(axis: str) -> Callable[[object], tuple[tuple[str, str], ...]]:
    """What reads the ways of an axis: one for all files, or a table of patterns and ways."""

    def ways(value: object) -> tuple[tuple[str, str], ...]:
        from dsqa.dialects import names

        known = ("none", *names()[axis])
        table = value if isinstance(value, dict) else {"*": value}
        for way in table.values():
            longer = axis == "question" and str(way).startswith(tuple(f"{name}-" for name in known))
            if way not in known and not longer:
                raise ValueError(f"one of `{'`, `'.join(known)}`, or a table of patterns with such")
        return tuple((pattern, str(way)) for pattern, way in table.items())

    return ways


KEYS: Mapping[str, Callable[[object], object]] = {
    "select": _texts,
    "extend-select": _texts,
    "ignore": _texts,
    "per-file-ignores": _ignores,
    "per-question-ignores": _ignores,
    "exclude": _patterns,
    "fail-on": _severity,
    "repository": _repository,
    "former-names": _repositories,
    "default-branch": _text,
    "question": _ways("question"),
    "answer": _ways("answer"),
    "index": _ways("index"),
    "unasked": _patterns,
}
