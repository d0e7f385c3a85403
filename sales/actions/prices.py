"""Setting up price lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import Deed, record_many
from crm.activity.recording import record as record_activity
from crm.activity.settings_rows import store_row
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from customers.actions.storing import locked_rows, require_valid, set_values, write_rows

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
    return save_list_prices(actor=actor, rows=[(record, values)])[0]


@action(permission=MANAGE)
def save_list_prices(
    *, actor: Actor, rows: Sequence[tuple[PriceListItem | None, Mapping[str, Any]]]
) -> list[PriceListItem]:
    """`save_list_price` for many, all or none, written and told together. rows: record, None for a new one, values."""
    known = locked_rows(PriceListItem, [record for record, _values in rows])
    items, changes, columns = [], [], set[str]()
    for record, values in rows:
        _check_price(values)
        row = known[record.pk] if record is not None else PriceListItem()
        pairs = {name: [str(getattr(row, name)), str(value)] for name, value in values.items()} if record else {}
        columns |= set_values(row, values)
        items.append(row)
        changes.append({name: pair for name, pair in pairs.items() if pair[0] != pair[1]})
    _require_free(items)
    require_valid(items)
    write_rows(PriceListItem, items, columns)
    noun = PriceListItem._meta.verbose_name
    record_many(actor=actor, deeds=[
        Deed(TOLD, row, data={"what": f"{noun} {row}", "changes": change})
        for row, change in zip(items, changes, strict=True)
    ])  # fmt: skip
    return items


def _check_price(values: Mapping[str, Any]) -> None:
    wrong: dict[str, object] = {}
    if "min_quantity" in values and not values["min_quantity"] > 0:
        wrong["min_quantity"] = _("Enter a quantity above zero")
    if "unit_price" in values and not 0 <= values["unit_price"] < Decimal(10) ** 10:
        wrong["unit_price"] = _("Enter a price of zero or more")
    if wrong:
        raise Invalid(fields=wrong)


def _require_free(items: Sequence[PriceListItem]) -> None:
    """Raises `Invalid` where a list has another price of that product and quantity already."""
    wanted = {(item.price_list_id, item.product_id, item.min_quantity): item.pk for item in items}
    rows = PriceListItem.objects.filter(product__in={item.product_id for item in items})
    stored = rows.values_list("price_list_id", "product_id", "min_quantity", "pk")
    taken = any(wanted.get(key, pk) != pk for *key_parts, pk in stored if (key := tuple(key_parts)))
    if taken or len(wanted) < len(items):
        raise Invalid(fields={"min_quantity": _("The list has a price from this quantity on already")})


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
