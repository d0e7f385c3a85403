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


def _row(number: int, subject: str, customer: str, **values: Any) -> dict[str, Any]:
    return {"number": number, "subject": subject, "customer": customer, "who": "", "hint": "", "icon": "", **values}


def _rows(now: dt.datetime) -> list[dict[str, Any]]:
    """One row of each kind: unread and at risk, without an assignee, late, paused, met."""
    waiting = {"status": _("Waiting on customer"), "tone": "neutral"}
    replied = {"tone": "caution", "icon": "customer_replied", "hint": _("Customer replied"), "unread": True}
    rows = [
        _row(20418, "Label printer drops offline after firmware 3.2", "Suzhou Hengyi Precision", **replied),
        _row(20421, "打印机网口指示灯不亮", "成都云启物流", status=_("New"), tone="info"),
        _row(20389, "Firmware 3.2 update stuck at 60%", "Nordlys Pharma", who="陈昊", tone="info"),
        _row(20352, "Request for on-site calibration", "Brightwater Foods", who="Priya Nair", **waiting),
        _row(20340, "Warranty replacement for PX-480", "Wuhan Jiangcheng", status=_("Resolved"), tone="success"),
    ]
    clocks = [
        (_("Due in 18 min"), "at_risk", "urgent", _("Urgent"), dt.timedelta(minutes=6)),
        (_("Reply in 22 min"), "fine", "high", _("High"), dt.timedelta(hours=2)),
        (_("Overdue by 35 min"), "breached", "normal", _("Normal"), dt.timedelta(days=2)),
        (_("Paused"), "paused", "low", _("Low"), dt.timedelta(days=400)),
        (_("Met in 12 min"), "met", "normal", _("Normal"), dt.timedelta(days=3)),
    ]
    for row, (sla, state, level, priority, age) in zip(rows, clocks, strict=True):
        row.setdefault("status", _("In progress"))
        row |= {"sla": sla, "state": state, "level": level, "priority": priority, "at": now - age}
    rows[0]["who"] = "Zhou Min"
    return rows


def _lists(now: dt.datetime) -> dict[str, Any]:
    return {
        "columns": [
            {"label": _("Number"), "width": "cw-88", "sort_url": "?sort=number"},
            {"label": _("Subject")},
            {"label": _("Customer"), "width": "cw-160", "sort_url": "?sort=customer"},
            {"label": _("Status"), "width": "cw-180"},
            {"label": _("Priority"), "width": "cw-96"},
            {"label": _("Assignee"), "width": "cw-140"},
            {"label": _("Time left"), "width": "cw-160"},
            {"label": _("Updated"), "width": "cw-112", "numeric": True, "sorted": "desc", "sort_url": "?sort=updated"},
        ],
        "rows": _rows(now),
        "bulk_actions": [
            {"label": _("Assign to me"), "icon": "assign_me", "url": ""},
            {"label": _("Set status"), "icon": "set_status", "url": ""},
        ],
        "tabs": [
            {"label": _("My open"), "url": "?view=mine", "count": 14, "is_current": False},
            {"label": _("Open in my teams"), "url": "?view=team", "count": 182, "is_current": True},
            {"label": _("Waiting on customer"), "url": "?view=waiting", "count": None, "is_current": False},
        ],
        "page": SamplePage(),
        "numbers": [1, 2, 3, None, 70],
        "chips": [{"text": _("Status: New"), "remove_url": "?", "name": _("Status")}],
        "filter_form": SampleFilter({"status": ["new"]}),
    }


def _figures() -> dict[str, Any]:
    days = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri")]
    created, resolved = [96, 88, 118, 102, 90], [92, 94, 101, 110, 97]
    due = {"small": _("1 due in 18 min"), "small_tone": "warning"}
    return {
        "facts": [
            {"label": _("Health"), "value": 62, "tone": "warning", "small": _("▼ 9 in 30 days")},
            {"label": _("Open tickets"), "value": 3, "url": "?", **due},
            {"label": _("Outstanding"), "value": "¥86,400.00"},
            {"label": _("Next step"), "value": None},
        ],
        "kv_rows": [
            {"label": _("Number"), "value": "C-10482", "numeric": True},
            {"label": _("Address"), "value": "江苏省苏州市工业园区星湖街 18 号"},
            {"label": _("Source"), "value": ""},
        ],
        "chart": {
            "kind": "bar",
            "labels": days,
            "series": [
                {"name": _("Created"), "values": created, "tone": "muted"},
                {"name": _("Resolved"), "values": resolved},
            ],
        },
        "chart_head": [_("Day"), _("Created"), _("Resolved")],
        "chart_rows": [list(row) for row in zip(days, created, resolved, strict=True)],
    }


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
