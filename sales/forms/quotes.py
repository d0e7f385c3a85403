"""What staff fill in about a quote, and what customers answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.core import money
from crm.core.actor import Actor
from crm.ui.generic.widgets import PickerSelect
from customers.actions.orders import NewLine
from customers.forms.answers import WithAnswers
from customers.models import Customer, Product

from ..models import Opportunity
from ..selectors.prices import ListPrice, PriceBook

MAX_LINES = 200


class QuoteForm(WithAnswers, forms.Form):
    """The head of a quote; its lines are `QuoteLineForm`s."""

    answers_of = "quote"

    name = forms.CharField(label=_("Title"), max_length=200)
    contact = forms.ModelChoiceField(label=_("Contact"), queryset=Customer.objects.none(), required=False)
    opportunity = forms.ModelChoiceField(label=_("Opportunity"), queryset=Opportunity.objects.none(), required=False)
    language = forms.ChoiceField(label=_("Language of the quote"), choices=settings.LANGUAGES)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in money.SIGNS])
    tax_included = forms.BooleanField(label=_("Prices hold the tax"), required=False)
    valid_until = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    terms = forms.CharField(label=_("Terms"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, customer: Customer, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = customer.contacts.order_by("-is_primary", "sort_key")  # type: ignore[attr-defined]
        deals = Opportunity.objects.visible_to(actor).filter(customer=customer)
        self.fields["opportunity"].queryset = deals  # type: ignore[attr-defined]


class QuoteLineForm(forms.Form):
    """One position; without a price the price list's counts, else the product's own."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.active(), required=False, widget=PickerSelect("product")
    )
    name = forms.CharField(label=_("or what it is"), max_length=160, required=False)
    quantity = forms.DecimalField(
        label=_("Quantity"), max_digits=12, decimal_places=3, required=False, min_value=Decimal("0.001"),
        error_messages={"min_value": _("Enter a quantity above zero")},
    )  # fmt: skip
    unit_price = forms.DecimalField(label=_("Unit price"), max_digits=14, decimal_places=4, required=False, min_value=0)
    discount_percent = forms.DecimalField(
        label=_("Discount (%)"), max_digits=5, decimal_places=2, required=False, min_value=0, max_value=100
    )
    tax_percent = forms.DecimalField(
        label=_("Tax (%)"), max_digits=5, decimal_places=2, required=False, min_value=0, max_value=100
    )

    def __init__(self, *args: Any, book: PriceBook, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.book = book
        place = str(self.prefix or "").rpartition("-")[2]
        number = int(place) + 1 if place.isdecimal() else ""
        for name, field in self.fields.items():
            label = _("Line %(number)s: %(field)s") % {"number": number, "field": field.label}
            field.widget.attrs |= {"aria-label": label, "class": "form-select" if name == "product" else "form-control"}
            if isinstance(field, forms.DecimalField):
                field.widget.attrs |= {"inputmode": "decimal", "step": "any"}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.is_filled and not values.get("product") and not values.get("name") and not self.errors:
            self.add_error("name", _("Choose a product or say what it is"))
        if self.is_filled and not values.get("product") and values.get("unit_price") is None and not self.errors:
            self.add_error("unit_price", _("Enter the price"))
        if self.is_filled and values.get("unit_price") is None and not self.errors and self.listed() is None:
            text = _("There is no price in %(currency)s. Enter one.")
            self.add_error("unit_price", text % {"currency": self.book.currency})
        return values

    def listed(self) -> ListPrice | None:
        """What the price list says of the chosen product; None for a line without one."""
        product = self.cleaned_data.get("product")
        return self.book.price(product, self.cleaned_data.get("quantity") or Decimal(1)) if product else None

    @property
    def is_filled(self) -> bool:
        """Whether the row says anything; an empty one is left out."""
        values = getattr(self, "cleaned_data", {})
        return any(values.get(name) not in (None, "") for name in self.fields)

    def line(self) -> NewLine:
        """The position as the action takes it."""
        values, product = self.cleaned_data, self.cleaned_data.get("product")
        price, tax, listed = values.get("unit_price"), values.get("tax_percent"), self.listed()
        return NewLine(
            quantity=values.get("quantity") or Decimal(1),
            unit_price=price if price is not None else listed.price if listed else Decimal(0),
            product=product,
            name=values.get("name") or "",
            discount_percent=values.get("discount_percent") or Decimal(0),
            tax_percent=tax if tax is not None else (product.tax_percent if product else Decimal(0)),
        )


QuoteLines = forms.formset_factory(QuoteLineForm, extra=1, max_num=MAX_LINES, absolute_max=MAX_LINES, validate_max=True)


class SubmitForm(forms.Form):
    reason = forms.CharField(
        label=_("Why this price"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever has to approve reads it first."),
    )  # fmt: skip


class SendForm(forms.Form):
    to_email = forms.EmailField(label=_("To"))
    text = forms.CharField(
        label=_("Message"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The PDF is attached. Under your words stand the total, the last day and the link to accept it."),
    )  # fmt: skip


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=400)


class AcceptForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120)
    agrees = forms.BooleanField(
        label=_("I accept this quote."), error_messages={"required": _("Please confirm that you accept this quote")}
    )
    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)


class DeclineForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120)
    reason = forms.CharField(
        label=_("What should be different?"), required=False, max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
