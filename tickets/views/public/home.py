"""The door of the help centre."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from crm.calendars.models import Calendar

from ...service_hours import service_hours
from .base import PublicPage


class HelpHome(PublicPage):
    template_name = "tickets/public/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(hours=service_hours(Calendar.default()))
