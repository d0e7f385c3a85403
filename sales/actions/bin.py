"""What every record of sales does on its way into the recycle bin and out of it; verbs say who may, and when not."""

from __future__ import annotations

from typing import Any

from django.db import models

from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import DomainError, NotFound
from crm.fields.models import Tagging
from crm.files.models import Attachment
from crm.notifications.models import Notification


def put_in(actor: Actor, row: Any) -> None:
    """Moves a locked row into the bin."""
    row.deleted_at, row.deleted_by_id = clock.now(), actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by_id"])


def binned(rows: models.QuerySet[Any], record: models.Model) -> Any:
    """The record out of the deleted rows of the actor's set, locked. Raises `NotFound`."""
    row = rows.lock().filter(pk=record.pk).first()  # type: ignore[attr-defined]
    if row is None:
        raise NotFound
    return row


def take_out(row: Any) -> None:
    """Brings a row of `binned` back as it was."""
    row.deleted_at, row.deleted_by_id = None, None
    row.save(update_fields=["deleted_at", "deleted_by_id"])


def erase(row: models.Model, blocked: type[DomainError] = NotFound) -> None:
    """Removes a row for good, with its files, tags and notifications. Raises `blocked` while others need it."""
    on = {"kind": kind_of(row).code, "object_id": row.pk}
    Attachment.all_objects.filter(**on).delete()
    Tagging.objects.filter(**on).delete()
    Notification.objects.filter(subject_kind=on["kind"], object_id=row.pk).delete()
    try:
        row.delete()
    except models.ProtectedError as error:
        raise blocked from error
