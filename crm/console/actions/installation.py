"""Letting a restored copy speak."""

from __future__ import annotations

from crm.activity.recording import record
from crm.core import installation
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand
from crm.messaging.actions import hold_mail
from crm.messaging.choices import MailState
from crm.messaging.models import OutgoingMail


@action(permission="console.manage_jobs")
def activate(*, actor: Actor, hold_waiting: bool = False) -> int:
    """Ends the silence of a restored copy. Returns how many mails waited; 0 too when it was not held.

    hold_waiting: those mails are held back one by one instead of sent, because the original has sent them.
    """
    held = installation.held()
    if held is None:
        return 0
    waiting = OutgoingMail.objects.filter(state__in=[MailState.WAITING, MailState.SENDING])
    count = waiting.count()
    if hold_waiting:
        waiting.filter(state=MailState.SENDING).update(state=MailState.WAITING, lease_until=None)
        for mail in waiting.order_by("pk").iterator(chunk_size=500):
            hold_mail(actor=actor, mail=mail)
    installation.release()
    data = {"reason": held.reason, "mails": count, "held": hold_waiting}
    record(actor=actor, type="console.activated", subject=Brand.default(), data=data)
    return count
