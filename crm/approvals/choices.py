from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Who(models.TextChoices):
    """Who decides in a step of a flow."""

    USER = "user", _("A person")
    ROLE = "role", _("Everybody with a role")
    SUPERIOR = "superior", _("The head of the department")


class Rule(models.TextChoices):
    """How many of a step's approvers have to agree."""

    ANY = "any", _("One is enough")
    ALL = "all", _("All have to agree")


class State(models.TextChoices):
    """Where an approval stands."""

    PENDING = "pending", _("Waiting for approval")
    APPROVED = "approved", pgettext_lazy("approval", "Approved")
    REJECTED = "rejected", pgettext_lazy("approval", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("approval", "Withdrawn")
    VOID = "void", pgettext_lazy("approval", "Void")


class Answer(models.TextChoices):
    """What an approver of a step has said. A step's own state is one of the first three."""

    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", pgettext_lazy("approval", "Approved")
    REJECTED = "rejected", pgettext_lazy("approval", "Rejected")
    DELEGATED = "delegated", _("Handed to a colleague")


TONES = {
    State.PENDING: "warning", State.APPROVED: "success", State.REJECTED: "danger", State.WITHDRAWN: "neutral",
    State.VOID: "neutral",
}  # fmt: skip
