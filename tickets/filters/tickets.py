"""Every way to narrow the ticket list; boards link here, so that a number and its list are one definition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import django_filters as df
from django import forms
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.calendars.models import Clock
from crm.core import clock
from crm.core.models import Brand
from crm.core.text import row_id
from crm.core.translated import Translated

from ..choices import UNRESOLVED, Priority, SlaState, StatusCategory
from ..measured import ARRIVAL_HOURS, arrival, ended_stays, latest_answers
from ..models import Rating, RequestType, Status, Ticket, TicketFacts
from .trade import TradeFilters


class _Entry(NamedTuple):
    """A choice of a filter. category: what a status means; order and sort_key: its place among its kind."""

    name: Any
    kind: str
    key: str
    category: str
    order: int
    sort_key: str
    pk: int


class _Catalogue:
    """Statuses, types, teams and agents of one page, in one query whichever filter asks first.

    asked: ids of people whom the address names; one of them who has left is among the choices too, since figures of
    the past open lists of theirs.
    """

    def __init__(self, asked: Collection[int] = ()) -> None:
        self._rows: list[_Entry] | None = None
        self._asked = asked

    def __deepcopy__(self, memo: dict[int, Any]) -> _Catalogue:
        """Forms copy their fields and with them the source of their choices; what was read is kept."""
        return self

    def statuses(self) -> list[tuple[str, Any]]:
        return self._choices("status")

    def types(self) -> list[tuple[str, Any]]:
        return self._choices("type")

    def teams(self) -> list[tuple[str, Any]]:
        return [("mine", _("My teams")), *self._choices("team")]

    def people(self) -> list[tuple[str, Any]]:
        return [("me", _("Me")), ("none", _("Nobody")), *self._choices("person")]

    def ids(self, kind: str, keys: Collection[str]) -> list[int]:
        """The rows of a kind with those keys."""
        return [entry.pk for entry in self._entries if entry.kind == kind and entry.key in keys]

    def status_ids(self, categories: Collection[str]) -> list[int]:
        """The statuses with those meanings."""
        return [entry.pk for entry in self._entries if entry.kind == "status" and entry.category in categories]

    def _choices(self, kind: str) -> list[tuple[str, Any]]:
        return [(entry.key, str(Translated(entry.name))) for entry in self._entries if entry.kind == kind]

    @property
    def _entries(self) -> list[_Entry]:
        if self._rows is None:
            none, zero, by_id = Value(""), Value(0), Cast("pk", CharField())
            works = Q(agent_profile__isnull=False, is_active=True, is_service=False)
            agents = User.objects.filter(works | Q(pk__in=self._asked))
            parts = [
                Status.objects.values_list("name", Value("status"), "key", "category", "order", none, "pk"),
                RequestType.objects.values_list("name", Value("type"), "key", none, "order", none, "pk"),
                Team.objects.values_list("name", Value("team"), by_id, none, zero, none, "pk"),
                agents.values_list(JSONObject(en="name"), Value("person"), by_id, none, zero, "sort_key", "pk"),
            ]
            first, *others = (part.order_by() for part in parts)
            self._rows = sorted((_Entry(*row) for row in first.union(*others, all=True)), key=lambda row: row[4:])
        return self._rows


MET = [("yes", _("Yes")), ("no", _("No")), ("any", _("Yes or no: a deadline was promised"))]


class TicketFilters(TradeFilters):
    """Times are inclusive "from" and exclusive "to". due_within is in minutes of wall clock from now."""

    status = df.MultipleChoiceFilter(label=_("Status"), choices=(), method="by_status")
    category = df.MultipleChoiceFilter(label=_("Meaning"), choices=StatusCategory.choices, method="by_category")
    unresolved = df.BooleanFilter(label=_("Not resolved"), method="by_unresolved", widget=forms.HiddenInput)
    priority = df.TypedMultipleChoiceFilter(
        label=_("Priority"), choices=Priority.choices, coerce=int, field_name="priority"
    )
    team = df.MultipleChoiceFilter(label=_("Team"), choices=(), method="by_team")
    assignee = df.MultipleChoiceFilter(label=_("Assignee"), choices=(), method="by_assignee")
    type = df.MultipleChoiceFilter(label=_("Type"), choices=(), method="by_type")
    customer = df.NumberFilter(label=_("Customer number"), field_name="customer__number", widget=forms.HiddenInput)
    policy = df.NumberFilter(label=_("SLA policy"), method="by_policy", widget=forms.HiddenInput)
    sla = df.MultipleChoiceFilter(label=_("Deadline"), choices=SlaState.choices, field_name="sla_state")
    parts = df.ChoiceFilter(
        label=_("Parts"),
        choices=[("without", _("Without parts of tickets")), ("only", _("Only parts of tickets"))],
        method="by_parts",
    )
    merged = df.ChoiceFilter(
        label=_("Merged"),
        choices=[("without", _("Without merged tickets")), ("only", _("Only merged tickets"))],
        method="by_merged",
    )
    waits = df.ChoiceFilter(
        label=_("Who has the ball"),
        choices=[("us", _("The customer wrote last")), ("customer", _("We wrote last"))],
        method="by_ball",
    )
    due_within = df.NumberFilter(label=_("Due within (minutes)"), method="by_due", min_value=1, max_value=100_000)
    created_from = df.IsoDateTimeFilter(label=_("Created from"), field_name="created_at", lookup_expr="gte")
    created_to = df.IsoDateTimeFilter(label=_("Created before"), field_name="created_at", lookup_expr="lt")
    resolved_from = df.IsoDateTimeFilter(label=_("Resolved from"), field_name="resolved_at", lookup_expr="gte")
    resolved_to = df.IsoDateTimeFilter(label=_("Resolved before"), field_name="resolved_at", lookup_expr="lt")
    responded_from = df.IsoDateTimeFilter(
        label=_("First response from"), field_name="first_response_at", lookup_expr="gte"
    )
    responded_to = df.IsoDateTimeFilter(
        label=_("First response before"), field_name="first_response_at", lookup_expr="lt"
    )
    closed_from = df.IsoDateTimeFilter(label=_("Closed from"), field_name="closed_at", lookup_expr="gte")
    closed_to = df.IsoDateTimeFilter(label=_("Closed before"), field_name="closed_at", lookup_expr="lt")
    unsolved = df.BooleanFilter(
        label=_("Without a solution"), field_name="resolved_at", lookup_expr="isnull", widget=forms.HiddenInput
    )
    open_at = df.IsoDateTimeFilter(label=_("Open at"), method="by_open_at")
    rated = df.BooleanFilter(label=_("Rated"), method="by_rated", widget=forms.HiddenInput)
    rated_from = df.IsoDateTimeFilter(label=_("Rated from"), method="by_answer")
    rated_to = df.IsoDateTimeFilter(label=_("Rated before"), method="by_answer")
    score = df.TypedMultipleChoiceFilter(
        label=_("Score"), choices=[(n, n) for n in range(1, 6)], coerce=int, method="by_answer"
    )
    sla_met = df.ChoiceFilter(label=_("Resolved in time"), choices=MET, method="by_met")
    response_met = df.ChoiceFilter(label=_("Answered in time"), choices=MET, method="by_met")
    weekday = df.ChoiceFilter(
        label=_("Came in on"), choices=[(number + 1, name) for number, name in WEEKDAYS.items()], method="by_arrival",
        widget=forms.HiddenInput,
    )  # fmt: skip
    hours = df.ChoiceFilter(
        label=_("Came in from (hour)"), choices=[(hour, f"{hour:02}:00") for hour in range(0, 24, ARRIVAL_HOURS)],
        method="by_arrival", widget=forms.HiddenInput,
    )  # fmt: skip
    stay_from = df.IsoDateTimeFilter(label=_("Left a status from"), method="by_stay")
    stay_to = df.IsoDateTimeFilter(label=_("Left a status before"), method="by_stay")
    stay_status = df.MultipleChoiceFilter(label=_("Status it left"), choices=(), method="by_stay")
    stay_team = df.MultipleChoiceFilter(label=_("Team it was with"), choices=(), method="by_stay")

    class Meta:
        model = Ticket
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        named = self.data.getlist("assignee") if hasattr(self.data, "getlist") else ()
        self._known = known = _Catalogue({found for text in named if (found := row_id(text))})
        for name, choices in (
            ("status", known.statuses),
            ("stay_status", known.statuses),
            ("assignee", known.people),
            ("type", known.types),
            ("team", known.teams),
            ("stay_team", known.teams),
        ):
            self.filters[name].extra["choices"] = choices

    def by_status(self, rows: Any, name: str, values: list[str]) -> Any:
        return rows.filter(status__in=self._known.ids("status", values))

    def by_category(self, rows: Any, name: str, values: list[str]) -> Any:
        return rows.filter(status__in=self._known.status_ids(values))

    def by_unresolved(self, rows: Any, name: str, value: bool) -> Any:
        categories = UNRESOLVED if value else (StatusCategory.RESOLVED, StatusCategory.CLOSED)
        return self.by_category(rows, name, list(categories))

    def by_team(self, rows: Any, name: str, values: list[str]) -> Any:
        if values == ["mine"]:
            return rows.in_my_teams(self.request.actor)
        return rows.filter(team__in=self._team_ids(values))

    def _team_ids(self, values: list[str]) -> set[int]:
        ids = {int(value) for value in values if value != "mine"}
        return ids | set(self.request.actor.grants.team_ids) if "mine" in values else ids

    def by_assignee(self, rows: Any, name: str, values: list[str]) -> Any:
        ids = {int(value) for value in values if value.isdigit()}
        if "me" in values and self.request.actor.user_id is not None:
            ids.add(self.request.actor.user_id)
        terms = Q(assignee__in=ids)
        return rows.filter(terms | Q(assignee__isnull=True) if "none" in values else terms)

    def by_policy(self, rows: Any, name: str, value: Any) -> Any:
        """Tickets whose clocks that policy set."""
        return rows.filter(pk__in=Clock.objects.filter(policy_id=int(value)).values("object_id"))

    def by_type(self, rows: Any, name: str, values: list[str]) -> Any:
        return rows.filter(request_type__in=self._known.ids("type", values))

    def by_ball(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(customer_waits=value == "us")

    def by_parts(self, rows: Any, name: str, value: str) -> Any:
        return rows.whole() if value == "without" else rows.filter(parent__isnull=False)

    def by_merged(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(merged_into__isnull=value == "without")

    def by_due(self, rows: Any, name: str, value: Any) -> Any:
        now = clock.now()
        return rows.filter(next_due_at__gt=now, next_due_at__lte=now + dt.timedelta(minutes=int(value)))

    def by_rated(self, rows: Any, name: str, value: bool) -> Any:
        rated = Exists(Rating.objects.filter(ticket=OuterRef("pk"), score__isnull=False))
        return rows.filter(rated if value else ~rated)

    def by_arrival(self, rows: Any, name: str, value: str) -> Any:
        """In the company's zone, as figures count."""
        column = arrival(ZoneInfo(Brand.default().timezone))[name]
        return rows.alias(**{f"came_{name}": column}).filter(**{f"came_{name}": int(value)})

    def by_open_at(self, rows: Any, name: str, value: dt.datetime) -> Any:
        return rows.open_at(value)

    def by_answer(self, rows: Any, name: str, value: Any) -> Any:
        """rated_from, rated_to and score speak of one rating, the latest between the moments; applied once."""
        if name != self._first("rated_from", "rated_to", "score"):
            return rows
        given = self.form.cleaned_data
        answers = latest_answers(given.get("rated_from"), given.get("rated_to"))
        if given.get("score"):
            answers = answers.filter(score__in=given["score"])
        return rows.filter(pk__in=answers.values("ticket"))

    def by_stay(self, rows: Any, name: str, value: Any) -> Any:
        """The four speak of one stay before the solution; applied once."""
        if name != self._first("stay_from", "stay_to", "stay_status", "stay_team"):
            return rows
        given = self.form.cleaned_data
        stays = ended_stays(given.get("stay_from"), given.get("stay_to"))
        if given.get("stay_status"):
            stays = stays.filter(status__key__in=given["stay_status"])
        if given.get("stay_team"):
            stays = stays.filter(team__in=self._team_ids(given["stay_team"]))
        return rows.filter(pk__in=stays.values("ticket"))

    def _first(self, *names: str) -> str | None:
        return next((name for name in names if self.form.cleaned_data.get(name)), None)

    def by_met(self, rows: Any, name: str, value: str) -> Any:
        column = "resolution_met" if name == "sla_met" else "first_response_met"
        known = {f"{column}__isnull": False} if value == "any" else {column: value == "yes"}
        return rows.filter(Exists(TicketFacts.objects.filter(ticket=OuterRef("pk"), **known)))
