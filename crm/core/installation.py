"""Whether this copy of the product may reach out to people. The one place that says so.

A copy restored from a backup is held: beside the original it would mail every customer a second time.
Whatever leaves the house (mail going out, mailboxes being emptied, calls to other systems) asks `sends()` first.
"""

from __future__ import annotations

from . import clock
from .models import Installation


def sends() -> bool:
    """Whether mail may go out and mailboxes may be read. One query by primary key."""
    return held() is None


def held() -> Installation | None:
    """Why and since when this copy keeps silent; None in an ordinary installation."""
    return Installation.objects.filter(pk=Installation.ONLY, held_at__isnull=False).first()


def hold(reason: str) -> None:
    """Silences this copy. reason: where it comes from, in plain words."""
    values = {"held_at": clock.now(), "reason": reason[:200]}
    Installation.objects.update_or_create(pk=Installation.ONLY, defaults=values)


def release() -> bool:
    """Lets this copy speak again. False when it was not held. The verb is `console.actions.installation.activate`."""
    held_row = Installation.objects.filter(pk=Installation.ONLY, held_at__isnull=False)
    return held_row.update(held_at=None, reason="") == 1
