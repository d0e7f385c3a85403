"""Tickets that were joined, and work that a colleague does while somebody is away."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core import clock

from ..querysets import OfTicketQuerySet


def nothing() -> dict[str, Any]:
    return {"v": 1}


class MergedTicket(models.Model):
    """One merge of a duplicate into another ticket, and what undoing it needs.

    memory: {"v", "status", "closed_at", "customer_waits", "followers": users that the target gained, "tasks" and
    "parts": rows that moved, "target": its waiting and snippet before, "until": its latest message then}.
    """

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="merges_in")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    memory = models.JSONField(default=nothing)
    undone_at = models.DateTimeField(null=True)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("merged ticket")
        verbose_name_plural = _("merged tickets")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(undone_at__isnull=True), name="merged_once")
        ]


class StandIn(models.Model):
    """A ticket that left an absent colleague for their substitute (holder) or the team's queue (no holder)."""

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="stand_ins")
    absent = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    holder = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    objects = OfTicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ["pk"]
        indexes = [models.Index(fields=["absent"], condition=Q(ended_at__isnull=True), name="stand_in_absent")]
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(ended_at__isnull=True), name="one_stand_in")
        ]
