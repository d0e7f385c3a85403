"""What a recipient may have done: one definition for lists, figures and conditions."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..choices.campaigns import REACHED, RecipientState

#: Key → the condition over recipients.
DID = {
    "chosen": ~Q(state=RecipientState.LEFT_OUT),
    "reached": Q(state__in=REACHED),
    "delivered": Q(state=RecipientState.SENT),
    "failed": Q(state=RecipientState.FAILED),
    "hard": Q(state=RecipientState.FAILED, is_hard=True),
    "opened": Q(opened_at__isnull=False),
    "clicked": Q(clicked_at__isnull=False),
    "scanned": Q(scanned_at__isnull=False, opened_at__isnull=True),
    "answered": Q(answered_at__isnull=False),
    "unsubscribed": Q(unsubscribed_at__isnull=False),
    "complained": Q(complained_at__isnull=False),
    "waiting": Q(state__in=[RecipientState.WAITING, RecipientState.QUEUED]),
}
WORDS = [
    ("chosen", _("Chosen when it started")),
    ("reached", pgettext_lazy("people", "Sent")),
    ("delivered", _("Delivered")),
    ("failed", _("Not delivered")),
    ("hard", _("Hard bounce")),
    ("opened", pgettext_lazy("response", "Opened")),
    ("clicked", pgettext_lazy("response", "Clicked")),
    ("scanned", _("Only a machine looked")),
    ("answered", pgettext_lazy("response", "Answered")),
    ("unsubscribed", pgettext_lazy("response", "Unsubscribed")),
    ("complained", pgettext_lazy("response", "Called it spam")),
    ("waiting", pgettext_lazy("recipient", "Waiting")),
]
