"""Proof of life for /readyz: by work done, not by process id."""

from __future__ import annotations

import datetime as dt
import socket

from crm.core import clock

from .models import Heartbeat

#: Older than this is reported as gone.
FRESH_SECONDS = 20


def beat(name: str) -> None:
    """Stamps a heartbeat row."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": clock.now(), "detail": socket.gethostname()[:200]})


def is_fresh(name: str) -> bool:
    """Whether that part proved itself lately."""
    return Heartbeat.objects.filter(name=name, at__gte=clock.now() - dt.timedelta(seconds=FRESH_SECONDS)).exists()
