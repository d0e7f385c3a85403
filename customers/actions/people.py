"""Verbs on contacts: adding, changing, verifying, consent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import Deed, record, record_many
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from crm.fields.records import store_answers

from ..choices import CHATS, ConsentChannel, ContactRole, IdentityKind
from ..exceptions import IdentityTaken
from ..models import Consent, Contact, Customer, Identity
from ..recognising.identities import normal_chat, normal_email, normal_phone
from ..selectors import consents_of, masked_address
from .customers import locked_many


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be added. chats: kind of chat → id. answers: key of a custom field → stored form or text."""

    name: str
    emails: Sequence[str] = ()
    phones: Sequence[str] = ()
    chats: Mapping[str, str] = field(default_factory=dict)
    job_title: str = ""
    role: str = ""
    preferred_channel: str = ""
    language: str = ""
    timezone: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)

    def contact(self) -> Contact:
        """The row, checked but not stored. Raises `Invalid`."""
        name = clean_line(self.name, 200)
        if not name:
            raise Invalid(fields={"name": _("Enter the person's name")})
        contact = Contact(
            name=name, job_title=clean_line(self.job_title, 80), role=_known(ContactRole, self.role),
            preferred_channel=_known(IdentityKind, self.preferred_channel), language=self.language,
            timezone=self.timezone,
        )  # fmt: skip
        store_answers(contact, self.answers)
        contact.fill_keys()
        return contact


@action(permission="customers.update")
def add_contact(
    *,
    actor: Actor,
    customer: Customer,
    name: str,
    emails: Sequence[str] = (),
    phones: Sequence[str] = (),
    chats: Mapping[str, str] | None = None,
    job_title: str = "",
    role: str = "",
    preferred_channel: str = "",
    language: str = "",
    timezone: str = "",
    answers: Mapping[str, Any] | None = None,
) -> Contact:
    """Adds a person to a customer. chats: kind of chat → id. answers: key of a custom field → stored form or text.

    Raises `Invalid`, `BadEmail`, `BadPhone`, `BadChatId` or `IdentityTaken`.
    """
    person = NewPerson(
        name, emails, phones, chats or {}, job_title, role, preferred_channel, language, timezone, answers or {}
    )
    return add_contacts(actor=actor, rows=[(customer, person)])[0]


@action(permission="customers.update")
def add_contacts(*, actor: Actor, rows: Sequence[tuple[Customer, NewPerson]]) -> list[Contact]:
    """`add_contact` for many, all or none, in as few statements as for one. Raises as that does."""
    contacts = [person.contact() for _customer, person in rows]
    wanted = [wanted_addresses(person.emails, person.phones, person.chats) for _customer, person in rows]
    customers = locked_many(actor, [customer for customer, _person in rows])
    led = set(Contact.objects.filter(customer__in=customers, is_primary=True).values_list("customer_id", flat=True))
    for (customer, _person), contact in zip(rows, contacts, strict=True):
        contact.customer = customers[customer.pk]
        contact.is_primary = customer.pk not in led
        led.add(customer.pk)
    Contact.objects.bulk_create(contacts)
    _store_new(
        Identity(contact=contact, kind=kind, value=value, is_primary=is_main)
        for contact, addresses in zip(contacts, wanted, strict=True)
        for (kind, value), is_main in addresses.items()
    )
    deeds = [
        Deed("customers.contact_added", contact.customer, [contact], {"name": contact.name}) for contact in contacts
    ]
    record_many(actor=actor, deeds=deeds)
    return contacts


@action(permission="customers.update")
def update_contact(
    *,
    actor: Actor,
    contact: Contact,
    name: str,
    emails: Sequence[str],
    phones: Sequence[str],
    chats: Mapping[str, str] | None = None,
    job_title: str = "",
    role: str = "",
    preferred_channel: str = "",
    language: str = "",
    timezone: str = "",
    answers: Mapping[str, Any] | None = None,
) -> Contact:
    """Replaces a contact's facts and addresses; without `chats` those stay, as does each custom field not in `answers`.

    Raises as `add_contact`.
    """
    row = Contact.objects.visible_to(actor).lock().filter(pk=contact.pk).first()
    if row is None:
        raise NotFound
    row.name = clean_line(name, 200)
    if not row.name:
        raise Invalid(fields={"name": _("Enter the person's name")})
    row.job_title, row.language, row.timezone = clean_line(job_title, 80), language, timezone
    row.role, row.preferred_channel = _known(ContactRole, role), _known(IdentityKind, preferred_channel)
    store_answers(row, answers or {})
    row.save()
    set_identities(row, emails, phones, chats)
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
        data={"address": masked_address(row)},
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


