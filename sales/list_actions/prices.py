"""What can be done with many list prices at once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.ui.lists import BulkAction

from ..actions.prices import MANAGE, remove_list_price, shift_list_price
from ..forms.prices import ShiftForm
from ..models import PriceListItem


def _shift(actor: Actor, row: PriceListItem, values: dict[str, Any]) -> None:
    shift_list_price(actor=actor, record=row, percent=values["percent"])


def _remove(actor: Actor, row: PriceListItem, values: dict[str, Any]) -> None:
    remove_list_price(actor=actor, record=row)


PRICE_BULK = [
    BulkAction("shift", "price_list_item", _("Change by percent"), _shift, "edit", MANAGE, ShiftForm, order=10),
    BulkAction("remove", "price_list_item", _("Remove"), _remove, "delete", MANAGE, danger=True, order=90),
]
