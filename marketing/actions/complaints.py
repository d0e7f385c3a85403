"""What follows when a provider reports that somebody called a mail of ours spam."""

from __future__ import annotations

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.messaging.models import OutgoingMail

from ..choices.campaigns import ResponseKind, SuppressedChannel, SuppressedFor
from ..models import Campaign, Recipient
from .campaigns import tell
from .responses import touch
from .suppression import suppress


@action()
def take_complaint(*, actor: Actor, mail_id: int) -> None:
    """The address of the mail gets no campaign any more; a campaign's recipient shows it. Again changes nothing.

    A mail that no campaign sent, such as an answer of the service desk, stops campaigns to that address too.
    """
    mail = OutgoingMail.objects.filter(pk=mail_id, complained_at__isnull=False).first()
    if mail is None:
        return
    rows = Recipient.objects.lock().select_related("campaign", "contact__customer")
    row: Recipient | None = rows.filter(mail=mail).first()
    campaign: Campaign | None = row.campaign if row is not None else None
    suppress(
        actor=actor, channel=SuppressedChannel.EMAIL, address=mail.to_email.lower(), reason=SuppressedFor.COMPLAINT,
        campaign=campaign,
    )  # fmt: skip
    if row is None or row.complained_at is not None:
        return
    row.complained_at = mail.complained_at or clock.now()
    row.save(update_fields=["complained_at"])
    touch(row, ResponseKind.COMPLAINT, campaign_id=row.campaign_id, customer_id=row.customer_id,
          contact_id=row.contact_id)  # fmt: skip
    tell(
        actor, "campaigns.complained", row.campaign, anchors=[row.contact.customer, row.contact],
        person=row.contact.name,
    )  # fmt: skip
