"""From the schedule to the last message: freeze who gets it, queue batch by batch, follow what became of each.

Every step is one transaction under the campaign's lock and may be repeated: a person has one row, their message one
key. What is left to do is in the rows, so a worker that dies loses nothing but the time of its last batch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F, OuterRef, Subquery

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.text import clean_line, without_addresses
from crm.jobs.broker import enqueue_on_commit
from crm.messaging.actions import (
    Composed,
    ComposedSms,
    open_conversation,
    queue_bulk_mail,
    queue_bulk_sms,
    take_back,
)  # fmt: skip
from crm.messaging.choices import MailState, SmsState
from crm.messaging.models import OutgoingMail, OutgoingSms

from ..choices.campaigns import CampaignKind, CampaignState, Reason, RecipientState, SuppressedChannel, SuppressedFor
from ..exceptions import WrongState
from ..following import changed
from ..models import Campaign, CampaignLink, Recipient
from ..rendering import addresses_in, headers_for, links_for, mail_for, text_for
from ..selectors.audience import resolve, summary
from .campaigns import locked, tell
from .suppression import suppress

#: People whose message is queued in one transaction.
BATCH = 100
#: What the mail log calls a message of a campaign.
TEMPLATE = "marketing.campaign"
_ROWS = 2000
#: Words and codes of an address that will never work. The enhanced code (RFC 3463) is believed before the plain one.
_NOBODY = re.compile(r"user unknown|unknown user|no such user|does not exist|no mailbox here", re.IGNORECASE)
_ENHANCED, _PLAIN = re.compile(r"\b[45]\.(\d)\.(\d{1,3})\b"), re.compile(r"\b55[013]\b")


@action()
def begin(*, actor: Actor, campaign_id: int) -> bool:
    """Freezes the audience of a campaign whose time has come. False when it was begun before or is not due."""
    campaign = Campaign.objects.lock().select_related("brand").filter(
        pk=campaign_id, state=CampaignState.SCHEDULED, send_at__lte=clock.database_now()
    ).first()  # fmt: skip
    if campaign is None:
        return False
    people = list(resolve(campaign))
    Recipient.objects.bulk_create(
        (
            Recipient(
                campaign=campaign, customer_id=person.customer_id, contact_id=person.contact_id,
                address=person.address, language=person.language, reason=person.reason,
                state=RecipientState.LEFT_OUT if person.reason else RecipientState.WAITING,
            )
            for person in people
        ),
        batch_size=_ROWS,
    )  # fmt: skip
    campaign.audience = summary(person.reason for person in people)
    campaign.frozen_at = campaign.sent_at = clock.now()
    campaign.state = CampaignState.SENDING
    prepare_words(actor, campaign)
    deed = tell(actor, "campaigns.sent", campaign, count=campaign.audience["chosen"])
    campaign.activity_id = deed.pk
    campaign.save()
    return True


@action()
def send_batch(*, actor: Actor, campaign_id: int, size: int = BATCH) -> int:
    """Queues the messages of the next people, once each, after asking again whether they may get one.

    Returns how many rows it settled; 0 when the campaign is not being sent, another worker is at it, enough messages
    of it already wait for their server, or nobody is left.
    """
    rows = Campaign.objects.select_for_update(of=("self",), no_key=True, skip_locked=True).select_related("brand")
    campaign = rows.filter(pk=campaign_id, state=CampaignState.SENDING).first()
    if campaign is None:
        return 0
    waiting = campaign.recipients.filter(state=RecipientState.WAITING).lock()
    on_its_way = campaign.recipients.filter(state=RecipientState.QUEUED).count()
    room = min(size, _window(campaign) - on_its_way)
    batch = list(waiting.select_related("campaign__brand", "contact__customer")[:room]) if room > 0 else []
    if not batch:
        if room > 0 and not on_its_way:
            _complete(actor, campaign)
        return 0
    people = {person.contact_id: person for person in resolve(campaign, only=[row.contact_id for row in batch])}
    going: list[Recipient] = []
    for row in batch:
        person = people.get(row.contact_id)
        if person is None or person.reason or person.address != row.address or not _can_be_written_to(row):
            row.state = RecipientState.DROPPED
            row.reason = (person.reason if person else "") or Reason.NO_ADDRESS
        else:
            row.state = RecipientState.QUEUED
            going.append(row)
    _queue(actor, campaign, going)
    Recipient.objects.bulk_update(batch, ["state", "reason", "mail", "sms"])
    return len(batch)


@action()
def send_to(*, actor: Actor, campaign: Campaign, occasions: Mapping[int, int]) -> dict[int, Recipient]:
    """Queues the mail of a journey for these people, once an occasion each, unless something stops it now.

    occasions: contact id → the time that they are in the journey. Returns contact id → their row, whose state says
    whether it is on its way or was left out, and why; who is gone has none.
    """
    rows = []
    for person in resolve(campaign, only=list(occasions)):
        row = Recipient(
            campaign=campaign, customer_id=person.customer_id, contact_id=person.contact_id, address=person.address,
            occasion=occasions[person.contact_id], language=person.language, reason=person.reason,
            state=RecipientState.QUEUED,
        )  # fmt: skip
        if not row.reason and not _can_be_written_to(row):
            row.reason = Reason.NO_ADDRESS
        if row.reason:
            row.state = RecipientState.DROPPED
        rows.append(row)
    Recipient.objects.bulk_create(rows)
    stored = campaign.recipients.filter(pk__in=[row.pk for row in rows])
    going = list(stored.filter(state=RecipientState.QUEUED).select_related("campaign__brand", "contact__customer"))
    _queue(actor, campaign, going)
    Recipient.objects.bulk_update(going, ["mail"])
    return {row.contact_id: row for row in rows}


@action()
def settle(*, actor: Actor, campaign_id: int) -> int:
    """Notes what became of the messages: taken by the server, refused, or sent back later. Returns how many rows."""
    rows = Recipient.objects.filter(campaign=campaign_id)
    queued = rows.filter(state=RecipientState.QUEUED)
    moments = {
        "mail": OutgoingMail.objects.filter(pk=OuterRef("mail_id")).values("sent_at"),
        "sms": OutgoingSms.objects.filter(pk=OuterRef("sms_id")).values("sent_at"),
    }
    done = 0
    for name, good in (("mail", [MailState.SENT]), ("sms", [SmsState.SENT, SmsState.DELIVERED])):
        taken = dict(queued.filter(**{f"{name}__state__in": good}).values_list("pk", "customer_id"))
        done += rows.filter(pk__in=taken).update(state=RecipientState.SENT, sent_at=Subquery(moments[name]))
        changed(taken.values())
        gone = rows.filter(state__in=[RecipientState.QUEUED, RecipientState.SENT])
        back = gone.filter(**{f"{name}__state": MailState.FAILED})
        failed = list(back.select_related("campaign").annotate(said=F(f"{name}__error"), left=F(f"{name}__sent_at")))
        for row in failed:
            row.state, row.failed_at, row.error = (
                RecipientState.FAILED,
                clock.now(),
                clean_line(without_addresses(row.said), 300),
            )
            row.is_hard, row.sent_at = is_hard(row.error), row.sent_at or row.left
            if row.is_hard and name == "mail":
                suppress(actor=actor, channel=SuppressedChannel.EMAIL, address=row.address,
                         reason=SuppressedFor.BOUNCE, note=row.error, campaign=row.campaign)  # fmt: skip
        Recipient.objects.bulk_update(failed, ["state", "failed_at", "error", "is_hard", "sent_at"])
        done += len(failed)
    return done


@action(permission="campaigns.send")
def pause_campaign(*, actor: Actor, record: Campaign) -> Campaign:
    """Stops at once: messages that no server has yet are taken back. Raises `WrongState`."""
    row = locked(actor, record)
    if row.state != CampaignState.SENDING:
        raise WrongState
    _take_back(actor, row)
    row.state = CampaignState.PAUSED
    row.save(update_fields=["state"])
    tell(actor, "campaigns.paused", row)
    return row


@action(permission="campaigns.send")
def resume_campaign(*, actor: Actor, record: Campaign) -> Campaign:
    """Goes on where it stopped; whoever said no meanwhile gets nothing. Raises `WrongState`."""
    row = locked(actor, record)
    if row.state != CampaignState.PAUSED:
        raise WrongState
    row.state = CampaignState.SENDING
    row.save(update_fields=["state"])
    tell(actor, "campaigns.resumed", row)
    enqueue_on_commit("marketing.advance", row.pk, queue="bulk")
    return row


@action(permission="campaigns.send")
def cancel_campaign(*, actor: Actor, record: Campaign) -> Campaign:
    """Ends it before everybody got it; what was sent stays sent. Raises `WrongState` for one that is over."""
    row = locked(actor, record)
    if row.state not in {CampaignState.SCHEDULED, CampaignState.SENDING, CampaignState.PAUSED}:
        raise WrongState
    _take_back(actor, row)
    row.state, row.finished_at = CampaignState.CANCELLED, clock.now()
    row.save(update_fields=["state", "finished_at"])
    tell(actor, "campaigns.cancelled", row)
    return row


@action(permission="campaigns.send")
def finish_campaign(*, actor: Actor, record: Campaign) -> Campaign:
    """Closes a campaign that was sent; its figures still follow late sales. Raises `WrongState`."""
    row = locked(actor, record)
    if row.state != CampaignState.SENT or row.is_step:
        raise WrongState
    row.state, row.finished_at = CampaignState.FINISHED, clock.now()
    row.save(update_fields=["state", "finished_at"])
    tell(actor, "campaigns.finished", row)
    return row


@action()
def suppress_after(*, actor: Actor, mail_id: int) -> None:
    """Puts the address of a failed mail of any kind on the suppression list, where the server calls it wrong."""
    mail = OutgoingMail.objects.filter(pk=mail_id, state=MailState.FAILED).first()
    if mail is not None and is_hard(mail.error):
        suppress(
            actor=actor, channel=SuppressedChannel.EMAIL, address=mail.to_email.lower(), reason=SuppressedFor.BOUNCE,
            note=without_addresses(mail.error),
        )  # fmt: skip


def is_hard(error: str) -> bool:
    """Whether a server's answer says that the address itself is wrong (5.1.x, 5.4.4), not full, slow or choosy."""
    if _NOBODY.search(error):
        return True
    subjects = [found for found in _ENHANCED.findall(error) if found[0] != "0"]
    if subjects:
        return any(subject == "1" or (subject, detail) == ("4", "4") for subject, detail in subjects)
    return bool(_PLAIN.search(error))


