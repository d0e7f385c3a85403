"""The list of journeys, and the one of the people in them."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.ui.generic import cells
from crm.ui.lists import BuiltinView, Column, Empty, ListPage

from ..choices.journeys import ENROLMENT_TONES, REASONS, TONES, EnrolmentState, JourneyState, Outcome
from ..models import Enrolment, Journey, StepRun

#: What a figure of a step may ask: key → outcomes of the step.
TOOK = {
    "passed": (Outcome.DONE, Outcome.YES, Outcome.NO), "yes": (Outcome.YES,), "no": (Outcome.NO,),
    "skipped": (Outcome.SKIPPED,), "failed": (Outcome.FAILED,),
}  # fmt: skip
_TOOK_WORDS = [
    ("waiting", _("Waits there")), ("passed", _("Took the step")), ("yes", _("Answer yes")), ("no", _("Answer no")),
    ("skipped", _("The step was skipped")), ("failed", _("The step failed")), ("opened", _("Opened the email")),
    ("clicked", _("Clicked in the email")),
]  # fmt: skip


class JourneyFilters(df.FilterSet):
    state = df.MultipleChoiceFilter(label=_("State"), choices=JourneyState.choices)
    whose = df.ChoiceFilter(label=_("Whose"), choices=[("me", _("My own"))], method="by_whose")

    class Meta:
        model = Journey
        fields: list[str] = []

    def by_whose(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(owner=self.request.actor.user_id or 0)


class EnrolmentFilters(df.FilterSet):
    """step and did: what the figures of a step link to; reason: why it was skipped."""

    journey = df.NumberFilter(label=_("Journey number"), field_name="journey_id")
    state = df.MultipleChoiceFilter(label=_("State"), choices=EnrolmentState.choices)
    step = df.CharFilter(label=_("Step"), method="by_step")
    did = df.ChoiceFilter(label=_("What happened at the step"), choices=_TOOK_WORDS, method="by_deed")
    reason = df.ChoiceFilter(label=_("Why skipped"), choices=list(REASONS.items()), method="by_reason")
    entered_from = df.IsoDateTimeFilter(label=_("Came in from"), field_name="entered_at", lookup_expr="gte")
    entered_to = df.IsoDateTimeFilter(label=_("Came in before"), field_name="entered_at", lookup_expr="lt")
    left_from = df.IsoDateTimeFilter(label=_("Left from"), field_name="left_at", lookup_expr="gte")
    left_to = df.IsoDateTimeFilter(label=_("Left before"), field_name="left_at", lookup_expr="lt")

    class Meta:
        model = Enrolment
        fields: list[str] = []

    def by_step(self, rows: Any, name: str, value: str) -> Any:
        """Alone, whoever waits there or was there."""
        if self.data.get("did"):
            return rows
        return rows.filter(Q(step__key=value) | Q(self._ran(Q(key=value))))

    def by_deed(self, rows: Any, name: str, value: str) -> Any:
        at = Q(key=self.data["step"]) if self.data.get("step") else Q()
        if value == "waiting":
            step = self.data.get("step")
            return rows.inside().filter(step__key=step) if step else rows.inside()
        if value in {"opened", "clicked"}:
            return rows.filter(self._ran(at & Q(**{f"recipient__{value}_at__isnull": False})))
        return rows.filter(self._ran(at & Q(outcome__in=TOOK[value])))

    def by_reason(self, rows: Any, name: str, value: str) -> Any:
        at = Q(key=self.data["step"]) if self.data.get("step") else Q()
        return rows.filter(self._ran(at & Q(reason=value)))

    @staticmethod
    def _ran(which: Q) -> Exists:
        return Exists(StepRun.objects.filter(which, enrolment=OuterRef("pk")))


def tone(row: Journey) -> str:
    """The tone of a journey's state."""
    return TONES[JourneyState(row.state)]


def enrolment_tone(row: Enrolment) -> str:
    """The tone of how somebody stands."""
    return ENROLMENT_TONES[EnrolmentState(row.state)]


def _count(**conditions: Any) -> Any:
    rows = Enrolment.objects.filter(journey=OuterRef("pk"), **conditions).order_by().values("journey")
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n")), 0, output_field=IntegerField())


def _with_counts(rows: Any, actor: Any) -> Any:
    return rows.select_related("owner").annotate(
        entered_count=_count(), inside_count=_count(state=EnrolmentState.INSIDE),
        goal_count=_count(state=EnrolmentState.GOAL), failed_count=_count(state=EnrolmentState.FAILED),
    )  # fmt: skip


def _of(path: str) -> Any:
    def cell(row: Any, viewer: Any) -> Any:
        record = getattr(row, path)
        return cells.link("name")(record, viewer) if record is not None else ""

    return cell


