"""What follows from a deed in marketing. Safe to run twice."""

from __future__ import annotations

from crm.activity.models import Activity
from crm.core.actor import Actor
from crm.core.sockets import Subscriber, subscribers

from .actions.complaints import take_complaint
from .actions.landing import carry_consents
from .actions.responses import note_lead
from .actions.sending import suppress_after
from .journeys.starts import DEEDS, follow_deeds


def keep_consents(activity: Activity) -> None:
    """What a converted lead agreed to on landing pages becomes its person's consent."""
    if activity.kind_key == "lead":
        carry_consents(actor=Actor.system("landing pages"), lead_id=activity.object_id)


def credit_lead(activity: Activity) -> None:
    """Somebody who came by a campaign as a lead and became a customer was touched by it then."""
    if activity.kind_key == "lead":
        note_lead(actor=Actor.system("campaigns"), lead_id=activity.object_id)


def suppress_bounced(activity: Activity) -> None:
    """An address that a server calls wrong gets no campaign, whatever mail found it out."""
    if activity.kind_key == "outgoing_mail":
        suppress_after(actor=Actor.system("campaigns"), mail_id=activity.object_id)


def suppress_complained(activity: Activity) -> None:
    """Whoever calls a mail of ours spam gets no campaign any more."""
    if activity.kind_key == "outgoing_mail":
        take_complaint(actor=Actor.system("campaigns"), mail_id=activity.object_id)


def start_journeys(activity: Activity) -> None:
    """Whoever did what starts a journey comes in, once a deed."""
    follow_deeds([activity])


subscribers.register(
    Subscriber("campaigns.suppress_complained", ("messaging.complained",), suppress_complained, order=60)
)
subscribers.register(Subscriber("campaigns.suppress_bounced", ("messaging.mail_failed",), suppress_bounced, order=60))
subscribers.register(Subscriber("campaigns.credit_lead", ("leads.converted",), credit_lead, order=45))
subscribers.register(Subscriber("landing.keep_consents", ("leads.converted",), keep_consents, order=40))
#: Behind the figures of customers and the segments, which conditions at the start may ask about.
subscribers.register(Subscriber("journeys.start", DEEDS, start_journeys, order=95, run_many=follow_deeds))
