"""Throw-away declarations for tests of the machinery that reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from crm.core.registry import Registry


@contextmanager
def declared(registry: Registry[Any], *entries: Any) -> Iterator[None]:
    """Registers throw-away declarations for the block, although the registries are frozen."""
    added = {registry._key(entry): entry for entry in entries}
    with mock.patch.object(registry, "_entries", {**registry._entries, **added}):
        yield
