"""Trying a campaign's message on anybody, before everybody gets it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotReady
from crm.core.tokens import new_token
from crm.messaging.actions import Composed, ComposedSms, queue_bulk_mail, queue_bulk_sms
from crm.messaging.selectors import can_text
from customers.models import Contact
from customers.recognising.identities import masked_email, masked_phone, normal_email, normal_phone

from ..choices.campaigns import CampaignKind
from ..models import Campaign
from ..rendering import Links, mail_for, text_for
from .campaigns import locked, tell
from .sending import TEMPLATE


@action(permission="campaigns.create")
def send_test(*, actor: Actor, record: Campaign, to: str, language: str, contact: Contact | None = None) -> None:
    """Sends the message as `contact` would get it, else with example words, to any address. Nothing is counted.

    Raises `BadEmail`, `BadPhone`, `NotReady` where no text message can go there or a post has no message.
    """
    campaign = locked(actor, record)
    if not campaign.channel:
        raise NotReady(_("A post is published elsewhere; there is nothing to send."))
    links, key = Links(campaign.brand.base_url), f"test:{new_token()}"
    if campaign.kind == CampaignKind.SMS:
        phone = normal_phone(to)
        if not can_text(phone):
            raise NotReady(_("No text message can go to this number. Look in the settings at what is set up."))
        sms = ComposedSms(key, phone, language, text_for(campaign, contact, language, links))
        queue_bulk_sms(actor=actor, brand=campaign.brand, messages=[sms], template=TEMPLATE)
        tell(actor, "campaigns.tested", campaign, to=masked_phone(phone))
        return
    email = normal_email(to)
    mail = Composed(key, email, "", language, mail_for(campaign, contact, language, links))
    queue_bulk_mail(actor=actor, brand=campaign.brand, mails=[mail], template=TEMPLATE)
    tell(actor, "campaigns.tested", campaign, to=masked_email(email))
