"""What the company sells: making and changing products and their shelves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import Deed, record_many
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..models import Product, ProductCategory
from .storing import locked_rows, require_valid, set_values, write_rows

#: A tree of shelves is at most this deep.
MAX_LEVELS = 8


@action(permission="orders.catalogue")
def save_product(*, actor: Actor, values: Mapping[str, Any], record: Product | None = None) -> Product:
    """Makes or changes a product; orders that exist keep their own name and price. Raises `Invalid`."""
    return save_products(actor=actor, rows=[(record, values)])[0]


@action(permission="orders.catalogue")
def save_products(*, actor: Actor, rows: Sequence[tuple[Product | None, Mapping[str, Any]]]) -> list[Product]:
    """`save_product` for many, all or none, written and told together. rows: record, None for a new one, and values."""
    known = locked_rows(Product, [record for record, _values in rows])
    products = [known[record.pk] if record is not None else Product() for record, _values in rows]
    columns = {"sort_key", "search_key"}
    for row, (_record, values) in zip(products, rows, strict=True):
        columns |= set_values(row, values)
        row.fill_keys()
    require_valid(products)
    write_rows(Product, products, columns)
    deeds = [Deed("orders.product_saved", row, data={"name": str(row)}) for row in products]
    record_many(actor=actor, deeds=deeds)
    return products


@action(permission="orders.catalogue")
def save_category(*, actor: Actor, values: Mapping[str, Any], record: ProductCategory | None = None) -> ProductCategory:
    """Makes or changes a shelf. Raises `Invalid`, also for a shelf that would stand above itself."""
    known = locked_rows(ProductCategory, [record])
    row = known[record.pk] if record is not None else ProductCategory()
    set_values(row, values)
    require_valid([row])
    row.save()
    above = row.parent
    for _level in range(MAX_LEVELS):
        if above is None:
            return row
        above = above.parent if above.pk != row.pk else row
    raise Invalid(fields={"parent": _("Choose a category that is not below this one")})
