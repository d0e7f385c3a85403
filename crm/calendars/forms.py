"""Forms of the settings screens; each gives what the action of its name takes."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils import timezone as django_timezone
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.errors import Invalid
from crm.core.translated import TranslatedFormField

from .actions.shifts import ShiftPattern
from .choices import DayKind, ExceptionKind, Weekday
from .models import Calendar
from .public_holidays import countries
from .week import DAYS, parse_day, read_week, show_day, write_week

#: Offered first; every other zone follows in alphabetical order.
_FIRST_ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Europe/London", "UTC")


def zone_choices() -> list[tuple[str, str]]:
    """Zones that an office may be in, the likely ones first."""
    known = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    names = [*_FIRST_ZONES, *(name for name in known if name not in _FIRST_ZONES)]
    return [(name, name.replace("_", " ")) for name in names]


def _zone_field(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Time zone"), choices=zone_choices, **options)


def _time_field(label: Any, **options: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **options)


def _date_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)


class DayHoursField(forms.CharField):
    """A day's intervals as text such as "09:00-12:00, 13:30-18:00"; the clean value is a `week.Day`."""

    def __init__(self, **options: Any):
        super().__init__(max_length=200, required=False, **options)
        self.widget.attrs.setdefault("placeholder", "09:00-12:00, 13:30-18:00")

    def clean(self, value: Any) -> Any:
        try:
            return parse_day(super().clean(value))
        except Invalid as error:
            raise forms.ValidationError(str(error), code="hours") from None


class CalendarForm(forms.Form):
    """A calendar with its week, a text per weekday. `action_values` is what create and update take."""

    name = TranslatedFormField(label=_("Name"), max_length=80)
    timezone = _zone_field(initial="Asia/Shanghai")
    is_default = forms.BooleanField(label=_("Use where no other calendar was chosen"), required=False)
    mon = DayHoursField(
        label=Weekday.MONDAY.label,
        help_text=_("Several spans a day are separated by commas. Empty: closed. 24:00 is the end of the day."),
    )
    tue = DayHoursField(label=Weekday.TUESDAY.label)
    wed = DayHoursField(label=Weekday.WEDNESDAY.label)
    thu = DayHoursField(label=Weekday.THURSDAY.label)
    fri = DayHoursField(label=Weekday.FRIDAY.label)
    sat = DayHoursField(label=Weekday.SATURDAY.label)
    sun = DayHoursField(label=Weekday.SUNDAY.label)

    def __init__(self, *args: Any, instance: Calendar | None = None, **kwargs: Any):
        self.instance = instance
        if instance is not None:
            week = {day: show_day(spans) for day, spans in zip(DAYS, read_week(instance.week), strict=True)}
            shown = {"name": instance.name, "timezone": instance.timezone, "is_default": instance.is_default}
            kwargs["initial"] = {**shown, **week, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if instance is not None and instance.is_default:
            self.fields["is_default"].disabled = True
            self.fields["is_default"].help_text = _("To change this, make another calendar the default.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(day in self.errors for day in DAYS) and not any(cleaned.get(day) for day in DAYS):
            self.add_error("mon", _("Enter working hours for at least one weekday."))
        return cleaned

    def action_values(self) -> dict[str, Any]:
        """name, timezone, week and is_default of a valid form."""
        values = {key: self.cleaned_data[key] for key in ("name", "timezone", "is_default")}
        return values | {"week": write_week([self.cleaned_data[day] for day in DAYS])}


class HolidayForm(forms.Form):
    """A special day of a calendar; its clean data is what `add_holiday` takes."""

    date = _date_field(_("Date"))
    name = TranslatedFormField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices, initial=DayKind.HOLIDAY)
    as_weekday = forms.TypedChoiceField(
        label=_("Works like"),
        choices=Weekday.choices,
        coerce=int,
        empty_value=None,
        required=False,
        initial=Weekday.MONDAY,
        help_text=_("For a make-up workday: the weekday whose hours it has."),
    )

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any):
        self.calendar = calendar
        super().__init__(*args, **kwargs)

    def clean_date(self) -> Any:
        date = self.cleaned_data["date"]
        if self.calendar.holidays.filter(date=date).exists():
            raise forms.ValidationError(
                _("This day is already in the calendar. Remove it first to change it."), code="taken"
            )
        return date


def _country_choices() -> list[tuple[str, str]]:
    return [(code, code) for code in sorted(countries(), key=lambda code: (code != "CN", code))]


class HolidayImportForm(forms.Form):
    """Which country's holidays of which year; its clean data is what `import_holidays` takes."""

    country = forms.ChoiceField(label=_("Country"), choices=_country_choices, initial="CN")
    year = forms.IntegerField(label=_("Year"), min_value=1970, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = clock.today(django_timezone.get_current_timezone()).year


class ShiftForm(forms.Form):
    """One weekly shift; `pattern()` is what `set_shifts` takes a list of."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one weekday.")},
    )
    start = _time_field(_("Starts at"))
    end = _time_field(_("Ends at"), help_text=_("An end that is not later than the start is on the next day."))
    timezone = _zone_field(initial="Asia/Shanghai")
    valid_from = _date_field(_("Valid from"), required=False)
    valid_until = _date_field(_("Valid until"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day must not be before the first one."))
        return cleaned

    def pattern(self) -> ShiftPattern:
        """The shift of a valid form."""
        return ShiftPattern(**self.cleaned_data)


class ShiftExceptionForm(forms.Form):
    """One day of a person that differs; its clean data is what `add_shift_exception` takes."""

    date = _date_field(_("Date"))
    kind = forms.ChoiceField(label=_("Kind"), choices=ExceptionKind.choices, initial=ExceptionKind.OFF)
    start = _time_field(_("Starts at"), required=False)
    end = _time_field(_("Ends at"), required=False)
    timezone = _zone_field(initial="Asia/Shanghai")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == ExceptionKind.HOURS:
            for name in ("start", "end"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Enter when the day starts and ends."))
        return cleaned
