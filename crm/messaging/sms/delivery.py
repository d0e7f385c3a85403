"""Handing text messages to the gateway. Claiming, leases and retries are those of every `carriers.Carrier`."""

from __future__ import annotations

from django.conf import settings

from crm.core.actor import Actor

from .. import carriers
from ..models import OutgoingSms, SmsOptOut
from ..outcomes import Failure, Outcome
from .senders import sender


def deliver(sms_id: int) -> bool:
    """Sends one text message if it is due and nobody else has it. True when the gateway took it."""
    return carriers.carry(SMS, sms_id)


def wake_due() -> int:
    """Text messages that are due: asks workers, or sends itself when there are none."""
    return carriers.wake_due(SMS)


def _transmit(sms: OutgoingSms) -> Outcome:
    """One attempt. A later one first asks the gateway whether an earlier one arrived without our hearing of it."""
    if SmsOptOut.objects.filter(phone=sms.to_phone).exists():
        return Failure("the number wants no text messages", is_permanent=True)
    way = sender()
    earlier = way.find(sms) if sms.attempts > 1 else None
    return earlier or way.send(sms)


SMS = carriers.Carrier(
    OutgoingSms,
    "messaging.send_sms",
    Actor.system("sms"),
    lambda: (f"sms:{settings.SMS['sender']}:{settings.SMS.get('host', '')}", settings.SMS_PER_MINUTE),
    _transmit,
)
