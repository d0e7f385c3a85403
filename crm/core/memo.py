"""Remembering on a row what was read about it, so that two parts of one page ask the database once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


def remembered(row: Any, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What `make()` gave first for this object and key; it lives as long as the object, that is for one request."""
    known: dict[tuple[Any, ...], Any] = row.__dict__.setdefault("_remembered", {})
    if key not in known:
        known[key] = make()
    found: T = known[key]
    return found