JOURNEY_LISTS = [
    ListPage(
        key="journey",
        model=Journey,
        label=_("Journeys"),
        section=_("Marketing"),
        permission="journeys.view",
        url_name="journeys:journey_list",
        columns=[
            Column("name", _("Name"), cell=cells.link("name"), sort="sort_key", css="subj cut", locked=True,
                   on_card=True),
            Column("state", _("State"), cell=cells.badge("get_state_display", tone), width="cw-128", on_card=True,
                   export=lambda row, viewer: row.get_state_display()),
            Column("entered", pgettext_lazy("people", "Came in"), cell=cells.number("entered_count"), align="num",
                   width="cw-96"),
            Column("inside", pgettext_lazy("people", "Inside"), cell=cells.number("inside_count"), align="num",
                   width="cw-80"),
            Column("goals", pgettext_lazy("people", "Goal reached"), cell=cells.number("goal_count"), align="num",
                   width="cw-112"),
            Column("failed", pgettext_lazy("people", "Errors"), cell=cells.number("failed_count"), align="num",
                   width="cw-80"),
            Column("owner", _("Owner"), cell=cells.person("owner"), width="cw-160",
                   export=lambda row, viewer: row.owner.name if row.owner else ""),
            Column("started", _("Started"), cell=cells.moment("started_at"), sort="started_at", align="num",
                   width="cw-96", export=lambda row, viewer: row.started_at),
            Column("created", _("Created"), cell=cells.moment("created_at"), sort="created_at", align="num",
                   width="cw-96", export=lambda row, viewer: row.created_at, default=False),
        ],
        filterset=JourneyFilters,
        quick_filters=("state", "whose"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Name"),
        default_sort="-created",
        prepare=_with_counts,
        views=[
            BuiltinView("all", _("All journeys")),
            BuiltinView("going", _("Under way"), {"state": ["live", "running_out"]}),
            BuiltinView("drafts", _("In preparation"), {"state": ["draft"]}),
            BuiltinView("ended", _("Ended"), {"state": ["ended"]}),
        ],
        empty=Empty(
            _("No journeys yet"),
            _("A journey does one thing after the other for each customer: it sends, waits, asks and reminds."),
        ),
        create_url_name="journeys:journey_create",
        create_permission="journeys.create",
        create_label=_("New journey"),
    ),
    ListPage(
        key="enrolment",
        model=Enrolment,
        label=_("People in journeys"),
        section=_("Marketing"),
        permission="journeys.view",
        url_name="journeys:enrolment_list",
        columns=[
            Column("customer", _("Customer"), cell=_of("customer"), css="subj cut", locked=True, on_card=True,
                   export=lambda row, viewer: row.customer.name),
            Column("contact", _("Person"), cell=_of("contact"), css="cut",
                   export=lambda row, viewer: row.contact.name if row.contact else ""),
            Column("journey", _("Journey"), cell=_of("journey"), css="cut", on_card=True,
                   export=lambda row, viewer: row.journey.name),
            Column("state", _("State"), cell=cells.badge("get_state_display", enrolment_tone), width="cw-160",
                   on_card=True, export=lambda row, viewer: row.get_state_display()),
            Column("step", _("Next step"), cell=lambda row, viewer: str(row.step) if row.step else "", css="cut",
                   export=lambda row, viewer: str(row.step) if row.step else ""),
            Column("due_at", _("Next step at"), cell=lambda row, viewer: cells.moment("due_at")(row, viewer)
                   if row.step else "", sort="due_at", align="num", width="cw-112",
                   export=lambda row, viewer: row.due_at if row.step else None),
            Column("entered_at", pgettext_lazy("moment", "Came in"), cell=cells.moment("entered_at"), sort="entered_at",
                   align="num", width="cw-96", export=lambda row, viewer: row.entered_at),
            Column("left_at", pgettext_lazy("moment", "Left"), cell=cells.moment("left_at"), sort="left_at",
                   align="num", width="cw-96", export=lambda row, viewer: row.left_at),
            Column("number", _("Number"), cell=cells.number("pk"), sort="pk", align="num", width="cw-80",
                   default=False),
        ],
        filterset=EnrolmentFilters,
        quick_filters=("state", "did"),
        search=lambda rows, text, actor: rows.matching(text),
        search_hint=_("Person or customer"),
        default_sort="-number",
        prepare=lambda rows, actor: rows.select_related("journey", "customer", "contact", "step"),
        views=[
            BuiltinView("all", _("Everybody")),
            BuiltinView("inside", _("Inside"), {"state": ["inside"]}),
            BuiltinView("trouble", _("Stopped by an error"), {"state": ["failed"]}),
        ],
        empty=Empty(_("Nobody is in a journey yet"), _("People appear here once a journey is live.")),
    ),
]  # fmt: skip
