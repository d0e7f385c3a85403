"""What the company sells: making and changing products and their shelves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values, store_answers

from ..models import Product, ProductCategory

#: A tree of shelves is at most this deep.
MAX_LEVELS = 8


@action(permission="orders.catalogue")
def save_product(*, actor: Actor, values: Mapping[str, Any], record: Product | None = None) -> Product:
    """Makes or changes a product; orders that exist keep their own name and price. Raises `Invalid`."""
    row: Product = _stored(Product, record, values)
    record_activity(actor=actor, type="orders.product_saved", subject=row, data={"name": str(row)})
    return row


@action(permission="orders.catalogue")
def save_category(*, actor: Actor, values: Mapping[str, Any], record: ProductCategory | None = None) -> ProductCategory:
    """Makes or changes a shelf. Raises `Invalid`, also for a shelf that would stand above itself."""
    row: ProductCategory = _stored(ProductCategory, record, values)
    above = row.parent
    for _level in range(MAX_LEVELS):
        if above is None:
            return row
        above = above.parent if above.pk != row.pk else row
    raise Invalid(fields={"parent": _("Choose a category that is not below this one")})


def _stored(model: type[models.Model], record: Any, values: Mapping[str, Any]) -> Any:
    row = model._default_manager.select_for_update(no_key=True).get(pk=record.pk) if record is not None else model()
    for name, value in values.items():
        if not name.startswith(PREFIX):
            setattr(row, name, value)
    if answers := custom_values(values):
        store_answers(row, answers)
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None
    row.save()
    return row
