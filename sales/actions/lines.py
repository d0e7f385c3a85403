"""What a deal is about: its product lines, and the amount that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core import money
from crm.core.errors import Invalid
from crm.core.text import clean_line
from customers.actions.orders import NewLine

from ..models import Opportunity, OpportunityLine
from ..selectors.prices import ListPrice, PriceBook

MAX_LINES = 200
#: What a line, and all of them together, have to stay below: the columns hold fourteen digits before the point.
_TOP = Decimal(10) ** 14


def store_lines(deal: Opportunity, lines: Sequence[NewLine]) -> None:
    """Replaces the lines of a locked deal and makes its amount their sum; without lines the amount stays.

    Raises `Invalid` naming the line.
    """
    check_lines(lines)
    amounts = [
        money.line_of(
            quantity=line.quantity, unit_price=line.unit_price, currency=deal.currency,
            discount_percent=line.discount_percent, tax_percent=line.tax_percent, tax_included=deal.tax_included,
        )
        for line in lines
    ]  # fmt: skip
    listed = list_prices(deal, lines)
    deal.lines.all().delete()
    OpportunityLine.objects.bulk_create(
        OpportunityLine(
            opportunity=deal, position=place, product=line.product, quantity=line.quantity,
            name=clean_line(line.name, 160) or (str(line.product.name) if line.product else ""),
            unit_price=line.unit_price, discount_percent=line.discount_percent, tax_percent=line.tax_percent,
            net=amount.net, tax=amount.tax, gross=amount.gross, **stored_price(known),
        )
        for place, (line, amount, known) in enumerate(zip(lines, amounts, listed, strict=True))
    )  # fmt: skip
    if lines:
        deal.amount = money.total_of(amounts).gross
        deal.save(update_fields=["amount"])


def list_prices(offer: Any, lines: Sequence[NewLine]) -> list[ListPrice | None]:
    """What each line's product costs by the price lists today, for the customer of a quote or deal."""
    book = PriceBook(offer.customer, currency=offer.currency, tax_included=offer.tax_included)
    book.load(line.product.pk for line in lines if line.product is not None)
    return [book.of_line(line) for line in lines]


def stored_price(listed: ListPrice | None) -> dict[str, Any]:
    """The columns of a line that keep its list price."""
    if listed is None:
        return {}
    return {"list_price": listed.price, "price_list": listed.source}


def check_lines(lines: Sequence[NewLine]) -> None:
    """Raises `Invalid` naming the first line that cannot be."""
    if len(lines) > MAX_LINES:
        raise Invalid(fields={"lines": _("Enter at most %(count)s lines") % {"count": MAX_LINES}})
    for place, line in enumerate(lines, start=1):
        right = line.quantity > 0 and line.unit_price >= 0 and Decimal(0) <= line.discount_percent <= 100
        if not right or not 0 <= line.tax_percent <= 100:
            text = _("Line %(place)s: check quantity, price and discount") % {"place": place}
            raise Invalid(fields={"lines": text})
        if line.product is None and not clean_line(line.name):
            text = _("Line %(place)s: choose a product or enter a name") % {"place": place}
            raise Invalid(fields={"lines": text})
    if sum((line.quantity * line.unit_price * (100 + line.tax_percent) for line in lines), Decimal(0)) >= 100 * _TOP:
        raise Invalid(fields={"lines": _("The amounts are too large. Check quantities and prices.")})