def prepare_words(actor: Actor, campaign: Campaign) -> None:
    """Rows of the links, and the conversation that answers by mail come to."""
    found = {address: None for code in campaign.brand.languages for address in addresses_in(campaign, code)}
    CampaignLink.objects.bulk_create(
        [CampaignLink(campaign=campaign, url=address) for address in found], ignore_conflicts=True
    )
    if campaign.kind != CampaignKind.SMS:
        campaign.conversation = open_conversation(
            actor=actor, brand=campaign.brand, subject=campaign.name, channel="email", language=campaign.brand.language
        )


def _queue(actor: Actor, campaign: Campaign, people: Sequence[Recipient]) -> None:
    """Stores a message for each, under a key of its row."""
    tracked = dict(campaign.links.values_list("url", "pk"))
    stored: dict[str, Any]
    if campaign.kind == CampaignKind.SMS:
        texts = [
            ComposedSms(key_of(row), row.address, row.language,
                        text_for(campaign, row.contact, row.language, links_for(row, tracked)))
            for row in people
        ]  # fmt: skip
        stored = queue_bulk_sms(actor=actor, brand=campaign.brand, messages=texts, template=TEMPLATE)
        for row in people:
            row.sms = stored[key_of(row)]
        return
    mails = []
    for row in people:
        links = links_for(row, tracked)
        mails.append(
            Composed(key_of(row), row.address, row.contact.name, row.language,
                     mail_for(campaign, row.contact, row.language, links), headers_for(links))
        )  # fmt: skip
    stored = queue_bulk_mail(
        actor=actor, brand=campaign.brand, mails=mails, template=TEMPLATE, conversation=campaign.conversation
    )
    for row in people:
        row.mail = stored[key_of(row)]


