"""Figures of opportunities. Amounts are those of the deal, tax included, by currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Avg, DurationField, ExpressionWrapper, F, FloatField, Q, Sum
from django.db.models.functions import Coalesce, Extract
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.actor import Actor
from crm.core.gallery import SALES, TIME, Report, reports
from crm.core.metrics import (
    Dimension,
    Measure,
    Part,
    Source,
    Span,
    Unit,
    count,
    dimensions,
    mean,
    measures,
    rate,
    total,
)
from customers.metrics import between, choices, people

from ..choices.opportunities import OpportunitySource
from ..models import LostReason, Opportunity, Pipeline, Stage
from ..querysets.opportunities import WEIGHTED

LIST, SEE = "sales:opportunity_list", "opportunities.view"
PARTS = {
    "deal_owner": Part("owner_id", "owner"),
    "pipeline": Part("pipeline_id", "pipeline"),
    "stage": Part("stage_id", "stage"),
    "deal_source": Part("source", "source"),
    "currency": Part("currency", "currency"),
}


def _open(viewer: Actor, span: Span) -> Any:
    return Opportunity.objects.visible_to(viewer).open()


def _in(column: str) -> Any:
    def rows(viewer: Actor, span: Span) -> Any:
        inside = {f"{column}__gte": span.start, f"{column}__lt": span.end}
        return Opportunity.objects.visible_to(viewer).filter(**inside)

    return rows


def _ended(viewer: Actor, span: Span) -> Any:
    rows = Opportunity.objects.visible_to(viewer).annotate(ended_at=Coalesce("won_at", "lost_at"))
    return rows.filter(ended_at__gte=span.start, ended_at__lt=span.end)


OPEN = Source("sales.open", _open, lambda span: {"state": ["open"]}, LIST, PARTS, currency="currency")
CREATED = Source("sales.created", _in("created_at"), lambda span: between("created", span), LIST, PARTS,
                 moment="created_at", currency="currency")  # fmt: skip
WON = Source("sales.won", _in("won_at"), lambda span: between("won", span), LIST, PARTS, moment="won_at",
             currency="currency")  # fmt: skip
LOST = Source("sales.lost", _in("lost_at"), lambda span: between("lost", span), LIST,
              {**PARTS, "lost_reason": Part("lost_reason_id", "lost_reason")}, moment="lost_at",
              currency="currency")  # fmt: skip
ENDED = Source("sales.ended", _ended, lambda span: between("ended", span), LIST, PARTS, moment="ended_at",
               currency="currency")  # fmt: skip
_WAY = Extract(ExpressionWrapper(F("won_at") - F("created_at"), output_field=DurationField()), "epoch")

measures.register(
    Measure("sales.open", _("Open opportunities"), _("Opportunities that are neither won nor lost now."), OPEN,
            Unit.COUNT, count(), SEE, order=10),
    Measure("sales.open_amount", _("Pipeline"), _("The amounts of opportunities that are open now, by currency."), OPEN,
            Unit.MONEY, total("amount"), SEE, better="up", order=11),
    Measure("sales.weighted", _("Weighted pipeline"),
            _("Amount times win probability of opportunities that are open now, by currency."), OPEN, Unit.MONEY,
            lambda only: Sum(WEIGHTED, filter=only), SEE, better="up", order=12),
    Measure("sales.created", _("New opportunities"), _("Opportunities created in the period."), CREATED, Unit.COUNT,
            count(), SEE, better="up", order=20),
    Measure("sales.created_amount", _("New amount"), _("The amounts of opportunities created in the period."), CREATED,
            Unit.MONEY, total("amount"), SEE, better="up", order=21),
    Measure("sales.won", _("Won opportunities"), _("Opportunities won in the period."), WON, Unit.COUNT, count(), SEE,
            better="up", order=30),
    Measure("sales.won_amount", pgettext_lazy("amount", "Won"),
            _("The amounts of opportunities won in the period, by currency."), WON, Unit.MONEY, total("amount"), SEE,
            better="up", order=31),
    Measure("sales.mean_deal", _("Mean deal"), _("The mean amount of opportunities won in the period, by currency."),
            WON, Unit.MONEY, mean("amount"), SEE, better="up", order=32),
    Measure("sales.days_to_win", _("Time to win"),
            _("Mean calendar time from creation to winning, of opportunities won in the period."), WON,
            Unit.CALENDAR_SECONDS, lambda only: Avg(_WAY, filter=only, output_field=FloatField()), SEE, better="down",
            order=33),
    Measure("sales.lost", _("Lost opportunities"), _("Opportunities lost in the period."), LOST, Unit.COUNT, count(),
            SEE, better="down", order=34),
    Measure("sales.lost_amount", pgettext_lazy("amount", "Lost"),
            _("The amounts of opportunities lost in the period, by currency."), LOST, Unit.MONEY, total("amount"), SEE,
            better="down", order=35),
    Measure("sales.win_rate", _("Win rate"),
            _("Of the opportunities won or lost in the period, the share that was won."), ENDED, Unit.RATE,
            rate(Q(won_at__isnull=False)), SEE, better="up", order=36),
)  # fmt: skip


def _rows(model: Any) -> Any:
    """Names of catalogue rows in their own order."""

    def names(values: Sequence[Any]) -> Mapping[Any, Any]:
        return {row.pk: str(row) for row in model.objects.filter(pk__in=[value for value in values if value])}

    return names


def _stages(values: Sequence[Any]) -> Mapping[Any, Any]:
    """Stages in the order of their pipelines, whose names stand before them where there are several."""
    rows = Stage.objects.filter(pk__in=values).select_related("pipeline").order_by("pipeline__order", "order", "pk")
    found = list(rows)
    several = len({row.pipeline_id for row in found}) > 1
    return {row.pk: f"{row.pipeline} · {row}" if several else str(row) for row in found}


dimensions.register(
    Dimension("deal_owner", _("Owner"), 70, people),
    Dimension("pipeline", pgettext_lazy("sales", "Pipeline"), 71, _rows(Pipeline)),
    Dimension("stage", _("Stage"), 72, _stages),
    Dimension("deal_source", pgettext_lazy("opportunity", "Source"), 73, choices(OpportunitySource)),
    Dimension("lost_reason", _("Lost reason"), 74, _rows(LostReason)),
)
_DONE = ["sales.won_amount", "sales.won", "sales.win_rate", "sales.mean_deal", "sales.days_to_win"]
reports.register(
    Report("sales-won", SALES, _("What did we win?"), _DONE, by=TIME, order=10),
    Report("sales-won-owner", SALES, _("Who wins how much?"), _DONE, by="deal_owner", order=11),
    Report("sales-won-source", SALES, _("Which sources bring won deals?"), _DONE, by="deal_source", order=12),
    Report("sales-pipeline", SALES, _("What is in the pipeline?"),
           ["sales.open_amount", "sales.weighted", "sales.open"], by="stage", order=20),
    Report("sales-pipeline-owner", SALES, _("Whose pipeline is how full?"),
           ["sales.open_amount", "sales.weighted", "sales.open"], by="deal_owner", order=21),
    Report("sales-created", SALES, _("Does the pipeline fill up?"), ["sales.created", "sales.created_amount"], by=TIME,
           order=22),
    Report("sales-lost", SALES, _("Why do we lose?"), ["sales.lost", "sales.lost_amount"], by="lost_reason", order=30),
    Report("sales-stages", SALES, _("Where do deals drop?"), url_name="planning:funnel", permission=SEE,
           definition=_("Stage by stage: how many got there, and how long they stayed."), order=31),
    Report("sales-forecast", SALES, _("Will we reach the target?"), url_name="planning:forecast", permission=SEE,
           definition=_("What is won and what may come, against the targets."), order=32),
)  # fmt: skip
