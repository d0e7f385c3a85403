"""What a campaign brought: leads, won opportunities and orders, each credited to one campaign.

A sale is credited to the campaign of the customer's last touch (a click, an answer, a registration, coming to an
event, becoming a customer from one of its leads) at most `window_days` of that campaign before it was won or placed.

The sums are facts of the campaign and are seen with it, the same by everybody who may see it; the records behind them
are opened by whoever may see these (docs/architecture/marketing.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, Sum
from django.utils import timezone

from crm.core.actor import Actor
from crm.core.rates import Converted, Part, Rates
from crm.core.sockets import kinds
from customers.models import Link, Order
from sales.models import Lead, Opportunity

from ..choices.campaigns import CostKind
from ..models import Campaign, Response

#: Records from which an order may come that is counted already.
_SALES = ("opportunity", "quote", "contract")


@dataclass(frozen=True, slots=True)
class Money:
    """What came in and what it cost, in the campaign's currency. notes: rates that were used or lacked.

    cost: what was booked, else planned; None where neither was entered. roi: (revenue - cost) / cost, None without
    a cost.
    """

    won: Converted
    orders: Converted
    planned: Decimal | None
    booked: Decimal | None

    @property
    def revenue(self) -> Decimal:
        return self.won.amount + self.orders.amount

    @property
    def cost(self) -> Decimal | None:
        return self.booked if self.booked is not None else self.planned

    @property
    def roi(self) -> float | None:
        return float((self.revenue - self.cost) / self.cost) if self.cost else None

    @property
    def notes(self) -> list[str]:
        return list(dict.fromkeys([*self.won.notes(), *self.orders.notes()]))


def leads_of(viewer: Actor, campaign: Campaign) -> Any:
    """Leads made of its answers, and those that came by its links or forms, which the viewer may open."""
    answered = Q(origin_kind=kinds["campaign"].code, origin_id=campaign.pk)
    return Lead.objects.visible_to(viewer).filter(answered | Q(utm__utm_campaign=campaign.code))


def won_by(viewer: Actor, campaign: Campaign, *, first: bool = False) -> Any:
    """Won opportunities that are credited to it by the last touch, or by the first, which the viewer may open."""
    rows = Opportunity.objects.visible_to(viewer).won().filter(customer__in=_touched(campaign))
    return rows.annotate(credit=Response.objects.crediting("won_at", first=first)).filter(credit=campaign.pk)


def orders_by(viewer: Actor, campaign: Campaign, *, first: bool = False) -> Any:
    """Orders credited to it, which the viewer may open; those made from a deal, quote or contract count there."""
    codes = [kinds[key].code for key in _SALES if key in kinds]
    made = Link.objects.filter(target_kind=kinds["order"].code, source_kind__in=codes).values("target_id")
    rows = Order.objects.visible_to(viewer).counting().filter(customer__in=_touched(campaign)).exclude(pk__in=made)
    return rows.annotate(credit=Response.objects.crediting("placed_at", first=first)).filter(credit=campaign.pk)


def money_of(campaign: Campaign, *, first: bool = False) -> Money:
    """Revenue and cost, whoever asks. Four queries, one more where rates are needed."""
    rates, viewer = Rates(campaign.currency), Actor.system()
    won = rates.total(_parts(won_by(viewer, campaign, first=first).values_list("currency", "won_at", "amount")))
    net = F("gross") - F("refunded")
    orders = orders_by(viewer, campaign, first=first).annotate(left=net).values_list("currency", "placed_at", "left")
    costs = dict(campaign.costs.order_by().values_list("kind").annotate(Sum("amount")))
    return Money(won, rates.total(_parts(orders)), costs.get(CostKind.PLANNED), costs.get(CostKind.BOOKED))


def _parts(rows: Iterable[tuple[str, Any, Decimal]]) -> list[Part]:
    return [Part(currency, timezone.localdate(at), amount) for currency, at, amount in rows]


def _touched(campaign: Campaign) -> Any:
    return Response.objects.touches().filter(campaign=campaign).order_by().values("customer")
