"""The board: the open deals of the list, in the columns of one pipeline. Sums are of whole columns, by currency."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum, Window
from django.db.models.functions import RowNumber

from crm.core.actor import Actor

from .cells import Card, cards_of, sums_text
from .choices.opportunities import StageKind
from .models import Pipeline, Stage
from .querysets.opportunities import WEIGHTED, OpportunityQuerySet

#: Cards of a column at first, and with each "Load more".
CARDS = 20
_ORDER = ("expected_close", "pk")


@dataclass(slots=True)
class Totals:
    """How many deals, what they are worth and what may be expected of them, by currency."""

    count: int = 0
    sums: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    weighted: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, row: dict[str, Any]) -> None:
        """Takes in a group of one currency."""
        self.count += row["count"]
        self.sums[row["currency"]] += row["sum"]
        self.weighted[row["currency"]] += row["weighted"]

    @property
    def sum_text(self) -> str:
        return sums_text(self.sums)

    @property
    def weighted_text(self) -> str:
        return sums_text(self.weighted)


@dataclass(slots=True)
class ColumnOfCards:
    """A stage with its first cards."""

    stage: Stage
    totals: Totals
    cards: list[Card]

    @property
    def more(self) -> int:
        """How many cards are not shown yet."""
        return max(0, self.totals.count - len(self.cards))


@dataclass(slots=True)
class Board:
    """A pipeline's open stages as columns, and what they hold together."""

    pipeline: Pipeline
    columns: list[ColumnOfCards]
    totals: Totals
    ends: Sequence[Stage]


def board_of(viewer: Actor, rows: OpportunityQuerySet, pipeline: Pipeline) -> Board:
    """The board of a filtered, visible set. Four queries, whatever its size."""
    rows = rows.open().filter(pipeline=pipeline)
    stages = list(pipeline.stages.all())
    by_stage, all_of_them = totals_by_stage(rows)
    place = Window(RowNumber(), partition_by=[F("stage_id")], order_by=[F("expected_close"), F("pk")])
    first = rows.annotate(place=place).filter(place__lte=CARDS).order_by("stage_id", "place")
    cards: dict[int, list[Card]] = defaultdict(list)
    for card in _cards(viewer, first):
        cards[card.deal.stage_id].append(card)
    columns = [
        ColumnOfCards(stage, by_stage.get(stage.pk, Totals()), cards[stage.pk])
        for stage in stages
        if stage.kind == StageKind.OPEN and (stage.is_active or stage.pk in by_stage)
    ]
    return Board(pipeline, columns, all_of_them, [stage for stage in stages if stage.kind != StageKind.OPEN])


def more_cards(viewer: Actor, rows: OpportunityQuerySet, stage: Stage, after: int) -> tuple[list[Card], int]:
    """The next cards of a column after the first `after`, and how many remain then. Three queries."""
    rows = rows.open().filter(stage=stage)
    found = _cards(viewer, rows.order_by(*_ORDER)[after : after + CARDS])
    return found, max(0, rows.count() - after - len(found))


def totals_by_stage(rows: OpportunityQuerySet) -> tuple[dict[int, Totals], Totals]:
    """What each stage holds by stage id, and all together. One query."""
    by_stage: dict[int, Totals] = defaultdict(Totals)
    everything = Totals()
    groups = rows.order_by().values("stage_id", "currency")
    for row in groups.annotate(count=Count("pk"), sum=Sum("amount"), weighted=Sum(WEIGHTED)):
        by_stage[row["stage_id"]].add(row)
        everything.add(row)
    return by_stage, everything


def ends_of(rows: OpportunityQuerySet, since: dt.datetime) -> dict[str, Totals]:
    """What was won and lost since a moment, by `StageKind`. One query."""
    found = {str(StageKind.WON): Totals(), str(StageKind.LOST): Totals()}
    groups = rows.filter(Q(won_at__gte=since) | Q(lost_at__gte=since)).order_by().values("stage__kind", "currency")
    for row in groups.annotate(count=Count("pk"), sum=Sum("amount"), weighted=Sum(WEIGHTED)):
        found[row["stage__kind"]].add(row)
    return found


def totals_of(rows: OpportunityQuerySet) -> Totals:
    """What deals are worth together. One query."""
    return totals_by_stage(rows)[1]


def _cards(viewer: Actor, rows: OpportunityQuerySet) -> list[Card]:
    found = rows.select_related("stage", "customer", "owner").defer("note", "customer__note")
    return cards_of(found.with_next_tasks(viewer))
