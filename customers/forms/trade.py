"""What staff fill in about products, orders and equipment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import money
from crm.ui.generic.widgets import PickerSelect

from ..actions.orders import NewLine
from ..choices import AfterSales, OrderChannel, ShipmentStatus
from ..models import Customer, Equipment, Order, OrderLine, Product, ProductCategory
from .answers import WithAnswers

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class CategoryForm(forms.ModelForm):
    class Meta:
        model = ProductCategory
        fields = ("name", "parent", "order")


class ProductForm(WithAnswers, forms.ModelForm):
    answers_of = "product"

    class Meta:
        model = Product
        fields = (
            "code", "name", "kind", "category", "unit", "price", "currency", "tax_percent", "tax_included",
            "repurchase_days", "step_up", "is_active",
        )  # fmt: skip


class OrderForm(WithAnswers, forms.Form):
    """The head of an order; its lines are `LineForm`s."""

    answers_of = "order"

    channel = forms.ChoiceField(label=_("Placed in"), choices=OrderChannel.choices, initial=OrderChannel.SALES)
    contact = forms.ModelChoiceField(label=_("Contact"), queryset=Customer.objects.none(), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in money.SIGNS])
    placed_at = forms.DateTimeField(
        label=_("Placed at"), required=False, widget=_MOMENT, help_text=_("Now, unless you say otherwise")
    )
    ship_to = forms.CharField(label=_("Ship to"), max_length=400, required=False)
    note = forms.CharField(label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = customer.contacts.order_by("-is_primary", "sort_key")  # type: ignore[attr-defined]
        self.initial.setdefault("currency", customer.brand.currency)
        place = customer.addresses.filter(kind="shipping").first()
        self.initial.setdefault("ship_to", str(place) if place else "")

    def values(self) -> dict[str, Any]:
        """What the action takes; a moment nobody entered is left to it."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class OrderFactsForm(WithAnswers, forms.ModelForm):
    """What staff correct on an order that exists; its lines and money stay."""

    answers_of = "order"

    class Meta:
        model = Order
        fields = ("channel", "paid", "paid_at", "ship_to", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 2}), "paid_at": _MOMENT}
        help_texts = {"paid": _("So far, in the order's currency. Empty: nobody said.")}


class OrderWithoutPlaceForm(OrderFactsForm):
    """For those who see addresses masked: where it goes stays as it is."""

    class Meta(OrderFactsForm.Meta):
        fields = tuple(name for name in OrderFactsForm.Meta.fields if name != "ship_to")


class LineForm(forms.Form):
    """One position; without a price the product's own counts."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.active(), required=False, widget=PickerSelect("product")
    )
    name = forms.CharField(label=_("or what it is"), max_length=160, required=False)
    quantity = forms.DecimalField(label=_("Quantity"), max_digits=12, decimal_places=3, required=False)
    unit_price = forms.DecimalField(label=_("Unit price"), max_digits=14, decimal_places=4, required=False)
    discount_percent = forms.DecimalField(
        label=_("Discount (%)"), max_digits=5, decimal_places=2, required=False, min_value=0, max_value=100
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.is_filled:
            return values
        if values.get("product") is None and not values.get("name"):
            self.add_error("product", _("Choose a product or enter what it is"))
        if values.get("product") is None and values.get("unit_price") is None and "unit_price" not in self.errors:
            self.add_error("unit_price", _("Enter the price"))
        return values

    @property
    def is_filled(self) -> bool:
        """Whether anything was entered at all."""
        return any(value not in (None, "") for value in self.cleaned_data.values())

    def line(self) -> NewLine:
        """The position as it is ordered."""
        values = self.cleaned_data
        product: Product | None = values["product"]
        price = values["unit_price"]
        return NewLine(
            quantity=values["quantity"] if values["quantity"] is not None else Decimal(1),
            unit_price=price if price is not None else product.price if product else Decimal(0),
            product=product,
            name=values["name"],
            discount_percent=values["discount_percent"] or Decimal(0),
            tax_percent=product.tax_percent if product else Decimal(0),
        )


LineFormSet = forms.formset_factory(LineForm, extra=3, max_num=50, absolute_max=200)


class ShipForm(forms.Form):
    carrier = forms.CharField(label=_("Carrier"), max_length=60)
    parcel_number = forms.CharField(label=_("Parcel number"), max_length=60, required=False)


class ParcelForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), choices=ShipmentStatus.choices)


class RefundForm(forms.Form):
    amount = forms.DecimalField(label=_("Amount"), max_digits=16, decimal_places=2)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class BoughtWith(forms.ModelChoiceField):
    """A position of one of the customer's orders, by the order's number and its own name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.order.label} · {obj.name}"


class EquipmentForm(WithAnswers, forms.ModelForm):
    answers_of = "equipment"

    class Meta:
        model = Equipment
        fields = (
            "product", "name", "serial_number", "order_line", "place", "installed_on", "warranty_until", "state",
        )  # fmt: skip
        labels = {"order_line": _("Bought with")}
        field_classes = {"order_line": BoughtWith}
        widgets = {
            "product": PickerSelect("product"),
            "installed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "warranty_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].help_text = _("The product's name, unless you say otherwise")
        lines = OrderLine.objects.filter(order__customer=customer, order__deleted_at__isnull=True)
        self.fields["order_line"].queryset = lines.select_related("order").order_by("-order_id", "position")  # type: ignore[attr-defined]


class ConcernForm(forms.Form):
    """What a request is about: of the customer's own orders, parcels and devices."""

    wants = forms.ChoiceField(label=_("Asks for"), choices=AfterSales.choices)
    severity = forms.TypedChoiceField(
        label=_("Severity"), coerce=int, choices=[(1, _("Low")), (2, _("Medium")), (3, _("High"))]
    )
    order = forms.ModelChoiceField(
        label=pgettext_lazy("purchase", "Order"), queryset=Order.objects.none(), required=False
    )
    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.all(), required=False, widget=PickerSelect("product")
    )
    equipment = forms.ModelChoiceField(label=_("Equipment"), queryset=Equipment.objects.none(), required=False)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["order"].queryset = customer.orders.order_by("-placed_at")  # type: ignore[attr-defined]
        self.fields["equipment"].queryset = customer.equipment.order_by("-pk")  # type: ignore[attr-defined]
