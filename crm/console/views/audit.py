"""The audit log and its export."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.core import clock, limits
from crm.core.text import formula_safe, row_id
from crm.ui.views.generic import StaffView

from ..actions.audit import export_audit
from ..forms.settings import AuditFilter, SightingFilter
from ..selectors.audit import EXPORT_ROWS, audit_log
from ..selectors.sightings import sightings
from .intro import intro


class AuditView(StaffView):
    """GET /settings/audit/?q=&actor=&type=&kind=&since=&until=&object=&entry=&before=.

    A filter that cannot be read is left out.
    """

    permission = "console.view_audit"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = AuditFilter(request.GET or None, viewer=self.actor)
        ids = {name: row_id(request.GET.get(name, "")) for name in ("entry", "object")}
        filters = {**filters_of(form), **ids}
        page = audit_log(self.actor, filters, row_id(request.GET.get("before", "")))
        filtered = any(filters.values())
        context = {"form": form, "page": page, "filtered": filtered, "export_rows": EXPORT_ROWS, **intro("audit")}
        return render(request, "console/audit.html", context)


class SightingListView(StaffView):
    """GET /settings/audit/seen/?q=&actor=&kind=&object=&since=&until=&before=."""

    permission = "console.view_audit"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = SightingFilter(request.GET or None, viewer=self.actor)
        filters = {**filters_of(form), "object": row_id(request.GET.get("object", ""))}
        page = sightings(self.actor, filters, row_id(request.GET.get("before", "")))
        context = {"form": form, "page": page, "filtered": any(filters.values())}
        return render(request, "console/sightings.html", context)


class AuditExportView(StaffView):
    """POST /settings/audit/export/ with the same fields: a CSV file, at most `EXPORT_ROWS` lines."""

    permission = "console.view_audit"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        limits.hit("audit.export", str(self.actor.id), limit=20, window_seconds=3600)
        rows = export_audit(actor=self.actor, filters=filters_of(AuditFilter(request.POST, viewer=self.actor)))
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="audit-{clock.now():%Y%m%d-%H%M}.csv"'
        response.write("\ufeff")
        writer = csv.writer(response)
        writer.writerow([_("Time (UTC)"), _("Who"), _("Event"), _("Record"), _("What happened")])
        writer.writerows([formula_safe(cell) for cell in row] for row in rows)
        return response


def filters_of(form: AuditFilter) -> dict[str, Any]:
    """The readable part of the filters."""
    if not form.is_bound:
        return {}
    form.is_valid()
    return dict(form.cleaned_data)
