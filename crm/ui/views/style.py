"""The style page: every component in every state. Test bed for accessibility and screenshots."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core import clock

from ..access import staff_required


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("Email address"), help_text=gettext_lazy("We send the answer and a tracking link here.")
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"),
        choices=[
            ("urgent", gettext_lazy("Urgent")),
            ("high", gettext_lazy("High")),
            ("normal", gettext_lazy("Normal")),
        ],
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"),
        widget=forms.RadioSelect,
        choices=[("mail", gettext_lazy("Email")), ("phone", gettext_lazy("Phone"))],
    )
    description = forms.CharField(
        label=gettext_lazy("What happened?"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )
    agree = forms.BooleanField(
        label=gettext_lazy("I agree that you use these details to answer me"),
        help_text=gettext_lazy("You can withdraw this at any time."),
    )


class SampleFilter(forms.Form):
    """Quick filters and one behind "More filters"."""

    q = forms.CharField(required=False)
    status = forms.MultipleChoiceField(
        label=gettext_lazy("Status"),
        required=False,
        choices=[("new", gettext_lazy("New")), ("open", gettext_lazy("In progress"))],
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"),
        required=False,
        choices=[("", "--"), ("urgent", gettext_lazy("Urgent")), ("high", gettext_lazy("High"))],
    )
    customer = forms.CharField(label=gettext_lazy("Customer"), required=False)


@dataclass(frozen=True, slots=True)
class SamplePage:
    """Stands in for a paginator's page."""

    number: int = 1
    has_previous: bool = False
    has_next: bool = True
    start_index: int = 1
    end_index: int = 50
    next_page_number: int = 2
    previous_page_number: int = 0


def _lists(now: dt.datetime) -> dict[str, Any]:
    columns = [
        {"label": _("Number"), "width": "cw-88", "sort_url": "?sort=number"},
        {"label": _("Subject")},
        {"label": _("Customer"), "width": "cw-160", "sort_url": "?sort=customer"},
        {"label": _("Status"), "width": "cw-180"},
        {"label": _("Priority"), "width": "cw-96"},
        {"label": _("Assignee"), "width": "cw-140"},
        {"label": _("Time left"), "width": "cw-160"},
        {"label": _("Updated"), "width": "cw-96", "numeric": True, "sorted": "desc", "sort_url": "?sort=updated"},
    ]
    row = dict.fromkeys(("who", "hint", "icon"), "")
    rows = [
        row | {"number": 20418, "subject": "Label printer drops offline after firmware 3.2", "customer": "Suzhou Hengyi Precision",
               "status": _("In progress"), "tone": "caution", "icon": "customer_replied", "hint": _("Customer replied"),
               "level": "urgent", "priority": _("Urgent"), "who": "Zhou Min", "sla": _("Due in 18 min"), "state": "at_risk",
               "unread": True, "at": now - dt.timedelta(minutes=6)},
        row | {"number": 20421, "subject": "打印机网口指示灯不亮", "customer": "成都云启物流", "status": _("New"), "tone": "info",
               "level": "high", "priority": _("High"), "sla": _("Reply in 22 min"), "state": "fine", "at": now - dt.timedelta(hours=2)},
        row | {"number": 20389, "subject": "Firmware 3.2 update stuck at 60%", "customer": "Nordlys Pharma", "who": "陈昊",
               "status": _("In progress"), "tone": "info", "level": "normal", "priority": _("Normal"),
               "sla": _("Overdue by 35 min"), "state": "breached", "at": now - dt.timedelta(days=2)},
        row | {"number": 20352, "subject": "Request for on-site calibration", "customer": "Brightwater Foods", "who": "Priya Nair",
               "status": _("Waiting on customer"), "tone": "neutral", "level": "low", "priority": _("Low"), "sla": _("Paused"),
               "state": "paused", "at": now - dt.timedelta(days=400)},
        row | {"number": 20340, "subject": "Warranty replacement for PX-480", "customer": "Wuhan Jiangcheng Foods", "who": "Grace Okafor",
               "status": _("Resolved"), "tone": "success", "level": "normal", "priority": _("Normal"), "sla": _("Met in 12 min"),
               "state": "met", "at": now - dt.timedelta(days=3)},
    ]  # fmt: skip
    actions = [
        {"label": _("Assign to me"), "icon": "assign_me", "url": ""},
        {"label": _("Set status"), "icon": "set_status", "url": ""},
    ]
    tabs = [
        {"label": _("My open"), "url": "?view=mine", "count": 14, "is_current": False},
        {"label": _("Open in my teams"), "url": "?view=team", "count": 182, "is_current": True},
        {"label": _("Waiting on customer"), "url": "?view=waiting", "count": None, "is_current": False},
    ]
    return {
        "columns": columns, "rows": rows, "bulk_actions": actions, "tabs": tabs, "page": SamplePage(), "numbers": [1, 2, 3, None, 70],
        "chips": [{"text": _("Status: New"), "remove_url": "?", "name": _("Status")}],
        "filter_form": SampleFilter({"status": ["new"]}),
    }  # fmt: skip


def _figures() -> dict[str, Any]:
    days = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri")]
    created, resolved = [96, 88, 118, 102, 90], [92, 94, 101, 110, 97]
    return {
        "facts": [
            {"label": _("Health"), "value": 62, "tone": "warning", "small": _("▼ 9 in 30 days")},
            {"label": _("Open tickets"), "value": 3, "url": "?", "small": _("1 due in 18 min"), "small_tone": "warning"},
            {"label": _("Outstanding"), "value": "¥86,400.00"},
            {"label": _("Next step"), "value": None},
        ],
        "kv_rows": [
            {"label": _("Number"), "value": "C-10482", "numeric": True},
            {"label": _("Address"), "value": "江苏省苏州市工业园区星湖街 18 号"},
            {"label": _("Source"), "value": ""},
        ],
        "chart": {"kind": "bar", "labels": [str(day) for day in days], "series": [
            {"name": _("Created"), "values": created, "tone": "muted"}, {"name": _("Resolved"), "values": resolved}]},
        "chart_head": [_("Day"), _("Created"), _("Resolved")],
        "chart_rows": [list(row) for row in zip(days, created, resolved, strict=True)],
        "chart_legend": [_("Created"), _("Resolved")],
    }  # fmt: skip


@staff_required
def style_page(request: HttpRequest) -> HttpResponse:
    """GET /settings/style/. Seeing it needs no permission beyond being staff: it holds made-up data."""
    now = clock.now()
    bad = SampleForm({"name": "Emma Clarke", "email": "emma.clarke@brightwater", "channel": "mail"}, prefix="bad")
    context = {"now": now, "form": SampleForm(prefix="good"), "bad_form": bad, "hour_ago": now - dt.timedelta(hours=1)}
    return render(request, "ui/style/page.html", context | _lists(now) | _figures())


@staff_required
def style_public(request: HttpRequest) -> HttpResponse:
    """GET /settings/style/public/: the same parts as customers see them, 16 px."""
    form = SampleForm({"name": "Emma Clarke", "email": "emma.clarke@brightwater"})
    return render(request, "ui/style/public.html", {"form": form, "now": clock.now()})
