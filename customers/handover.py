"""The customers that a leaver owns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.handing_over import owned
from crm.core.sockets import Handover, handovers

from .actions import update_customer
from .actions.segments import give_segment
from .models import Customer, Segment


def _give(actor: Actor, row: Customer, to: User) -> None:
    update_customer(actor=actor, customer=row, values={"owner": to})


handovers.register(owned("customers", _("Customers they own"), Customer, lambda rows: rows, _give, order=20))


def _segments(actor: Actor, user: User) -> Any:
    """Also those that only the leaver sees: a campaign may need them."""
    rows = Segment.objects.filter(owner=user)
    return rows if actor.can("segments.manage") else rows.none()


def _give_segment(actor: Actor, row: Segment, to: User) -> dict[str, Any]:
    give_segment(actor=actor, record=row, to=to)
    return {"to": to.pk}


def _take_segment_back(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = Segment.objects.filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    give_segment(actor=actor, record=row, to=user)


handovers.register(Handover("segments", _("Segments they own"), _segments, _give_segment, _take_segment_back, order=45))
