"""Who can take tickets, and why each ticket went where it went."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet
from crm.core.translated import TranslatedField

from ..choices import AfterSending, Seniority
from ..querysets import OfTicketQuerySet

#: How long a sent reply can be taken back unless its author prefers another time.
UNDO_SECONDS = 10


class Skill(BaseModel):
    """Something an agent can do and a request type may need."""

    key = models.SlugField(unique=True)
    name = TranslatedField(_("name"), max_length=80)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.name)


class AgentProfile(BaseModel):
    """A user as somebody who answers tickets. capacity: tickets with us (new or in progress) at one time."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="agent_profile")
    capacity = models.SmallIntegerField(
        _("tickets at one time"), default=12, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    seniority = models.SmallIntegerField(_("seniority"), choices=Seniority.choices, default=Seniority.AGENT)
    skills = models.ManyToManyField(Skill, blank=True, verbose_name=_("skills"), related_name="agents")
    takes_tickets = models.BooleanField(_("takes part in automatic assignment"), default=True)
    undo_seconds = models.SmallIntegerField(
        _("seconds to take a sent reply back"),
        default=UNDO_SECONDS,
        validators=[MaxValueValidator(30), MinValueValidator(0)],
    )
    after_sending = models.CharField(
        _("after sending a reply"), max_length=5, choices=AfterSending.choices, default=AfterSending.STAY
    )
    last_assigned_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent profile")
        verbose_name_plural = _("agent profiles")

    def __str__(self) -> str:
        return str(self.user)


class AssignmentDecision(models.Model):
    """One automatic decision with its inputs. reasons: {"v", "rule", "chosen", "considered": […], …}."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="decisions")
    at = models.DateTimeField()
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    reasons = models.JSONField(default=dict)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment decision")
        verbose_name_plural = _("assignment decisions")
        ordering = ["-pk"]
