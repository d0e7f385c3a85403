from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuoteState(models.TextChoices):
    """Where a quote stands."""

    DRAFT = "draft", pgettext_lazy("quote", "Draft")
    IN_APPROVAL = "in_approval", _("In approval")
    APPROVED = "approved", pgettext_lazy("quote", "Ready to send")
    SENT = "sent", pgettext_lazy("quote", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("quote", "Accepted")
    REJECTED = "rejected", pgettext_lazy("quote", "Declined")
    EXPIRED = "expired", pgettext_lazy("quote", "Expired")
    VOID = "void", pgettext_lazy("quote", "Void")


TONES = {
    QuoteState.DRAFT: "neutral", QuoteState.IN_APPROVAL: "warning", QuoteState.APPROVED: "info",
    QuoteState.SENT: "info", QuoteState.ACCEPTED: "success", QuoteState.REJECTED: "danger",
    QuoteState.EXPIRED: "caution", QuoteState.VOID: "neutral",
}  # fmt: skip
#: States in which lines and terms may be changed.
EDITABLE = frozenset({QuoteState.DRAFT, QuoteState.APPROVED})
