"""What changed from one version of a quote to the next, a line each."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crm.core import money

from ..models import Quote, QuoteLine


def changes_between(former: Quote, quote: Quote) -> list[tuple[str, str, str]]:
    """(what, before, after): totals and terms first, then lines by what they are; nothing for what is the same."""
    heads = [
        (_("Total"), former.total_text, quote.total_text),
        (_("Valid until"), former.valid_until.isoformat(), quote.valid_until.isoformat()),
        (_("Terms"), former.terms, quote.terms),
    ]
    before, after = _lines(former), _lines(quote)
    rows = [(name.partition("\0")[0], before.get(name, ""), after.get(name, "")) for name in {**before, **after}]
    return [row for row in (*heads, *rows) if row[1] != row[2]]


def _lines(quote: Quote) -> dict[str, str]:
    """Name → what is offered of it; a name that comes again is counted."""
    found: dict[str, str] = {}
    for line in quote.lines.all():
        key, again = line.name, 1
        while key in found:
            again += 1
            key = f"{line.name}\0{again}"
        found[key] = _words(line, quote.currency)
    return found


def _words(line: QuoteLine, currency: str) -> Any:
    price = money.shown(line.unit_price, currency)
    less = f" − {line.discount_percent.normalize():f}%" if line.discount_percent else ""
    return f"{line.quantity.normalize():f} × {price}{less} = {money.shown(line.gross, currency)}"
