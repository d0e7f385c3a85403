"""The page of causes: counts, the records behind each, and a file."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

from django import forms
from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import clock
from crm.core.sockets import kinds
from crm.core.text import formula_safe
from crm.ui.generic.cells import url_of
from crm.ui.views.generic import StaffView

from ..figures.causes import BY, causes, concerns

DAYS = 90
SHOWN = 100
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CausesForm(forms.Form):
    """Which causes, of which days."""

    by = forms.ChoiceField(label=_("Count by"), choices=[(key, label) for key, (label, _column) in BY.items()])
    start = forms.DateField(label=pgettext_lazy("period", "From"), widget=_DAY)
    end = forms.DateField(label=_("Up to"), widget=_DAY)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("start") and values.get("end") and values["start"] > values["end"]:
            self.add_error("end", _("Choose a day after the first one"))
        return values


class Causes(StaffView):
    """GET /customers/causes/?by=&start=&end=[&value=][&format=csv]; value: one cause, with exactly its records."""

    permission = "orders.view"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = timezone.localtime(clock.now()).date()
        first = {"by": "product", "start": str(today - dt.timedelta(days=DAYS)), "end": str(today)}
        asked = {**first, **{name: request.GET[name] for name in first if request.GET.get(name)}}
        form = CausesForm(asked)
        rows, records, value = [], [], request.GET.get("value", "")[:200]
        if form.is_valid():
            said = form.cleaned_data
            rows = causes(self.actor, said["by"], said["start"], said["end"])
            if request.GET.get("format") == "csv":
                return self.file(rows, BY[said["by"]][0])
            records = self.records(**said, value=value) if value else []
        one = next((row for row in rows if row.value == value), None)
        context = {"form": form, "rows": rows, "records": records, "one": one, "asked": asked, "shown": SHOWN}
        return render(request, "customers/causes.html", context, status=200 if form.is_valid() else 422)

    def records(self, by: str, start: dt.date, end: dt.date, value: str) -> list[tuple[Any, str, Any]]:
        """(record, address, concern) of one cause, newest first: those that the viewer may open themselves."""
        found = concerns(self.actor, start, end, by, value).select_related("customer").order_by("-created_at", "-pk")
        rows = list(found[:SHOWN])
        seen: dict[tuple[int, int], Any] = {}
        for code in {row.kind for row in rows}:
            kind = kinds.by_code(code)
            if kind is not None:
                ids = [row.object_id for row in rows if row.kind == code]
                model: Any = apps.get_model(kind.model)
                visible = model._default_manager.all().visible_to(self.actor).filter(pk__in=ids)
                seen |= {(code, record.pk): record for record in visible}
        pairs = [(seen.get((row.kind, row.object_id)), row) for row in rows]
        return [(record, url_of(record), row) for record, row in pairs if record is not None]

    def file(self, rows: list[Any], label: Any) -> HttpResponse:
        answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="causes.csv"'
        writer = csv.writer(answer)
        writer.writerow([str(label), str(_("Requests")), str(_("Of high severity"))])
        writer.writerows([formula_safe(str(row.label)), row.count, row.high] for row in rows)
        return answer
