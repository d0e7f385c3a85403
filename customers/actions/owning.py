"""Giving a customer to somebody, or to nobody, inside a verb that says why and writes the activity."""

from __future__ import annotations

from crm.accounts.models import User
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound

from ..models import Customer


@action(leaves_scope=True)
def give_customer(*, actor: Actor, customer: Customer, owner: User | None) -> Customer:
    """Sets the owner, and with a new one the department; the calling verb has checked that the actor may.

    Raises `NotFound` for a customer that is gone.
    """
    row = Customer.objects.lock().filter(pk=customer.pk).first()
    if row is None:
        raise NotFound
    row.owner = owner
    if owner is not None:
        row.department_id = owner.department_id
    row.save(update_fields=["owner", "department"])
    return row
