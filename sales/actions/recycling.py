"""Into the recycle bin, back to work, or gone for good."""

from __future__ import annotations

from django.db import models

from crm.activity.recording import kind_of
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.files.models import Attachment
from crm.notifications.models import Notification
from crm.ui.generic.dependents import dependents_of

from ..exceptions.opportunities import InUse
from ..models import Opportunity
from ..selectors.opportunities import deleted_opportunities
from .opportunities import locked, tell


@action(permission="opportunities.delete")
def delete_opportunity(*, actor: Actor, opportunity: Opportunity) -> None:
    """Moves a deal to the recycle bin. Raises `InUse` while quotes or other records need it, `NotFound`."""
    row = locked(actor, opportunity)
    if dependents_of(row).blocked:
        raise InUse
    row.deleted_at, row.deleted_by_id = clock.now(), actor.user_id
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    tell(actor, "opportunities.deleted", row)


@action(permission="opportunities.delete")
def restore_opportunity(*, actor: Actor, opportunity: Opportunity) -> Opportunity:
    """Brings a deal back as it was. Raises `NotFound` when it is not in the bin of the actor."""
    row = _binned(actor, opportunity)
    row.deleted_at, row.deleted_by_id = None, None
    row.save(update_fields=["deleted_at", "deleted_by_id"])
    tell(actor, "opportunities.restored", row)
    return row


@action(permission="console.erase")
def erase_opportunity(*, actor: Actor, opportunity: Opportunity) -> None:
    """Removes a deal of the bin for good, with lines, stage history and files. Raises `InUse`, `NotFound`."""
    row = _binned(actor, opportunity)
    tell(actor, "opportunities.erased", row)
    code = kind_of(row).code
    Attachment.all_objects.filter(kind=code, object_id=row.pk).delete()
    Notification.objects.filter(subject_kind=code, object_id=row.pk).delete()
    try:
        row.delete()
    except models.ProtectedError as error:
        raise InUse from error


def _binned(actor: Actor, opportunity: Opportunity) -> Opportunity:
    row: Opportunity | None = deleted_opportunities(actor).lock().filter(pk=opportunity.pk).first()
    if row is None:
        raise NotFound
    return row
