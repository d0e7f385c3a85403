"""Recognising who asks: by mail address, then by phone number; else a new person is made."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from crm.activity.recording import record
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.core.text import clean_line

from ..choices import CustomerKind, IdentityKind, Source
from ..models import Contact, Customer, Identity


@dataclass(frozen=True, slots=True)
class Recognition:
    """Who it is, by which address, and whether they were made just now."""

    contact: Contact
    identity: Identity
    is_new: bool


@action()
def recognise(
    *,
    actor: Actor,
    brand: Brand,
    name: str,
    email: str = "",
    phone: str = "",
    language: str = "",
    timezone: str = "",
    source: Source = Source.WEB_FORM,
) -> Recognition:
    """Finds the contact by mail address (normal form), then by phone (E.164), or creates a private customer.

    Nothing of a known contact is changed by what a stranger typed. Two simultaneous requests of one
    newcomer meet on an advisory lock, so that they make one contact. Needs email or phone.
    """
    for value in sorted(filter(None, (email, phone))):
        lock_words(f"identity:{value}")
    found = _find(IdentityKind.EMAIL, email) or _find(IdentityKind.PHONE, phone)
    if found is not None:
        return Recognition(found.contact, found, False)
    customer = Customer.objects.create(
        brand=brand,
        name=clean_line(name, 200),
        kind=CustomerKind.PERSON,
        source=source,
        language=language,
        timezone=timezone,
    )
    contact = Contact.objects.create(
        customer=customer, name=customer.name, language=language, timezone=timezone, is_primary=True
    )
    identities = [
        Identity.objects.create(contact=contact, kind=kind, value=value, is_primary=True)
        for kind, value in ((IdentityKind.EMAIL, email), (IdentityKind.PHONE, phone))
        if value
    ]
    record(
        actor=actor,
        type="customers.created",
        subject=customer,
        anchors=[contact],
        data={"name": customer.name},
    )
    return Recognition(contact, identities[0], True)


def _find(kind: IdentityKind, value: str) -> Identity | None:
    if not value:
        return None
    return (
        Identity.objects.select_related("contact__customer")
        .filter(
            kind=kind,
            value=value,
            contact__deleted_at__isnull=True,
            contact__customer__deleted_at__isnull=True,
        )
        .first()
    )


def lock_words(words: str) -> None:
    """Waits until no other transaction holds these words, and holds them to the end of this one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [words])
