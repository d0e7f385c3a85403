"""Pages beside a campaign: who is stopped before it starts, what it brought, and the calendar of all."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core import clock
from crm.core.errors import NotFound
from crm.core.metrics import midnight
from crm.core.text import formula_safe
from crm.ui.generic.cells import url_of
from crm.ui.views.generic import StaffView
from customers.models import Contact

from ..choices.campaigns import Reason
from ..models import Campaign
from ..selectors.audience import resolve
from .campaigns import SEE, CampaignRecord
from .shown import sales_tables

#: People shown of a reason before the start; the file has all.
SHOWN = 200


class CampaignPeople(CampaignRecord, StaffView):
    """Who would get it, or is stopped for one reason, as the segments are now. `?format=csv` gives everybody."""

    permission = SEE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.record()
        if campaign.frozen_at is not None or not campaign.channel:
            raise NotFound
        if request.GET.get("format") == "csv":
            return self.file(campaign)
        reason = request.GET.get("reason", "")
        if reason and reason not in Reason.values:
            raise NotFound
        ids = [person.contact_id for person in resolve(campaign) if person.reason == reason]
        people = Contact.objects.visible_to(self.actor).filter(pk__in=ids).select_related("customer")
        shown = [(person, url_of(person)) for person in people.order_by("sort_key", "pk")[:SHOWN]]
        context = {
            "campaign": campaign, "people": shown, "count": len(ids),
            "label": Reason(reason).label if reason else _("Will get it"), "view": self, "shown": SHOWN,
        }  # fmt: skip
        return render(request, "marketing/people.html", context)

    def file(self, campaign: Campaign) -> HttpResponse:
        """Everybody of the segments the viewer may see, with the reason."""
        people = list(resolve(campaign))
        seen = dict(
            Contact.objects.visible_to(self.actor).filter(pk__in=[person.contact_id for person in people])
            .values_list("pk", "customer__name")
        )  # fmt: skip
        out = io.StringIO()
        out.write("\ufeff")
        writer = csv.writer(out)
        writer.writerow([_("Person"), _("Customer"), _("Why left out")])
        for person in people:
            if person.contact_id in seen:
                why = Reason(person.reason).label if person.reason else ""
                writer.writerow([formula_safe(str(cell)) for cell in (person.name, seen[person.contact_id], why)])
        response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="campaign-{campaign.pk}-audience.csv"'
        return response


class CampaignSales(CampaignRecord, StaffView):
    """The leads, opportunities and orders that are credited to it."""

    permission = SEE

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = self.record()
        context = {"campaign": campaign, "view": self, **sales_tables(self.actor, campaign)}
        return render(request, "marketing/sales.html", context)


class CampaignCalendar(StaffView):
    """A month of campaigns and events, in the reader's zone. `?month=2026-11`."""

    permission = SEE

    def get(self, request: HttpRequest) -> HttpResponse:
        first = _month(request.GET.get("month", ""))
        weeks = _weeks(first)
        context = {
            "first": first, "weeks": _filled(self.actor, weeks), "today": clock.today(),
            "before": (first - dt.timedelta(days=1)).strftime("%Y-%m"),
            "after": (first + dt.timedelta(days=32)).strftime("%Y-%m"),
        }  # fmt: skip
        return render(request, "marketing/calendar.html", context)


def _month(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return clock.today().replace(day=1)


def _weeks(first: dt.date) -> list[list[dt.date]]:
    """Whole weeks, Monday first, that hold the month."""
    day = first - dt.timedelta(days=first.weekday())
    weeks = []
    while not weeks or day.month == first.month:
        weeks.append([day + dt.timedelta(days=number) for number in range(7)])
        day += dt.timedelta(days=7)
    return weeks


def _filled(actor: Any, weeks: list[list[dt.date]]) -> list[list[tuple[dt.date, list[Campaign]]]]:
    zone = timezone.get_current_timezone()
    start, end = midnight(weeks[0][0], zone), midnight(weeks[-1][-1] + dt.timedelta(days=1), zone)
    by_day: dict[dt.date, list[Campaign]] = {}
    for column in ("send_at", "starts_at"):
        rows = Campaign.objects.visible_to(actor).filter(**{f"{column}__gte": start, f"{column}__lt": end})
        for campaign in rows.exclude(state="cancelled").order_by(column, "pk"):
            on = timezone.localtime(getattr(campaign, column), zone).date()
            if campaign not in by_day.setdefault(on, []):
                by_day[on].append(campaign)
    return [[(day, by_day.get(day, [])) for day in week] for week in weeks]
