"""What staff fill in about a customer."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Department, User
from crm.core.actor import Actor
from crm.core.errors import DomainError
from crm.ui.generic.widgets import PickerSelect

from ..choices import CustomerKind, ValueLevel
from ..models import Customer
from ..recognising.identities import normal_email, normal_phone
from .answers import WithAnswers

LANGUAGES = [("", _("Not known")), *settings.LANGUAGES]


def zones() -> list[tuple[str, Any]]:
    """Every IANA zone, the empty choice first."""
    return [("", _("Not known")), *((name, name.replace("_", " ")) for name in sorted(available_timezones()))]


class CustomerForm(WithAnswers, forms.ModelForm):
    answers_of = "customer"

    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False)
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")
    parent = forms.ModelChoiceField(
        label=_("Parent company"),
        queryset=Customer.objects.none(),
        widget=PickerSelect("customer"),
        required=False,
        empty_label=_("None"),
    )

    class Meta:
        model = Customer
        fields = (
            "name", "kind", "registration_code", "parent", "stage", "owner", "department", "industry", "website",
            "address", "language", "timezone", "note",
        )  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"registration_code": _("统一社会信用代码 of a Chinese company, 18 signs")}

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        companies = Customer.objects.visible_to(actor or Actor.guest()).filter(kind=CustomerKind.COMPANY)
        self.fields["parent"].queryset = companies.order_by("sort_key", "pk")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.active()  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.all()  # type: ignore[attr-defined]


class NewCustomerForm(CustomerForm):
    """With the first contact, and why it is another customer than one that looks the same."""

    contact_name = forms.CharField(
        label=_("Main contact"), max_length=200, required=False, help_text=_("Their full name, when it is another")
    )
    email = forms.CharField(label=_("Email"), max_length=254, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=60, required=False)
    reason = forms.CharField(label=_("Why it is another customer"), max_length=300, required=False)
    field_order = ("name", "kind", "registration_code", "contact_name", "email", "phone")

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any):
        super().__init__(*args, actor=actor, **kwargs)
        if actor is not None and not actor.can("customers.update"):
            for name in ("contact_name", "email", "phone"):
                del self.fields[name]
        self.order_fields(self.field_order)

    def clean_email(self) -> str:
        return _normal(normal_email, self.cleaned_data["email"])

    def clean_phone(self) -> str:
        return _normal(normal_phone, self.cleaned_data["phone"])


def _normal(form: Any, raw: str) -> str:
    """The stored form of what was typed."""
    try:
        return str(form(raw)) if raw.strip() else ""
    except DomainError as error:
        raise forms.ValidationError(str(error)) from None


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))


class ValueForm(forms.Form):
    level = forms.ChoiceField(
        label=pgettext_lazy("customer", "Value"),
        choices=[("", _("From purchases")), *ValueLevel.choices],
        required=False,
    )
    note = forms.CharField(label=_("Why"), max_length=200, required=False)
