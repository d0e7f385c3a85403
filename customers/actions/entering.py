"""A customer that a person enters by hand, with whom one talks there, and in spite of others that look the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.text import clean_line

from ..choices import IdentityKind
from ..models import Customer, Identity
from ..recognising.identities import normal_email, normal_phone
from .customers import create_customer
from .people import add_contact


@action(permission="customers.create")
def enter_customer(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    contact_name: str = "",
    email: str = "",
    phone: str = "",
    reason: str = "",
) -> Customer:
    """Creates a customer and its first contact, named as the customer unless `contact_name` says otherwise.

    reason: why it is another one than those that certainly look the same; kept on its timeline. An address that
    somebody else has then stays theirs. Raises as `create_customer` and `add_contact`, `IdentityTaken` without reason.
    """
    customer = create_customer(actor=actor, values=values)
    why = clean_line(reason, 300)
    if why:
        data = {"name": customer.name, "text": why}
        record(actor=actor, type="customers.entered_anyway", subject=customer, data=data)
    emails, phones = [normal_email(email)] if email else [], [normal_phone(phone)] if phone else []
    if why:
        emails, phones = _free(IdentityKind.EMAIL, emails), _free(IdentityKind.PHONE, phones)
    if not (contact_name or emails or phones):
        return customer
    if Customer.objects.visible_to(actor).filter(pk=customer.pk).exists():  # else the caller refuses the whole
        name = contact_name or customer.name
        add_contact(actor=actor, customer=customer, name=name, emails=emails, phones=phones)
    return customer


def _free(kind: IdentityKind, values: list[str]) -> list[str]:
    taken = set(Identity.objects.filter(kind=kind, value__in=values).values_list("value", flat=True))
    return [value for value in values if value not in taken]
