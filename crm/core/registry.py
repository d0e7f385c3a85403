"""Typed registries that upper apps fill and that freeze once every app has been scanned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class RegistryError(RuntimeError):
    """A declaration is wrong: duplicate key, unknown name, or too late."""


class Registry(Generic[T]):
    """Declarations by key, in the order of `order` then key once frozen.

    key: how to read an entry's key. A second entry with the same key raises `RegistryError`,
    as does registering after `freeze()`.
    """

    def __init__(self, name: str, key: Callable[[T], Any] = lambda entry: entry.key):  # type: ignore[attr-defined]
        self.name = name
        self._key = key
        self._entries: dict[Any, T] = {}
        self._frozen = False

    def register(self, *entries: T) -> None:
        """Adds declarations. Raises `RegistryError` on a duplicate key or after the freeze."""
        for entry in entries:
            key = self._key(entry)
            if self._frozen:
                raise RegistryError(f"{self.name}: {key!r} was registered after the registries froze")
            if key in self._entries:
                raise RegistryError(f"{self.name}: {key!r} is declared twice")
            self._entries[key] = entry

    def freeze(self) -> None:
        ordered = sorted(self._entries.items(), key=lambda pair: (getattr(pair[1], "order", 0), str(pair[0])))
        self._entries = dict(ordered)
        self._frozen = True

    def __getitem__(self, key: Any) -> T:
        try:
            return self._entries[key]
        except KeyError:
            raise KeyError(f"{self.name}: {key!r} is not declared") from None

    def get(self, key: Any) -> T | None:
        return self._entries.get(key)

    def __contains__(self, key: Any) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
