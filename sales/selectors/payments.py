"""What is due, paid and late. Amounts stand by currency and are never added over two of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Min, Q, Sum
from django.utils import timezone

from crm.core import clock
from crm.core.actor import Actor
from crm.core.memo import remembered
from customers.models import Customer

from ..choices.payments import INSTALMENT_TONES, InstalmentState
from ..models import Contract, Instalment, Payment

#: Days overdue up to which each band of the aging reaches; the last has no end.
BANDS = (30, 60, 90)
Sums = dict[str, Decimal]


def today() -> dt.date:
    """The day in the active zone."""
    return timezone.localdate(clock.now())


@dataclass(slots=True)
class Overdue:
    """What a customer owes past its day. sums: by currency. days: how late the oldest instalment is."""

    sums: Sums = field(default_factory=dict)
    count: int = 0
    days: int = 0


def overdue_of(customer_ids: Collection[int]) -> dict[int, Overdue]:
    """What each customer owes past its day; customers who owe nothing are missing. One query, whoever asks."""
    now, found = today(), dict[int, Overdue]()
    rows = Instalment.objects.overdue(now).filter(contract__customer__in=customer_ids)
    parts = rows.order_by().values("contract__customer", "contract__currency").annotate(
        open=Sum(F("amount") - F("paid")), count=Count("pk"), oldest=Min("due_on")
    )  # fmt: skip
    for part in parts:
        each = found.setdefault(part["contract__customer"], Overdue())
        each.sums[part["contract__currency"]] = part["open"]
        each.count += part["count"]
        each.days = max(each.days, (now - part["oldest"]).days)
    return found


@dataclass(slots=True)
class Owed:
    """What a customer owes in all and past its day, by currency. days: how late the oldest instalment is."""

    open: Sums = field(default_factory=dict)
    overdue: Sums = field(default_factory=dict)
    days: int = 0


def owed_by(customer: Customer) -> Owed:
    """What a customer owes, whoever's contract it is on. One query, once a page."""
    return remembered(customer, ("sales.owed",), lambda: _owed(customer.pk))


def _owed(customer_id: int) -> Owed:
    now, found = today(), Owed()
    late = Q(due_on__lt=now)
    rows = Instalment.objects.open().filter(contract__customer=customer_id).order_by().values("contract__currency")
    left = F("amount") - F("paid")
    for part in rows.annotate(open=Sum(left), overdue=Sum(left, filter=late), oldest=Min("due_on", filter=late)):
        found.open[part["contract__currency"]] = part["open"]
        if part["oldest"] is not None:
            found.overdue[part["contract__currency"]] = part["overdue"]
            found.days = max(found.days, (now - part["oldest"]).days)
    return found


@dataclass(frozen=True, slots=True)
class Debt:
    """What a customer owes, as the viewer may see it. aging: open amounts by band of days overdue, by currency.

    following: the open instalment that is due next and not late yet.
    """

    open: Sums
    overdue: Sums
    aging: dict[str, list[Decimal]]
    late: Sequence[Instalment]
    following: Instalment | None
    credit: Sums


def debt_of(viewer: Actor, customer_id: int, shown: int = 5) -> Debt:
    """What is open, late and due next of a customer. Two queries."""
    now = today()
    rows = Instalment.objects.visible_to(viewer).open().filter(contract__customer=customer_id)
    parts = list(rows.select_related("contract").order_by("due_on", "pk"))
    due, late = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    aging = dict[str, list[Decimal]]()
    for part in parts:
        code = part.contract.currency
        due[code] += part.open_amount
        if part.due_on < now:
            late[code] += part.open_amount
            bands = aging.setdefault(code, [Decimal(0)] * (len(BANDS) + 1))
            bands[sum((now - part.due_on).days > days for days in BANDS)] += part.open_amount
    credits = Payment.objects.visible_to(viewer).with_credit().filter(contract__customer=customer_id)
    left = credits.order_by().values_list("currency").annotate(left=Sum("credit"))
    return Debt(
        dict(due), dict(late), aging, [part for part in parts if part.due_on < now][:shown],
        next((part for part in parts if part.due_on >= now), None), dict(left),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An instalment as a page shows it. reminder: the one of its highest level that was not sent yet."""

    part: Instalment
    state: InstalmentState
    tone: str
    days_late: int
    reminder_id: int | None


def plan_of(contract: Contract) -> list[PlanRow]:
    """The plan of a contract. Two queries."""
    now, found = today(), list[PlanRow]()
    for part in contract.instalments.prefetch_related("reminders"):
        part.contract = contract
        state = part.state_on(now)
        is_late = state == InstalmentState.OVERDUE
        waiting = [row.pk for row in part.reminders.all() if row.sent_at is None and is_late]
        late = (now - part.due_on).days if is_late else 0
        found.append(PlanRow(part, state, INSTALMENT_TONES[state], late, waiting[-1] if waiting else None))
    return found


def paid_on(contract: Contract) -> Decimal:
    """What payments were put on the instalments of a contract, also from the credit of others. One query."""
    return contract.instalments.aggregate(paid=Sum("paid"))["paid"] or Decimal(0)


def credit_for(viewer: Actor, contract: Contract) -> list[Payment]:
    """Payments of the customer with credit in the contract's currency, oldest first."""
    rows = Payment.objects.visible_to(viewer).with_credit().select_related("contract")
    rows = rows.filter(contract__customer=contract.customer_id, currency=contract.currency)
    return list(rows.order_by("received_on", "pk"))
