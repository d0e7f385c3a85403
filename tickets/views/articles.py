"""Articles in the composer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.ui.views.generic.base import RecordView

from ..articles import link_to, offered
from ..models import Ticket
from .pages import RELATIONS


class TicketArticles(RecordView):
    """The articles that match what stands after `??`, as links in the ticket's language."""

    permission = "tickets.reply"
    model = Ticket
    lookup = "number"
    relations = RELATIONS

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.actor.require("knowledge.view")
        ticket = self.record()
        found = [(text, link_to(ticket, text)) for text in offered(self.actor, ticket, request.GET.get("q", "")[:100])]
        return render(request, "tickets/partials/_articles.html", {"ticket": ticket, "articles": found})
