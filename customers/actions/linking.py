"""Joining a record with what was made of it."""

from __future__ import annotations

from django.db.models import Model

from crm.activity.recording import kind_of
from crm.core.actions import action
from crm.core.actor import Actor

from ..models import Customer, Link


@action()
def link_records(*, actor: Actor, customer: Customer, source: Model, target: Model) -> Link:
    """Joins two records of a customer, inside the verb that makes the second and writes the activity.

    Joining them twice gives the first row again.
    """
    row, _created = Link.objects.get_or_create(
        source_kind=kind_of(source).code, source_id=source.pk, target_kind=kind_of(target).code, target_id=target.pk,
        defaults={"customer": customer, "created_by_id": actor.user_id},
    )  # fmt: skip
    return row
