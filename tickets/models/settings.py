"""What an administrator sets up: statuses, request types, the priority matrix, the desk's own numbers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core.models import BaseModel
from crm.core.querysets import CatalogueQuerySet
from crm.core.translated import TranslatedField

from ..choices import Audience, Level, Priority, StatusCategory, TicketKind
from ..querysets import RequestTypeQuerySet


class Status(BaseModel):
    """A step of a ticket's life. Its category says what it means; its name is the company's own.

    Clocks: while a ticket stands here, the first response and the resolution clock may pause.
    """

    key = models.SlugField(unique=True)
    name = TranslatedField(_("name"), max_length=60)
    customer_name = TranslatedField(_("name for customers"), max_length=60, blank=True)
    category = models.CharField(_("meaning"), max_length=10, choices=StatusCategory.choices)
    pauses_first_response = models.BooleanField(_("pauses the first response clock"), default=False)
    pauses_resolution = models.BooleanField(_("pauses the resolution clock"), default=False)
    next_statuses = models.ManyToManyField("self", symmetrical=False, blank=True, verbose_name=_("may move to"))
    is_default = models.BooleanField(_("the usual one of its meaning"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    order = models.SmallIntegerField(_("order"), default=50)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("status")
        verbose_name_plural = _("statuses")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def shown_to_customer(self) -> str:
        """The customer's word for it, falling back to ours."""
        return str(self.customer_name) or str(self.name)


def for_everybody() -> list[str]:
    """Whom a new request type is offered to."""
    return [Audience.PUBLIC.value]


_MINUTES = {"null": True, "blank": True, "validators": [MinValueValidator(1), MaxValueValidator(525_600)]}


class RequestType(BaseModel):
    """What somebody can ask for; it decides the team, the skill and the first impact and urgency.

    audiences: who may ask; with none, only staff can choose it. first_response_minutes, resolution_minutes: business
    time of the policy's calendar, before what the policy promises, whatever the priority; empty leaves it to the
    policy. targets_version grows with each change of the two.
    """

    key = models.SlugField(unique=True)
    name = TranslatedField(_("name"), max_length=80)
    description = TranslatedField(_("description"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=TicketKind.choices, default=TicketKind.QUESTION)
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), on_delete=models.PROTECT, related_name="request_types"
    )
    skill = models.ForeignKey(
        "tickets.Skill", verbose_name=_("skill needed"), null=True, blank=True, on_delete=models.SET_NULL
    )
    impact = models.SmallIntegerField(_("impact"), choices=Level.choices, default=Level.LOW)
    urgency = models.SmallIntegerField(_("urgency"), choices=Level.choices, default=Level.MEDIUM)
    audiences = ArrayField(
        models.CharField(max_length=10, choices=Audience.choices),
        verbose_name=_("who may ask"),
        default=for_everybody,
        blank=True,
    )
    first_response_minutes = models.IntegerField(_("first response within (minutes)"), **_MINUTES)
    resolution_minutes = models.IntegerField(_("resolution within (minutes)"), **_MINUTES)
    targets_version = models.IntegerField(default=1, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    order = models.SmallIntegerField(_("order"), default=50)

    objects = RequestTypeQuerySet.as_manager()

    class Meta:
        verbose_name = _("request type")
        verbose_name_plural = _("request types")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.name)

    def target_minutes(self, measure: str) -> int | None:
        """Minutes of its own promise for "first_response" or "resolution"; None where the policy decides."""
        return self.first_response_minutes if measure == "first_response" else self.resolution_minutes


class PriorityRule(models.Model):
    """One cell of the matrix: this impact and this urgency make this priority."""

    impact = models.SmallIntegerField(_("impact"), choices=Level.choices)
    urgency = models.SmallIntegerField(_("urgency"), choices=Level.choices)
    priority = models.SmallIntegerField(_("priority"), choices=Priority.choices)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("priority rule")
        verbose_name_plural = _("priority matrix")
        ordering = ["-impact", "-urgency"]
        constraints = [models.UniqueConstraint(fields=["impact", "urgency"], name="one_priority_per_cell")]


class ServiceSettings(BaseModel):
    """The desk's own numbers, one row a brand. Limits count public submissions.

    raise_when, senior_when: conditions on a ticket, {} for never: the priority of the matrix is one step higher; senior
    colleagues come first, as with urgent tickets.
    """

    brand = models.OneToOneField("core.Brand", on_delete=models.CASCADE, related_name="service_settings")
    close_after_hours = models.IntegerField(
        _("close resolved tickets after (calendar hours)"), default=72, validators=[MinValueValidator(1)]
    )
    limit_per_address_hour = models.IntegerField(
        _("submissions per email or phone and hour"), default=5, validators=[MinValueValidator(1)]
    )
    limit_per_network_hour = models.IntegerField(
        _("submissions per network and hour"), default=60, validators=[MinValueValidator(1)]
    )
    limit_per_brand_minute = models.IntegerField(
        _("submissions altogether per minute"), default=600, validators=[MinValueValidator(1)]
    )
    min_form_seconds = models.IntegerField(
        _("seconds a person needs at least for the form"),
        default=3,
        validators=[MinValueValidator(0), MaxValueValidator(60)],
    )
    consent_text = TranslatedField(_("consent text"), multiline=True)
    consent_version = models.IntegerField(default=1, editable=False)
    raise_when = models.JSONField(_("raise the priority by one step"), default=dict, db_default={}, blank=True)
    senior_when = models.JSONField(_("senior colleagues first"), default=dict, db_default={}, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("service desk settings")
        verbose_name_plural = _("service desk settings")

    def __str__(self) -> str:
        return str(self.brand)
