"""Whether the product can do its work: /readyz and the jobs page ask the same questions."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from redis import Redis
from redis.exceptions import RedisError

from crm.activity.models import Outbox
from crm.core import clock, installation
from crm.jobs.heartbeat import FRESH_SECONDS
from crm.jobs.models import Heartbeat
from crm.ui.html import duration

logger = logging.getLogger(__name__)

#: An urgent event that waits longer than this says that nobody delivers.
URGENT_SECONDS = 30
BROKER_SECONDS = 0.3

LABELS = {
    "database": _lazy("Database"),
    "broker": _lazy("Broker"),
    "scheduler": _lazy("Scheduler"),
    "worker": _lazy("Worker"),
    "urgent": _lazy("Urgent events"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One question. reason: what is wrong, translated; empty when ok. age_seconds: since the sign of life."""

    name: str
    ok: bool
    reason: str = ""
    age_seconds: float | None = None

    @property
    def label(self) -> Any:
        """The part's name for a person."""
        return LABELS[self.name]


def readiness() -> list[Check]:
    """Every check; after a failed database the rest that needs it is reported as unknown."""
    database = _database()
    if not database.ok:
        names = ("scheduler", "worker", "urgent")
        unknown = [Check(name, False, _("Not known: the database does not answer")) for name in names]
        return [database, _broker(), *unknown]
    return [database, _broker(), *(_guarded(name, check) for name, check in _CHECKS.items())]


def held_reason() -> str:
    """Why this copy sends nothing; "" in an ordinary installation, and while the database does not answer."""
    try:
        row = installation.held()
    except (DatabaseError, InterfaceError):
        return ""
    return (row.reason or "held") if row else ""


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (DatabaseError, InterfaceError) as error:
        logger.warning("readiness check %s failed: %s", name, error)
        return Check(name, False, _("This cannot be read from the database"))


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError) as error:
        logger.warning("the database does not answer: %s", error)
        return Check("database", False, _("This does not answer"))
    return Check("database", True)


def _broker() -> Check:
    client = Redis.from_url(
        settings.CELERY_BROKER_URL, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
    )
    try:
        client.ping()
    except (RedisError, OSError) as error:
        logger.warning("the broker does not answer: %s", error)
        return Check("broker", False, _("This does not answer"))
    finally:
        client.close()
    return Check("broker", True)


def _heartbeat(name: str) -> Check:
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    if at is None:
        return Check(name, False, _("This has never been seen"))
    age = (clock.now() - at).total_seconds()
    ok = age <= FRESH_SECONDS
    return Check(name, ok, "" if ok else _("Last seen %(time)s ago") % {"time": duration(age)}, age)


def _urgent() -> Check:
    now = clock.now()
    oldest = Outbox.objects.filter(lane="urgent", available_at__lte=now).aggregate(at=Min("available_at"))["at"]
    age = (now - oldest).total_seconds() if oldest else 0.0
    ok = age <= URGENT_SECONDS
    return Check("urgent", ok, "" if ok else _("An urgent event has waited %(time)s") % {"time": duration(age)}, age)


_CHECKS: dict[str, Callable[[], Check]] = {
    "scheduler": lambda: _heartbeat("scheduler"),
    "worker": lambda: _heartbeat("worker"),
    "urgent": _urgent,
}
