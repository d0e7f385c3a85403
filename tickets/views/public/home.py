"""The door of the help centre."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from crm.calendars.models import Calendar
from knowledge.selectors import help_home

from ...articles import is_on
from ...service_hours import service_hours
from .base import PublicPage


class HelpHome(PublicPage):
    template_name = "tickets/public/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        help_ = help_home(request.ui.language) if is_on() else None  # type: ignore[attr-defined]
        return self.page(hours=service_hours(Calendar.default()), help=help_)
