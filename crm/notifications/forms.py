"""When mail may come; `actions.save_delivery` stores it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .choices import Digest, Weekday


def _time_field(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, widget=widget, required=False, **options)


class DeliveryForm(forms.Form):
    """Digest and quiet time of a person. Its clean values are what `save_delivery` takes."""

    digest = forms.ChoiceField(
        label=_("Digest by mail"), choices=Digest.choices, help_text=_("A summary of what you have not read.")
    )
    digest_weekday = forms.TypedChoiceField(label=_("Day of the weekly digest"), choices=Weekday.choices, coerce=int)
    digest_hour = forms.TypedChoiceField(
        label=_("Hour of the digest"), choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int
    )
    quiet_from = _time_field(
        _("Quiet from"), help_text=_("Mail and push then wait for the end. Empty: no quiet hours.")
    )
    quiet_until = _time_field(_("Quiet until"))
    quiet_weekends = forms.BooleanField(label=_("Quiet all Saturday and Sunday"), required=False)
    urgent_when_quiet = forms.BooleanField(label=_("Let urgent messages through in quiet times"), required=False)
    push_shows_text = forms.BooleanField(
        label=_("Show an excerpt in push messages"),
        help_text=_("A locked screen may show it to others. Without it a message names the record and what happened."),
        required=False,
    )
