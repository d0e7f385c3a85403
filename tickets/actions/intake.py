"""Making a ticket: from the public form, from a mail, or by staff for a caller."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.core.text import clean_line, clean_text, excerpt
from crm.files.actions import attach_uploads
from crm.jobs import idempotency
from crm.messaging.actions import add_message, open_conversation
from crm.messaging.inbound.registry import Incoming
from customers.actions import link_records, recognise, record_consent
from customers.choices import ConsentChannel, Source
from customers.models import Contact
from customers.recognising.identities import normal_email, normal_phone
from customers.selectors import email_of, phone_of

from ..choices import Audience, StatusCategory
from ..mailing import confirm_receipt
from ..models import RequestType, ServiceSettings, Ticket, TicketFacts
from ..questions import check_answers, file_names
from ..selectors import default_status, priority_from
from .deadlines import start_clocks
from .precedence import raise_new
from .spans import enter_status

MAX_DESCRIPTION = 20_000


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What a ticket is made of, checked and in normal form. timezone: IANA name of the requester's zone.

    is_proved: who asks is known to be who they say, since a colleague spoke with them or is them.
    """

    brand: Brand
    contact: Contact
    request_type: RequestType
    subject: str
    description: str
    language: str
    timezone: str
    email: str
    phone: str
    channel: str
    uploads: Sequence[str]
    form_key: str
    quoted: str | None = None
    message_id: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    is_proved: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody we may not know yet, as they said it on the phone. Needs a number or a mail address."""

    name: str
    phone: str = ""
    email: str = ""


@action()
def submit_ticket(
    *,
    actor: Actor,
    brand: Brand,
    request_type: RequestType,
    subject: str,
    description: str,
    name: str,
    form_key: str,
    email: str = "",
    phone: str = "",
    language: str = "en",
    timezone: str = "",
    uploads: Sequence[str] = (),
    consent: bool = False,
    answers: Mapping[str, Any] | None = None,
    audience: str = Audience.PUBLIC,
) -> Ticket:
    """Takes a customer's request: recognises who asks, stores everything, promises a first answer.

    One transaction holds key, person, ticket, message, files, clocks, mail and activity. The same form_key
    with the same content returns the first ticket; other content raises `Conflict`. answers: to the type's own
    questions, custom field key → text or plain JSON value. audience: who asks; a type of others is refused like one
    that does not exist. Raises `Invalid` with `fields`, answers under "custom_" and their key.
    """
    email, phone = (normal_email(email) if email else ""), (normal_phone(phone) if phone else "")
    body = {
        "type": request_type.key, "subject": subject, "description": description, "name": name, "email": email,
        "phone": phone, "uploads": sorted(uploads), **({"answers": dict(answers)} if answers else {}),
    }  # fmt: skip
    earlier = idempotency.begin(route="tickets.submit", actor="guest", key=form_key, body=body)
    if earlier is not None:
        return Ticket.all_objects.get(pk=earlier.answer["ticket"])
    _check(name=name, email=email, phone=phone, consent=consent)
    _must_be_offered(request_type, audience)
    checked = check_answers(request_type, answers or {}, files=file_names(form_key, uploads))
    found = recognise(
        actor=actor, brand=brand, name=name, email=email, phone=phone, language=language, timezone=timezone
    )
    author = Actor.contact(found.contact.pk, clean_line(name, 200))
    new = NewRequest(
        brand=brand, contact=found.contact, request_type=request_type, subject=subject,
        description=description, language=language, timezone=timezone or brand.timezone, email=email, phone=phone,
        channel="web", uploads=uploads, form_key=form_key, answers=checked,
    )  # fmt: skip
    ticket = open_ticket(actor=author, new=new)
    _store_consent(author, brand, found.contact, language)
    confirm_receipt(actor=Actor.system(), ticket=ticket)
    idempotency.finish(route="tickets.submit", actor="guest", key=form_key, answer={"ticket": ticket.pk})
    return ticket


@action()
def submit_by_mail(*, actor: Actor, request_type: RequestType, incoming: Incoming) -> Ticket:
    """A mail to the support address becomes a ticket, as the form's would, within the transaction that settles it.

    Nothing is proved by a sender's address: until a mailed link was opened or a signed address answered, it gets
    the fixed text only. Raises `BadEmail` for an address that cannot be answered.
    """
    brand, email = incoming.brand, normal_email(incoming.sender_email)
    name = clean_line(incoming.sender_name, 200) or email
    found = recognise(actor=actor, brand=brand, name=name, email=email, language=incoming.language, source=Source.EMAIL)
    new = NewRequest(
        brand=brand, contact=found.contact, request_type=request_type, subject=incoming.subject,
        description=incoming.body, language=incoming.language, timezone=found.contact.timezone or brand.timezone,
        email=email, phone="", channel="email", uploads=incoming.uploads, form_key=incoming.form_key,
        quoted=incoming.quoted, message_id=incoming.header_id,
    )  # fmt: skip
    ticket = open_ticket(actor=Actor.contact(found.contact.pk, name), new=new)
    confirm_receipt(actor=Actor.system(), ticket=ticket)
    return ticket


@action(permission="tickets.create")
def create_ticket(
    *,
    actor: Actor,
    contact: Contact | None = None,
    caller: Caller | None = None,
    request_type: RequestType,
    subject: str,
    description: str,
    channel: str = "phone",
    form_key: str = "",
    uploads: Sequence[str] = (),
    answers: Mapping[str, Any] | None = None,
    source: Any = None,
) -> Ticket:
    """Staff open a ticket for a customer's person; the customer gets number and link by mail.

    caller: who asks, where no contact is chosen; recognised by an address, else made, in the same transaction.
    The person counts as verified, since staff spoke with them. The same form_key with the same content gives
    the first ticket. answers as in `submit_ticket`. source: the record of the same customer that it is made from,
    such as a deal; the two are joined. Raises `Invalid`, and `Conflict` for the same key with other
    content.
    """
    who = f"staff:{actor.id}"
    asking: Any = contact.pk if contact is not None else asdict(caller) if caller is not None else None
    body = {"contact": asking, "subject": subject, "description": description}
    body |= {"answers": dict(answers)} if answers else {}
    earlier = idempotency.begin(route="tickets.create", actor=who, key=form_key, body=body) if form_key else None
    if earlier is not None:
        return Ticket.all_objects.get(pk=earlier.answer["ticket"])
    checked = check_answers(request_type, answers or {}, staff=True, files=file_names(form_key, uploads))
    contact = contact or _recognised(actor, caller or Caller(""))
    brand = contact.customer.brand
    email, phone = email_of(contact), phone_of(contact)
    new = NewRequest(
        brand=brand, contact=contact, request_type=request_type, subject=subject,
        description=description, language=contact.language or brand.language,
        timezone=contact.timezone or brand.timezone, email=email.value if email else "",
        phone=phone.value if phone else "", channel=channel, uploads=uploads, form_key=form_key, answers=checked,
        is_proved=True,
    )  # fmt: skip
    ticket = open_ticket(actor=actor, new=new)
    confirm_receipt(actor=actor, ticket=ticket)
    if source is not None and source.customer_id == ticket.customer_id:
        link_records(actor=actor, customer=ticket.customer, source=source, target=ticket)
    if form_key:
        idempotency.finish(route="tickets.create", actor=who, key=form_key, answer={"ticket": ticket.pk})
    return ticket


def _recognised(actor: Actor, caller: Caller) -> Contact:
    """The person behind what the caller said. Raises `Invalid`, and `NotAllowed` for who may not add customers."""
    name = clean_line(caller.name, 200)
    email = normal_email(caller.email) if caller.email else ""
    phone = normal_phone(caller.phone) if caller.phone else ""
    missing = {}
    if not name:
        missing["name"] = _("Enter the caller's name")
    if not email and not phone:
        missing["phone"] = _("Enter a phone number or an email address, so that we can answer")
    if missing:
        raise Invalid(fields=missing)
    actor.require("customers.create")
    brand = Brand.default()
    found = recognise(actor=actor, brand=brand, name=name, email=email, phone=phone, source=Source.STAFF)
    return found.contact


def _must_be_offered(request_type: RequestType, audience: str) -> None:
    if not RequestType.objects.offered_to(audience).filter(pk=request_type.pk).exists():
        raise Invalid(fields={"request_type": _("Choose what it is about")})


def _check(*, name: str, email: str, phone: str, consent: bool) -> None:
    fields: dict[str, Any] = {}
    if not clean_line(name):
        fields["name"] = _("Enter your name")
    if not email and not phone:
        fields["email"] = _("Enter an email address or a phone number, so that we can answer")
    if not consent:
        fields["consent"] = _("Agree to the use of your data, so that we can handle your request")
    if fields:
        raise Invalid(fields=fields)


def open_ticket(*, actor: Actor, new: NewRequest) -> Ticket:
    """Stores the ticket with its conversation, files, clocks and activity. Raises `Invalid`."""
    subject, text = clean_line(new.subject, 200), clean_text(new.description, MAX_DESCRIPTION)
    missing = {}
    if not subject:
        missing["subject"] = _("Enter what it is about in a few words")
    if not text:
        missing["description"] = _("Describe what happened")
    if missing:
        raise Invalid(fields=missing)
    now, asked, contact = clock.now(), new.request_type, new.contact
    conversation = open_conversation(
        actor=actor, brand=new.brand, subject=subject, channel=new.channel, language=new.language
    )
    ticket = Ticket.objects.create(
        brand=new.brand, subject=subject, request_type=asked, status=default_status(StatusCategory.NEW),
        impact=asked.impact, urgency=asked.urgency, priority=priority_from(asked.impact, asked.urgency),
        team=asked.team, created_by_id=actor.user_id, customer=contact.customer, contact=contact,
        conversation=conversation, channel=new.channel, language=new.language, timezone=new.timezone,
        reply_email=new.email, reply_phone=new.phone, created_at=now, last_message_at=now,
        last_customer_message_at=now, snippet=excerpt(text), custom=dict(new.answers),
        verified_at=now if new.is_proved else None,
    )  # fmt: skip
    TicketFacts.objects.create(ticket=ticket, customer_messages=1)
    _first_message(actor, ticket, text, new)
    raise_new(ticket)
    start_clocks(ticket, now)
    enter_status(ticket, now, is_new=True)
    ticket.save()
    record(
        actor=actor, type="tickets.submitted", subject=ticket, anchors=[contact.customer, contact],
        data={"number": ticket.number, "subject": subject, "text": excerpt(text, 280)},
    )  # fmt: skip
    return ticket


def _first_message(actor: Actor, ticket: Ticket, text: str, new: NewRequest) -> None:
    """The description as the requester's own words, whoever typed it, with the files of the form."""
    author = actor if not actor.is_staff else Actor.contact(new.contact.pk, new.contact.name)
    message = add_message(
        actor=author, conversation=ticket.conversation, direction="inbound", body=text, language=new.language,
        author_email=new.email, quoted=new.quoted, message_id=new.message_id,
    )  # fmt: skip
    if new.uploads:
        attach_uploads(
            actor=author, form_key=new.form_key, tokens=list(new.uploads), kind="message",
            object_id=message.pk, visibility="public",
        )  # fmt: skip


def _store_consent(author: Actor, brand: Brand, contact: Contact, language: str) -> None:
    settings = ServiceSettings.objects.get(brand=brand)
    record_consent(
        actor=author,
        contact=contact,
        channel=ConsentChannel.SERVICE,
        granted=True,
        text=settings.consent_text.in_language(language),
        version=settings.consent_version,
        language=language,
    )