def _can_be_written_to(row: Recipient) -> bool:
    """Whether the address fits a mail; one that came in by another door and does not must not stop the others."""
    if row.campaign.kind == CampaignKind.SMS:
        return True
    try:
        validate_email(row.address)
    except ValidationError:
        return False
    return True


def key_of(row: Recipient) -> str:
    """The one message of a recipient, whatever is repeated."""
    return f"campaign:{row.campaign_id}:{row.pk}"


def _window(campaign: Campaign) -> int:
    """How many messages may wait for their server: about a minute's worth, so that pausing and others are quick."""
    per_minute = settings.SMS_PER_MINUTE if campaign.kind == CampaignKind.SMS else settings.MAIL_PER_MINUTE
    return max(BATCH, int(per_minute))


def _take_back(actor: Actor, campaign: Campaign) -> None:
    """Messages that no sender has yet go back; their people wait again."""
    model: Any = OutgoingSms if campaign.kind == CampaignKind.SMS else OutgoingMail
    column = "sms_id" if campaign.kind == CampaignKind.SMS else "mail_id"
    by_message = dict(campaign.recipients.filter(state=RecipientState.QUEUED).lock().values_list(column, "pk"))
    free = take_back(actor=actor, model=model, ids=[pk for pk in by_message if pk])
    Recipient.objects.filter(pk__in=[by_message[pk] for pk in free]).update(state=RecipientState.WAITING)


def _complete(actor: Actor, campaign: Campaign) -> None:
    """Everybody's message left or was dropped."""
    campaign.state = CampaignState.SENT
    campaign.save(update_fields=["state"])
    tell(
        actor, "campaigns.completed", campaign, sent=campaign.recipients.reached().count(),
        dropped=campaign.recipients.filter(state=RecipientState.DROPPED).count(),
    )  # fmt: skip
