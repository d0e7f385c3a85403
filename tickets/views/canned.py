"""Canned replies: their list under /settings/service/, and the choice in the composer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from crm.accounts.models import Team, User
from crm.core.actor import Actor
from crm.ui.views.generic.base import RecordView

from ..actions import save_canned_reply
from ..canned import text_for
from ..forms import settings as forms
from ..models import CannedReply, Ticket
from .pages import RELATIONS
from .settings import DeskCreate, DeskList, DeskUpdate

REPLY = "tickets.reply"
#: How many the composer offers at a time.
OFFERED = 12


def owner_values(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """A form's values with "audience" turned into user and team."""
    values = dict(values)
    audience = values.pop("audience", None)
    if audience is None:
        return values
    owner = User.objects.get(pk=actor.user_id) if audience == "me" else None
    team = Team.objects.get(pk=audience.removeprefix("team-")) if audience.startswith("team-") else None
    return {**values, "user": owner, "team": team}


class AudiencePage:
    """The form knows its actor, who may or may not share; what shared rows say is for those who may."""

    actor: Any
    object: Any

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def record(self) -> Any:
        """Raises `NotAllowed` for a shared row of those who may not set up the desk."""
        row = super().record()  # type: ignore[misc]
        if row.user_id is None:
            self.actor.require("tickets.manage")
        return row


class CannedReplyList(DeskList):
    permission = REPLY
    page = "canned_reply"
    settings_key = "canned_replies"


class CannedReplyCreate(AudiencePage, DeskCreate):
    permission = REPLY
    model, form_class, action = CannedReply, forms.CannedReplyForm, save_canned_reply
    title = gettext_lazy("New canned reply")
    back = "desk:canned_reply_list"

    def perform(self, values: dict[str, Any]) -> Any:
        return save_canned_reply(actor=self.actor, values=owner_values(self.actor, {"audience": "me", **values}))


class CannedReplyUpdate(AudiencePage, DeskUpdate):
    permission = REPLY
    model, form_class, action = CannedReply, forms.CannedReplyForm, save_canned_reply
    back = "desk:canned_reply_list"

    def perform(self, values: dict[str, Any]) -> Any:
        return save_canned_reply(actor=self.actor, record=self.object, values=owner_values(self.actor, values))


class TicketCanned(RecordView):
    """The canned replies that match what stands after the slash, filled for this ticket."""

    permission = REPLY
    model = Ticket
    lookup = "number"
    relations = RELATIONS

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        rows = CannedReply.objects.offered(self.actor, ticket.team_id).matching(request.GET.get("q", "")[:100])
        rows = rows.for_type(ticket.request_type_id)
        found = [(row, text_for(row, ticket, self.actor)) for row in rows[:OFFERED]]
        return render(request, "tickets/partials/_canned.html", {"ticket": ticket, "replies": found})
