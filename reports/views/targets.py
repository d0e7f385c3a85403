"""Setting the service's targets."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.core.errors import DomainError
from crm.core.metrics import Unit, measures
from crm.core.sockets import settings_pages
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic.base import StaffView

from ..actions import set_targets
from ..forms import TargetsForm
from ..models import ServiceTarget
from ..targets import TARGETED


class TargetsView(StaffView):
    """GET and POST /reports/targets/: one form, rates in percent."""

    permission = "reports.set_targets"

    def get(self, request: HttpRequest) -> HttpResponse:
        stored = dict(ServiceTarget.objects.values_list("key", "value"))
        shown = {TARGETED[key]: (value * _factor(key)).normalize() for key, value in stored.items() if key in TARGETED}
        return self.page(TargetsForm(initial={name: f"{value:f}" for name, value in shown.items()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TargetsForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        given = {key: form.cleaned_data[name] for key, name in TARGETED.items()}
        values = {key: None if value is None else value / _factor(key) for key, value in given.items()}
        try:
            set_targets(actor=self.actor, values=values)
        except DomainError as error:
            show_error(form, error)
            return self.page(form, error.status)
        messages.success(request, _("The service targets are saved."))
        return redirect("reports:targets")

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form, "title": _("Service targets"), "button": _("Save"), "view": self,
            "summary": settings_pages["service_targets"].summary,
        }  # fmt: skip
        return render(self.request, "tickets/settings_form.html", context, status=status)


def _factor(key: str) -> Decimal:
    """What people type for one unit of the measure: percents for rates."""
    return Decimal(100) if measures[key].unit == Unit.RATE else Decimal(1)
