"""What staff fill in about a meeting."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from crm.accounts.models import User
from crm.ui.forms import zone_choices

from ..meetings import Guest
from ..models import Meeting

REMINDERS = [("", _("Never")), (15, _("15 minutes before")), (60, _("1 hour before")), (1440, _("1 day before"))]
_LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240, 480)
_MAILBOX = re.compile(r"^(?:(?P<name>[^<>]*)<(?P<in>[^<>]+)>|(?P<bare>\S+))$")
MAX_GUESTS = 50


def _lengths(present: int | None = None) -> list[tuple[int, Any]]:
    values = sorted({*_LENGTHS, *([present] if present else [])})
    return [(value, ngettext_lazy("%(n)s minute", "%(n)s minutes", value) % {"n": value}) for value in values]


def _whole(value: Any) -> int | None:
    return None if value in ("", None) else int(value)


class MeetingForm(forms.Form):
    """A meeting; guests are offered from the record, and others may be typed. about: kind and id of the record."""

    title = forms.CharField(label=_("Subject"), max_length=200)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.TypedChoiceField(label=_("Lasts"), coerce=int, initial=60)
    zone = forms.ChoiceField(label=_("Time zone"))
    place = forms.CharField(label=pgettext_lazy("meeting", "Place"), max_length=200, required=False)
    link = forms.URLField(label=_("Link to the call"), max_length=400, required=False, assume_scheme="https")
    users = forms.ModelMultipleChoiceField(
        label=_("Colleagues"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("You take part yourself when you plan it."),
    )  # fmt: skip
    offered = forms.TypedMultipleChoiceField(
        label=_("Guests"), coerce=str, required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label=_("Other guests"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A line each: name@example.com, or Name &lt;name@example.com&gt;. They get an invitation by mail."),
    )  # fmt: skip
    notes = forms.CharField(
        label=_("Agenda"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Guests read it in their invitation."),
    )  # fmt: skip
    remind_minutes = forms.TypedChoiceField(
        label=_("Remind"), choices=REMINDERS, coerce=_whole, empty_value=None, required=False, initial=15
    )
    about = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, guests: Sequence[tuple[Guest, str]] = (), minutes: int | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.known = {guest.email.lower(): guest for guest, _shown in guests}
        self.fields["users"].queryset = User.objects.active().order_by("sort_key")  # type: ignore[attr-defined]
        self.fields["minutes"].choices = _lengths(minutes)  # type: ignore[attr-defined]
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]
        self.fields["zone"].initial = timezone.get_current_timezone_name()
        #: Addresses may be masked, so each choice is known by its place.
        self.places = {str(place): guest for place, (guest, _shown) in enumerate(guests)}
        choices = [(str(place), shown) for place, (_guest, shown) in enumerate(guests)]
        if choices:
            self.fields["offered"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["offered"]

    def clean_others(self) -> list[Guest]:
        found = []
        for line in self.cleaned_data["others"].splitlines():
            if not line.strip():
                continue
            match = _MAILBOX.match(line.strip())
            address = (match["in"] or match["bare"]).strip() if match else line.strip()
            validate_email(address)
            found.append(Guest((match["name"] or "").strip() if match else "", address.lower()))
        if len(found) > MAX_GUESTS:
            raise forms.ValidationError(_("Invite at most %(count)s guests") % {"count": MAX_GUESTS})
        return found


def facts_of(values: dict[str, Any]) -> dict[str, Any]:
    """The form's values as the action takes them: day, time and length become two moments of the zone."""
    start = dt.datetime.combine(values["day"], values["start"], tzinfo=ZoneInfo(values["zone"])).astimezone(dt.UTC)
    names = ("title", "zone", "place", "link", "notes", "remind_minutes")
    return {
        **{name: values.get(name) for name in names}, "starts_at": start,
        "ends_at": start + dt.timedelta(minutes=values["minutes"]),
    }  # fmt: skip


def typed(meeting: Meeting) -> dict[str, Any]:
    """What the form shows of a stored meeting, besides its people."""
    local = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    names = ("title", "zone", "place", "link", "notes", "remind_minutes", "minutes")
    return {
        **{name: getattr(meeting, name) for name in names}, "day": local.date(),
        "start": local.time().replace(second=0, microsecond=0),
    }  # fmt: skip


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Guests read it in the cancellation."),
    )  # fmt: skip


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The guest reads it in the mail."),
    )  # fmt: skip


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label=_("What came of it"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}))
