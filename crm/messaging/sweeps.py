"""Mail and text messages that are due, whoever forgot them."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Sweep, sweeps

from .delivery import wake_due
from .inbound import handling, imap
from .sms import delivery as sms_delivery

sweeps.register(
    Sweep("messaging.mail", _("Send mail that is due"), 2, wake_due, queue="urgent", urgent=True),
    Sweep("messaging.sms", _("Send text messages that are due"), 2, sms_delivery.wake_due, queue="urgent", urgent=True),
    Sweep("messaging.inbound", _("Handle mail that came in"), 5, handling.wake_due, urgent=True),
    Sweep("messaging.fetch", _("Fetch mail from mailboxes"), 60, imap.fetch_all),
)
