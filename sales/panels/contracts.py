"""Contracts of a customer or an opportunity, and what a customer owes."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core import money
from crm.core.actor import Actor
from crm.core.sockets import Panel

from ..cells import sums_text
from ..lists.contracts import tone
from ..models import Contract, Opportunity
from ..selectors.payments import BANDS, debt_of, today

IN_PANEL = 6


def contracts_of(actor: Actor, record: Any) -> dict[str, Any]:
    """The latest contracts. One query."""
    name = "opportunity" if isinstance(record, Opportunity) else "customer"
    rows = Contract.objects.visible_to(actor).filter(**{name: record}).order_by("-created_at", "-pk")[:IN_PANEL]
    address = reverse("contracts:contract_create", args=[record.customer_id if name == "opportunity" else record.pk])
    return {
        "contracts": [(row, tone(row)) for row in rows],
        "create_url": f"{address}?opportunity={record.pk}" if name == "opportunity" else address,
        "may_create": actor.can("contracts.create"),
    }


def money_due(actor: Actor, customer: Any) -> dict[str, Any]:
    """Open, late and next, with the age of what is late. Two queries."""
    debt, now = debt_of(actor, customer.pk), today()
    return {
        "open": sums_text(debt.open), "overdue": sums_text(debt.overdue), "credit": sums_text(debt.credit),
        "aging": [(code, _bands(code, sums)) for code, sums in sorted(debt.aging.items())],
        "late": [(row, _days((now - row.due_on).days)) for row in debt.late],
        "following": debt.following,
        "list_url": f"{reverse('contracts:instalment_list')}?customer={customer.number}&state=open",
    }  # fmt: skip


def _days(days: int) -> str:
    return ngettext("%(days)s day overdue", "%(days)s days overdue", days) % {"days": days}


def _bands(code: str, sums: list[Any]) -> list[tuple[str, str]]:
    """("1–30", "¥100.00"), … for the bands in which something is."""
    starts = (1, *(days + 1 for days in BANDS))
    names = [f"{start}–{end}" for start, end in zip(starts, BANDS, strict=False)] + [f"> {BANDS[-1]}"]
    return [(name, money.shown(each, code)) for name, each in zip(names, sums, strict=True) if each]


CONTRACT_PANELS = [
    *(
        Panel(f"contracts.{kind}", kind, _("Contracts"), "contracts/panels/_contracts.html", contracts_of,
              "contracts.view", order=24)
        for kind in ("customer", "opportunity")
    ),
    Panel("contracts.money_due", "customer", _("Money due"), "contracts/panels/_money_due.html", money_due,
          "payments.view", order=25),
]  # fmt: skip
