from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContractState(models.TextChoices):
    """Where a contract stands. What each may lead to is one table: docs/architecture/lead-to-payment.md."""

    DRAFT = "draft", pgettext_lazy("contract", "Draft")
    IN_APPROVAL = "in_approval", _("In approval")
    APPROVED = "approved", pgettext_lazy("contract", "Ready to sign")
    ACTIVE = "active", pgettext_lazy("contract", "Active")
    COMPLETED = "completed", pgettext_lazy("contract", "Completed")
    EXPIRED = "expired", pgettext_lazy("contract", "Ended")
    CANCELLED = "cancelled", pgettext_lazy("contract", "Cancelled")


CONTRACT_TONES = {
    ContractState.DRAFT: "neutral", ContractState.IN_APPROVAL: "warning", ContractState.APPROVED: "info",
    ContractState.ACTIVE: "success", ContractState.COMPLETED: "success", ContractState.EXPIRED: "caution",
    ContractState.CANCELLED: "danger",
}  # fmt: skip
#: States in which lines and terms may be changed.
EDITABLE = frozenset({ContractState.DRAFT, ContractState.APPROVED})
#: Signed, and not cancelled: what its plan says is owed.
OWING = frozenset({ContractState.ACTIVE, ContractState.COMPLETED, ContractState.EXPIRED})
