"""The risk level of customers: the signs that rooms see, weighed by points, or what somebody said by hand.

The level is that of the sum of the points of all signs (`levels.risk_of`). A set of customers takes a query or two a
sign, one to read what was known and one to write what differs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from crm.activity.recording import Deed, record_many
from crm.core import clock
from crm.core.actor import Actor
from crm.core.translated import in_all_languages

from ..choices import RiskLevel
from ..models import Customer, CustomerFacts
from .levels import level_settings, points_of, risk_of
from .signs import Ids, risk_signs

_WRITE = """
INSERT INTO customers_customerfacts
    (customer_id, orders, bought, r, f, m, value, value_by_hand, value_note, computed_at,
     risk, risk_points, risk_reasons, risk_since)
SELECT t.customer_id, 0, 0, 0, 0, 0, '', '', '', %(now)s, t.risk, t.points, t.reasons, t.since
FROM unnest(%(ids)s::bigint[], %(risks)s::text[], %(points)s::int[], %(reasons)s::jsonb[], %(since)s::timestamptz[])
    AS t(customer_id, risk, points, reasons, since)
JOIN customers_customer c ON c.id = t.customer_id AND c.deleted_at IS NULL
ORDER BY t.customer_id
ON CONFLICT (customer_id) DO UPDATE SET risk = excluded.risk, risk_points = excluded.risk_points,
    risk_reasons = excluded.risk_reasons, risk_since = excluded.risk_since
"""
Reasons = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be written of one customer. before: the level until now."""

    customer_id: int
    before: str
    risk: str
    points: int
    reasons: Reasons


def compute_risk(ids: Sequence[int] | None = None) -> int:
    """Brings the risk of these customers, or of all, to what the signs say now. Returns how many changed."""
    with transaction.atomic():
        changed = _changed(ids, _signs_of(ids))
        if changed:
            _write(changed)
            _tell([each for each in changed if each.before != each.risk])
    return len(changed)


def _signs_of(ids: Ids) -> dict[int, Reasons]:
    settings = level_settings()
    points = points_of(settings)
    found: dict[int, Reasons] = {}
    for sign in risk_signs:
        if points[sign.key]:
            for pk, evidence in sign.find(ids).items():
                found.setdefault(pk, []).append({"sign": sign.key, "points": points[sign.key], **evidence})
    return found


def _changed(ids: Ids, signs: dict[int, Reasons]) -> list[Found]:
    """What differs from what is stored: of customers with signs, and of those who had some."""
    settings = level_settings()
    has_some = ~Q(risk=RiskLevel.NONE, risk_points=0)
    rows = CustomerFacts.objects.select_for_update(no_key=True).filter(has_some | Q(customer__in=list(signs)))
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    columns = ("customer_id", "risk", "risk_points", "risk_reasons", "risk_by_hand")
    known = {row[0]: row[1:] for row in rows.order_by("customer_id").values_list(*columns)}
    found = []
    for pk in sorted({*known, *signs}):
        before, old_points, old_reasons, by_hand = known.get(pk, (RiskLevel.NONE, 0, [], ""))
        reasons = signs.get(pk, [])
        points = sum(reason["points"] for reason in reasons)
        risk = by_hand or risk_of(points, settings)
        if (before, old_points, old_reasons) != (risk, points, reasons):
            found.append(Found(pk, before, str(risk), points, reasons))
    return found


def _write(changed: Sequence[Found]) -> None:
    """Writes all of it in one statement. The moment stays where the level does."""
    now = clock.now()
    same = [each.customer_id for each in changed if each.before == each.risk]
    since = dict(CustomerFacts.objects.filter(customer__in=same).values_list("customer_id", "risk_since"))
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "now": now,
                "ids": [each.customer_id for each in changed],
                "risks": [each.risk for each in changed],
                "points": [each.points for each in changed],
                "reasons": [json.dumps(each.reasons) for each in changed],
                "since": [since.get(each.customer_id) if each.before == each.risk else now for each in changed],
            },
        )


def _tell(changed: Sequence[Found]) -> None:
    """One deed a customer whose level is another now; of customers who are gone none."""
    rows = Customer.objects.in_bulk([each.customer_id for each in changed])
    deeds = []
    for each in changed:
        if customer := rows.get(each.customer_id):
            names = {name: in_all_languages(RiskLevel(getattr(each, name)).label) for name in ("before", "risk")}
            data = {"was": names["before"], "risk": names["risk"], "level": each.risk, "points": each.points}
            deeds.append(Deed("customers.risk_changed", customer, data=data))
    if deeds:
        record_many(actor=Actor.system(), deeds=deeds)
