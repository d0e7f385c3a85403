"""Who registers for an event, and who came."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from customers.models import Contact

from ..choices.campaigns import CampaignKind, ResponseKind
from ..exceptions import WrongState
from ..models import Campaign, Participant, Recipient
from .campaigns import locked, tell
from .responses import touch


@action()
def register(*, actor: Actor, recipient: Recipient) -> Participant:
    """The invited person takes part. Doing it again gives the same row. Raises `WrongState` once the event began."""
    campaign = Campaign.objects.lock().get(pk=recipient.campaign_id)
    if campaign.kind != CampaignKind.EVENT or campaign.starts_at is None or campaign.starts_at <= clock.now():
        raise WrongState(_("This event has begun or is over."))
    return _place(actor, campaign, recipient.contact, recipient)


@action(permission="campaigns.create")
def add_participant(*, actor: Actor, record: Campaign, contact: Contact) -> Participant:
    """A colleague enters somebody who said so otherwise. Raises `Invalid` for a campaign that is no event."""
    campaign = locked(actor, record)
    if campaign.kind != CampaignKind.EVENT:
        raise Invalid
    found: Contact | None = Contact.objects.visible_to(actor).filter(pk=contact.pk).first()
    if found is None:
        raise NotFound
    return _place(actor, campaign, found, campaign.recipients.filter(contact=found).first())


@action(permission="campaigns.create")
def note_attendance(*, actor: Actor, participant: Participant, came: bool = True) -> Participant:
    """Whether somebody who registered came; taking it back is possible. Raises `NotFound`."""
    row = Participant.objects.visible_to(actor).lock().select_related("campaign", "contact").filter(
        pk=participant.pk
    ).first()  # fmt: skip
    if row is None:
        raise NotFound
    if bool(row.attended_at) == came:
        return row
    row.attended_at = clock.now() if came else None
    row.save(update_fields=["attended_at"])
    if came:
        touch(None, ResponseKind.ATTEND, campaign_id=row.campaign_id, customer_id=row.customer_id,
              contact_id=row.contact_id)  # fmt: skip
        tell(actor, "campaigns.attended", row.campaign, person=row.contact.name)
    else:
        row.campaign.responses.filter(contact=row.contact, kind=ResponseKind.ATTEND).delete()
    return row


def _place(actor: Actor, campaign: Campaign, contact: Contact, recipient: Recipient | None) -> Participant:
    row, made = Participant.objects.get_or_create(
        campaign=campaign, contact=contact, defaults={"customer_id": contact.customer_id}
    )
    if made:
        touch(recipient, ResponseKind.REGISTER, campaign_id=campaign.pk, customer_id=contact.customer_id,
              contact_id=contact.pk)  # fmt: skip
        tell(actor, "campaigns.registered", campaign, person=contact.name)
    return row
