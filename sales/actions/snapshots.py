"""Keeping the forecast of each week, so that it can be compared with what came."""

from __future__ import annotations

import datetime as dt

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.models import Brand

from ..models import ForecastSnapshot, Opportunity
from ..terms import company_today

_BATCH = 2000


@action()
def take_snapshot(*, actor: Actor) -> int:
    """Keeps every open deal as it stands, once a week from Monday of the company's zone on; returns how many."""
    Brand.objects.lock().get(is_default=True)
    today = company_today()
    if ForecastSnapshot.objects.filter(taken_on__gte=today - dt.timedelta(days=today.weekday())).exists():
        return 0
    rows = Opportunity.objects.visible_to(actor).open().with_chance().order_by("pk")
    found = rows.values_list("pk", "amount", "currency", "chance_now", "expected_close").iterator(_BATCH)
    made = ForecastSnapshot.objects.bulk_create(
        (
            ForecastSnapshot(
                taken_on=today, opportunity_id=pk, amount=amount, currency=currency, chance=chance, expected_close=close
            )
            for pk, amount, currency, chance, close in found
        ),
        batch_size=_BATCH,
    )
    return len(made)
