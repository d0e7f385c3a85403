"""What staff fill in about customers and their people."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Department, User
from crm.core.errors import DomainError

from .identities import normal_email, normal_phone
from .models import Customer

_LANGUAGES = [("", _("Not known")), *settings.LANGUAGES]


def zones() -> list[tuple[str, Any]]:
    """Every IANA zone, the empty choice first."""
    return [("", _("Not known")), *((name, name.replace("_", " ")) for name in sorted(available_timezones()))]


class CustomerForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=_LANGUAGES, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False)

    class Meta:
        model = Customer
        fields = (
            "name", "kind", "stage", "owner", "department", "industry", "website", "address", "language", "timezone",
            "note",
        )  # fmt: skip
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.active()  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.all()  # type: ignore[attr-defined]


class LinesField(forms.CharField):
    """Several addresses, one a line; each is checked by `check`."""

    def __init__(self, *, check: Any, **kwargs: Any):
        self.check = check
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        try:
            return [self.check(line) for line in lines[:10]]
        except DomainError as error:
            raise forms.ValidationError(str(error)) from None


class ContactForm(forms.Form):
    """A person at a customer."""

    name = forms.CharField(label=_("Full name"), max_length=200)
    job_title = forms.CharField(label=_("Job title"), max_length=80, required=False)
    emails = LinesField(
        label=_("Email addresses"), check=normal_email, help_text=_("One a line; the first is the main one")
    )
    phones = LinesField(
        label=_("Phone numbers"), check=normal_phone, help_text=_("One a line; the first is the main one")
    )
    language = forms.ChoiceField(label=_("Language"), choices=_LANGUAGES, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False)


class ContactFactsForm(ContactForm):
    """For those who may not see addresses in full: they stay as they are."""

    emails = None
    phones = None


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
