from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InstalmentState(models.TextChoices):
    """How far an instalment is paid; it follows from amount, paid, due date and contract and is stored nowhere."""

    PLANNED = "planned", pgettext_lazy("instalment", "Planned")
    OPEN = "open", pgettext_lazy("instalment", "Open")
    PART = "part", _("Part paid")
    PAID = "paid", pgettext_lazy("instalment", "Paid")
    OVERDUE = "overdue", pgettext_lazy("instalment", "Overdue")
    CANCELLED = "cancelled", pgettext_lazy("instalment", "Cancelled")


INSTALMENT_TONES = {
    InstalmentState.PLANNED: "neutral", InstalmentState.OPEN: "info", InstalmentState.PART: "warning",
    InstalmentState.PAID: "success", InstalmentState.OVERDUE: "danger", InstalmentState.CANCELLED: "neutral",
}  # fmt: skip


class PaymentKind(models.TextChoices):
    """What a row of the ledger is. Received is above zero, the others take away and are below."""

    RECEIVED = "received", pgettext_lazy("payment", "Received")
    REFUND = "refund", pgettext_lazy("payment", "Refund")
    REVERSAL = "reversal", pgettext_lazy("payment", "Reversal")


PAYMENT_TONES = {
    PaymentKind.RECEIVED: "success", PaymentKind.REFUND: "warning", PaymentKind.REVERSAL: "danger",
}  # fmt: skip


class PaymentMethod(models.TextChoices):
    """By which way the money came."""

    TRANSFER = "transfer", _("Bank transfer")
    CARD = "card", pgettext_lazy("payment", "Card")
    ALIPAY = "alipay", _("Alipay")
    WECHAT = "wechat", _("WeChat Pay")
    CASH = "cash", pgettext_lazy("payment", "Cash")
    CHEQUE = "cheque", _("Cheque")
    ACCEPTANCE = "acceptance", _("Bank acceptance bill")
    OTHER = "other", pgettext_lazy("payment", "Other")


class SplitWay(models.TextChoices):
    """How an amount is divided into instalments."""

    EQUAL = "equal", _("In equal parts, monthly")
    PERCENT = "percent", _("By per cent")


#: Reminders go out in three tones, each later than the one before.
REMINDER_LEVELS = (1, 2, 3)
