"""Setting what is to be sold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.models import Brand
from crm.core.rates import company_currency

from ..choices.targets import Measure, Period
from ..models import Target
from ..selectors.targets import COMPANY, Holder, holders

#: More than anybody sells.
_LIMIT = Decimal(10) ** 13


@action(permission="opportunities.set_targets")
def set_targets(
    *, actor: Actor, period: Period, measure: Measure, amounts: Mapping[tuple[Holder, dt.date], Decimal | None]
) -> int:
    """Sets targets in the company's currency; None or 0 takes one away. Returns how many changed.

    amounts: by holder and the first day of the month or quarter. Raises `Invalid`, `NotFound` for a holder outside
    the actor's scope.
    """
    Brand.objects.lock().get(is_default=True)
    currency, changed = company_currency(), 0
    mine = {holder for kind in {key[0][0] for key in amounts} for holder, _row in holders(actor, _kind(kind))}
    for (holder, starts_on), amount in sorted(amounts.items()):
        if holder not in mine:
            raise NotFound
        if amount is not None and not 0 <= amount < _LIMIT:
            raise Invalid(_("Enter an amount of zero or more"))
        if starts_on.day != 1 or (starts_on.month - 1) % period.months:
            raise Invalid(_("A target begins with its month or quarter"))
        changed += _set(_who(holder), {"period": period, "measure": measure, "starts_on": starts_on}, amount, currency)
    if changed:
        data = {"count": changed, "year": min(day for _holder, day in amounts).year, "measure": str(measure)}
        record_activity(actor=actor, type="opportunities.targets_set", subject=Brand.default(), data=data)
    return changed


def _set(who: dict[str, Any], when: dict[str, Any], amount: Decimal | None, currency: str) -> int:
    row = Target.objects.filter(**who, **when).first()
    if not amount:
        if row is not None:
            row.delete()
        return int(row is not None)
    if row is not None and (row.amount, row.currency) == (amount, currency):
        return 0
    Target.objects.update_or_create(**who, **when, defaults={"amount": amount, "currency": currency})
    return 1


def _who(holder: Holder) -> dict[str, Any]:
    names = ("user", "team", "department")
    return {f"{name}_id": holder[1] if holder[0] == name else None for name in names}


def _kind(kind: str) -> str:
    return "department" if kind == COMPANY[0] else kind
