"""Following a ticket, and whom a note may mention."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from crm.accounts.access import users_who_can
from crm.accounts.models import User
from crm.core import names
from crm.ui.views.generic.base import RecordView

from .. import actions
from ..models import Ticket
from .verbs import TicketVerb

#: How many the composer offers at a time.
OFFERED = 12


class TicketFollow(TicketVerb):
    permission = "tickets.view"
    action = actions.follow_ticket
    title = gettext_lazy("Follow %(name)s?")
    text = gettext_lazy("You hear of replies, notes and changes of the status.")
    button = gettext_lazy("Follow")
    done = gettext_lazy("You follow %(name)s.")


class TicketUnfollow(TicketVerb):
    permission = "tickets.view"
    action = actions.unfollow_ticket
    title = gettext_lazy("Stop following %(name)s?")
    button = gettext_lazy("Stop following")
    done = gettext_lazy("You no longer follow %(name)s.")


class TicketMentions(RecordView):
    """Colleagues whose name matches what stands after the sign, those of the ticket's team first."""

    permission = "tickets.note"
    model = Ticket
    lookup = "number"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        word = names.fold(request.GET.get("q", "")[:100])
        team = set(User.objects.filter(memberships__team_id=ticket.team_id).values_list("pk", flat=True))
        people = [user for user in users_who_can("tickets.view") if word in user.search_key]
        people.sort(key=lambda user: (user.pk not in team, user.sort_key))
        found = [user for user in people if user.pk != self.actor.user_id][:OFFERED]
        return render(request, "tickets/partials/_mentions.html", {"people": found, "team": team, "ticket": ticket})
