"""Accepting mail for sending. A worker sends it: nothing here touches the network."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound, NotReady
from crm.core.models import Brand
from crm.core.text import clean_line
from crm.jobs.broker import enqueue_on_commit

from ..choices import MailState, MessageState
from ..declarations import mail_templates
from ..inbound import tokens
from ..models import Conversation, Mailbox, Message, OutgoingMail
from ..rendering import render_template

_MAX_CC = 20


@action()
def queue_mail(
    *,
    actor: Actor,
    template_key: str,
    to_email: str,
    to_name: str,
    language: str,
    values: Mapping[str, str],
    brand: Brand,
    related: Message | None = None,
    conversation: Conversation | None = None,
    dedupe_key: str | None = None,
    cc: Sequence[str] = (),
    in_reply_to: str = "",
    references: str = "",
    reply_to: str = "",
) -> OutgoingMail | None:
    """Stores a mail and wakes a worker after commit. The caller's verb tells of it.

    None when there is no address to send to. The same dedupe_key gives the mail that already exists.
    related: the message it carries, whose state follows the mail's. conversation: answers by mail come back to
    it, by a signed reply address (where the brand has a mailbox for them) and a signed Message-ID. Raises
    `Invalid` for an address or reference that is malformed or would break out of its header, `KeyError` for an
    unknown template.
    """
    if not to_email.strip():
        return None
    if dedupe_key and (existing := OutgoingMail.objects.filter(dedupe_key=dedupe_key).first()):
        return existing
    for value in (to_name, in_reply_to, references):
        _one_line(value)
    rendered = render_template(template_key, brand=brand, language=language, values=values)
    mail = OutgoingMail(
        message_id=new_message_id(brand.sender_email, conversation), brand=brand, to_email=bare_address(to_email),
        to_name=clean_line(to_name, 200), cc=[bare_address(entry) for entry in cc[:_MAX_CC]],
        from_email=brand.sender_email, from_name=sender_name(brand, language),
        reply_to=bare_address(reply_to) if reply_to else answers_to(brand, conversation),
        subject=rendered.subject, text=rendered.text, html=rendered.html,
        headers=headers_of(
            automatic=mail_templates[template_key].automatic,
            further={"In-Reply-To": in_reply_to, "References": references or in_reply_to},
        ),
        related=related, template=template_key, language=language, dedupe_key=dedupe_key or "",
    )  # fmt: skip
    return _store(mail)


@action(permission="messaging.manage_mail")
def retry_mail(*, actor: Actor, mail: OutgoingMail) -> OutgoingMail:
    """Sends a failed or held mail again, under the same Message-ID. Raises `NotReady` in any other state."""
    row = _locked(actor, mail)
    if row.state not in {MailState.FAILED, MailState.HELD}:
        raise NotReady(_("This mail is on its way or already sent."))
    row.state, row.attempts, row.error = MailState.WAITING, 0, ""
    row.next_attempt_at = row.first_tried_at = clock.now()
    row.save()
    _follow(row, MessageState.SENDING)
    record(actor=actor, type="messaging.mail_retried", subject=row, data={"to": row.shown_to})
    enqueue_on_commit("messaging.send_mail", row.pk, queue=row.queue)
    return row


@action(permission="messaging.manage_mail")
def hold_mail(*, actor: Actor, mail: OutgoingMail) -> OutgoingMail:
    """Keeps a waiting mail back until somebody sends it again. Raises `NotReady` once it is under way."""
    row = _locked(actor, mail)
    if row.state != MailState.WAITING:
        raise NotReady(_("This mail is on its way or already sent."))
    row.state = MailState.HELD
    row.save(update_fields=["state"])
    record(actor=actor, type="messaging.mail_held", subject=row, data={"to": row.shown_to})
    return row


def sender_name(brand: Brand, language: str) -> str:
    """The name that stands in From."""
    return clean_line(brand.sender_name.in_language(language) or brand.name.in_language(language), 200)


def _store(mail: OutgoingMail) -> OutgoingMail:
    """Inserts the mail, or finds the rival's with the same dedupe_key."""
    if mail.dedupe_key:
        OutgoingMail.objects.bulk_create([mail], ignore_conflicts=True)
        stored = OutgoingMail.objects.get(dedupe_key=mail.dedupe_key)
        if stored.message_id != mail.message_id:
            return stored
        mail = stored
    else:
        mail.save()
    if mail.related_id:
        Message.objects.filter(pk=mail.related_id).update(
            state=MessageState.SENDING, message_id=mail.message_id, updated_at=clock.now()
        )
    enqueue_on_commit("messaging.send_mail", mail.pk, queue=mail.queue)
    return mail


def _locked(actor: Actor, mail: OutgoingMail) -> OutgoingMail:
    row = OutgoingMail.objects.visible_to(actor).lock().filter(pk=mail.pk).first()
    if row is None:
        raise NotFound
    return row


def _follow(mail: OutgoingMail, state: MessageState) -> None:
    """The message shows how its mail fares."""
    if mail.related_id:
        Message.objects.filter(pk=mail.related_id).update(state=state, error="", updated_at=clock.now())


def bare_address(value: str) -> str:
    """A bare address. Raises `Invalid` when it is malformed, which a line break always is."""
    address = value.strip(" ")
    try:
        validate_email(address)
    except ValidationError:
        raise Invalid(fields={"email": _("Enter an email address like name@example.com")}) from None
    return address


def _one_line(value: str) -> None:
    if any(char in value for char in "\r\n\0"):
        raise Invalid(_("A name or reference of the mail holds a line break. Write it on one line."))


def new_message_id(sender: str, conversation: Conversation | None) -> str:
    """Unique at the sender's host (RFC 5322 §3.6.4), and signed where answers belong to a conversation."""
    host = sender.rpartition("@")[2]
    if conversation is not None:
        return tokens.new_message_id(conversation.pk, host)
    return f"<{secrets.token_hex(16)}@{host}>"


def answers_to(brand: Brand, conversation: Conversation | None) -> str:
    """The conversation's signed address at the brand's mailbox, its plain one, or "" for the sender's own."""
    mailbox = Mailbox.objects.filter(brand=brand, is_active=True).order_by("pk").first() if conversation else None
    if mailbox is None or conversation is None:
        return ""
    signed = tokens.reply_address(mailbox.address, conversation.pk) if mailbox.has_reply_addresses else ""
    return signed or (mailbox.address if mailbox.address != brand.sender_email else "")


def headers_of(*, automatic: bool, further: Mapping[str, str]) -> dict[str, str]:
    """Header lines of a mail: that it left this instance, whether a program wrote it, and what else is given."""
    headers = {**further, tokens.LOOP_HEADER: tokens.loop_mark()}
    if automatic:  # RFC 3834 §5, and its counterpart for Exchange
        headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return {name: value for name, value in headers.items() if value}
