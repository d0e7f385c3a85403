"""The demo's targets, and its forecast of every Monday of the last quarters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from crm.accounts.models import User
from crm.core.demo import DemoContext
from crm.core.metrics import midnight
from crm.core.models import Brand

from ..choices.opportunities import StageKind
from ..choices.targets import Measure, Period
from ..models import ForecastSnapshot, Opportunity, StageSpan, Target
from ..terms import Term

WEEKS = 26
_WEEK = dt.timedelta(days=7)


def make_planning(context: DemoContext) -> None:
    """Targets of this quarter and the two around it; snapshots as the stage history tells them."""
    _targets(context)
    _snapshots(context)


def _targets(context: DemoContext) -> None:
    rng, brand = context.rng("targets"), Brand.default()
    sellers: list[User] = context.made["staff"].in_role("sales")
    now = Term.around(context.now.astimezone(ZoneInfo(brand.timezone)).date(), Period.QUARTER)
    rows = []
    for term in (now.before, now, now.after):
        amounts = {user.pk: Decimal(rng.randint(20, 32) * 100_000) for user in sellers}
        for measure, share in ((Measure.WON, Decimal(1)), (Measure.PAID, Decimal("0.8"))):
            common = {"measure": measure, "period": Period.QUARTER, "starts_on": term.start, "currency": brand.currency}
            rows += [Target(user_id=pk, amount=amount * share, **common) for pk, amount in amounts.items()]
            rows.append(Target(amount=sum(amounts.values(), Decimal(0)) * share, **common))
    Target.objects.bulk_create(rows, ignore_conflicts=True)


def _snapshots(context: DemoContext) -> None:
    """What was open each Monday. Now and then a deal was expected earlier then, or for another amount."""
    rng, zone = context.rng("snapshots"), ZoneInfo(Brand.default().timezone)
    today = context.now.astimezone(zone).date()
    monday = today - dt.timedelta(days=today.weekday())
    stays: dict[int, list[StageSpan]] = {}
    for span in StageSpan.objects.select_related("stage").order_by("entered_at", "pk"):
        stays.setdefault(span.opportunity_id, []).append(span)
    rows = []
    for deal in Opportunity.objects.order_by("pk"):
        amount, close = deal.amount, deal.expected_close
        for back in range(WEEKS):
            day = monday - back * _WEEK
            at = midnight(day, zone)
            present = [span for span in stays.get(deal.pk, []) if span.entered_at <= at]
            if not present or present[-1].stage.kind != StageKind.OPEN or deal.created_at > at:
                continue
            if rng.random() < 0.06:
                amount = (amount * Decimal(rng.choice((85, 90, 110, 125))) / 100).quantize(Decimal("0.01"))
            if rng.random() < 0.08:
                close -= dt.timedelta(days=rng.choice((14, 30, 45)))
            rows.append(
                ForecastSnapshot(
                    opportunity=deal, taken_on=day, amount=amount, currency=deal.currency,
                    chance=present[-1].stage.probability, expected_close=close,
                )
            )  # fmt: skip
    ForecastSnapshot.objects.bulk_create(rows, batch_size=2000)
