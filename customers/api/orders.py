"""Orders, pushed by a shop as often as it likes, and the parcels that carry them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.core import money
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.integrations.rest.fields import (
    CustomField,
    In,
    MomentField,
    MoneyField,
    NumberedOut,
    Out,
    PersonOut,
    RowField,
    TextField,
)
from crm.integrations.rest.verbs import verb
from crm.integrations.rest.views import Resource
from crm.ui.lists import ListPage

from .. import actions
from ..choices import OrderChannel, OrderStatus, ShipmentStatus, Source
from ..models import Contact, Customer, Order, Shipment
from ..recognising.identities import normal_email, normal_phone
from ..selectors import shown_place
from .lines import LineIn, LineOut, new_lines
from .people import with_answers

#: A pushed order may be in any of these; cancelling has its own call, which asks why.
_PUSHED = [choice for choice in OrderStatus.choices if choice[0] != OrderStatus.CANCELLED]


class ParcelOut(Out):
    id = serializers.IntegerField()
    carrier = serializers.CharField()
    parcel_number = serializers.CharField()
    status = serializers.ChoiceField(ShipmentStatus.choices)
    shipped_at = MomentField()
    delivered_at = MomentField(allow_null=True)


class OrderOut(Out):
    number = serializers.IntegerField()
    source = serializers.CharField(help_text=_("Name of the shop that pushed it."))
    external_id = serializers.CharField(help_text=_("Its number in that shop."))
    customer = NumberedOut()
    contact = PersonOut(allow_null=True)
    channel = serializers.ChoiceField(OrderChannel.choices)
    status = serializers.ChoiceField(OrderStatus.choices)
    placed_at = MomentField()
    tax_included = serializers.BooleanField(help_text=_("Whether unit prices hold the tax."))
    net = MoneyField("net")
    tax = MoneyField("tax")
    total = MoneyField("gross")
    refunded = MoneyField("refunded")
    paid = MoneyField("paid", help_text=_("What was paid so far; null while nobody said."))
    paid_at = MomentField(allow_null=True)
    due = MoneyField("due", help_text=_("What is still to be paid."))
    ship_to = serializers.SerializerMethodField(help_text=_("Masked for callers who may not see addresses."))
    note = serializers.CharField()
    lines = LineOut(many=True)
    parcels = ParcelOut(many=True, source="shipments")
    created_at = MomentField()
    updated_at = MomentField()
    custom = CustomField()

    def get_ship_to(self, row: Order) -> str:
        return shown_place(self.actor, row.ship_to)


class BuyerIn(In):
    name = TextField()
    email = TextField(required=False, max_length=254)
    phone = TextField(required=False, max_length=40)


class OrderIn(In):
    source = TextField(max_length=40, required=False, help_text=_("Your shop; with external_id it names one order."))
    external_id = TextField(max_length=80, required=False, help_text=_("The order's number in your shop."))
    customer = RowField(
        Customer.objects.visible_to, "number", required=False, help_text=_("Number of a customer; or send buyer.")
    )
    buyer = BuyerIn(required=False, help_text=_("Recognised by email, then phone; else a new customer."))
    contact = RowField(Contact.objects.visible_to, required=False, allow_null=True)
    channel = serializers.ChoiceField(OrderChannel.choices, default=OrderChannel.SHOP)
    status = serializers.ChoiceField(_PUSHED, required=False)
    placed_at = MomentField(required=False)
    currency = serializers.ChoiceField(list(money.SIGNS), required=False)
    tax_included = serializers.BooleanField(required=False)
    paid = serializers.DecimalField(
        max_digits=16, decimal_places=2, required=False, allow_null=True, min_value=Decimal(0),
        help_text=_("What was paid so far. Without it the status says: a paid one is paid in full."),
    )  # fmt: skip
    paid_at = MomentField(required=False, allow_null=True, help_text=_("Without it: now."))
    ship_to = TextField(max_length=400, required=False, allow_blank=True)
    note = TextField(max_length=4000, required=False, allow_blank=True)
    lines = LineIn(many=True, min_length=1, max_length=500)
    custom = CustomField()

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("customer" in values) == ("buyer" in values):
            raise serializers.ValidationError({"customer": _t("Send either customer or buyer.")})
        if ("source" in values) != ("external_id" in values):
            raise serializers.ValidationError({"external_id": _t("Send source and external_id together.")})
        return values


class OrderPatch(In):
    needs = frozenset()

    channel = serializers.ChoiceField(OrderChannel.choices)
    paid = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True, min_value=Decimal(0))
    paid_at = MomentField(allow_null=True)
    ship_to = TextField(max_length=400, allow_blank=True)
    note = TextField(max_length=4000, allow_blank=True)
    custom = CustomField()


class ShipIn(In):
    carrier = TextField(max_length=60)
    parcel_number = TextField(max_length=60, required=False, allow_blank=True)
    shipped_at = MomentField(required=False)


class RefundIn(In):
    amount = serializers.DecimalField(max_digits=16, decimal_places=2)
    reason = TextField()


class ReasonIn(In):
    reason = TextField()


class Orders(Resource):
    kind, path, permission, order = "order", "orders", "orders.view", 30
    out, creates, updates = OrderOut, OrderIn, OrderPatch
    create_permission = update_permission = "orders.manage"
    orders = {"placed": "placed_at", "created": "created_at", "updated": "updated_at", "number": "number"}

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("customer", "contact").prefetch_related("lines__product", "shipments")

    def perform_create(self, values: dict[str, Any]) -> Order:
        """The same source and external_id bring the stored order to what is given: 200 instead of 201."""
        source, external = values.pop("source", ""), values.pop("external_id", "")
        lines, buyer = new_lines(values.pop("lines")), values.pop("buyer", None)
        if buyer is not None:
            known = self._recognised(buyer)
            values["customer"] = known.customer
            values.setdefault("contact", known)
        if external and Order.objects.filter(source=source, external_id=external).exists():
            self.created_status = 200
        return actions.place_order(
            actor=self.actor, customer=values.pop("customer"), lines=lines, values=with_answers(values),
            source=source, external_id=external,
        )  # fmt: skip

    def perform_update(self, row: Order, values: dict[str, Any]) -> Order:
        return actions.change_order(actor=self.actor, record=row, values=with_answers(values))

    @verb(_("Add a parcel"), asks=ShipIn, permission="orders.manage")
    def ship(self, row: Order, values: dict[str, Any]) -> Order:
        actions.ship_order(actor=self.actor, order=row, **values)
        return row

    @verb(_("Note money given back"), asks=RefundIn, permission="orders.manage")
    def refund(self, row: Order, values: dict[str, Any]) -> Order:
        actions.refund_order(actor=self.actor, order=row, **values)
        return row

    @verb(_("Cancel"), asks=ReasonIn, permission="orders.manage")
    def cancel(self, row: Order, values: dict[str, Any]) -> Order:
        return actions.cancel_order(actor=self.actor, order=row, **values)

    def _recognised(self, buyer: dict[str, Any]) -> Contact:
        """Who bought, known by an address, else made. Raises `Invalid`, `NotAllowed` without the right to add one."""
        email, phone = buyer.get("email", "").strip(), buyer.get("phone", "").strip()
        if not (email or phone):
            raise Invalid(fields={"buyer.email": _t("Send an email address or a phone number")})
        self.actor.require("customers.create")
        found = actions.recognise(
            actor=self.actor, brand=Brand.default(), name=buyer["name"], source=Source.IMPORT,
            email=normal_email(email) if email else "", phone=normal_phone(phone) if phone else "",
        )  # fmt: skip
        return found.contact


class ShipmentOut(ParcelOut):
    order = serializers.IntegerField(source="order.number")
    created_at = MomentField()
    updated_at = MomentField()


class ShipmentPatch(In):
    needs = frozenset()

    status = serializers.ChoiceField(ShipmentStatus.choices)


SHIPMENTS = ListPage(
    key="shipment", model=Shipment, label=_("Parcels"), permission="orders.view", url_name="", columns=[]
)


class Shipments(Resource):
    kind, path, permission, order, lookup = "shipment", "shipments", "orders.view", 31, "pk"
    page = SHIPMENTS
    out, updates = ShipmentOut, ShipmentPatch
    update_permission = "orders.manage"

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("order")

    def perform_update(self, row: Shipment, values: dict[str, Any]) -> Shipment:
        return actions.move_shipment(actor=self.actor, shipment=row, status=values["status"])
