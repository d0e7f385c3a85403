"""What staff fill in about a task."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.core import clock
from crm.ui.generic.widgets import PickerSelect

from ..choices import TaskKind
from ..models import Task

REMINDERS = [
    ("", _("Never")),
    (0, _("When it is due")),
    (15, _("15 minutes before")),
    (60, _("1 hour before")),
    (1440, _("1 day before")),
]
#: What the quick form offers: days from today.
SOON = [("0", _("Today")), ("1", _("Tomorrow")), ("7", _("In a week")), ("", _("No deadline"))]


def _whole(value: Any) -> int | None:
    return None if value in ("", None) else int(value)


class TaskForm(forms.Form):
    """A task. A day without a time is due at any time of it. about: kind and id of the record, as in the address."""

    title = forms.CharField(label=_("What has to be done"), max_length=200)
    what = forms.ChoiceField(label=_("Kind"), choices=TaskKind.choices, initial=TaskKind.TODO)
    due_day = forms.DateField(
        label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    due_time = forms.TimeField(
        label=_("At"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Leave it empty for any time of the day."),
    )
    remind_minutes = forms.TypedChoiceField(
        label=_("Remind"), choices=REMINDERS, coerce=_whole, empty_value=None, required=False, initial=0
    )
    assignee = forms.ModelChoiceField(
        label=_("Assignee"), queryset=User.objects.none(), required=False, widget=PickerSelect("user"), empty_label="--"
    )
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False, empty_label="--")
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    about = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = User.objects.active()  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.active()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("due_time") and not values.get("due_day"):
            self.add_error("due_day", _("Choose the day as well"))
        return values


def deadline_of(values: dict[str, Any]) -> dict[str, Any]:
    """The form's day and time as the action takes them, in the zone that is active."""
    day, at = values.pop("due_day", None), values.pop("due_time", None)
    if day is None:
        return {"due_at": None, "due_on": None}
    if at is None:
        return {"due_at": None, "due_on": day}
    return {"due_at": timezone.make_aware(dt.datetime.combine(day, at)), "due_on": None}


def typed_deadline(task: Task) -> dict[str, Any]:
    """The deadline as the form shows it."""
    if task.due_at is None:
        return {"due_day": None, "due_time": None}
    if task.due_on is not None:
        return {"due_day": task.due_on, "due_time": None}
    local = timezone.localtime(task.due_at)
    return {"due_day": local.date(), "due_time": local.time().replace(second=0, microsecond=0)}


class QuickTaskForm(forms.Form):
    """The line under a record's tasks."""

    title = forms.CharField(max_length=200)
    what = forms.ChoiceField(choices=TaskKind.choices, required=False)
    soon = forms.ChoiceField(choices=SOON, required=False)

    def deadline(self) -> dt.date | None:
        """The chosen day."""
        days = self.cleaned_data.get("soon") or ""
        return timezone.localtime(clock.now()).date() + dt.timedelta(days=int(days)) if days else None


class ResultForm(forms.Form):
    result = forms.CharField(label=_("What came of it"), required=False, widget=forms.Textarea(attrs={"rows": 4}))


class MoveForm(forms.Form):
    """Another day, another holder, or both."""

    due_day = forms.DateField(label=_("Due on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    assignee = forms.ModelChoiceField(
        label=_("Assignee"), queryset=User.objects.none(), required=False, empty_label=_("As it is")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = User.objects.active()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("due_day") and not values.get("assignee"):
            raise forms.ValidationError(_("Choose a day or a colleague."))
        return values
