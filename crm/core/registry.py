"""Typed registries that upper apps fill and that freeze once every app has been scanned."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass
class Hidden:
    """Labels of the apps whose entries iteration leaves out in this process; `core.switches` keeps it up to date."""

    labels: frozenset[str] = frozenset()


hide = Hidden()


class RegistryError(RuntimeError):
    """A declaration is wrong: duplicate key, unknown name, or too late."""


class Registry(Generic[T]):
    """Declarations by key, in the order of `order` then key once frozen.

    key: how to read an entry's key. A second entry with the same key raises `RegistryError`,
    as does registering after `freeze()`.

    Each entry belongs to the app whose file registers it. Iteration leaves out the entries of apps that are switched
    off, unless the registry `survives`: it then names what is stored, such as kinds of deeds, and history must stay
    readable. A look-up by key always finds, for the same reason; `offered` finds only what is switched on.
    """

    def __init__(
        self,
        name: str,
        key: Callable[[T], Any] = lambda entry: entry.key,  # type: ignore[attr-defined]
        *,
        survives: bool = False,
    ):
        self.name = name
        self.survives = survives
        self._key = key
        self._entries: dict[Any, T] = {}
        self._owners: dict[Any, str] = {}
        self._frozen = False

    def register(self, *entries: T, owner: str = "") -> None:
        """Adds declarations. Raises `RegistryError` on a duplicate key or after the freeze.

        owner: label of the app they belong to, where it is not the one whose file calls this.
        """
        for entry in entries:
            key = self._key(entry)
            if self._frozen:
                raise RegistryError(f"{self.name}: {key!r} was registered after the registries froze")
            if key in self._entries:
                raise RegistryError(f"{self.name}: {key!r} is declared twice")
            self._entries[key] = entry
            self._owners[key] = owner or _registering_app()

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
        return iter(self._entries.values()) if self.survives else self.in_use()

    def in_use(self) -> Iterator[T]:
        """The entries of apps that are switched on, also where the registry survives."""
        if not hide.labels:
            return iter(self._entries.values())
        return iter([entry for key, entry in self._entries.items() if self._owners.get(key) not in hide.labels])

    def everything(self) -> Iterator[T]:
        """Every entry, whatever is switched off."""
        return iter(self._entries.values())

    def offered(self, key: Any) -> T | None:
        """The entry with that key, when its app is switched on: for keys that come from an address."""
        return None if self._owners.get(key) in hide.labels else self._entries.get(key)

    def owner(self, key: Any) -> str:
        """The label of the app that declared the entry with that key."""
        return self._owners.get(key, "")

    def __len__(self) -> int:
        return len(self._entries)


def _registering_app() -> str:
    """The top package of the code that called `register`, below which no registry's own code lies."""
    frame = sys._getframe(2)
    while frame.f_back is not None and "self" in frame.f_locals and isinstance(frame.f_locals["self"], Registry):
        frame = frame.f_back
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
