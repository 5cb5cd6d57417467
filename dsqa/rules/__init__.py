"""The rules: one file, one rule, in a folder per group. A new file is a new rule."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from dsqa.rule import Rule

ONLINE = "network"
"""The group of the rules that rest on what addresses answer."""


@cache
def rules(*, online: bool = True) -> tuple[Rule, ...]:
    """The rules, by code: all of them, or those that need not ask the world outside."""
    groups = (found.name for found in pkgutil.iter_modules(__path__))
    chosen = (rule for group in groups if online or group != ONLINE for rule in _group(group))
    return tuple(sorted(chosen, key=lambda rule: rule.code))


@cache
def _group(name: str) -> tuple[Rule, ...]:
    """The rules of a group: one class in each of its files."""
    folder = importlib.import_module(f"{__name__}.{name}")
    names = (f"{folder.__name__}.{found.name}" for found in pkgutil.iter_modules(folder.__path__))
    return tuple(
        value()
        for module in map(importlib.import_module, names)
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
        if issubclass(value, Rule)
    )
