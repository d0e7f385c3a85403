"""Many at once, and fewer and fewer where that is refused, until what is wrong stands alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from crm.core.errors import DomainError

from .entries import reason_of

T = TypeVar("T")
R = TypeVar("R")


def in_halves(
    items: Sequence[T], attempt: Callable[[Sequence[T]], Sequence[R]], refused: Callable[[T, str], R]
) -> list[tuple[T, R]]:
    """Each item with what `attempt` makes of it, in order.

    attempt: all of the items or none, in a savepoint. Where it raises, each half is tried by itself; an item that is
    refused alone gets refused(item, reason). One bad row of n costs about 2 log n attempts, not n.
    """
    if not items:
        return []
    try:
        with transaction.atomic():
            return list(zip(items, attempt(items), strict=True))
    except (DomainError, IntegrityError, DataError) as error:
        if len(items) == 1:
            return [(items[0], refused(items[0], _words(error)))]
    half = len(items) // 2
    return in_halves(items[:half], attempt, refused) + in_halves(items[half:], attempt, refused)


def one_by_one(items: Sequence[T], attempt: Callable[[T], R], refused: Callable[[T, str], R]) -> list[tuple[T, R]]:
    """The same for what can only be done alone: each item in a savepoint of its own."""
    return [pair for item in items for pair in in_halves([item], lambda one: [attempt(one[0])], refused)]


def _words(error: Exception) -> str:
    if isinstance(error, DomainError):
        return reason_of(error)
    if isinstance(error, ProtectedError):
        return _("Other records belong to it now")
    return _("These values cannot be stored")
