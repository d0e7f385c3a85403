"""Measured time: how long each status lasted, and the durations that boards add up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..querysets import OfTicketQuerySet


class StatusSpan(models.Model):
    """A ticket's stay in a status with a team. Seconds are filled when it ends, business as in TicketFacts."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="spans")
    status = models.ForeignKey("tickets.Status", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    assignee_id = models.BigIntegerField(null=True)
    cycle = models.SmallIntegerField(default=1)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    business_seconds = models.IntegerField(null=True)
    calendar_seconds = models.IntegerField(null=True)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("time in status")
        verbose_name_plural = _("times in status")
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(left_at__isnull=True), name="one_open_span")
        ]
        indexes = [models.Index(fields=["left_at", "status", "team"], name="span_by_end")]


class TicketFacts(models.Model):
    """Durations of the latest cycle, in whole seconds, written by the verbs that end them.

    Business time runs in the SLA calendar (the default calendar without a policy); calendar time is wall
    time. handling = creation (or reopening) to resolution. met is None while nobody can know.
    """

    ticket = models.OneToOneField("tickets.Ticket", primary_key=True, on_delete=models.CASCADE, related_name="facts")
    first_response_business_seconds = models.IntegerField(null=True)
    first_response_calendar_seconds = models.IntegerField(null=True)
    first_response_met = models.BooleanField(null=True)
    handling_business_seconds = models.IntegerField(null=True)
    handling_calendar_seconds = models.IntegerField(null=True)
    resolution_met = models.BooleanField(null=True)
    replies = models.SmallIntegerField(default=0)
    customer_messages = models.SmallIntegerField(default=0)
    assignments = models.SmallIntegerField(default=0)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket figures")
        verbose_name_plural = _("ticket figures")
