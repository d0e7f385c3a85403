"""A contract as data: what is approved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.core import money
from crm.fields.display import answers_shown

from ..models import Contract


def snapshot(contract: Contract) -> dict[str, Any]:
    """Everything that is agreed, as JSON: the same contract gives the same value."""
    return {
        "customer": contract.customer.name, "name": contract.name, "currency": contract.currency,
        "tax_included": contract.tax_included, "amount": f"{contract.amount:.2f}", "terms": contract.terms,
        "starts": str(contract.starts or ""), "ends": str(contract.ends or ""),
        "lines": [
            [line.name, f"{line.quantity:.3f}", f"{line.unit_price:.4f}", f"{line.discount_percent:.2f}",
             f"{line.gross:.2f}"]
            for line in contract.lines.all()
        ],
        **({"custom": contract.custom} if contract.custom else {}),
    }  # fmt: skip


def describe(data: dict[str, Any]) -> list[tuple[Any, Any]]:
    """What an approver reads, the deciding figures first."""
    currency = data["currency"]
    span = [(_("Starts"), data["starts"]), (_("Ends"), data["ends"])]
    return [
        (_("Amount"), money.shown(Decimal(data["amount"]), currency)),
        (_("Customer"), data["customer"]),
        *((label, day) for label, day in span if day),
        *(
            (line[0], f"{Decimal(line[1]).normalize():f} × {money.shown(Decimal(line[2]), currency)}"
                      f" − {Decimal(line[3]).normalize():f}%")
            for line in data["lines"]
        ),
        *answers_shown("contract", data.get("custom", {})),
    ]  # fmt: skip
