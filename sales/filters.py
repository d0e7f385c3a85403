"""Every way to narrow the deals; board, list, forecast and reports link here, so that a sum and its list agree."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, TeamMembership, User
from crm.activity.recording import kind_of
from crm.core import clock, money
from crm.planner.models import Task
from crm.ui.generic.choices import ReadOnce

from .categories import in_category
from .choices import ForecastCategory, OpportunitySource, StageKind
from .models import LostReason, Opportunity, Pipeline, Stage
from .staleness import stale_terms

_STATES = {
    StageKind.OPEN: Q(won_at__isnull=True, lost_at__isnull=True),
    StageKind.WON: Q(won_at__isnull=False),
    StageKind.LOST: Q(lost_at__isnull=False),
}
_CLOSES = [("late", _("Overdue")), ("month", _("This month")), ("quarter", _("This quarter")), ("year", _("This year"))]
_STEPS = [("none", _("No next step")), ("late", _("Overdue")), ("planned", _("Planned"))]


def _people() -> list[tuple[str, Any]]:
    owned = Exists(Opportunity.objects.filter(owner=OuterRef("pk")))
    owners = User.objects.active().filter(owned).values_list("pk", "name")
    return [("me", _("Me")), ("none", _("Nobody")), *((str(pk), name) for pk, name in owners)]


def _rows_of(model: Any) -> Any:
    return lambda: [(str(row.pk), str(row)) for row in model.objects.all()]


def _stages() -> list[tuple[str, Any]]:
    rows = list(Stage.objects.select_related("pipeline").order_by("pipeline__order", "pipeline_id", "order"))
    several = len({row.pipeline_id for row in rows}) > 1
    return [(str(row.pk), f"{row.pipeline}: {row}" if several else str(row)) for row in rows]


class OpportunityFilters(df.FilterSet):
    pipeline = df.ChoiceFilter(label=_("Pipeline"), choices=(), field_name="pipeline_id")
    owner = df.MultipleChoiceFilter(label=_("Owner"), choices=(), method="by_owner")
    closes = df.ChoiceFilter(label=_("Expected to close"), choices=_CLOSES, method="by_closing")
    state = df.MultipleChoiceFilter(label=_("State"), choices=StageKind.choices, method="by_state")
    stage = df.MultipleChoiceFilter(label=_("Stage"), choices=(), method="by_stage")
    team = df.ChoiceFilter(label=_("Owner's team"), choices=(), method="by_team")
    next_step = df.ChoiceFilter(label=_("Next step"), choices=_STEPS, method="by_next_step")
    stale = df.BooleanFilter(label=_("Stands still"), method="by_stale")
    category = df.MultipleChoiceFilter(label=_("Forecast"), choices=ForecastCategory.choices, method="by_category")
    source = df.MultipleChoiceFilter(label=_("Source"), choices=OpportunitySource.choices)
    lost_reason = df.MultipleChoiceFilter(label=_("Lost reason"), choices=(), method="by_reason")
    currency = df.ChoiceFilter(label=_("Currency"), choices=[(code, code) for code in money.SIGNS])
    customer = df.NumberFilter(label=_("Customer number"), field_name="customer__number")
    reached = df.ChoiceFilter(label=_("Reached the stage"), choices=(), method="by_reached")
    close_from = df.DateFilter(label=_("Closes from"), field_name="expected_close", lookup_expr="gte")
    close_to = df.DateFilter(label=_("Closes before"), field_name="expected_close", lookup_expr="lt")
    created_from = df.IsoDateTimeFilter(label=_("Created from"), field_name="created_at", lookup_expr="gte")
    created_to = df.IsoDateTimeFilter(label=_("Created before"), field_name="created_at", lookup_expr="lt")
    won_from = df.IsoDateTimeFilter(label=_("Won from"), field_name="won_at", lookup_expr="gte")
    won_to = df.IsoDateTimeFilter(label=_("Won before"), field_name="won_at", lookup_expr="lt")
    lost_from = df.IsoDateTimeFilter(label=_("Lost from"), field_name="lost_at", lookup_expr="gte")
    lost_to = df.IsoDateTimeFilter(label=_("Lost before"), field_name="lost_at", lookup_expr="lt")

    class Meta:
        model = Opportunity
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        stages = ReadOnce(_stages)
        for name, choices in {
            "owner": ReadOnce(_people), "pipeline": ReadOnce(_rows_of(Pipeline)), "stage": stages, "reached": stages,
            "team": ReadOnce(_rows_of(Team)), "lost_reason": ReadOnce(_rows_of(LostReason)),
        }.items():  # fmt: skip
            self.filters[name].extra["choices"] = choices

    def by_owner(self, rows: Any, name: str, values: list[str]) -> Any:
        ids = {int(value) for value in values if value.isdigit()}
        if "me" in values and self.request.actor.user_id is not None:
            ids.add(self.request.actor.user_id)
        terms = Q(owner__in=ids)
        return rows.filter(terms | Q(owner__isnull=True) if "none" in values else terms)

    def by_state(self, rows: Any, name: str, values: list[str]) -> Any:
        terms = Q(pk__in=[])
        for value in values:
            terms |= _STATES[StageKind(value)]
        return rows.filter(terms)

    def by_stage(self, rows: Any, name: str, values: list[str]) -> Any:
        return rows.filter(stage_id__in=[int(value) for value in values])

    def by_reason(self, rows: Any, name: str, values: list[str]) -> Any:
        return rows.filter(lost_reason_id__in=[int(value) for value in values])

    def by_team(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(owner_id__in=TeamMembership.objects.filter(team_id=int(value)).values("user_id"))

    def by_reached(self, rows: Any, name: str, value: str) -> Any:
        """Deals that were ever in the stage or further on in its pipeline."""
        from .funnel import reached

        return rows.filter(reached(Stage.objects.get(pk=int(value))))

    def by_category(self, rows: Any, name: str, values: list[str]) -> Any:
        terms = Q(pk__in=[])
        for value in values:
            terms |= in_category(value)
        return rows.with_chance().filter(terms)

    def by_closing(self, rows: Any, name: str, value: str) -> Any:
        today = timezone.localtime(clock.now()).date()
        if value == "late":
            return rows.open().filter(expected_close__lt=today)
        start, end = months_around(today, {"month": 1, "quarter": 3, "year": 12}[value])
        return rows.filter(expected_close__gte=start, expected_close__lt=end)

    def by_next_step(self, rows: Any, name: str, value: str) -> Any:
        tasks = Task.objects.filter(kind=kind_of(Opportunity).code, object_id=OuterRef("pk")).open()
        late = Exists(tasks.overdue(clock.now()))
        if value == "none":
            return rows.open().filter(~Exists(tasks))
        return rows.filter(late) if value == "late" else rows.filter(Exists(tasks), ~late)

    def by_stale(self, rows: Any, name: str, value: bool) -> Any:
        return rows.filter(stale_terms()) if value else rows.exclude(pk__in=rows.filter(stale_terms()).values("pk"))


def quarter_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first day of the quarter around a day, and that of the next."""
    return months_around(day, 3)


def months_around(day: dt.date, length: int) -> tuple[dt.date, dt.date]:
    """The first day of the span of `length` calendar months (1, 3 or 12) around a day, and that of the next span."""
    start = (day.month - 1) // length * length
    after = start + length
    return dt.date(day.year, start + 1, 1), dt.date(day.year + after // 12, after % 12 + 1, 1)
