"""Back from an absence."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from crm.ui.views.generic import StaffView

from .. import actions


class TicketsTakeBack(StaffView):
    """POST gives the reader the tickets back that others got while they were away."""

    permission = "tickets.take"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        taken = actions.take_back_tickets(actor=self.actor)
        text = ngettext("%(count)s ticket is yours again.", "%(count)s tickets are yours again.", taken)
        messages.success(request, text % {"count": taken})
        return redirect("console:home")
