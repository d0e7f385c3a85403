"""What sales knows of a customer's money: what is overdue, what is owed, what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from customers.figures.signs import Amount, CustomerSum, Evidence, Ids, RiskSign, risk_signs, sums
from customers.models import Order

from .actions.contract_quotes import SOURCE
from .cells import sums_text
from .conditions.contracts import MONEY_MOVES, MOVES
from .models import Contract, Instalment
from .selectors.payments import BANDS, overdue_of, today

#: Days after which money that is overdue is no oversight any more: the first band of the aging.
LONG = BANDS[0]


def _all_overdue(ids: Ids) -> dict[int, Any]:
    if ids is None:
        rows = Instalment.objects.overdue(today()).order_by()
        ids = set(rows.values_list("contract__customer", flat=True).distinct())
    return overdue_of(ids)


def overdue(ids: Ids) -> dict[int, dict[str, Any]]:
    """Customers with money overdue: the sums and how many days the oldest is late."""
    return {pk: {"amount": sums_text(each.sums), "days": each.days} for pk, each in _all_overdue(ids).items()}


def long_overdue(ids: Ids) -> dict[int, dict[str, Any]]:
    """Those of them whose oldest is late for long."""
    return {pk: each for pk, each in overdue(ids).items() if each["days"] > LONG}


def _late_for(found: Evidence) -> str:
    text = ngettext("%(amount)s overdue, for %(days)s day", "%(amount)s overdue, for %(days)s days", found["days"])
    return text % found


def instalments(ids: Ids) -> Iterator[Amount]:
    """What is still to be paid of signed contracts. One query."""
    rows = Instalment.objects.open()
    if ids is not None:
        rows = rows.filter(contract__customer__in=ids)
    parts = rows.order_by().values("contract__customer", "contract__currency")
    for row in parts.annotate(left=Sum(F("amount") - F("paid")), n=Count("pk")):
        yield Amount(row["contract__customer"], row["contract__currency"], row["left"], row["n"])


def ordered_under_contract(ids: Ids) -> Iterator[Amount]:
    """Open orders made from a quote with a signed contract: its instalments count already, so they are taken off."""
    orders = Order.objects.with_due().filter(source=SOURCE, due_now__gt=0)
    if ids is not None:
        orders = orders.filter(customer__in=ids)
    orders = list(orders.defer("note", "ship_to", "custom").order_by("pk"))
    contracts = Contract.objects.owing().filter(quote__isnull=False, customer__in={row.customer_id for row in orders})
    labels = {str(contract.quote.label) for contract in contracts.select_related("quote") if contract.quote}
    for row in orders:
        if row.external_id in labels:
            yield Amount(row.customer_id, row.currency, -row.due)


def agreed(ids: Ids) -> Iterator[Amount]:
    """What active contracts are worth. One query."""
    rows = Contract.objects.active()
    if ids is not None:
        rows = rows.filter(customer__in=ids)
    for row in rows.order_by().values("customer_id", "currency").annotate(sum=Sum("amount"), n=Count("pk")):
        yield Amount(row["customer_id"], row["currency"], row["sum"], row["n"])


sums.register(
    CustomerSum("sales.instalments", "owed", _("Unpaid instalments"), instalments, watches=MONEY_MOVES),
    CustomerSum("sales.ordered", "owed", _("Orders under a contract"), ordered_under_contract, watches=MOVES),
    CustomerSum("sales.contracts", "agreed", _("Active contracts"), agreed, watches=MOVES),
)
risk_signs.register(
    RiskSign(
        "sales.overdue", _("Overdue payments"), _("Somebody who pays late once may pay late again."), 25,
        overdue, _late_for, permission="payments.view", watches=MONEY_MOVES, order=20,
    ),
    RiskSign(
        "sales.long_overdue", _("Overdue for long"),
        format_lazy(_("Late for more than {days} days, which is no oversight; added to the sign before."), days=LONG),
        25, long_overdue, _late_for, permission="payments.view", watches=MONEY_MOVES, order=21,
    ),
)  # fmt: skip
