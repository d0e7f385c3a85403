"""A quote as data: what is approved, what is printed, what is accepted."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.core import money
from crm.fields.display import answers_shown

from ..models import Quote


def snapshot(quote: Quote) -> dict[str, Any]:
    """Everything that is offered, as JSON: the same quote gives the same value."""
    return {
        "customer": quote.customer.name, "name": quote.name, "language": quote.language, "currency": quote.currency,
        "tax_included": quote.tax_included, "valid_until": quote.valid_until.isoformat(), "terms": quote.terms,
        "net": f"{quote.net:.2f}", "tax": f"{quote.tax:.2f}", "gross": f"{quote.gross:.2f}",
        "top_discount": f"{quote.top_discount:.2f}",
        "lines": [
            [
                line.name, f"{line.quantity:.3f}", f"{line.unit_price:.4f}", f"{line.discount_percent:.2f}",
                f"{line.tax_percent:.2f}", f"{line.gross:.2f}",
            ]
            for line in quote.lines.all()
        ],
    }  # fmt: skip


def for_approval(quote: Quote) -> dict[str, Any]:
    """What an approval is bound to: the offer, and what staff answered about it, by which flows may decide."""
    return snapshot(quote) | ({"custom": quote.custom} if quote.custom else {})


def hash_of(quote: Quote) -> str:
    """SHA-256 of the snapshot with number and version: what a customer's consent is bound to."""
    data = {**snapshot(quote), "number": quote.label}
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def describe(data: dict[str, Any]) -> list[tuple[Any, Any]]:
    """What an approver reads, the deciding figures first."""
    currency = data["currency"]
    return [
        (_("Total"), money.shown(Decimal(data["gross"]), currency)),
        (_("Highest discount"), f"{Decimal(data['top_discount']).normalize():f}%"),
        (_("Customer"), data["customer"]),
        (_("Valid until"), data["valid_until"]),
        *(
            (line[0], f"{Decimal(line[1]).normalize():f} × {money.shown(Decimal(line[2]), currency)}"
                      f" − {Decimal(line[3]).normalize():f}%")
            for line in data["lines"]
        ),
        *answers_shown("quote", data.get("custom", {})),
    ]  # fmt: skip
