"""List prices from a file: one row each, known by list, product and quantity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.exchange import cells
from crm.exchange.declarations import Entry, ImportColumn, Importer, Line, Written
from crm.exchange.memory import image
from customers.importing.kept import former, saved_many
from customers.models import Product

from ..actions.prices import MANAGE, remove_list_price, save_list_price, save_list_prices
from ..models import PriceList, PriceListItem

FIELDS = ("price_list", "product", "min_quantity", "unit_price")

COLUMNS = (
    ImportColumn("price_list", gettext_lazy("Price list"), cells.text(80), required=True, example="Dealers",
                 aliases=("list", "价格表", "价目表"), help=gettext_lazy("Name of a price list that exists")),
    ImportColumn("product", gettext_lazy("Code"), cells.text(40), required=True, example="P-1001",
                 aliases=("product code", "sku", "编码", "产品编码", "商品编码", "货号")),
    ImportColumn("min_quantity", gettext_lazy("From quantity"), cells.number(digits=12, decimals=3), example="1",
                 aliases=("quantity", "min quantity", "起订量", "起始数量", "数量")),
    ImportColumn("unit_price", gettext_lazy("Unit price"), cells.number(digits=14, decimals=4), required=True,
                 example="1280.00", aliases=("price", "价格", "单价", "价目价")),
)  # fmt: skip


def _quantity(line: Line) -> Decimal:
    return line.values.get("min_quantity", Decimal(1))  # type: ignore[no-any-return]


def keys(line: Line) -> dict[str, str]:
    names = (line.values.get("price_list", ""), line.values.get("product", ""))
    return {"product": f"{names[0]}|{names[1]}|{_quantity(line).normalize():f}".casefold()}


def resolve(actor: Actor, entries: Sequence[Entry]) -> None:
    """The list by its name in any language, the product by its code, and the price that is there already."""
    lists = {text.casefold(): row for row in PriceList.objects.all() for text in row.name.values()}
    codes = {entry.line.values["product"] for entry in entries}
    products = {row.code: row for row in Product.objects.filter(code__in=codes)}
    known = {
        (row.price_list_id, row.product_id, row.min_quantity): row
        for row in PriceListItem.objects.filter(product__in=products.values()).select_related("product")
    }
    for entry in entries:
        values, wrong = entry.line.values, entry.line.wrong
        price_list, product = lists.get(values["price_list"].casefold()), products.get(values["product"])
        if price_list is None:
            wrong["price_list"] = _("No price list has this name. Make it first")
        if product is None:
            wrong["product"] = _("No product has this code")
        if price_list is not None and product is not None:
            entry.refs |= {"price_list": price_list, "product": product}
            entry.found = known.get((price_list.pk, product.pk, _quantity(entry.line)))
            entry.reason = _("same list, product and quantity")


def write_many(actor: Actor, entries: Sequence[Entry]) -> list[Written]:
    """By `save_list_prices`."""
    return saved_many(entries, FIELDS, lambda some: save_list_prices(actor=actor, rows=[_row(entry) for entry in some]))


def _row(entry: Entry) -> tuple[Any, dict[str, Any]]:
    price = {"unit_price": entry.line.values["unit_price"]}
    fresh = {**entry.refs, "min_quantity": _quantity(entry.line)} if entry.found is None else {}
    return entry.found, price | fresh


def undo(actor: Actor, memory: Mapping[str, Any]) -> None:
    """Removes what was made, puts back what was changed. Raises `Conflict`."""
    if "made" in memory:
        row = PriceListItem.objects.filter(pk=memory["made"]).first()
        if row is None or image(row, FIELDS) != dict(memory["image"]):
            raise Conflict(_("Somebody changed it since"))
        remove_list_price(actor=actor, record=row)
        return
    record, values = former(PriceListItem, memory)
    save_list_price(actor=actor, values=values, record=record)


IMPORTER = Importer(
    key="list_price",
    kind="price_list_item",
    label=gettext_lazy("List prices"),
    permission=MANAGE,
    columns=COLUMNS,
    keys=keys,
    resolve=resolve,
    write_many=write_many,
    undo=undo,
    known_by=gettext_lazy("price list, product code and quantity"),
    summary=gettext_lazy("A row is what a product costs in a list from a quantity on."),
    icon="tag",
    order=25,
)
