"""Working hours, holidays and shifts."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Team, User
from crm.calendars import selectors
from crm.calendars.actions import calendars as actions
from crm.calendars.actions import shifts as shift_actions
from crm.calendars.choices import Weekday
from crm.calendars.forms import CalendarForm, HolidayForm, HolidayImportForm, ShiftExceptionForm, ShiftForm
from crm.calendars.models import Calendar, Holiday, Shift, ShiftException
from crm.calendars.week import DAYS, read_week, show_day
from crm.core import clock
from crm.core.errors import DomainError, NotFound
from crm.core.text import listed
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import RecordView, StaffView

from .intro import intro

VIEW, MANAGE = "calendars.view", "calendars.manage"
_FOUR_DIGITS = re.compile(r"\d{4}", re.ASCII)


class CalendarListView(StaffView):
    """GET /settings/calendars/."""

    permission = VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = [
            (row, _week(row), row.holidays.filter(date__gte=clock.today()).first())
            for row in selectors.calendars(self.actor)
        ]
        return render(request, "console/calendars.html", {"rows": rows, **intro("calendars")})


class CalendarDetailView(RecordView):
    """GET /settings/calendars/<pk>/?year=: the week, and the special days of a year."""

    permission = VIEW
    model = Calendar

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        calendar = self.record()
        asked = request.GET.get("year", "")
        year = int(asked) if _FOUR_DIGITS.fullmatch(asked) and 1970 <= int(asked) <= 2100 else clock.today().year
        context = {
            "calendar": calendar,
            "week": _week(calendar),
            "year": year,
            "holidays": selectors.holidays_of(calendar, year),
            **intro("calendars"),
        }
        return render(request, "console/calendar.html", context)


class _FormView(StaffView):
    """A small form around one action. Subclasses give `make_form`, `act`, `back`."""

    permission = MANAGE
    title: Any = ""
    button: Any = _("Save")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(self.make_form(None))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make_form(request.POST)
        if form.is_valid():
            try:
                done = self.act(form)
            except DomainError as error:
                show_error(form, error)
            else:
                messages.success(request, done)
                return redirect(self.back())
        return self.page(form, status=422)

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "title": self.title,
            "button": self.button,
            "back": self.back(),
            "back_label": self.back_label(),
        }
        return render(self.request, "console/small_form.html", context, status=status)

    def make_form(self, data: Any) -> Any:
        raise NotImplementedError

    def act(self, form: Any) -> str:
        raise NotImplementedError

    def back(self) -> str:
        raise NotImplementedError

    def back_label(self) -> Any:
        """The name of the page that `back` leads to."""
        raise NotImplementedError


class _CalendarForm(_FormView):
    """A form about the calendar of the address."""

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar.objects.all().fetch(self.actor, pk=self.kwargs["pk"])  # type: ignore[no-any-return]

    def back(self) -> str:
        return reverse("console:calendar_detail", args=[self.calendar.pk])

    def back_label(self) -> Any:
        return self.calendar.name


class CalendarCreateView(_FormView):
    title = _("New calendar")
    button = _("Create")

    def make_form(self, data: Any) -> Any:
        return CalendarForm(data)

    def act(self, form: Any) -> str:
        return _t("%(name)s is created.") % {"name": actions.create_calendar(actor=self.actor, **form.action_values())}

    def back(self) -> str:
        return reverse("console:calendar_list")

    def back_label(self) -> Any:
        return _t("Working hours")


class CalendarUpdateView(_CalendarForm):
    title = _("Edit working hours")

    def make_form(self, data: Any) -> Any:
        return CalendarForm(data, instance=self.calendar)

    def act(self, form: Any) -> str:
        row = actions.update_calendar(actor=self.actor, calendar=self.calendar, **form.action_values())
        return _t("%(name)s is saved. Running deadlines follow.") % {"name": row}


class HolidayCreateView(_CalendarForm):
    title = _("Add a holiday or make-up workday")
    button = _("Add")

    def make_form(self, data: Any) -> Any:
        return HolidayForm(data, calendar=self.calendar)

    def act(self, form: Any) -> str:
        return _t("%(day)s is added.") % {
            "day": actions.add_holiday(actor=self.actor, calendar=self.calendar, **form.cleaned_data)
        }


class HolidayImportView(_CalendarForm):
    title = _("Import public holidays")
    button = _("Import")

    def make_form(self, data: Any) -> Any:
        return HolidayImportForm(data)

    def act(self, form: Any) -> str:
        count = actions.import_holidays(actor=self.actor, calendar=self.calendar, **form.cleaned_data)
        return _t("%(count)s days were added; those already there stayed.") % {"count": count}


class HolidayDeleteView(RecordView):
    """POST /settings/calendars/holidays/<pk>/remove/."""

    permission = MANAGE
    model = Holiday
    relations = ("calendar",)
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        holiday = self.record()
        actions.remove_holiday(actor=self.actor, holiday=holiday)
        messages.success(request, _t("%(day)s follows its weekday again.") % {"day": holiday})
        return redirect("console:calendar_detail", holiday.calendar_id)


class RosterView(StaffView):
    """GET /settings/shifts/?team=&week=: who works when in one week."""

    permission = VIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        teams = list(Team.objects.visible_to(self.actor).active())
        team = next((row for row in teams if str(row.pk) == request.GET.get("team")), None)
        people = User.objects.visible_to(self.actor).active()
        people = people.filter(memberships__team=team) if team else people
        monday = _monday(request.GET.get("week", ""))
        context = {
            "teams": teams,
            "team": team,
            "days": [monday + dt.timedelta(days=number) for number in range(7)],
            "roster": selectors.week_roster(self.actor, list(people[:200]), monday, Calendar.default()),
            "previous": monday - dt.timedelta(days=7),
            "following": monday + dt.timedelta(days=7),
            **intro("shifts"),
        }
        return render(request, "console/roster.html", context)


class UserShiftsView(StaffView):
    """GET /settings/shifts/<pk>/: the weekly shifts of one person and the days ahead that differ."""

    permission = VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = User.objects.all().fetch(self.actor, pk=pk)
        today = clock.today()
        context = {
            "person": person,
            "shifts": [(row, _weekday_names(row)) for row in selectors.shifts_of(self.actor, person)],
            "exceptions": selectors.shift_exceptions_of(self.actor, person, today, today + dt.timedelta(days=366)),
            **intro("shifts"),
        }
        return render(request, "console/user_shifts.html", context)


class _PersonForm(_FormView):
    @cached_property
    def person(self) -> User:
        return User.objects.all().fetch(self.actor, pk=self.kwargs["pk"])  # type: ignore[no-any-return]

    def back(self) -> str:
        return reverse("console:user_shifts", args=[self.person.pk])

    def back_label(self) -> Any:
        return _t("Shifts of %(name)s") % {"name": self.person.name}


class ShiftCreateView(_PersonForm):
    title = _("Add a weekly shift")
    button = _("Add")

    def make_form(self, data: Any) -> Any:
        return ShiftForm(data, initial={"timezone": self.person.timezone})

    def act(self, form: Any) -> str:
        present = [_pattern(row) for row in selectors.shifts_of(self.actor, self.person)]
        shift_actions.set_shifts(actor=self.actor, user=self.person, shifts=[*present, form.pattern()])
        return _t("The shift is added.")


class ShiftDeleteView(StaffView):
    """POST /settings/shifts/<pk>/remove/<shift>/."""

    permission = MANAGE
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int, shift: int) -> HttpResponse:
        person = User.objects.all().fetch(self.actor, pk=pk)
        rows = selectors.shifts_of(self.actor, person)
        if shift not in {row.pk for row in rows}:
            raise NotFound
        shift_actions.set_shifts(
            actor=self.actor, user=person, shifts=[_pattern(row) for row in rows if row.pk != shift]
        )
        messages.success(request, _t("The shift is removed."))
        return redirect("console:user_shifts", pk)


class ShiftExceptionCreateView(_PersonForm):
    title = _("Add a day that differs")
    button = _("Add")

    def make_form(self, data: Any) -> Any:
        return ShiftExceptionForm(data, initial={"timezone": self.person.timezone})

    def act(self, form: Any) -> str:
        shift_actions.add_shift_exception(actor=self.actor, user=self.person, **form.cleaned_data)
        return _t("The day is added.")


class ShiftExceptionDeleteView(RecordView):
    """POST /settings/shifts/days/<pk>/remove/."""

    permission = MANAGE
    model = ShiftException
    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self.record()
        shift_actions.remove_shift_exception(actor=self.actor, exception=row)
        messages.success(request, _t("The day follows the usual shift again."))
        return redirect("console:user_shifts", row.user_id)


def _week(calendar: Calendar) -> list[tuple[Any, str]]:
    """Each weekday with its hours as a person writes them."""
    days = zip(DAYS, read_week(calendar.week), Weekday, strict=True)
    return [(weekday.label, show_day(spans)) for _key, spans, weekday in days]


def _weekday_names(row: Shift) -> str:
    return listed(Weekday(day).label for day in row.weekdays)


def _pattern(row: Shift) -> shift_actions.ShiftPattern:
    return shift_actions.ShiftPattern(
        weekdays=row.weekdays,
        start=row.start,
        end=row.end,
        timezone=row.timezone,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _monday(text: str) -> dt.date:
    """The Monday of the week of that day, or of this week."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = clock.today()
    day = day if dt.date(1970, 1, 1) < day < dt.date(2100, 1, 1) else clock.today()
    return day - dt.timedelta(days=day.weekday())
