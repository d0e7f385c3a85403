"""History for demo records: staged while they are made, written in order of time at the end.

Nothing is put into the outbox: what happened in the demo's past is not delivered, mailed or answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection, models

from crm.core.actor import Actor
from crm.core.demo import Copy, DemoContext
from crm.core.sockets import DemoStep, activity_types, demo

from .recording import kind_of

_STAGE = "demo_activity"
_COLUMNS = (
    "ordinal", "type", "kind", "object_id", "actor_kind", "actor_id", "actor_label", "at", "data", "anchors",
)  # fmt: skip
_CREATE = """
    DROP TABLE IF EXISTS demo_activity;
    CREATE TEMP TABLE demo_activity (
        ordinal integer, type smallint, kind smallint, object_id bigint, actor_kind smallint, actor_id bigint,
        actor_label text, at timestamptz, data jsonb, anchors bigint[]
    ) ON COMMIT DROP
"""
# Ids rise with time, because timelines are read by id. A subject is an anchor of its own; `anchors` holds
# the others as kind, id, kind, id.
_WRITE = """
    CREATE TEMP TABLE demo_activity_sorted ON COMMIT DROP AS
        SELECT nextval(pg_get_serial_sequence('activity_activity', 'id')) AS id, rows.*
        FROM (SELECT * FROM demo_activity ORDER BY at, ordinal) AS rows;
    INSERT INTO activity_activity (id, type, kind, object_id, actor_kind, actor_id, actor_label, at, data)
        SELECT id, type, kind, object_id, actor_kind, actor_id, actor_label, at, data FROM demo_activity_sorted;
    INSERT INTO activity_anchor (kind, object_id, activity_id, type, subject_kind, subject_id)
        SELECT places.kind, places.object_id, rows.id, rows.type, rows.kind, rows.object_id
        FROM demo_activity_sorted AS rows
        CROSS JOIN LATERAL (
            SELECT rows.kind::bigint AS kind, rows.object_id
            UNION ALL
            SELECT anchors[n], anchors[n + 1] FROM generate_series(1, array_length(anchors, 1), 2) AS n
        ) AS places
        ORDER BY rows.id;
    DROP TABLE demo_activity_sorted;
    DROP TABLE demo_activity
"""


class History:
    """Deeds of the demo's past. `tell` takes what `recording.record` takes, with ids in place of rows."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_CREATE)
        self._rows = Copy(None, _COLUMNS, table=_STAGE)

    def tell(
        self,
        at: dt.datetime,
        actor: Actor,
        type: str,
        subject: tuple[int, int],
        anchors: Sequence[tuple[int, int]] = (),
        data: dict[str, object] | None = None,
    ) -> None:
        """Stages an activity. subject and anchors are (kind code, id); see `place`."""
        places = ",".join(f"{kind},{object_id}" for kind, object_id in anchors)
        self._rows.add(
            self._rows.count, activity_types[type].code, subject[0], subject[1], int(actor.kind), actor.id,
            actor.label[:200], at, {"v": 1, **(data or {})}, f"{{{places}}}",
        )  # fmt: skip

    def write(self) -> int:
        """Writes what was staged, oldest first, with its anchors. Returns how many deeds."""
        self._rows.flush()
        with connection.cursor() as cursor:
            cursor.execute(_WRITE)
        return self._rows.count


def place(model: type[models.Model], object_id: int) -> tuple[int, int]:
    """A record as `History.tell` names it."""
    return kind_of(model).code, object_id


def open_history(context: DemoContext) -> None:
    """Makes the history that later steps tell of their records to, as `context.made["history"]`."""
    context.made["history"] = History()


def write_history(context: DemoContext) -> None:
    context.made["history"].write()


demo.register(
    DemoStep("activity.open", "Preparing", open_history, order=0),
    DemoStep("activity.write", "Writing the history", write_history, order=90),
)
