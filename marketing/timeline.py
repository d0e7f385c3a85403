"""Campaigns and journeys on the timelines of the customers and people who got them, or walked them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from crm.activity.sources import Shown, TimelineSource, timeline_sources
from crm.core.actor import Actor
from crm.core.text import listed

from .choices.campaigns import REACHED
from .choices.journeys import EnrolmentState
from .models import Enrolment, Recipient, StepRun

#: Times in journeys that a timeline looks back on.
_TIMES = 30


def _got(column: str) -> Any:
    def find(viewer: Actor, subject: Any, before: int | None, limit: int) -> Sequence[Shown]:
        rows = Recipient.objects.visible_to(viewer).filter(**{column: subject}, state__in=REACHED)
        rows = rows.filter(campaign__activity_id__isnull=False)
        if before is not None:
            rows = rows.filter(campaign__activity_id__lt=before)
        found = rows.select_related("campaign", "contact").order_by("-campaign__activity_id", "pk")[: limit * 3]
        by_deed = groupby(found, key=lambda row: row.campaign.activity_id)
        return [_said(activity_id, list(people)) for activity_id, people in by_deed][:limit]

    return find


def _said(activity_id: int, people: list[Recipient]) -> Shown:
    names = listed(row.contact.name for row in people[:3])
    told = {"campaign": people[0].campaign.name, "names": names}
    if any(row.answered_at for row in people):
        return Shown(activity_id, _("“%(campaign)s” went to %(names)s, and was answered") % told, "campaign", "success")
    if any(row.clicked_at for row in people):
        return Shown(activity_id, _("“%(campaign)s” went to %(names)s, and was clicked") % told, "campaign", "success")
    if any(row.opened_at for row in people):
        return Shown(activity_id, _("“%(campaign)s” went to %(names)s, and was opened") % told, "campaign", "info")
    if all(row.failed_at for row in people):
        return Shown(activity_id, _("“%(campaign)s” did not reach %(names)s") % told, "campaign", "danger")
    return Shown(activity_id, _("“%(campaign)s” went to %(names)s") % told, "campaign")


timeline_sources.register(
    TimelineSource("marketing.customer", "customer", "campaigns.sent", _got("customer")),
    TimelineSource("marketing.contact", "contact", "campaigns.sent", _got("contact")),
)


def _walked(column: str) -> Any:
    def find(viewer: Actor, subject: Any, before: int | None, limit: int) -> Sequence[Shown]:
        runs = StepRun.objects.filter(activity__isnull=False).select_related("recipient__campaign").order_by("pk")
        rows = Enrolment.objects.visible_to(viewer).filter(**{column: subject}).select_related("journey", "contact")
        people = rows.prefetch_related(Prefetch("runs", runs, "mails")).order_by("-pk")[:_TIMES]
        found = {shown.activity_id: shown for row in people for shown in _steps_of(row)}
        kept = [shown for pk, shown in found.items() if before is None or pk < before]
        return sorted(kept, key=lambda shown: -shown.activity_id)[:limit]

    return find


def _steps_of(row: Any) -> Any:
    """Coming in, every mail, and leaving, each at the deed of its batch."""
    told = {"journey": row.journey.name, "name": row.contact.name if row.contact else ""}
    if row.entered_activity:
        yield Shown(row.entered_activity, _("%(name)s came into the journey “%(journey)s”") % told, "journey", "info")
    for run in row.mails:
        mail = run.recipient.campaign.name if run.recipient else ""
        yield Shown(run.activity, _("“%(mail)s” went to %(name)s") % {**told, "mail": mail}, "send")
    if row.left_activity and row.state == EnrolmentState.GOAL:
        reached = _("The goal of the journey “%(journey)s” is reached") % told
        yield Shown(row.left_activity, reached, "journey", "success")
    elif row.left_activity:
        yield Shown(row.left_activity, _("%(name)s left the journey “%(journey)s”") % told, "journey")


timeline_sources.register(
    TimelineSource("journeys.walked_customer", "customer", "journeys.entered", _walked("customer")),
    TimelineSource("journeys.walked_contact", "contact", "journeys.entered", _walked("contact")),
)
