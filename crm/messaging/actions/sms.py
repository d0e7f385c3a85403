"""Accepting text messages for sending. A worker sends them: nothing here touches the network."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound, NotReady
from crm.core.models import Brand
from crm.core.phones import masked_phone
from crm.jobs.broker import enqueue_on_commit

from ..choices import MessageState, OptOutSource, SmsState
from ..models import Conversation, Message, OutgoingSms, SmsOptOut
from ..rendering import render_sms
from ..selectors import can_text

TEST_TEMPLATE = "messaging.sms_test"


@action()
def queue_sms(
    *,
    actor: Actor,
    template_key: str,
    to_phone: str,
    language: str,
    values: Mapping[str, str],
    brand: Brand,
    related: Message | None = None,
    conversation: Conversation | None = None,
    dedupe_key: str = "",
) -> OutgoingSms | None:
    """Stores a text message and wakes a worker after commit. The caller's verb tells of it.

    to_phone: E.164. None when the number cannot be reached by text message, or the template has no wording for one;
    the same dedupe_key gives the message that already exists. related: the message it carries, whose state follows.
    Raises `KeyError` for an unknown template.
    """
    if dedupe_key and (existing := OutgoingSms.objects.filter(dedupe_key=dedupe_key).first()):
        return existing
    if not can_text(to_phone):
        return None
    rendered = render_sms(template_key, brand=brand, language=language, values=values)
    if rendered is None:
        return None
    sms = OutgoingSms(
        brand=brand, to_phone=to_phone, text=rendered.text, parts=rendered.parts.count, related=related,
        conversation=conversation, template=template_key, language=language, dedupe_key=dedupe_key,
    )  # fmt: skip
    return _store(sms)


@action(permission="messaging.manage_mail")
def send_test_sms(*, actor: Actor, to_phone: str) -> OutgoingSms:
    """Sends a fixed sentence to a number (E.164), to try the gateway. Raises `NotReady` when it cannot be reached."""
    brand = Brand.default()
    sms = queue_sms(
        actor=actor, template_key=TEST_TEMPLATE, to_phone=to_phone, language=brand.language, values={}, brand=brand
    )
    if sms is None:
        raise NotReady(_("No text message can go to this number. Look above at what is set up."))
    record(actor=actor, type="messaging.sms_tested", subject=sms, data={"to": sms.shown_to})
    return sms


@action(permission="messaging.manage_mail")
def retry_sms(*, actor: Actor, sms: OutgoingSms) -> OutgoingSms:
    """Sends a failed or held text message again. Raises `NotReady` in any other state."""
    row = _locked(actor, sms)
    if row.state not in {SmsState.FAILED, SmsState.HELD}:
        raise NotReady(_("This text message is on its way or already sent."))
    row.state, row.attempts, row.error = SmsState.WAITING, 0, ""
    row.next_attempt_at = row.first_tried_at = clock.now()
    row.save()
    _follow(row, MessageState.SENDING)
    record(actor=actor, type="messaging.sms_retried", subject=row, anchors=[row.about], data={"to": row.shown_to})
    enqueue_on_commit("messaging.send_sms", row.pk, queue=row.queue)
    return row


@action(permission="messaging.manage_mail")
def hold_sms(*, actor: Actor, sms: OutgoingSms) -> OutgoingSms:
    """Keeps a waiting text message back until somebody sends it again. Raises `NotReady` once it is under way."""
    row = _locked(actor, sms)
    if row.state != SmsState.WAITING:
        raise NotReady(_("This text message is on its way or already sent."))
    row.state = SmsState.HELD
    row.save(update_fields=["state"])
    record(actor=actor, type="messaging.sms_held", subject=row, anchors=[row.about], data={"to": row.shown_to})
    return row


@action()
def opt_out(*, actor: Actor, phone: str, source: OptOutSource) -> None:
    """The number (E.164) gets no text message any more. Doing it again changes nothing."""
    row, created = SmsOptOut.objects.get_or_create(phone=phone, defaults={"source": source})
    if created:
        record(actor=actor, type="messaging.sms_opted_out", subject=row, data={"to": masked_phone(phone)})


@action()
def opt_in(*, actor: Actor, phone: str) -> None:
    """The number may get text messages again. One that may already changes nothing."""
    row = SmsOptOut.objects.lock().filter(phone=phone).first()
    if row is not None:
        record(actor=actor, type="messaging.sms_opted_in", subject=row, data={"to": masked_phone(phone)})
        row.delete()


@action(permission="messaging.manage_mail")
def lift_opt_out(*, actor: Actor, opt_out: SmsOptOut) -> None:
    """A colleague lets a number get text messages again, on the customer's word."""
    opt_in(actor=actor, phone=opt_out.phone)


def _store(sms: OutgoingSms) -> OutgoingSms:
    """Inserts the message, or finds the rival's with the same dedupe_key."""
    if sms.dedupe_key:
        OutgoingSms.objects.bulk_create([sms], ignore_conflicts=True)
        stored = OutgoingSms.objects.get(dedupe_key=sms.dedupe_key)
        if stored.key != sms.key:
            return stored
        sms = stored
    else:
        sms.save()
    _follow(sms, MessageState.SENDING)
    enqueue_on_commit("messaging.send_sms", sms.pk, queue=sms.queue)
    return sms


def _locked(actor: Actor, sms: OutgoingSms) -> OutgoingSms:
    row: OutgoingSms | None = OutgoingSms.objects.visible_to(actor).lock().filter(pk=sms.pk).first()
    if row is None:
        raise NotFound
    return row


def _follow(sms: OutgoingSms, state: MessageState) -> None:
    """The message shows how its text message fares."""
    if sms.related_id:
        Message.objects.filter(pk=sms.related_id).update(state=state, error="", updated_at=clock.now())
