"""From when until when, and who stands in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.accounts.choices import WhileAway
from crm.accounts.models import User
from crm.ui.generic.widgets import PickerSelect


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class AbsenceForm(forms.Form):
    """Times are in the zone of whoever fills it in."""

    starts_at = forms.DateTimeField(label=_("Away from"), widget=_Moment())
    ends_at = forms.DateTimeField(label=_("Back at"), widget=_Moment())
    substitute = forms.ModelChoiceField(
        label=_("Substitute"),
        queryset=User.objects.none(),
        required=False,
        widget=PickerSelect("user"),
        empty_label=_("Nobody: to the queues of the teams"),
        help_text=_("Gets the tickets where a customer waits or writes again."),
    )
    moves = forms.ChoiceField(
        label=_("Tickets where the customer waits"),
        choices=WhileAway.choices,
        initial=WhileAway.SUBSTITUTE,
        help_text=_("New tickets go to others in any case."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["substitute"].queryset = User.objects.active().exclude(pk=user.pk)  # type: ignore[attr-defined]
