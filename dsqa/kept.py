"""What was found out once, and the places on the disk that it rests on, for whoever asks again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Any, Generic, TypeVar, overload

from dsqa.sight import Sight, look_again, so_far

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
One = TypeVar("One")


class Kept(Generic[K, V]):
    """Answers by what was asked. Whoever is given one has looked at all that it rests on."""

    def __init__(self, known: dict[K, tuple[V, Sight | None]] | None = None) -> None:
        self._known = known or {}

    def __call__(self, key: K, find: Callable[[], V]) -> V:
        """The answer; it is found out if nobody has asked before."""
        if key in self._known:
            value, seen = self._known[key]
            if seen:
                look_again(seen)
            return value
        if not so_far():
            value, seen = find(), None
        else:
            with Sight() as seen:
                value = find()
        self._known[key] = value, seen
        return value

    def without(self, keys: Collection[K]) -> Kept[K, V]:
        """The same answers without those to these questions."""
        return Kept({key: known for key, known in self._known.items() if key not in keys})


class kept_property(Generic[One, V]):  # noqa: N801  # as cached_property, which it stands beside
    """A property that is found out once. Whoever is given it has looked at all that it rests on."""

    def __init__(self, find: Callable[[One], V]) -> None:
        self.find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"_kept_{name}"

    @overload
    def __get__(self, one: None, owner: type) -> kept_property[One, V]: ...
    @overload
    def __get__(self, one: One, owner: type) -> V: ...
    def __get__(self, one: One | None, owner: type) -> Any:
        if one is None:
            return self
        kept = one.__dict__.get(self.name)
        if kept is None:
            kept = one.__dict__[self.name] = Kept()
        return kept(None, lambda: self.find(one))
