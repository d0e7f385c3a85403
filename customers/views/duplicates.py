"""The look for customers that exist already, while one is being typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.core.text import clean_line
from crm.ui.views.generic import StaffView

from ..recognising.duplicates import find_duplicates


class DuplicateCheck(StaffView):
    """GET /customers/duplicates/?name=&email=&phone=&registration_code=: who may be the same."""

    permission = "customers.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = {
            name: clean_line(request.GET.get(name, "")[:200])
            for name in ("name", "email", "phone", "registration_code")
        }
        hits = find_duplicates(actor=self.actor, **asked) if any(asked.values()) else []
        template = "customers/partials/_duplicates.html" if self.is_fragment else "customers/duplicates.html"
        return render(request, template, {"hits": hits, "asked": asked})
