"""How questions, answers and indexes are written in the wild: one file, one way of writing."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType

from dsqa.dialects import indexes, questions
from dsqa.dialects.sheet import Listing, Reading, Sheet


@cache
def ways_to_ask() -> tuple[Callable[[Sheet], Iterator[Reading]], ...]:
    """The ways to mark a question, each of which reads a sheet; told by their files."""
    return tuple(module.readings for module in _modules(questions))


@cache
def ways_to_list() -> tuple[Callable[[Sheet], Iterator[Listing]], ...]:
    """The ways to make an index."""
    return tuple(module.listings for module in _modules(indexes))


def _modules(folder: ModuleType) -> Iterator[ModuleType]:
    for name in sorted(found.name for found in pkgutil.iter_modules(folder.__path__)):
        yield importlib.import_module(f"{folder.__name__}.{name}")
