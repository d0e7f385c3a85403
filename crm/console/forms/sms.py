"""A phone number, typed by staff."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.core.phones import e164
from crm.core.text import clean_line


class PhoneForm(forms.Form):
    """A number in any usual form; cleaned it is E.164."""

    phone = forms.CharField(
        label=_("Phone number"),
        max_length=60,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
        help_text=_("With +country code, or a Chinese number without."),
    )

    def clean_phone(self) -> str:
        value = e164(clean_line(self.cleaned_data["phone"], 60))
        if not value:
            raise ValidationError(_("Enter a phone number like 138 1234 5678 or +44 20 7946 0000"))
        return value
