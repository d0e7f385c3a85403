"""Every number about campaigns, defined once. Rates are of people; machines and opened-by-itself mail stand apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.actor import Actor
from crm.core.gallery import MARKETING, TIME, Report, reports
from crm.core.metrics import (
    Dimension,
    Measure,
    Params,
    Part,
    Source,
    Span,
    Unit,
    count,
    dimensions,
    measures,
    moment_param,
    rate,
)  # fmt: skip

from .choices.campaigns import REACHED, CampaignKind, RecipientState
from .choices.journeys import EnrolmentState
from .lists.deeds import DID
from .models import Campaign, Enrolment, Journey, Recipient

SEE = "campaigns.view"
ARRIVED = (RecipientState.SENT,)


def _went_out(viewer: Actor, span: Span) -> Any:
    """Everybody for whom a message left us, of campaigns that began to go out in the period."""
    rows = Recipient.objects.visible_to(viewer).reached()
    return rows.filter(campaign__sent_at__gte=span.start, campaign__sent_at__lt=span.end)


def _params(span: Span) -> Params:
    return {
        "sent_from": [moment_param(span.start)], "sent_to": [moment_param(span.end)], "did": ["reached"], "own": ["1"],
    }  # fmt: skip


RECIPIENTS = Source(
    "campaigns.recipients", _went_out, _params, "marketing:recipient_list",
    {"campaign": Part("campaign_id", "campaign"), "campaign_kind": Part("campaign__kind", "kind")},
    moment="campaign__sent_at",
)  # fmt: skip


def _names(values: Sequence[Any]) -> Mapping[Any, Any]:
    """Campaigns by name, the newest first."""
    rows = Campaign.objects.filter(pk__in=[value for value in values if value is not None])
    return dict(rows.order_by("-sent_at", "-pk").values_list("pk", "name"))


def _share(key: str, label: Any, definition: Any, did: str, better: str, order: int) -> Measure:
    """A share of those whose message was delivered."""
    return Measure(
        f"campaigns.{key}", label, definition, RECIPIENTS, Unit.RATE, rate(DID[did]), SEE,
        only=lambda: DID["delivered"], params={"did": ["delivered"]}, better=better, order=order,
    )  # fmt: skip


def _count(key: str, label: Any, definition: Any, did: str, order: int, states: Sequence[str] = REACHED) -> Measure:
    """People whose message is in one of these states and who did that."""
    return Measure(
        f"campaigns.{key}", label, definition, RECIPIENTS, Unit.COUNT, count(), SEE,
        only=lambda: DID[did] & Q(state__in=states), params={"did": [did], "state": list(states)}, order=order,
    )  # fmt: skip


measures.register(
    _count("sent", pgettext_lazy("people", "Sent"),
           _("People for whom a message of a campaign left us, of campaigns that began to go out in the period."),
           "reached", 10),
    _count("delivered", _("Delivered"), _("Of these, those whose message no server sent back."), "delivered", 11),
    _count("opened", pgettext_lazy("people", "Opened"),
           _("Of the delivered, those who opened, as far as it can be told: mail privacy raises it, blocked pictures"
             " lower it, machines are left out."), "opened", 12, ARRIVED),
    _count("clicked", pgettext_lazy("people", "Clicked"),
           _("Of the delivered, those who clicked a link; hits of machines are left out."), "clicked", 13, ARRIVED),
    _count("answered", pgettext_lazy("people", "Answered"), _("Those who answered by mail."), "answered", 14),
    Measure("campaigns.delivery_rate", _("Delivery rate"), _("Delivered, of those for whom a message left us."),
            RECIPIENTS, Unit.RATE, rate(DID["delivered"]), SEE, better="up", order=20),
    _share("open_rate", _("Open rate"), _("Opened, of the delivered. Raised by mail privacy."), "opened", "up", 21),
    _share("click_rate", _("Click rate"), _("Clicked, of the delivered."), "clicked", "up", 22),
    _share("unsubscribe_rate", _("Unsubscribe rate"), _("Unsubscribed, of the delivered."), "unsubscribed", "down", 23),
)  # fmt: skip
dimensions.register(
    Dimension("campaign", _("Campaign"), 60, _names),
    Dimension("campaign_kind", _("Kind of campaign"), 61, lambda values: dict(CampaignKind.choices)),
)
reports.register(
    Report("campaigns-by-campaign", MARKETING, _("Which campaigns were read?"),
           ["campaigns.open_rate", "campaigns.click_rate", "campaigns.sent", "campaigns.delivery_rate",
            "campaigns.unsubscribe_rate"], by="campaign", order=10),
    Report("campaigns-funnel", MARKETING, _("How far did people come?"),
           ["campaigns.sent", "campaigns.delivered", "campaigns.opened", "campaigns.clicked"], is_funnel=True,
           order=20),
    Report("campaigns-over-time", MARKETING, _("How much did we send?"), ["campaigns.sent", "campaigns.click_rate"],
           by=TIME, order=30),
    Report("campaigns-by-kind", MARKETING, _("Which kind of campaign is clicked?"),
           ["campaigns.click_rate", "campaigns.answered", "campaigns.sent"], by="campaign_kind", order=40),
    Report("campaigns-returns", MARKETING, _("What did each campaign bring?"), url_name="marketing:campaign_list",
           definition=_("Sales credited to the last touch, cost and return stand on each campaign's page."),
           permission=SEE, order=50),
)  # fmt: skip

SEE_JOURNEYS = "journeys.view"


def _came_in(viewer: Actor, span: Span) -> Any:
    """Times that people came into journeys in the period."""
    return Enrolment.objects.visible_to(viewer).filter(entered_at__gte=span.start, entered_at__lt=span.end)


def _entered_params(span: Span) -> Params:
    return {"entered_from": [moment_param(span.start)], "entered_to": [moment_param(span.end)], "own": ["1"]}


ENROLMENTS = Source(
    "journeys.enrolments", _came_in, _entered_params, "journeys:enrolment_list",
    {"journey": Part("journey_id", "journey")}, moment="entered_at",
)  # fmt: skip


def _journey_names(values: Sequence[Any]) -> Mapping[Any, Any]:
    """Journeys by name."""
    rows = Journey.objects.filter(pk__in=[value for value in values if value is not None])
    return dict(rows.order_by("sort_key", "pk").values_list("pk", "name"))


def _in_state(key: str, label: Any, definition: Any, states: Sequence[str], order: int) -> Measure:
    """How many of those who came in stand so by now."""
    return Measure(
        f"journeys.{key}", label, definition, ENROLMENTS, Unit.COUNT, count(), SEE_JOURNEYS,
        only=lambda: Q(state__in=states), params={"state": list(states)}, order=order,
    )  # fmt: skip


measures.register(
    Measure("journeys.entered", _("Came into journeys"), _("Times that people came into a journey in the period."),
            ENROLMENTS, Unit.COUNT, count(), SEE_JOURNEYS, order=50),
    _in_state("completed", _("Came to the end of a journey"),
              _("Of these, those who walked to the end by now without reaching the goal."),
              [EnrolmentState.COMPLETED.value], 51),
    _in_state("goals", _("Reached the goal of a journey"), _("Of these, those for whom the goal was reached by now."),
              [EnrolmentState.GOAL.value], 52),
    Measure("journeys.goal_rate", _("Goal rate of journeys"),
            _("Goal reached, of the times that people came into a journey in the period."), ENROLMENTS, Unit.RATE,
            rate(Q(state=EnrolmentState.GOAL)), SEE_JOURNEYS, better="up", order=53),
)  # fmt: skip
dimensions.register(Dimension("journey", _("Journey"), 62, _journey_names))
reports.register(
    Report("journeys-by-journey", MARKETING, _("Which journeys reach their goal?"),
           ["journeys.goal_rate", "journeys.goals", "journeys.completed", "journeys.entered"], by="journey", order=50),
)  # fmt: skip
