"""/settings/service/trial/: one's own test ticket, and what happened to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.core.errors import DomainError, NotFound
from crm.core.tokens import new_token
from crm.ui.public_forms import known_key
from crm.ui.views.generic import StaffView

from ..actions.trial import remove_trial, send_trial
from ..trial import latest_trial, trial_of, trial_type


class TrialView(StaffView):
    """GET shows what happened so far, and again by itself until it is settled; POST sends a test ticket."""

    permission = "tickets.manage"

    def get(self, request: HttpRequest) -> HttpResponse:
        ticket = latest_trial()
        context = {
            "trial": trial_of(ticket) if ticket is not None else None,
            "asked": trial_type(),
            "form_key": new_token(),
            "may_remove": self.actor.can("console.erase"),
        }
        template = "tickets/partials/_trial.html" if self.is_fragment else "tickets/trial.html"
        return render(request, template, context)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            send_trial(actor=self.actor, form_key=known_key(request.POST.get("form_key", "")))
        except DomainError as error:
            words = [str(text) for text in error.fields.values()] or [str(error.message)]
            messages.error(request, " ".join(words))
        return redirect("desk:trial")


class TrialRemoveView(StaffView):
    """POST: the test ticket goes for good, and the customer that came with it."""

    permission = "console.erase"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        ticket = latest_trial()
        if ticket is None:
            raise NotFound
        remove_trial(actor=self.actor, ticket=ticket)
        messages.success(request, _("The test ticket is gone, and with it what came only from it."))
        return redirect(reverse("console:home"))
