"""What changed from one version of a quote to the next, a line each."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.core import money
from crm.fields.display import answers_shown

from ..models import Quote, QuoteLine


def changes_between(former: Quote, quote: Quote) -> list[tuple[str, str, str]]:
    """(what, before, after): totals, terms and answers first, then lines by what they are; nothing for the same."""
    heads = [
        (_("Title"), former.name, quote.name),
        (_("Total"), former.total_text, quote.total_text),
        (_("Valid until"), *(date_format(each.valid_until, "SHORT_DATE_FORMAT") for each in (former, quote))),
        (_("Terms"), former.terms, quote.terms),
    ]
    was, now = (dict(answers_shown("quote", each.custom)) for each in (former, quote))
    heads += [(label, was.get(label, ""), now.get(label, "")) for label in {**was, **now}]
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
