"""Every way to narrow the deals; board, list, forecast and reports link here, so that a sum and its list agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import django_filters as df
from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, Team, TeamMembership, User
from crm.activity.recording import kind_of
from crm.core import clock, money, names
from crm.core.translated import Translated
from crm.planner.models import Task

from ..categories import in_category
from ..choices.opportunities import ForecastCategory, OpportunitySource, StageKind
from ..models import LostReason, Opportunity, Pipeline, Stage
from ..staleness import stale_terms

_STATES = {
    StageKind.OPEN: Q(won_at__isnull=True, lost_at__isnull=True),
    StageKind.WON: Q(won_at__isnull=False),
    StageKind.LOST: Q(lost_at__isnull=False),
}
_CLOSES = [("late", _("Overdue")), ("month", _("This month")), ("quarter", _("This quarter")), ("year", _("This year"))]
_STEPS = [("none", _("No next step")), ("late", _("Overdue")), ("planned", _("Planned"))]


class _Entry(NamedTuple):
    """A choice of a filter. order: its place among its kind."""

    name: Any
    kind: str
    key: str
    order: int


class _Catalogue:
    """Pipelines, stages, reasons, teams and owners of one page, in one query whichever filter asks first."""

    def __init__(self) -> None:
        self._rows: list[_Entry] | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> _Catalogue:
        """Forms copy their fields and with them the source of their choices; what was read is kept."""
        return self

    def of(self, kind: str) -> Callable[[], list[tuple[str, Any]]]:
        """The choices of a kind."""
        return lambda: [(row.key, str(Translated(row.name))) for row in self._entries if row.kind == kind]

    def people(self) -> list[tuple[str, Any]]:
        return [("me", _("Me")), ("none", _("Nobody")), *self.of("person")()]

    def teams(self) -> list[tuple[str, Any]]:
        return [("none", _("Without a team")), *self.of("team")()]

    def departments(self) -> list[tuple[str, Any]]:
        return [("none", _("Without a department")), *self.of("department")()]

    @property
    def _entries(self) -> list[_Entry]:
        if self._rows is None:
            zero, by_id = Value(0), Cast("pk", CharField())
            owned = Exists(Opportunity.objects.filter(owner=OuterRef("pk")))
            owners = User.objects.filter(owned)
            place = F("pipeline__order") * 1000 + F("order")
            parts = [
                Pipeline.objects.order_by().values_list("name", Value("pipeline"), by_id, "order"),
                Stage.objects.order_by().values_list("name", Value("stage"), by_id, place),
                LostReason.objects.order_by().values_list("name", Value("reason"), by_id, "order"),
                Team.objects.order_by().values_list("name", Value("team"), by_id, zero),
                Department.objects.order_by().values_list("name", Value("department"), by_id, zero),
                owners.order_by().values_list(JSONObject(en="name"), Value("person"), by_id, zero),
            ]
            rows = [_Entry(*row) for row in parts[0].union(*parts[1:], all=True)]
            self._rows = sorted(rows, key=lambda row: (row.order, names.sort_key(str(Translated(row.name)))))
        return self._rows


def _named_change(data: Any) -> Callable[[], list[tuple[str, str]]]:
    """The one change in the forecast that the address asks for; nobody chooses from all of them."""
    value = data.get("change", "") if data else ""

    def choices() -> list[tuple[str, str]]:
        from ..changes import param_label, read_param

        return [(value, param_label(value))] if read_param(value) else []

    return choices


class OpportunityFilters(df.FilterSet):
    pipeline = df.ChoiceFilter(label=_("Pipeline"), choices=(), field_name="pipeline_id")
    owner = df.MultipleChoiceFilter(label=_("Owner"), choices=(), method="by_owner")
    closes = df.ChoiceFilter(label=_("Expected to close"), choices=_CLOSES, method="by_closing")
    state = df.MultipleChoiceFilter(label=_("State"), choices=StageKind.choices, method="by_state")
    stage = df.MultipleChoiceFilter(label=_("Stage"), choices=(), method="by_stage")
    team = df.ChoiceFilter(label=_("Owner's team"), choices=(), method="by_team")
    department = df.ChoiceFilter(label=_("Department"), choices=(), method="by_department")
    next_step = df.ChoiceFilter(label=_("Next step"), choices=_STEPS, method="by_next_step")
    stale = df.BooleanFilter(label=_("Stands still"), method="by_stale")
    category = df.MultipleChoiceFilter(label=_("Forecast"), choices=ForecastCategory.choices, method="by_category")
    source = df.MultipleChoiceFilter(label=_("Source"), choices=OpportunitySource.choices)
    lost_reason = df.MultipleChoiceFilter(label=_("Lost reason"), choices=(), method="by_reason")
    currency = df.ChoiceFilter(label=_("Currency"), choices=[(code, code) for code in money.SIGNS])
    customer = df.NumberFilter(label=_("Customer number"), field_name="customer__number")
    change = df.ChoiceFilter(label=_("Change in the forecast"), choices=(), method="by_change")
    reached = df.ChoiceFilter(label=_("Reached the stage"), choices=(), method="by_reached")
    close_from = df.DateFilter(label=_("Closes from"), field_name="expected_close", lookup_expr="gte")
    close_to = df.DateFilter(label=_("Closes before"), field_name="expected_close", lookup_expr="lt")
    created_from = df.IsoDateTimeFilter(label=_("Created from"), field_name="created_at", lookup_expr="gte")
    created_to = df.IsoDateTimeFilter(label=_("Created before"), field_name="created_at", lookup_expr="lt")
    won_from = df.IsoDateTimeFilter(label=_("Won from"), field_name="won_at", lookup_expr="gte")
    won_to = df.IsoDateTimeFilter(label=_("Won before"), field_name="won_at", lookup_expr="lt")
    lost_from = df.IsoDateTimeFilter(label=_("Lost from"), field_name="lost_at", lookup_expr="gte")
    lost_to = df.IsoDateTimeFilter(label=_("Lost before"), field_name="lost_at", lookup_expr="lt")
    ended_from = df.IsoDateTimeFilter(label=_("Won or lost from"), method="by_end")
    ended_to = df.IsoDateTimeFilter(label=_("Won or lost before"), method="by_end")

    class Meta:
        model = Opportunity
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = _Catalogue()
        stages = known.of("stage")
        for name, choices in {
            "owner": known.people, "pipeline": known.of("pipeline"), "stage": stages, "reached": stages,
            "team": known.teams, "department": known.departments, "change": _named_change(self.data),
            "lost_reason": known.of("reason"),
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
        if value == "none":
            return rows.exclude(owner_id__in=TeamMembership.objects.values("user_id"))
        return rows.filter(owner_id__in=TeamMembership.objects.filter(team_id=int(value)).values("user_id"))

    def by_department(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(department_id=None if value == "none" else int(value))

    def by_change(self, rows: Any, name: str, value: str) -> Any:
        """Deals that a snapshot of the forecast and the present do not agree on, as the forecast page links to them."""
        from ..changes import read_param

        asked = read_param(value)
        return asked[1].rows(rows).filter(change=asked[0]) if asked else rows.none()

    def by_reached(self, rows: Any, name: str, value: str) -> Any:
        """Deals that were ever in the stage or further on in its pipeline."""
        from ..funnel import reached

        return rows.filter(reached(Stage.objects.get(pk=int(value))))

    def by_end(self, rows: Any, name: str, value: dt.datetime) -> Any:
        ended = rows.alias(ended_at=Coalesce("won_at", "lost_at"))
        return ended.filter(**{"ended_at__gte" if name == "ended_from" else "ended_at__lt": value})

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
