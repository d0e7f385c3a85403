"""Macros: their list under /settings/service/, and running one on a ticket."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import DomainError
from crm.core.text import row_id
from crm.ui.views.generic.base import RecordView

from ..actions import run_macro, save_macro
from ..forms import settings as forms
from ..models import Macro, Ticket
from .canned import AudiencePage, owner_values
from .settings import DeskCreate, DeskList, DeskUpdate
from .walking import back_to

REPLY = "tickets.reply"


class MacroList(DeskList):
    permission = REPLY
    page = "macro"
    settings_key = "macros"


class MacroCreate(AudiencePage, DeskCreate):
    permission = REPLY
    model, form_class, action = Macro, forms.MacroForm, save_macro
    title = gettext_lazy("New macro")
    back = "desk:macro_list"

    def perform(self, values: dict[str, Any]) -> Any:
        return save_macro(actor=self.actor, values=owner_values(self.actor, {"audience": "me", **values}))


class MacroUpdate(AudiencePage, DeskUpdate):
    permission = REPLY
    model, form_class, action = Macro, forms.MacroForm, save_macro
    back = "desk:macro_list"

    def perform(self, values: dict[str, Any]) -> Any:
        return save_macro(actor=self.actor, record=self.object, values=owner_values(self.actor, values))


class TicketMacro(RecordView):
    """Runs a macro; what stops it is said above the ticket, which is as it was."""

    permission = "tickets.view"
    model = Ticket
    lookup = "number"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return back_to(request, self.record())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        macro = Macro.objects.fetch(self.actor, pk=row_id(request.POST.get("macro", "")))
        form_key = request.POST.get("form_key", "")[:64] or secrets.token_urlsafe(16)
        try:
            run_macro(actor=self.actor, ticket=ticket, macro=macro, form_key=form_key)
        except DomainError as error:
            messages.error(request, str(error))
            return back_to(request, ticket)
        messages.success(request, _("“%(macro)s” is done.") % {"macro": macro})
        return (
            back_to(request, ticket)
            if self.rows().filter(pk=ticket.pk).exists()
            else redirect(reverse("tickets:ticket_list"))
        )
