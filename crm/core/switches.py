"""What the company does not use: apps that are off, languages that customers are not offered.

Every process knows it without a question in each request: it looks again every few seconds. The platform (`crm.…`)
and customers are always on. While an app is off its entries leave the registries (`Registry.__iter__`), its addresses
answer 404 (`console.middleware`), and its data stays where it is.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction

from .models import Brand, Installation
from .registry import hide

logger = logging.getLogger(__name__)

#: Labels that an administrator may switch off, in the order in which they are shown.
SWITCHABLE = ("tickets", "knowledge", "sales", "marketing", "reports")
#: A process asks the database at most so often; the one where a switch was turned knows at once.
LOOK_EVERY_SECONDS = 5.0


@dataclass
class _Known:
    """What this process saw last, and when by its own clock."""

    at: float = float("-inf")
    languages: tuple[str, ...] = ()


_known = _Known()


def off() -> frozenset[str]:
    """Labels of the apps that are off, as this process knows them."""
    return hide.labels


def languages() -> tuple[str, ...]:
    """Codes of the languages that visitors are offered, at least one."""
    return _known.languages or tuple(code for code, _name in settings.LANGUAGES)


def before_task(**_signal: Any) -> None:
    """Receiver of Celery's `task_prerun`."""
    refresh()


def refresh() -> None:
    """Looks again when the last look is older than `LOOK_EVERY_SECONDS`; where a request, task or tick starts.

    While the database does not answer, what was known goes on.
    """
    if time.monotonic() - _known.at <= LOOK_EVERY_SECONDS:
        return
    try:
        look()
    except DatabaseError:
        logger.warning("the switches could not be read; what was known goes on")


def look() -> None:
    """Reads the switches now."""
    row = Installation.objects.filter(pk=Installation.ONLY).first()
    brand = Brand.objects.filter(is_default=True).first()
    take(row.apps_off if row else (), brand.languages if brand else ())


def take(labels: Iterable[str], codes: Iterable[str] = ()) -> None:
    """Takes over what is off, and which languages are offered, without asking the database."""
    hide.labels = frozenset(label for label in labels if label in SWITCHABLE)
    _known.languages = tuple(code for code, _name in settings.LANGUAGES if code in set(codes))
    _known.at = time.monotonic()


def look_on_commit() -> None:
    """Reads the switches when the transaction that changed one is through."""
    transaction.on_commit(look)


def switch(label: str, *, on: bool) -> bool:
    """Stores a switch. False when it stood so already. The verb is `console.actions.switches.switch_app`."""
    if label not in SWITCHABLE:
        raise KeyError(label)
    Installation.objects.get_or_create(pk=Installation.ONLY)
    row = Installation.objects.select_for_update().get(pk=Installation.ONLY)
    before = set(row.apps_off)
    after = before - {label} if on else before | {label}
    if after == before:
        return False
    row.apps_off = sorted(after)
    row.save(update_fields=["apps_off"])
    look_on_commit()
    return True


def owner_of(module: str) -> str:
    """The switchable app that a dotted module belongs to, or "" for what is always on."""
    top = module.partition(".")[0]
    return top if top in SWITCHABLE else ""
