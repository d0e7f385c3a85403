"""Setting up price lists."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as record_activity
from crm.activity.settings_rows import store_row
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..models import PriceList, PriceListItem
from .settings_rows import with_condition

TOLD = "quotes.prices_changed"
MANAGE = "quotes.price_lists"


@action(permission=MANAGE)
def save_price_list(*, actor: Actor, values: Mapping[str, Any], record: PriceList | None = None) -> PriceList:
    """Makes or changes a price list; its currency stays once it has prices. Raises `Invalid` with `fields`."""
    values = with_condition(actor, values, on="customer")
    first = values.get("valid_from", record.valid_from if record else None)
    last = values.get("valid_to", record.valid_to if record else None)
    if first and last and last < first:
        raise Invalid(fields={"valid_to": _("The last day cannot lie before the first")})
    if record is not None and values.get("currency", record.currency) != record.currency and record.items.exists():
        raise Invalid(fields={"currency": _("The list has prices in %(currency)s. Make a new list for another one.")
                              % {"currency": record.currency}})  # fmt: skip
    return store_row(actor, PriceList, record, values, type=TOLD)


@action(permission=MANAGE)
def save_list_price(*, actor: Actor, values: Mapping[str, Any], record: PriceListItem | None = None) -> PriceListItem:
    """Makes or changes a product's price from a quantity on.

    values: price_list, product, min_quantity, unit_price. Raises `Invalid` with `fields`, also where the list has a
    price of that product and quantity already.
    """
    wrong: dict[str, object] = {}
    if "min_quantity" in values and not values["min_quantity"] > 0:
        wrong["min_quantity"] = _("Enter a quantity above zero")
    if "unit_price" in values and not 0 <= values["unit_price"] < Decimal(10) ** 10:
        wrong["unit_price"] = _("Enter a price of zero or more")
    if wrong:
        raise Invalid(fields=wrong)
    if record is None:
        same = PriceListItem.objects.filter(
            price_list=values["price_list"], product=values["product"], min_quantity=values.get("min_quantity", 1)
        )
    else:
        row = {name: values.get(name, getattr(record, name)) for name in ("price_list", "product", "min_quantity")}
        same = PriceListItem.objects.filter(**row).exclude(pk=record.pk)
    if same.exists():
        raise Invalid(fields={"min_quantity": _("The list has a price from this quantity on already")})
    return store_row(actor, PriceListItem, record, values, type=TOLD)


@action(permission=MANAGE)
def remove_list_price(*, actor: Actor, record: PriceListItem) -> None:
    """Takes a price out of its list; offers keep theirs."""
    row = PriceListItem.objects.lock().select_related("price_list", "product").get(pk=record.pk)
    what = f"{row.price_list}: {row.product}"
    record_activity(actor=actor, type="quotes.price_removed", subject=row.price_list, data={"what": what})
    row.delete()


@action(permission=MANAGE)
def shift_list_price(*, actor: Actor, record: PriceListItem, percent: Decimal) -> PriceListItem:
    """Raises a price by so many per cent, or lowers it by a negative number. Raises `Invalid` beyond −100 to 1000."""
    if not -100 <= percent <= 1000:
        raise Invalid(fields={"percent": _("Enter a number from -100 to 1000")})
    price = (record.unit_price * (100 + percent) / 100).quantize(Decimal("0.01"))
    return store_row(actor, PriceListItem, record, {"unit_price": price}, type=TOLD)
