"""Files whose time is over."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.sockets import Sweep, sweeps

from . import rowfile
from .choices import WORKING
from .limits import UNDO_DAYS
from .models import Import, SeenKey

BATCH = 50


def forget_files() -> int:
    """Removes the rows of imports that nobody touched for as long as they could be undone; the history stays."""
    old = clock.now() - dt.timedelta(days=UNDO_DAYS)
    rows = Import.objects.filter(updated_at__lt=old).exclude(path="").exclude(state__in=WORKING)
    ids = list(rows.values_list("pk", flat=True)[:BATCH])
    for record in Import.objects.filter(pk__in=ids):
        rowfile.remove(record.path)
        SeenKey.objects.filter(batch=record).delete()
    return Import.objects.filter(pk__in=ids).update(path="")


sweeps.register(Sweep("exchange.files", _("Remove the files of old imports"), 3600, forget_files, queue="bulk"))
