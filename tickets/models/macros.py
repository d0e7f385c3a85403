"""Several steps in one click."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.translated import TranslatedField

from ..choices import Priority
from ..querysets import SharedRowsQuerySet


class Macro(BaseModel):
    """What one click does to a ticket; an empty field is a step that is left out.

    Of one user, of a team, or of everybody when it is neither's. Steps run in the order of `steps`: handing over is
    last, since the ticket may leave the actor's set by it.
    """

    user = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.CASCADE, related_name="macros")
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.CASCADE, related_name="macros"
    )
    name = TranslatedField(_("name"), max_length=80)
    takes = models.BooleanField(_("assign to whoever runs it"), default=False)
    priority = models.SmallIntegerField(_("set the priority to"), choices=Priority.choices, null=True, blank=True)
    note = models.ForeignKey(
        "tickets.CannedReply", verbose_name=_("add as internal note"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    reply = models.ForeignKey(
        "tickets.CannedReply", verbose_name=_("send as public reply"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    status = models.ForeignKey(
        "tickets.Status", verbose_name=_("set the status to"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    hand_to = models.ForeignKey(
        "accounts.Team", verbose_name=_("hand over to"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    order = models.SmallIntegerField(_("order"), default=50)
    is_active = models.BooleanField(_("active"), default=True)

    objects = SharedRowsQuerySet.as_manager()

    class Meta:
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(user__isnull=True) | Q(team__isnull=True), name="macro_one_owner")
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def audience(self) -> str:
        """Whose it is, as forms say it: "me", "all" or "team-<id>"."""
        if self.user_id is not None:
            return "me"
        return f"team-{self.team_id}" if self.team_id is not None else "all"

    @property
    def steps(self) -> list[tuple[str, str]]:
        """(key, what it does in words) of each step, in the order in which they run."""
        found = []
        if self.takes:
            found.append(("takes", _t("Assign to me")))
        if self.priority is not None:
            found.append(("priority", _t("Set the priority to %(name)s") % {"name": self.get_priority_display()}))
        if self.note is not None:
            found.append(("note", _t("Add “%(name)s” as an internal note") % {"name": self.note}))
        if self.reply is not None:
            found.append(("reply", _t("Send “%(name)s” to the customer") % {"name": self.reply}))
        if self.status is not None:
            found.append(("status", _t("Set the status to %(name)s") % {"name": self.status}))
        if self.hand_to is not None:
            found.append(("hand_to", _t("Hand over to %(name)s") % {"name": self.hand_to}))
        return found

    @property
    def sentence(self) -> str:
        """All steps in words."""
        return " · ".join(text for _key, text in self.steps)
