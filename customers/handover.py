"""The customers that a leaver owns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover, handovers

from .actions import update_customer
from .models import Customer


def _rows(actor: Actor, user: User) -> Any:
    return Customer.objects.visible_to(actor).filter(owner=user)


def _move(actor: Actor, row: Customer, to: User) -> dict[str, Any]:
    update_customer(actor=actor, customer=row, values={"owner": to})
    return {"to": to.pk}


def _undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = Customer.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    update_customer(actor=actor, customer=row, values={"owner": user})


handovers.register(Handover("customers", _("Customers they own"), _rows, _move, _undo, order=20))
