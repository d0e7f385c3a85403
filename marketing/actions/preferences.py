"""What a person says about getting campaigns, by the link in one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.messaging.models import SmsOptOut
from customers.actions import record_consent
from customers.choices import ConsentChannel, IdentityKind
from customers.models import Contact, Identity
from customers.selectors import consents_of

from ..choices.campaigns import ResponseKind
from ..exceptions import StillSuppressed
from ..models import Recipient, Suppression, Topic, TopicRefusal
from .responses import touch

#: Channels that the page offers.
CHANNELS = (ConsentChannel.EMAIL, ConsentChannel.SMS)
#: Of the sentence that a person agrees to on the page.
TEXT_VERSION = 1


def sentence(brand: Brand, channel: str, language: str) -> str:
    """What a person agrees to."""
    with override(language):
        name = brand.name.in_language(language)
        if channel == ConsentChannel.SMS:
            return _("I want to get offers and news from %(brand)s by text message.") % {"brand": name}
        return _("I want to get offers and news from %(brand)s by email.") % {"brand": name}


@action()
def unsubscribe(*, actor: Actor, recipient: Recipient) -> None:
    """The person wants no more campaigns by this channel, from now on. Doing it again changes nothing."""
    row = Recipient.objects.lock().select_related("campaign__brand", "contact__customer").get(pk=recipient.pk)
    channel = row.campaign.channel
    with override(row.language):
        text = _("Unsubscribed by the link in “%(name)s”") % {"name": row.campaign.name}
    if row.unsubscribed_at is None:
        row.unsubscribed_at = clock.now()
        row.save(update_fields=["unsubscribed_at"])
        touch(row, ResponseKind.UNSUBSCRIBE, campaign_id=row.campaign_id, customer_id=row.customer_id,
              contact_id=row.contact_id)  # fmt: skip
    if consents_of(row.contact)[channel] is False:
        return
    record_consent(
        actor=actor, contact=row.contact, channel=ConsentChannel(channel), granted=False, text=text,
        version=TEXT_VERSION, language=row.language,
    )  # fmt: skip
    record(
        actor=actor, type="campaigns.unsubscribed", subject=row.contact.customer, anchors=[row.contact, row.campaign],
        data={"name": row.contact.name, "channel": channel},
    )  # fmt: skip


@action()
def set_preferences(
    *, actor: Actor, recipient: Recipient, channels: Mapping[str, bool], topics: Collection[Topic]
) -> None:
    """What the person wants from now on: channel → yes or no, and the topics that they want.

    Who unsubscribed may come back here, since they agree to the sentence anew. Raises `StillSuppressed` for an
    address that came back or was reported: only a colleague takes it off the list.
    """
    row = Recipient.objects.lock().select_related("campaign__brand", "contact__customer").get(pk=recipient.pk)
    said = consents_of(row.contact)
    changed = {channel: wants for channel, wants in channels.items() if bool(said[channel]) != wants}
    for channel, wants in changed.items():
        if wants and _is_stopped(row.contact, channel):
            raise StillSuppressed
        record_consent(
            actor=actor, contact=row.contact, channel=ConsentChannel(channel), granted=wants,
            text=sentence(row.campaign.brand, channel, row.language), version=TEXT_VERSION, language=row.language,
        )  # fmt: skip
    wanted = {topic.pk for topic in topics}
    refused = set(TopicRefusal.objects.filter(contact=row.contact).values_list("topic_id", flat=True))
    offered = set(Topic.objects.active().values_list("pk", flat=True))
    TopicRefusal.objects.filter(contact=row.contact, topic__in=refused & wanted).delete()
    new = offered - wanted - refused
    TopicRefusal.objects.bulk_create([TopicRefusal(contact=row.contact, topic_id=pk) for pk in sorted(new)])
    if changed or new or refused & wanted:
        record(
            actor=actor, type="campaigns.preferences_set", subject=row.contact.customer,
            anchors=[row.contact, row.campaign], data={"name": row.contact.name, "granted": changed},
        )  # fmt: skip


def _is_stopped(contact: Contact, channel: str) -> bool:
    kind = IdentityKind.PHONE if channel == ConsentChannel.SMS else IdentityKind.EMAIL
    mine = Identity.objects.filter(contact=contact, kind=kind).values("value")
    if channel == ConsentChannel.SMS and SmsOptOut.objects.filter(phone__in=mine).exists():
        return True
    return Suppression.objects.filter(channel=channel, address__in=mine).exists()
