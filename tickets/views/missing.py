"""Asking the customer for answers that the ticket's type must have."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.messaging.actions import save_draft
from crm.messaging.choices import DraftKind
from crm.messaging.selectors import drafts_of
from crm.ui.views.generic.base import RecordView

from ..models import Ticket
from ..questions import as_letter, missing_questions
from .pages import RELATIONS


class TicketAskAnswers(RecordView):
    """Puts the open questions at the end of the reply that is being written; the agent reads it and sends it."""

    permission = "tickets.reply"
    model = Ticket
    lookup = "number"
    relations = RELATIONS

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.page_of(self.record()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        missing = missing_questions(ticket)
        draft = drafts_of(self.actor, ticket.conversation).get("reply")
        typed, letter = (draft.body.rstrip() if draft else ""), as_letter(missing, ticket.language)
        if missing and letter not in typed:
            body = "\n\n".join(part for part in (typed, letter) if part)
            kept = draft.data if draft else None
            save_draft(actor=self.actor, conversation=ticket.conversation, kind=DraftKind.REPLY, body=body, data=kept)
        return redirect(self.page_of(ticket))

    def page_of(self, ticket: Ticket) -> str:
        """The ticket's page."""
        return reverse("tickets:ticket_detail", args=[ticket.number])
