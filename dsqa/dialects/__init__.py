"""How questions, answers and indexes are written in the wild: one file, one way of writing."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache

from dsqa.dialects import questions
from dsqa.dialects.sheet import Reading, Sheet


@cache
def ways_to_ask() -> tuple[Callable[[Sheet], Iterator[Reading]], ...]:
    """The ways to mark a question, each of which reads a sheet; told by their files."""
    names = sorted(found.name for found in pkgutil.iter_modules(questions.__path__))
    modules = (importlib.import_module(f"{questions.__name__}.{name}") for name in names)
    return tuple(module.readings for module in modules)
