"""Choices of a filter that come from the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class ReadOnce:
    """Choices read when first asked for and then kept, for as long as the filterset that holds them.

    Give a filter one in the filterset's `__init__`: `self.filters["owner"].extra["choices"] = ReadOnce(people)`.
    A plain callable would be asked again by the form, by each widget and by validation.
    """

    def __init__(self, read: Callable[[], list[tuple[str, Any]]]):
        self._read = read
        self._choices: list[tuple[str, Any]] | None = None

    def __call__(self) -> list[tuple[str, Any]]:
        if self._choices is None:
            self._choices = self._read()
        return self._choices

    def __deepcopy__(self, memo: dict[int, Any]) -> ReadOnce:
        """Forms copy their fields; what was read stays read."""
        return self
