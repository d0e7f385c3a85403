"""What is typed about a contract: the head, its signature, why it is cancelled."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core import money
from crm.core.actor import Actor
from crm.ui.generic.widgets import PickerSelect
from customers.forms.answers import WithAnswers
from customers.models import Contact, Customer

from ..models import Opportunity

_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?")


def date_input() -> forms.DateInput:
    """A day as browsers ask for it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AmountField(forms.DecimalField):
    """Money as people type and paste it: thousands may be parted by commas, and a sign may stand before it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(self, **kwargs: Any):
        super().__init__(max_digits=16, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            bare = value.strip().lstrip("¥￥$€£ ").replace("，", ",")
            value = bare.replace(",", "") if _THOUSANDS.fullmatch(bare) else bare
        return super().to_python(value)


class ContractForm(WithAnswers, forms.Form):
    """The head of a contract; its lines are `QuoteLineForm`s."""

    answers_of = "contract"

    name = forms.CharField(label=_("Title"), max_length=200)
    contact = forms.ModelChoiceField(label=_("Contact"), queryset=Contact.objects.none(), required=False)
    opportunity = forms.ModelChoiceField(label=_("Opportunity"), queryset=Opportunity.objects.none(), required=False)
    amount = AmountField(
        label=_("Amount, where there are no lines"), min_value=0, required=False,
        help_text=_("With lines the amount is their sum."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in money.SIGNS])
    tax_included = forms.BooleanField(label=_("Prices hold the tax"), required=False)
    language = forms.ChoiceField(label=_("Language of the contract"), choices=settings.LANGUAGES)
    starts = forms.DateField(label=_("First day"), required=False, widget=date_input())
    ends = forms.DateField(label=_("Last day"), required=False, widget=date_input())
    notice_days = forms.IntegerField(
        label=_("Tell me before it ends (days)"), min_value=0, max_value=365, initial=30,
        help_text=_("A task and a notification so many days before the last day. 0: never"),
    )  # fmt: skip
    terms = forms.CharField(
        label=_("Terms"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, customer: Customer, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = customer.contacts.order_by("-is_primary", "sort_key")  # type: ignore[attr-defined]
        deals = Opportunity.objects.visible_to(actor).filter(customer=customer)
        self.fields["opportunity"].queryset = deals  # type: ignore[attr-defined]

    def clean_amount(self) -> Any:
        """An empty amount is none."""
        return self.cleaned_data.get("amount") or 0


class CustomerPickForm(forms.Form):
    """For whom the new record is."""

    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), widget=PickerSelect("customer")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["customer"].queryset = Customer.objects.visible_to(actor)  # type: ignore[attr-defined]


class SignForm(forms.Form):
    signed_on = forms.DateField(label=_("Signed on"), widget=date_input())
    signed_by_name = forms.CharField(label=_("Who signed for the customer"), max_length=120)
    file = forms.FileField(label=_("Signed contract (file)"), required=False)


class FileForm(forms.Form):
    file = forms.FileField(label=_("File"))


class CancelForm(forms.Form):
    """Why, and who goes on with what is still to be done."""

    reason = forms.CharField(label=_("Reason"), max_length=400)
    to = forms.ModelChoiceField(
        label=_("Who takes over its open tasks"), queryset=User.objects.none(), required=False,
        widget=PickerSelect("user"), help_text=_("Without a name they are finished. Calls for money end in any case."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.active()  # type: ignore[attr-defined]


class SendContractForm(forms.Form):
    to_email = forms.EmailField(label=_("To"))
    text = forms.CharField(label=_("Message"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}))


class ContractSubmitForm(forms.Form):
    reason = forms.CharField(
        label=_("Why these terms"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever has to approve reads it first."),
    )  # fmt: skip
