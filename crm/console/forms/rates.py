"""What an administrator enters about exchange rates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core import clock, money
from crm.core.models import ExchangeRate


class RateForm(forms.ModelForm):
    """One rate: what one unit costs in the company's currency from a day on."""

    currency = forms.ChoiceField(label=_("Currency"))
    rate = forms.DecimalField(
        label=_("Rate"), max_digits=18, decimal_places=8, min_value=0,
        help_text=_("What one unit costs in the company's currency"),
    )  # fmt: skip

    class Meta:
        model = ExchangeRate
        fields = ("currency", "rate", "valid_from")
        widgets = {"valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"valid_from": _("It holds until a later rate begins.")}

    def __init__(self, *args: Any, base: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(code, code) for code in money.SIGNS if code != base]
        self.fields["currency"].choices = choices  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = clock.today()
        if self.instance.pk:
            self.initial["rate"] = f"{self.instance.rate.normalize():f}"

    def _post_clean(self) -> None:
        """The action checks; a ModelForm would refuse what it replaces."""


class RateImportForm(forms.Form):
    text = forms.CharField(
        label=_("Rates"), max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "placeholder": "EUR 7.85 2026-10-01"}),
        help_text=_("A line each: currency, rate, day. Without a day it is today's. Copied cells of a sheet do too."),
    )  # fmt: skip
