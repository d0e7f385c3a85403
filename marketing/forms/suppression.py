"""Forms of the suppression list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..choices.campaigns import SuppressedChannel, SuppressedFor


class SuppressionForm(forms.Form):
    channel = forms.ChoiceField(label=_("Channel"), choices=SuppressedChannel.choices)
    address = forms.CharField(label=_("Address"), max_length=254, help_text=_("Email address or phone number"))
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(key, SuppressedFor(key).label) for key in (SuppressedFor.HAND, SuppressedFor.COMPLAINT)],
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class LiftForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("Kept in the history of the address."))
