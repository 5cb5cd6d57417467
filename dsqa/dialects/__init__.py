"""How questions, answers and indexes are written in the wild: one file, one way of writing."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import NamedTuple

from dsqa.dialects import answers, indexes, questions
from dsqa.dialects.sheet import Listing, Reading, Sheet
from dsqa.source import Span


class WayToAnswer(NamedTuple):
    """A way to tell an answer: its name, what it is called, and where it introduces one."""

    name: str
    what: str
    introduction: Callable[[Sheet, Span], Span | None]


@cache
def ways_to_ask() -> tuple[Callable[[Sheet], Iterator[Reading]], ...]:
    """The ways to mark a question, each of which reads a sheet; told by their files."""
    return tuple(module.readings for module in _modules(questions))


@cache
def ways_to_list() -> tuple[Callable[[Sheet], Iterator[Listing]], ...]:
    """The ways to make an index."""
    return tuple(module.listings for module in _modules(indexes))


@cache
def ways_to_answer() -> tuple[WayToAnswer, ...]:
    """The ways to tell an answer from its question."""
    return tuple(WayToAnswer(each.NAME, each.WHAT, each.introduction) for each in _modules(answers))


@cache
def names() -> Mapping[str, tuple[str, ...]]:
    """The names of the ways, as the settings know them; those of questions may be continued."""
    return {
        "question": tuple(key for module in _modules(questions) for key in module.KEYS),
        "answer": tuple(module.NAME for module in _modules(answers)),
        "index": tuple(module.NAME for module in _modules(indexes)),
    }


def _modules(folder: ModuleType) -> Iterator[ModuleType]:
    for name in sorted(found.name for found in pkgutil.iter_modules(folder.__path__)):
        yield importlib.import_module(f"{folder.__name__}.{name}")
