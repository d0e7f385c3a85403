"""Lines read long ago are forgotten; the records keep their history."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.sockets import Sweep, sweeps

from .models import Notification

KEEP_READ = dt.timedelta(days=90)
_BATCH = 5000


def forget_read() -> int:
    """Deletes lines that were read more than 90 days ago, a batch at a time."""
    old = Notification.objects.filter(unread=False, read_at__lt=clock.database_now() - KEEP_READ)
    return Notification.objects.filter(pk__in=old.values("pk")[:_BATCH]).delete()[0]


sweeps.register(Sweep("notifications.forget", _("Forget old notifications"), 3600, forget_read, queue="bulk"))
