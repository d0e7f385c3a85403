"""Who saw what: one row a person, record and hour, so that reading leaves a trace as changing does.

Written while the page is made, in one statement that does not wait for the disk: a crash of the database server may
lose the sightings of its last second, and nothing else.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection, models

from crm.core import clock
from crm.core.actor import Actor

from .models import Sight, Sighting
from .recording import kind_of

#: How long they are kept. docs/retention.md says so to people.
KEEP = dt.timedelta(days=365)
_BATCH = 5000

_NOTE = """
    INSERT INTO activity_sighting (user_id, kind, object_id, how, hour, at)
    SELECT %(user)s, %(kind)s, %(object)s, %(how)s, %(hour)s, %(at)s
    WHERE %(waits)s OR set_config('synchronous_commit', 'off', true) IS NOT NULL
    ON CONFLICT DO NOTHING
"""


def saw(actor: Actor, record: models.Model, how: Sight = Sight.OPENED) -> None:
    """Notes that a member of staff saw the record; once an hour, others are passed over. One statement."""
    if not actor.is_staff or actor.user_id is None:
        return
    at = clock.now()
    values = {
        "user": actor.user_id, "kind": kind_of(record).code, "object": record.pk, "how": int(how), "at": at,
        "hour": at.replace(minute=0, second=0, microsecond=0),
        "waits": connection.in_atomic_block,  # the setting would hold for all of somebody's transaction
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)


def forget_sightings() -> int:
    """Deletes those older than `KEEP`, a batch at a time."""
    old = Sighting.objects.filter(at__lt=clock.database_now() - KEEP).order_by("at")
    return Sighting.objects.filter(pk__in=old.values("pk")[:_BATCH]).delete()[0]
