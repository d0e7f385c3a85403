"""How far deals get, and how long they stay: from the stage history, lost deals up to the stage they reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Extract
from django.urls import reverse
from django.utils.http import urlencode

from crm.accounts.models import TeamMembership
from crm.core.actor import Actor
from crm.core.metrics import Percentile, moment_param

from ..choices.opportunities import StageKind
from ..funnel import reached
from ..models import LostReason, Opportunity, Pipeline, Stage, StageSpan
from ..querysets.opportunities import OpportunityQuerySet
from ..terms import Term, company_zone

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class FunnelAsk:
    """Deals of a pipeline that were created in a term, and any of an owner, team and source."""

    pipeline: Pipeline
    term: Term
    owner: int | None = None
    team: int | None = None
    source: str = ""

    @property
    def params(self) -> dict[str, Any]:
        """What of it the list of deals understands."""
        start, end = self.term.moments(company_zone())
        named: Mapping[str, Any] = {"owner": self.owner, "team": self.team, "source": self.source or None}
        return {
            "pipeline": self.pipeline.pk, "created_from": moment_param(start), "created_to": moment_param(end),
            **{name: value for name, value in named.items() if value is not None},
        }  # fmt: skip


@dataclass(slots=True)
class FunnelStep:
    """A stage: how many deals reached it, of how many that reached the stage before it, and how long they stayed.

    before: the same count in the term before. stays: how many ended stays the days are of.
    """

    stage: Stage
    count: int
    base: int
    before: int
    before_base: int
    url: str
    median_days: float | None = None
    p90_days: float | None = None
    stays: int = 0

    @property
    def rate(self) -> float | None:
        return self.count / self.base if self.base else None

    @property
    def before_rate(self) -> float | None:
        return self.before / self.before_base if self.before_base else None

    @property
    def points(self) -> int | None:
        """How the rate changed, in percentage points; None where either term has no base."""
        if self.rate is None or self.before_rate is None:
            return None
        return round(100 * self.rate) - round(100 * self.before_rate)


@dataclass(slots=True)
class Ending:
    """How many deals ended one way."""

    label: Any
    count: int
    url: str


@dataclass(slots=True)
class Funnel:
    """The steps, and how the deals stand now. The win rate is of those that ended."""

    steps: list[FunnelStep]
    total: int
    won: int
    lost: int
    win_rate: float | None
    before_win_rate: float | None
    ended: int
    urls: dict[str, str]
    reasons: list[Ending]


def deals_of(viewer: Actor, ask: FunnelAsk) -> OpportunityQuerySet:
    """The deals that a funnel is about."""
    start, end = ask.term.moments(company_zone())
    rows: OpportunityQuerySet = Opportunity.objects.visible_to(viewer).filter(
        pipeline=ask.pipeline, created_at__gte=start, created_at__lt=end
    )
    if ask.owner is not None:
        rows = rows.filter(owner_id=ask.owner)
    if ask.team is not None:
        rows = rows.filter(owner_id__in=TeamMembership.objects.filter(team_id=ask.team).values("user_id"))
    return rows.filter(source=ask.source) if ask.source else rows


def funnel(viewer: Actor, ask: FunnelAsk) -> Funnel:
    """The funnel of a term beside that of the term before. Five queries, whatever the number of deals."""
    stages = [stage for stage in ask.pipeline.stages.all() if stage.kind == StageKind.OPEN]
    rows = deals_of(viewer, ask)
    now = _counts(rows, stages)
    before = _counts(deals_of(viewer, replace(ask, term=ask.term.before)), stages)
    params, times = ask.params, _times(rows)
    used = [stage for stage in stages if stage.is_active or now[_key(stage)]]
    steps, base, base_before = [], now["total"], before["total"]
    for stage in used:
        step = FunnelStep(
            stage, now[_key(stage)], base, before[_key(stage)], base_before, list_url(params, reached=stage.pk),
            *times.get(stage.pk, (None, None, 0)),
        )  # fmt: skip
        steps.append(step)
        base, base_before = step.count, step.before
    last = next((stage for stage in ask.pipeline.stages.all() if stage.kind == StageKind.WON), None)
    if last is not None:
        url = list_url(params, state="won")
        steps.append(FunnelStep(last, now["won"], base, before["won"], base_before, url))
    ended = now["won"] + now["lost"]
    ended_before = before["won"] + before["lost"]
    return Funnel(
        steps, now["total"], now["won"], now["lost"], now["won"] / ended if ended else None,
        before["won"] / ended_before if ended_before else None, ended,
        {"total": list_url(params), **{key: list_url(params, state=key) for key in ("open", "won", "lost")}},
        _reasons(rows, params),
    )  # fmt: skip


def list_url(params: Mapping[str, Any], **further: Any) -> str:
    """The list that shows exactly those deals."""
    query = {"view": "all", "own": "1", **params, **further}
    return f"{reverse('sales:opportunity_list')}?{urlencode(query)}"


def _key(stage: Stage) -> str:
    return f"stage_{stage.pk}"


def _counts(rows: OpportunityQuerySet, stages: list[Stage]) -> dict[str, int]:
    """How many deals there are, reached each stage, were won and lost. One query."""
    columns = {_key(stage): Count("pk", filter=reached(stage)) for stage in stages}
    return rows.aggregate(
        total=Count("pk"), won=Count("pk", filter=Q(won_at__isnull=False)),
        lost=Count("pk", filter=Q(lost_at__isnull=False)), **columns,
    )  # fmt: skip


def _times(rows: OpportunityQuerySet) -> dict[int, tuple[float, float, int]]:
    """Median and 90th percentile of the calendar days of ended stays, and how many there are, by stage. One query."""
    stay = ExpressionWrapper(F("left_at") - F("entered_at"), output_field=DurationField())
    spans = StageSpan.objects.filter(opportunity__in=rows, left_at__isnull=False).annotate(
        seconds=Extract(stay, "epoch")
    )
    found = spans.order_by().values("stage_id").annotate(
        median=Percentile("seconds", 0.5), p90=Percentile("seconds", 0.9), n=Count("pk")
    )  # fmt: skip
    return {row["stage_id"]: (row["median"] / _DAY_SECONDS, row["p90"] / _DAY_SECONDS, row["n"]) for row in found}


def _reasons(rows: OpportunityQuerySet, params: Mapping[str, Any]) -> list[Ending]:
    """Why deals of the term were lost, the most frequent first. One query."""
    reasons = LostReason.objects.in_bulk()
    found = rows.filter(lost_reason__isnull=False).order_by().values("lost_reason").annotate(n=Count("pk"))
    return [
        Ending(reasons[row["lost_reason"]], row["n"], list_url(params, lost_reason=row["lost_reason"]))
        for row in sorted(found, key=lambda row: (-row["n"], row["lost_reason"]))
    ]
