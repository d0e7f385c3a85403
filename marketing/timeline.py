"""Campaigns on the timelines of the customers and people who got them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from crm.activity.sources import Shown, TimelineSource, timeline_sources
from crm.core.actor import Actor
from crm.core.text import listed

from .choices.campaigns import REACHED
from .models import Recipient


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
