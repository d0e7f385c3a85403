"""What staff fill in about risk, credit and wishes, and what an administrator decides about levels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core import money
from crm.core.rates import company_currency
from crm.fields.catalogue import fields_of
from crm.fields.choices import FieldType

from ..actions.levels import MAX_POINTS
from ..choices import FlagTask, RiskLevel, WishState
from ..figures.levels import points_of
from ..figures.signs import RiskSign, risk_signs
from ..models import Customer, LevelSettings, Wish

_CURRENCIES = [(code, code) for code in money.SIGNS]
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RiskForm(forms.Form):
    level = forms.ChoiceField(label=_("Risk"), choices=[("", _("From the signs")), *RiskLevel.choices], required=False)
    note = forms.CharField(label=_("Why"), max_length=200, required=False)


class CreditForm(forms.Form):
    limit = forms.DecimalField(
        label=_("Credit limit"), min_value=0, max_digits=16, decimal_places=2, required=False,
        help_text=_("How much they may owe at a time: open orders and unpaid instalments. Empty: no limit was agreed."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=_CURRENCIES)


class WishForm(forms.ModelForm):
    """What a customer is looking for; whatever is left empty does not matter to them."""

    class Meta:
        model = Wish
        fields = (
            "name", "contact", "category", "words", "budget_from", "budget_to", "currency", "size_from", "size_to",
            "place", "quantity", "until", "note",
        )  # fmt: skip
        widgets = {"until": _DAY, "note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "name": _("In a few words, as they would say it"),
            "words": _("One of them is enough for a product to fit"),
            "budget_from": _("For one unit"),
            "until": _("After this day no product is looked for"),
        }

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = customer.contacts.order_by("-is_primary", "sort_key")
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]
        if not self.instance.pk:
            self.initial.setdefault("currency", customer.brand.currency)


class CloseWishForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What became of it"), widget=forms.RadioSelect, initial=WishState.MET,
        choices=[(WishState.MET, WishState.MET.label), (WishState.DROPPED, WishState.DROPPED.label)],
    )  # fmt: skip


def name_of(sign: RiskSign) -> str:
    """The name of a sign's points in the form."""
    return f"points_{sign.key.replace('.', '_')}"


class LevelSettingsForm(forms.ModelForm):
    """Bounds, weights and tasks. Every sign of every app in use has a field of its own."""

    tasks = forms.MultipleChoiceField(
        label=_("Make a task for the owner when"), choices=FlagTask.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Once each time it happens; of the last two weeks."),
    )  # fmt: skip
    size_field = forms.ChoiceField(
        label=_("Size of a product"),
        required=False,
        help_text=_("The custom field of products that sizes in wishes are compared with"),
    )
    place_field = forms.ChoiceField(
        label=_("Area of a product"),
        required=False,
        help_text=_("The custom field of products that areas in wishes are compared with"),
    )

    class Meta:
        model = LevelSettings
        fields = (
            "medium_from", "high_from", "contract_medium", "contract_high", "credit_days", "tasks", "task_days",
            "size_field", "place_field", "months", "days", "min_buyers", "min_percent", "min_lift",
        )  # fmt: skip
        help_texts = {
            "medium_from": _("The points of all signs of a customer together; one point and more is low."),
            "credit_days": _("0: never by itself. Only companies with a credit limit are asked about."),
            "min_lift": _("1 means: as often as everybody buys it anyway."),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        present = points_of(self.instance)
        for sign in risk_signs:
            self.fields[name_of(sign)] = forms.IntegerField(
                label=sign.label, help_text=sign.help, min_value=0, max_value=MAX_POINTS, initial=present[sign.key]
            )
        known = fields_of("product")
        for name, types in (("size_field", {FieldType.NUMBER}), ("place_field", {FieldType.TEXT})):
            found = [(entry.key, str(entry.name)) for entry in known if entry.type in types]
            self.fields[name].choices = [("", _("Not compared")), *found]  # type: ignore[attr-defined]
        currency = company_currency()
        for name in ("contract_medium", "contract_high"):
            self.fields[name].help_text = _("Active contracts together, in %(currency)s") % {"currency": currency}

    def _group(self, *names: str) -> list[Any]:
        return [self[name] for name in names]

    @property
    def groups(self) -> list[tuple[Any, Any, list[Any]]]:
        """Title, explanation and fields of each part of the page."""
        return [
            (_("What speaks for a risk"), _("Points of each sign. 0 switches a sign off."),
             self._group(*(name_of(sign) for sign in risk_signs))),
            (_("Levels of risk"), "", self._group("medium_from", "high_from")),
            (_("Value from contracts"), _("Purchases give a value of their own; the higher one holds."),
             self._group("contract_medium", "contract_high")),
            (_("Tasks"), "", self._group("tasks", "task_days")),
            (_("Wishes"), "", self._group("size_field", "place_field")),
            (_("What to offer"), _("Pairs of products are offered when enough buyers of one bought the other."),
             self._group("months", "days", "min_buyers", "min_percent", "min_lift")),
            (_("Credit reports"), "", self._group("credit_days")),
        ]  # fmt: skip

    @property
    def points(self) -> dict[str, int]:
        """Sign → points, as entered."""
        return {sign.key: self.cleaned_data[name_of(sign)] for sign in risk_signs}

    @property
    def values(self) -> dict[str, Any]:
        """The other settings."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
