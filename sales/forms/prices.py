"""What an administrator fills in about price lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.conditions.forms import ConditionFormField
from crm.core.actor import Actor
from crm.ui.generic.widgets import PickerSelect
from customers.models import Product

from ..models import PriceList, PriceListItem

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PriceListForm(forms.ModelForm):
    condition = ConditionFormField(
        on="customer", label=_("For which customers"), required=False,
        help_text=_("Without a condition it holds for all customers."),
    )  # fmt: skip

    class Meta:
        model = PriceList
        fields = (
            "name", "currency", "tax_included", "valid_from", "valid_to", "condition", "order", "is_active",
        )  # fmt: skip
        widgets = {"valid_from": _DAY, "valid_to": _DAY}
        help_texts = {
            "valid_from": _("Empty: since ever"),
            "valid_to": _("The last day. Empty: until further notice"),
            "order": _("Of several lists that hold for a customer, the lowest that knows the product counts."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["condition"].author = actor  # type: ignore[attr-defined]


class ListPriceForm(forms.ModelForm):
    """A price of a list that exists; the product of one that is stored stays."""

    class Meta:
        model = PriceListItem
        fields = ("price_list", "product", "min_quantity", "unit_price")
        labels = {"price_list": _("Price list")}
        widgets = {"product": PickerSelect("product")}
        help_texts = {"min_quantity": _("The price counts when at least so many are bought.")}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = Product.objects.active()  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["product"], self.fields["price_list"]
            for name in ("min_quantity", "unit_price"):
                self.initial[name] = f"{getattr(self.instance, name).normalize():f}"

    def _post_clean(self) -> None:
        """The action checks whether the list has that price already."""


class ShiftForm(forms.Form):
    percent = forms.DecimalField(
        label=_("Change by (%)"), max_digits=6, decimal_places=2, min_value=-100, max_value=1000,
        help_text=_("5 raises the prices by 5 per cent, -5 lowers them."),
    )  # fmt: skip
