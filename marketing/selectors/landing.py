"""Reads of landing pages: the one at an address, and what pages brought."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Sum

from crm.core.actor import Actor
from crm.core.models import Brand

from ..actions.landing import company_day
from ..models import LandingDay, LandingPage, LandingSubmission
from ..percents import percent


def page_at(brand: Brand, slug: str) -> LandingPage | None:
    """The published page of that address, None for one that is not, or no longer, published."""
    return LandingPage.objects.public().select_related("brand", "campaign").filter(brand=brand, slug=slug).first()


@dataclass(frozen=True, slots=True)
class Row:
    """What one day or one source brought. key: an ISO day, or the source."""

    key: str
    visits: int
    submissions: int
    leads: int

    @property
    def rate(self) -> str:
        """Sent forms of a hundred visits, "" without visits. More than 100% where one visitor sent several."""
        return percent(self.submissions, self.visits)


@dataclass(frozen=True, slots=True)
class Results:
    """What a page brought from `first` to `last`, both included, in the company's days.

    machines: visits by robots, which stand in no other figure.
    """

    first: dt.date
    last: dt.date
    total: Row
    machines: int
    days: list[Row]
    sources: list[Row]


def results(viewer: Actor, page: LandingPage, *, days: int) -> Results:
    """The last so many days, today included. Three queries; leads are those that the forms made, not those they met."""
    last = company_day(page.brand)
    first = last - dt.timedelta(days=days - 1)
    opened = LandingDay.objects.visible_to(viewer).filter(page=page).between(first, last)
    seen = list(opened.filter(is_machine=False).values("day", "source").annotate(visits=Sum("visits")))
    machines = opened.filter(is_machine=True).aggregate(n=Sum("visits"))["n"] or 0
    forms = LandingSubmission.objects.visible_to(viewer).filter(page=page).between(first, last)
    sent = list(
        forms.order_by().values("day", "source").annotate(sent=Count("pk"), new=Count("pk", filter=Q(is_new_lead=True)))
    )

    def rows(name: str, keys: list[str]) -> list[Row]:
        return [
            Row(
                key,
                sum(row["visits"] for row in seen if str(row[name]) == key),
                sum(row["sent"] for row in sent if str(row[name]) == key),
                sum(row["new"] for row in sent if str(row[name]) == key),
            )
            for key in keys
        ]

    every_day = [str(first + dt.timedelta(days=number)) for number in range(days)]
    sources = rows("source", sorted({str(row["source"]) for row in [*seen, *sent]}))
    sources.sort(key=lambda row: (-row.visits, -row.submissions, row.key))
    total = Row(
        "", sum(row["visits"] for row in seen), sum(row["sent"] for row in sent), sum(row["new"] for row in sent)
    )
    return Results(first, last, total, machines, rows("day", every_day), sources)


def submissions_of(viewer: Actor, lead_id: int) -> list[LandingSubmission]:
    """The forms by which a lead came that the caller has found visible, newest first.

    sees_page: whether the viewer may open the page, whose name stands on the lead for everybody.
    """
    seen = Exists(LandingPage.objects.visible_to(viewer).filter(pk=OuterRef("page")))
    rows = LandingSubmission.objects.filter(lead=lead_id).annotate(sees_page=seen)
    return list(rows.select_related("page").order_by("-pk")[:10])
