"""The rules: one file, one rule, in a folder per group. A new file is a new rule."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from dsqa.rule import Rule


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, by code."""
    found: dict[str, Rule] = {}
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Rule) and value is not Rule:
                found[value.code] = value()
    return tuple(found[code] for code in sorted(found))
