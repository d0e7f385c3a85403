"""What is typed about plans and payments."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..actions.plans import MAX_INSTALMENTS, NewInstalment
from ..choices.payments import PaymentMethod, SplitWay
from ..models import Contract, Instalment, PaymentSettings
from .contracts import AmountField, date_input


class InstalmentForm(forms.Form):
    """A row of the plan; one without an amount is left out."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("What for"), max_length=80, required=False)
    due_on = forms.DateField(label=_("Due on"), required=False, widget=date_input())
    amount = AmountField(label=_("Amount"), required=False, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        place = str(self.prefix or "").rpartition("-")[2]
        number = int(place) + 1 if place.isdecimal() else ""
        for field in self.fields.values():
            label = _("Instalment %(number)s: %(field)s") % {"number": number, "field": field.label}
            field.widget.attrs |= {"aria-label": label, "class": "form-control"}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("amount") and not values.get("due_on") and not self.errors:
            self.add_error("due_on", _("Enter the day it is due"))
        return values

    @property
    def is_filled(self) -> bool:
        """Whether the row asks for money."""
        return bool(getattr(self, "cleaned_data", {}).get("amount"))

    def part(self) -> NewInstalment:
        """The row as the action takes it."""
        values = self.cleaned_data
        return NewInstalment(values["due_on"], values["amount"], values.get("name") or "", values.get("id"))


PlanRows = forms.formset_factory(InstalmentForm, extra=1, max_num=MAX_INSTALMENTS)


class SplitForm(forms.Form):
    """How the amount is divided; the rows are filled from it and can be changed."""

    way = forms.ChoiceField(label=_("Divide"), choices=SplitWay.choices)
    count = forms.IntegerField(label=_("Number of parts"), min_value=1, max_value=MAX_INSTALMENTS, initial=3)
    percents = forms.CharField(label=_("Shares (%)"), initial="30, 60, 10", required=False, max_length=400)
    first_on = forms.DateField(label=_("First due on"), widget=date_input())

    def clean_percents(self) -> list[Decimal]:
        """The shares; checked where they are used."""
        words = [word for word in re.split(r"[,，;；、\s%]+", self.cleaned_data.get("percents", "")) if word]
        try:
            return [Decimal(word) for word in words]
        except InvalidOperation:
            raise forms.ValidationError(_("Enter numbers such as 30, 60, 10")) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        shares = values.get("percents") or []
        if values.get("way") == SplitWay.PERCENT and (sum(shares) != 100 or min(shares, default=Decimal(0)) <= 0):
            self.add_error("percents", _("The shares have to be 100 in all, each above zero"))
        return values


class PaymentForm(forms.Form):
    """Money that came in. An instalment's own field says how much of it falls there; left empty, oldest first."""

    received_on = forms.DateField(label=_("Received on"), widget=date_input())
    amount = AmountField(label=_("Amount"), min_value=Decimal("0.01"))
    currency = forms.CharField(label=_("Currency"), max_length=3, widget=forms.TextInput(attrs={"readonly": True}))
    method = forms.ChoiceField(label=_("Method"), choices=PaymentMethod.choices)
    reference = forms.CharField(
        label=_("Reference"), max_length=120, required=False, help_text=_("As it stands on the bank statement")
    )
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
    file = forms.FileField(label=_("Receipt (file)"), required=False)
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, parts: list[Instalment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        add_parts(self, parts)

    def allocations(self) -> dict[int, Decimal]:
        """Instalment id → part, {} to let the oldest come first."""
        return chosen_parts(self)


class CreditForm(forms.Form):
    """Where credit goes: the contract, and by hand how much on which instalment."""

    contract = forms.ModelChoiceField(label=_("Contract"), queryset=Contract.objects.none())

    def __init__(self, *args: Any, contracts: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["contract"].queryset = contracts  # type: ignore[attr-defined]


class RefundForm(forms.Form):
    amount = AmountField(label=_("Amount given back"), min_value=Decimal("0.01"))
    refunded_on = forms.DateField(label=_("Given back on"), widget=date_input())
    reason = forms.CharField(label=_("Reason"), max_length=400)
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class ReverseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=400, help_text=_("Such as: recorded twice, wrong customer, bounced")
    )


class ReminderForm(forms.Form):
    to_email = forms.EmailField(label=_("To"))


class PaymentSettingsForm(forms.ModelForm):
    class Meta:
        model = PaymentSettings
        fields = ("first_days", "second_days", "third_days", "is_automatic", "usual_days")
        help_texts = {
            "is_automatic": _("Off: the owner of the contract is told, gets a task, and presses “send”"),
            "usual_days": _("After the signature, for a contract that nobody made a plan for"),
        }


def add_parts(form: forms.Form, parts: list[Instalment]) -> None:
    """A field for each open instalment, so that a person may decide."""
    for part in parts:
        label = _("On instalment %(place)s %(name)s (%(open)s open)")
        words = {"place": part.position, "name": part.name, "open": part.open_text}
        form.fields[f"part_{part.pk}"] = AmountField(label=label % words, required=False, min_value=0)


def chosen_parts(form: forms.Form) -> dict[int, Decimal]:
    """What the fields of `add_parts` say."""
    return {
        int(name.removeprefix("part_")): value
        for name, value in form.cleaned_data.items()
        if name.startswith("part_") and value
    }
