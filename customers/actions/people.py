"""Verbs on contacts: adding, changing, verifying, consent."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line

from ..choices import ConsentChannel, IdentityKind
from ..exceptions import IdentityTaken
from ..identities import normal_email, normal_phone
from ..models import Consent, Contact, Customer, Identity
from .customers import locked


@action(permission="customers.update")
def add_contact(
    *,
    actor: Actor,
    customer: Customer,
    name: str,
    emails: Sequence[str] = (),
    phones: Sequence[str] = (),
    job_title: str = "",
    language: str = "",
    timezone: str = "",
) -> Contact:
    """Adds a person to a customer. Raises `Invalid`, `BadEmail`, `BadPhone` or `IdentityTaken`."""
    name = clean_line(name, 200)
    if not name:
        raise Invalid(fields={"name": _("Enter the person's name")})
    customer = locked(actor, customer)
    contact = Contact.objects.create(
        customer=customer,
        name=name,
        job_title=clean_line(job_title, 80),
        language=language,
        timezone=timezone,
        is_primary=not customer.contacts.filter(is_primary=True).exists(),
    )
    set_identities(contact, emails, phones)
    record(
        actor=actor,
        type="customers.contact_added",
        subject=customer,
        anchors=[contact],
        data={"name": contact.name},
    )
    return contact


@action(permission="customers.update")
def update_contact(
    *,
    actor: Actor,
    contact: Contact,
    name: str,
    emails: Sequence[str],
    phones: Sequence[str],
    job_title: str = "",
    language: str = "",
    timezone: str = "",
) -> Contact:
    """Replaces a contact's facts and addresses. Raises as `add_contact`."""
    row = Contact.objects.visible_to(actor).lock().filter(pk=contact.pk).first()
    if row is None:
        raise NotFound
    row.name = clean_line(name, 200)
    if not row.name:
        raise Invalid(fields={"name": _("Enter the person's name")})
    row.job_title, row.language, row.timezone = clean_line(job_title, 80), language, timezone
    row.save()
    set_identities(row, emails, phones)
    record(
        actor=actor,
        type="customers.contact_updated",
        subject=row.customer,
        anchors=[row],
        data={"name": row.name},
    )
    return row


@action()
def verify_identity(*, actor: Actor, identity: Identity) -> None:
    """Marks an address as proved. Doing it again changes nothing."""
    row = Identity.objects.select_for_update(no_key=True).select_related("contact__customer").get(pk=identity.pk)
    if row.verified_at is not None:
        return
    row.verified_at = clock.now()
    row.save(update_fields=["verified_at"])
    record(
        actor=actor,
        type="customers.identity_verified",
        subject=row.contact.customer,
        anchors=[row.contact],
        data={"address": row.value},
    )


@action()
def record_consent(
    *,
    actor: Actor,
    contact: Contact,
    channel: ConsentChannel,
    granted: bool,
    text: str,
    version: int,
    language: str,
) -> Consent:
    """Stores what the person agreed to with the text they saw."""
    return Consent.objects.create(
        contact=contact, channel=channel, granted=granted, text=text, text_version=version, language=language
    )


def set_identities(contact: Contact, emails: Sequence[str], phones: Sequence[str]) -> None:
    """Makes these the contact's addresses, the first of a kind its main one, keeping what was verified.

    Raises `IdentityTaken`, `BadEmail` or `BadPhone`.
    """
    wanted = dict.fromkeys((IdentityKind.EMAIL, normal_email(raw)) for raw in emails if raw.strip())
    wanted |= dict.fromkeys((IdentityKind.PHONE, normal_phone(raw)) for raw in phones if raw.strip())
    existing = {(identity.kind, identity.value): identity for identity in contact.identities.all()}
    contact.identities.exclude(pk__in=[existing[key].pk for key in wanted if key in existing]).delete()
    main = dict(reversed(wanted))
    for kind, value in wanted:
        identity = existing.get((kind, value)) or Identity(contact=contact, kind=kind, value=value)
        identity.is_primary = main[kind] == value
        try:
            with transaction.atomic():
                identity.save()
        except IntegrityError:
            raise IdentityTaken(fields={f"{kind}s": IdentityTaken.default}) from None
