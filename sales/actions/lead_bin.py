"""Leads in the recycle bin: deleting, taking back, and deleting for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.activity.recording import Deed, kind_of, record, record_many
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.exchange.memory import images

from ..choices.leads import SpanEnd
from ..models import Lead, OwnerSpan
from ..selectors.leads import deleted_leads
from .bin import binned, erase, put_in, take_out
from .holding import end_span, locked_lead


@action(permission="leads.delete")
def delete_lead(*, actor: Actor, lead: Lead) -> None:
    """Moves a lead to the recycle bin. Raises `NotFound`."""
    row = locked_lead(actor, lead)
    row.returns_at = None
    row.save(update_fields=["returns_at"])
    put_in(actor, row)
    end_span(row, SpanEnd.DISCARDED)
    record(actor=actor, type="leads.deleted", subject=row, data={"number": row.number, "name": row.name})


@action(permission="leads.import")
def withdraw_leads(*, actor: Actor, kept: Mapping[int, Mapping[str, Any]]) -> None:
    """Moves leads that an import made to the recycle bin, all or none. kept: id → image that the import left.

    Raises `Conflict` when one of them changed since, was claimed or followed up, or is out of the actor's set.
    """
    rows = list(Lead.objects.visible_to(actor).lock().filter(pk__in=kept))
    if len(rows) < len(kept):
        raise Conflict(_("It is no longer there, or no longer yours to change"))
    fields = {name for image in kept.values() for name in image}
    now = images(rows, fields)
    if any(now[pk] != dict(image) for pk, image in kept.items()):
        raise Conflict(_("Somebody changed it since"))
    Lead.objects.filter(pk__in=kept).update(
        deleted_at=clock.now(), deleted_by_id=actor.user_id, returns_at=None, updated_at=clock.now()
    )
    OwnerSpan.objects.running().filter(kind=kind_of(Lead).code, object_id__in=kept).update(
        ended_at=clock.now(), end=SpanEnd.DISCARDED
    )
    deeds = [Deed("leads.deleted", row, data={"number": row.number, "name": row.name}) for row in rows]
    record_many(actor=actor, deeds=deeds)


@action(permission="leads.delete")
def restore_lead(*, actor: Actor, lead: Lead) -> Lead:
    """Takes a lead out of the bin, as it was but for its return to the pool, which is reckoned at its next change."""
    row: Lead = binned(deleted_leads(actor), lead)
    take_out(row)
    record(actor=actor, type="leads.restored", subject=row, data={"number": row.number, "name": row.name})
    return row


@action(permission="console.erase")
def erase_lead(*, actor: Actor, lead: Lead) -> None:
    """Removes a lead of the bin for good, with its signs of interest and holdings; its history stays."""
    row: Lead = binned(deleted_leads(actor), lead)
    record(actor=actor, type="leads.erased", subject=row, data={"number": row.number, "name": row.name})
    OwnerSpan.objects.filter(kind=kind_of(row).code, object_id=row.pk).delete()
    erase(row)
