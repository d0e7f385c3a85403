from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeliveryState(models.TextChoices):
    """Waiting: for its turn or its next try. Dead: given up; it can be sent again by hand."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Sending")
    DELIVERED = "delivered", pgettext_lazy("webhook", "Delivered")
    DEAD = "dead", pgettext_lazy("webhook", "Given up")


class PauseReason(models.TextChoices):
    """Why a webhook was switched off by the product itself."""

    FAILING = "failing", _("Its address did not answer for a day")
    GONE = "gone", _("Its address said that it is gone for good")
    OWNER_LEFT = "owner_left", _("Its owner left")


TONES = {
    DeliveryState.WAITING: "info",
    DeliveryState.SENDING: "info",
    DeliveryState.DELIVERED: "success",
    DeliveryState.DEAD: "danger",
}
