"""What is sold, and the devices that customers have."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.core import money
from crm.core.actor import Actor
from crm.core.translated import Translated
from crm.integrations.rest.fields import (
    CustomField,
    In,
    MomentField,
    MoneyField,
    NameField,
    NumberedOut,
    Out,
    PlaceOut,
    RowField,
    TextField,
    TranslatedTextField,
)
from crm.integrations.rest.views import Resource

from .. import actions
from ..choices import EquipmentState, ProductKind
from ..models import Customer, Equipment, Product, ProductCategory
from .people import with_answers


class ProductOut(Out):
    id = serializers.IntegerField()
    code = serializers.CharField()
    name = NameField()
    kind = serializers.ChoiceField(ProductKind.choices)
    category = PlaceOut(allow_null=True)
    unit = NameField()
    price = MoneyField("price")
    tax_percent = serializers.DecimalField(max_digits=5, decimal_places=2)
    tax_included = serializers.BooleanField()
    repurchase_days = serializers.IntegerField(allow_null=True)
    is_active = serializers.BooleanField()
    created_at = MomentField()
    updated_at = MomentField()
    custom = CustomField()


class ProductPatch(In):
    needs = frozenset()

    code = TextField(max_length=40)
    name = TranslatedTextField(max_length=120)
    kind = serializers.ChoiceField(ProductKind.choices)
    category = RowField(ProductCategory.objects.visible_to, allow_null=True)
    unit = TranslatedTextField(max_length=20)
    price = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0)
    currency = serializers.ChoiceField(list(money.SIGNS))
    tax_percent = serializers.DecimalField(max_digits=5, decimal_places=2, min_value=0, max_value=100)
    tax_included = serializers.BooleanField()
    repurchase_days = serializers.IntegerField(min_value=1, max_value=32_000, allow_null=True)
    is_active = serializers.BooleanField()
    custom = CustomField()


class ProductIn(ProductPatch):
    needs = frozenset({"code", "name", "price", "currency"})


class Products(Resource):
    kind, path, permission, order, lookup = "product", "products", "orders.view", 25, "pk"
    out, creates, updates = ProductOut, ProductIn, ProductPatch
    create_permission = update_permission = "orders.catalogue"
    orders = {"created": "created_at", "updated": "updated_at", "code": "code"}

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("category")

    def perform_create(self, values: dict[str, Any]) -> Product:
        return actions.save_product(actor=self.actor, values=_stored(values, None))

    def perform_update(self, row: Product, values: dict[str, Any]) -> Product:
        return actions.save_product(actor=self.actor, record=row, values=_stored(values, row))


class DeviceOut(Out):
    id = serializers.IntegerField()
    customer = NumberedOut()
    product = serializers.CharField(source="product.code", default=None, allow_null=True)
    name = serializers.CharField()
    serial_number = serializers.CharField()
    place = serializers.CharField()
    installed_on = serializers.DateField(allow_null=True)
    warranty_until = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(EquipmentState.choices)
    created_at = MomentField()
    updated_at = MomentField()
    custom = CustomField()


class DevicePatch(In):
    needs = frozenset()

    product = RowField(
        Product.objects.visible_to, "code", text=True, allow_null=True, help_text=_("Code of a product.")
    )
    name = TextField(max_length=120)
    serial_number = TextField(max_length=80)
    place = TextField(max_length=200, allow_blank=True)
    installed_on = serializers.DateField(allow_null=True)
    warranty_until = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(EquipmentState.choices)
    custom = CustomField()


class DeviceIn(DevicePatch):
    customer = RowField(Customer.objects.visible_to, "number", help_text=_("Number of a customer."))

    needs = frozenset({"customer", "serial_number"})


class Devices(Resource):
    kind, path, permission, order, lookup = "equipment", "equipment", "orders.view", 32, "pk"
    out, creates, updates = DeviceOut, DeviceIn, DevicePatch
    create_permission = update_permission = "orders.manage"

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("customer", "product")

    def perform_create(self, values: dict[str, Any]) -> Equipment:
        customer = values.pop("customer")
        return actions.save_equipment(actor=self.actor, customer=customer, values=with_answers(values))

    def perform_update(self, row: Equipment, values: dict[str, Any]) -> Equipment:
        return actions.save_equipment(actor=self.actor, customer=row.customer, record=row, values=with_answers(values))


def _stored(values: dict[str, Any], row: Product | None) -> dict[str, Any]:
    """Texts in the languages that were sent, beside those that stand already."""
    for name in {"name", "unit"} & set(values):
        values[name] = Translated({**(getattr(row, name) if row else {}), **values[name]})
    return with_answers(values)
