"""Replies that can still be taken back, and each agent's own choice of how long."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import DomainError
from crm.core.sockets import settings_pages
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import StaffView
from crm.ui.views.generic.base import RecordView

from .. import actions
from ..actions import desk
from ..forms.settings import OwnPreferencesForm
from ..models import Ticket
from ..selectors import after_sending_of, pending_replies, undo_seconds_of
from .verbs import TicketVerb

REPLY = "tickets.reply"


class TicketTakeBack(TicketVerb):
    permission = REPLY
    action = actions.take_back
    title = gettext_lazy("Take your reply to %(name)s back?")
    button = gettext_lazy("Take back")


class TicketSendNow(TicketVerb):
    permission = REPLY
    action = actions.send_anyway
    title = gettext_lazy("Send your reply to %(name)s now?")
    button = gettext_lazy("Send now")


class TicketPending(RecordView):
    """What is not out yet, asked for when a countdown ends."""

    permission = "tickets.view"
    model = Ticket
    lookup = "number"
    relations = ("contact",)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        context = {"ticket": ticket, "pending": pending_replies(self.actor, ticket), "was_pending": True}
        return render(request, "tickets/partials/_pending.html", context)


class OwnPreferences(StaffView):
    """How the service desk works for me."""

    permission = REPLY

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(OwnPreferencesForm(initial=self.present()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = OwnPreferencesForm(request.POST)
        if form.is_valid():
            try:
                desk.save_own_preferences(actor=self.actor, values=form.cleaned_data)
            except DomainError as error:
                show_error(form, error)
            else:
                messages.success(request, _("Your preferences are saved."))
                return redirect("desk:own_preferences")
        return self.page(form, status=422)

    def present(self) -> dict[str, Any]:
        """What the reader has chosen so far."""
        return {"undo_seconds": undo_seconds_of(self.actor), "after_sending": after_sending_of(self.actor)}

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        declared = settings_pages["own_preferences"]
        context = {"form": form, "title": declared.label, "button": _("Save"), "summary": declared.summary}
        return render(self.request, "tickets/settings_form.html", {**context, "view": self}, status=status)
