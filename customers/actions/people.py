"""Verbs on contacts: adding, changing, verifying, consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
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
from ..selectors import consents_of
from .customers import locked


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
    name = clean_line(name, 200)
    if not name:
        raise Invalid(fields={"name": _("Enter the person's name")})
    customer = locked(actor, customer)
    contact = Contact(
        customer=customer,
        name=name,
        job_title=clean_line(job_title, 80),
        role=_known(ContactRole, role),
        preferred_channel=_known(IdentityKind, preferred_channel),
        language=language,
        timezone=timezone,
        is_primary=not customer.contacts.filter(is_primary=True).exists(),
    )
    store_answers(contact, answers or {})
    contact.save()
    set_identities(contact, emails, phones, chats or {})
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
    wanted = dict.fromkeys((IdentityKind.EMAIL, normal_email(raw)) for raw in emails if raw.strip())
    wanted |= dict.fromkeys((IdentityKind.PHONE, normal_phone(raw)) for raw in phones if raw.strip())
    given = (chats or {}).items()
    wanted |= dict.fromkeys((IdentityKind(kind), normal_chat(raw)) for kind, raw in given if raw.strip())
    kept = CHATS if chats is None else ()
    existing = {(identity.kind, identity.value): identity for identity in contact.identities.exclude(kind__in=kept)}
    stay = [existing[key].pk for key in wanted if key in existing]
    contact.identities.exclude(kind__in=kept).exclude(pk__in=stay).delete()
    main = dict(reversed(wanted))
    for kind, value in wanted:
        identity = existing.get((kind, value)) or Identity(contact=contact, kind=kind, value=value)
        identity.is_primary = main[kind] == value
        try:
            with transaction.atomic():
                identity.save()
        except IntegrityError:
            name = kind if kind in CHATS else f"{kind}s"
            raise IdentityTaken(fields={name: IdentityTaken.default}) from None


def _known(choices: type[TextChoices], value: str) -> str:
    """The value when it is one of the choices or empty. Raises `Invalid`."""
    if value and value not in choices.values:
        raise Invalid
    return value
