"""Showing one masked address in full, for this visit."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from crm.core import limits
from crm.ui.views.generic import ActionView

from .. import actions
from ..models import Identity

#: Addresses that a person may uncover in an hour: enough for a day of calls, too few to copy a customer base.
LOOKS_AN_HOUR = 60


class AddressUncover(ActionView):
    """POST shows it at once: in its place, or on a page of its own without JavaScript. Nothing keeps it."""

    permission = "customers.uncover"
    model = Identity
    relations = ("contact__customer",)
    action = actions.uncover_address

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Reading shows nothing: back to the person."""
        return redirect("customers:contact_detail", self.record().contact_id)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        limits.hit("uncover", f"{self.actor.kind}:{self.actor.id}", limit=LOOKS_AN_HOUR, window_seconds=3600)
        context = {"shown": actions.uncover_address(actor=self.actor, identity=self.object), "row": self.object}
        template = "customers/partials/_uncovered.html" if self.is_fragment else "customers/uncovered.html"
        response = render(request, template, context)
        response["Cache-Control"] = "no-store"
        return response
