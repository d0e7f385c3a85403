"""The contact form of the website."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.text import clean_text
from crm.ui.public_forms import CleanField
from customers.recognising.identities import normal_email, normal_phone


class ContactForm(forms.Form):
    """Who asks, how they are reached, and what they want to know. Email or phone is enough."""

    name = CleanField(
        label=_("Full name"), limit=200, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )  # fmt: skip
    company = CleanField(
        label=_("Company"), limit=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    job_title = CleanField(
        label=_("Job title"), limit=80, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )  # fmt: skip
    email = CleanField(
        label=_("Email address"), limit=254, required=False, help_text=_("Email or phone, one is enough."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip
    phone = CleanField(
        label=_("Phone number"), limit=60, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )  # fmt: skip
    message = CleanField(
        label=_("What would you like to know?"), limit=5000, clean=clean_text,
        widget=forms.Textarea(attrs={"rows": 5, "data-grow": True}),
        error_messages={"required": _("Write what you would like to know")},
    )  # fmt: skip
    consent = forms.BooleanField(error_messages={"required": _("Agree to the use of your data, so that we can answer")})

    def __init__(self, *args: Any, consent_text: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = consent_text

    def clean_email(self) -> str:
        return _normal(normal_email, self.cleaned_data["email"])

    def clean_phone(self) -> str:
        return _normal(normal_phone, self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not {"email", "phone"} & set(self.errors) and not (values.get("email") or values.get("phone")):
            self.add_error("email", _("Enter an email address or a phone number, so that we can answer"))
        return values


def _normal(form: Callable[[str], str], raw: str) -> str:
    try:
        return form(raw) if raw else ""
    except Invalid as error:
        raise ValidationError(str(error)) from None
