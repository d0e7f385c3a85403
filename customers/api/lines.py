"""Priced lines, of orders and of deals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.integrations.rest.fields import In, Out, RowField, TextField

from ..actions import NewLine
from ..models import Product

_PERCENT: dict[str, Any] = {
    "max_digits": 5, "decimal_places": 2, "min_value": Decimal(0), "max_value": Decimal(100), "required": False,
}  # fmt: skip


class LineIn(In):
    product = RowField(
        Product.objects.visible_to, "code", text=True, required=False, help_text=_("Code of a product; or send name.")
    )
    name = TextField(max_length=160, required=False, help_text=_("What it is, where it is no product of the list."))
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, default=Decimal(1))
    unit_price = serializers.DecimalField(max_digits=14, decimal_places=4)
    discount_percent = serializers.DecimalField(**_PERCENT)
    tax_percent = serializers.DecimalField(**_PERCENT)


class LineOut(Out):
    product = serializers.CharField(source="product.code", default=None, allow_null=True)
    name = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3)
    unit_price = serializers.DecimalField(max_digits=14, decimal_places=4)
    discount_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    tax_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    total = serializers.DecimalField(max_digits=16, decimal_places=2, source="gross")


def new_lines(values: list[dict[str, Any]]) -> list[NewLine]:
    """Lines as the actions take them."""
    return [NewLine(**line) for line in values]
