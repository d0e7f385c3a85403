"""What staff fill in about places, billing titles, collaborators and talks."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.core.errors import Invalid

from ..choices import InteractionKind, InteractionOutcome
from ..models import Address, BillingTitle, Contact, Customer
from ..places import Position, position_of


class AddressForm(forms.ModelForm):
    class Meta:
        model = Address
        fields = ("kind", "recipient", "phone", "line", "city", "region", "postcode", "country", "is_main")


class AddressWithoutPhoneForm(AddressForm):
    """For those who see phone numbers masked: the number stays as it is."""

    class Meta(AddressForm.Meta):
        fields = tuple(name for name in AddressForm.Meta.fields if name != "phone")


class BillingTitleForm(forms.ModelForm):
    class Meta:
        model = BillingTitle
        fields = ("title", "tax_number", "address", "phone", "bank", "bank_account", "is_main")


class BillingTitleWithoutNumbersForm(BillingTitleForm):
    """For those who see phone numbers and accounts masked: both stay as they are."""

    class Meta(BillingTitleForm.Meta):
        fields = tuple(name for name in BillingTitleForm.Meta.fields if name not in ("phone", "bank_account"))


class CollaboratorsForm(forms.Form):
    users = forms.ModelMultipleChoiceField(
        label=_("Collaborators"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see the customer, whatever their department."),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = User.objects.active().exclude(pk=customer.owner_id)
        self.fields["users"].queryset = people.order_by("sort_key")  # type: ignore[attr-defined]


class PicturesInput(forms.FileInput):
    """Pictures, from the camera of a phone or its gallery."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any]) -> None:
        super().__init__({"accept": "image/*", "class": "form-control", **attrs})


class PicturesField(forms.FileField):
    """A list of files, empty ones left out; the action says what may be kept."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [file for each in files if (file := super(PicturesField, self).clean(each, initial))]


class InteractionForm(forms.Form):
    """A talk in two clicks: what was said is the one thing asked for; all else has a value already."""

    form_key = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(16)
    )
    kind = forms.ChoiceField(label=_("What it was"), choices=InteractionKind.choices)
    contact = forms.ModelChoiceField(
        label=_("With"), queryset=Contact.objects.none(), required=False, empty_label=_("Nobody in particular")
    )
    text = forms.CharField(label=_("What was said"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))
    outcome = forms.ChoiceField(
        label=_("How it went"), choices=[("", _("Not said")), *InteractionOutcome.choices], required=False
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, required=False)
    happened_at = forms.DateTimeField(
        label=_("When"), required=False, help_text=_("Now, unless you say otherwise"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    follow_up_at = forms.DateTimeField(
        label=_("Follow up at"), required=False, help_text=_("A task waits for you then"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    follow_up = forms.CharField(label=_("What to do then"), max_length=200, required=False)
    place = forms.CharField(
        label=pgettext_lazy("of a visit", "Place"),
        max_length=300,
        required=False,
        help_text=_("Where you were, as you would write it down"),
    )
    position = forms.CharField(
        label=pgettext_lazy("of a visit", "Coordinates"), max_length=60, required=False,
        help_text=_("Latitude, longitude; only if you want to"),
        widget=forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
    )  # fmt: skip
    camera = PicturesField(
        label=_("Take a photo"), required=False, widget=PicturesInput({"capture": "environment", "multiple": False})
    )
    photos = PicturesField(label=_("Photos"), required=False, widget=PicturesInput({"multiple": True}))

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = customer.contacts.order_by("-is_primary", "sort_key")
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]

    def clean_position(self) -> Position | None:
        text = self.cleaned_data["position"].strip()
        try:
            return position_of(text) if text else None
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """What the camera took and what was chosen are one list."""
        values = super().clean() or {}
        values["photos"] = [*(values.pop("camera", None) or []), *(values.get("photos") or [])]
        return values

    def clean_minutes(self) -> int:
        return self.cleaned_data["minutes"] or 0
