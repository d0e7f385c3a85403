"""The owner's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.ui.views.generic.base import StaffView

from ..owner import PERIODS, owner_page


class OwnerView(StaffView):
    """GET /reports/owner/?period=month|quarter: the business in one look. At most 28 queries."""

    permission = "reports.view_owner"
    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        page = owner_page(self.actor, request.GET.get("period", ""))
        return render(request, "reports/owner.html", {"page": page, "periods": PERIODS.items()})