@action(permission="customers.update")
def set_consents(*, actor: Actor, contact: Contact, granted: Mapping[str, bool], how: str) -> None:
    """Stores what a person told staff they agree to, channel by channel; what did not change makes no row.

    how: in which way they said so, in the words of whoever heard it; kept as the consent's text. Raises `Invalid`.
    """
    said = clean_line(how, 500)
    row = Contact.objects.visible_to(actor).lock().filter(pk=contact.pk).first()
    if row is None:
        raise NotFound
    before = consents_of(row)
    changed = {channel: value for channel, value in granted.items() if before[channel] != value}
    if not changed:
        return
    if not said:
        raise Invalid(fields={"how": _("Say how the person agreed or declined, such as by phone on that day")})
    for channel, value in changed.items():
        record_consent(
            actor=actor,
            contact=row,
            channel=ConsentChannel(channel),
            granted=value,
            text=said,
            version=0,
            language=row.language,
        )
    record(
        actor=actor,
        type="customers.consent_changed",
        subject=row.customer,
        anchors=[row],
        data={"name": row.name, "granted": changed, "text": said},
    )


def set_identities(
    contact: Contact, emails: Sequence[str], phones: Sequence[str], chats: Mapping[str, str] | None = None
) -> None:
    """Makes these the contact's addresses, the first of a kind its main one, keeping what was verified.

    chats: kind of chat → id, None to leave chats alone. Raises `IdentityTaken`, `BadEmail`, `BadPhone`, `BadChatId`.
    """
    wanted = wanted_addresses(emails, phones, chats or {})
    kept = CHATS if chats is None else ()
    existing = {(identity.kind, identity.value): identity for identity in contact.identities.exclude(kind__in=kept)}
    stay = [existing[key].pk for key in wanted if key in existing]
    contact.identities.exclude(kind__in=kept).exclude(pk__in=stay).delete()
    fresh: list[Identity] = []
    for (kind, value), is_main in wanted.items():
        identity = existing.get((kind, value)) or Identity(contact=contact, kind=kind, value=value)
        if identity.pk is None:
            identity.is_primary = is_main
            fresh.append(identity)
        elif identity.is_primary != is_main:
            identity.is_primary = is_main
            identity.save(update_fields=["is_primary"])
    _store_new(fresh)


def wanted_addresses(
    emails: Sequence[str], phones: Sequence[str], chats: Mapping[str, str]
) -> dict[tuple[IdentityKind, str], bool]:
    """(kind, normal value) → whether it is the main one of its kind. Raises `BadEmail`, `BadPhone`, `BadChatId`."""
    wanted = dict.fromkeys((IdentityKind.EMAIL, normal_email(raw)) for raw in emails if raw.strip())
    wanted |= dict.fromkeys((IdentityKind.PHONE, normal_phone(raw)) for raw in phones if raw.strip())
    wanted |= dict.fromkeys((IdentityKind(kind), normal_chat(raw)) for kind, raw in chats.items() if raw.strip())
    main = dict(reversed(wanted))
    return {(kind, value): main[kind] == value for kind, value in wanted}


def _store_new(identities: Iterable[Identity]) -> None:
    """Raises `IdentityTaken`, named after the kind of an address that somebody else has."""
    rows = list(identities)
    try:
        with transaction.atomic():
            Identity.objects.bulk_create(rows)
    except IntegrityError:
        taken = set(Identity.objects.filter(value__in=[row.value for row in rows]).values_list("kind", "value"))
        kind = next((row.kind for row in rows if (row.kind, row.value) in taken), rows[0].kind)
        name = kind if kind in CHATS else f"{kind}s"
        raise IdentityTaken(fields={name: IdentityTaken.default}) from None


def _known(choices: type[TextChoices], value: str) -> str:
    """The value when it is one of the choices or empty. Raises `Invalid`."""
    if value and value not in choices.values:
        raise Invalid
    return value
