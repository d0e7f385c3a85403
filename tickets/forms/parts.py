"""What staff fill in about parts of a ticket."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team

from ..models import RequestType, Ticket
from ..selectors import open_parts
from .tickets import ResolveForm


class PartForm(forms.Form):
    """What another team shall do, and by when. form_key makes sending it twice harmless."""

    form_key = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(16)
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    request_type = forms.ModelChoiceField(
        label=_("Type"), queryset=RequestType.objects.none(), required=False, empty_label=_("The team's usual one")
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    description = forms.CharField(
        label=_("What shall they do"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Colleagues read this; the customer never does."),
    )
    due_at = forms.DateTimeField(
        label=_("Needed by"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: the time that its type or the SLA policy gives. It counts in working hours."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.active()  # type: ignore[attr-defined]
        self.fields["request_type"].queryset = RequestType.objects.usable().select_related("team")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The type must be one of the team's."""
        values = super().clean() or {}
        chosen, team = values.get("request_type"), values.get("team")
        if chosen is not None and team is not None and chosen.team_id != team.pk:
            raise ValidationError({"request_type": _("Choose a type of %(team)s") % {"team": team}})
        return values


class FinishPartForm(forms.Form):
    """What came out of it."""

    result = forms.CharField(
        label=_("Result"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Whoever holds the ticket reads this; the customer does not."),
    )


class DespitePartsForm(forms.Form):
    """A box to tick while other teams still work on parts of the ticket; without such parts the form is empty."""

    despite_parts = forms.BooleanField(label=_("Go on although these parts are open"), required=False)

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any):
        super().__init__(*args, **kwargs)
        numbers = [part.label for part in open_parts(ticket)]
        if numbers:
            words = _("Go on although other teams still work on %(numbers)s")
            self.fields["despite_parts"].label = words % {"numbers": ", ".join(numbers)}
        else:
            del self.fields["despite_parts"]


class ResolveWholeForm(DespitePartsForm, ResolveForm):
    """Cause and solution; and the box."""

    field_order = ("despite_parts", "cause", "solution")
