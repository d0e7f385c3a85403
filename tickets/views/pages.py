"""The ticket list, one ticket, and making and changing tickets."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.calendars.words import state_text
from crm.console.views.recycle_bin import ToRecycleBin
from crm.core import clock
from crm.core.sockets import clock_kinds
from crm.core.text import row_id
from crm.messaging.models import Draft
from crm.messaging.selectors import drafts_of, held_mails
from crm.ui.generic.record_page import RecordContext
from crm.ui.views.generic import DeleteView, DetailView, ListView, UpdateView
from customers.selectors import email_of, phone_of, shown_address

from .. import actions
from ..actions.deadlines import clocks_of
from ..choices import UNRESOLVED, Priority
from ..conversation import conversation_for_staff
from ..destinations import destination_of
from ..forms.tickets import TicketForm
from ..merging import followed
from ..models import CannedReply, Macro, Ticket
from ..questions import missing_questions
from ..selectors import next_statuses, others_on, pending_replies
from .uploads import staged_uploads
from .walking import walk_context

RELATIONS = ("status", "request_type", "team", "assignee", "customer", "contact", "conversation", "brand", "parent")


class TicketList(ListView):
    permission = "tickets.view"
    page = "ticket"


class TicketDetail(DetailView):
    """The conversation with its composer, the properties above, the customer beside."""

    permission = "tickets.view"
    model = Ticket
    lookup = "number"
    relations = RELATIONS
    template_name = "tickets/ticket_detail.html"
    watched = True
    reveals = "customers.reveal"

    def extra(self) -> dict[str, Any]:
        return detail_context(self.request, self.object)


def detail_context(request: HttpRequest, ticket: Ticket, **typed: Any) -> dict[str, Any]:
    """What the ticket page needs beyond the record. typed: text of a composer that came back with an error."""
    actor = request.actor  # type: ignore[attr-defined]
    drafts = drafts_of(actor, ticket.conversation)
    found = conversation_for_staff(actor, ticket)
    may_work = ticket.parent_id is None or Ticket.objects.workable_by(actor).filter(pk=ticket.pk).exists()
    macros = Macro.objects.offered(actor, ticket.team_id).select_related("note", "reply", "status", "hand_to")
    followers = dict(ticket.followers.order_by("user__sort_key").values_list("user_id", "user__name"))
    return {
        "ticket": ticket,
        "conversation": found,
        "clocks": clock_cards(ticket),
        "may_work": may_work,
        "next_statuses": next_statuses(actor, ticket) if may_work else [],
        "priorities": Priority,
        "is_unresolved": ticket.status.category in UNRESOLVED,
        "others": others_on(actor, ticket),
        "contact": contact_facts(request, ticket) if ticket.parent_id is None else {},
        "reply_text": drafts["reply"].body if "reply" in drafts else "",
        "note_text": drafts["note"].body if "note" in drafts else "",
        "draft_at": drafts["reply"].updated_at if "reply" in drafts else None,
        "destination": destination_of(actor, ticket, drafts["reply"].body if "reply" in drafts else ""),
        **taken_back(drafts.get("reply")),
        "seen_message_id": found.newest_id or "",
        "mode": "note" if ticket.parent_id is not None or request.GET.get("compose") == "note" else "reply",
        "pending": pending_replies(actor, ticket),
        "held_mails": held_mails(actor, ticket.conversation),
        "duplicates": found.duplicates,
        "followed_by_requester": followed(ticket) is not ticket,
        **walk_context(request, ticket),
        "follower_names": list(followers.values()),
        "is_following": actor.user_id in followers,
        "macros": macros if may_work else [],
        "missing_answers": missing_questions(ticket) if ticket.status.category in UNRESOLVED else [],
        "canned_replies": CannedReply.objects.offered(actor, ticket.team_id)
        .for_type(ticket.request_type_id)
        .defer("body"),
        **typed,
    }


def taken_back(draft: Draft | None) -> dict[str, Any]:
    """The key of the composer's form, and its files where the draft is a reply that was taken back."""
    form_key = draft.data.get("form_key", "") if draft is not None else ""
    files = staged_uploads(form_key) if form_key else []
    return {"form_key": form_key if files else secrets.token_urlsafe(16), "kept_files": files}


def clock_cards(ticket: Ticket) -> list[dict[str, Any]]:
    """The deadlines of the present cycle as cards."""
    now, cards = clock.now(), []
    for entry in clocks_of(ticket):
        declared = clock_kinds.by_code(entry.kind)
        cards.append({"label": declared.label, "clock": entry, **state_text(entry, now)})
    return cards


def contact_facts(request: HttpRequest, ticket: Ticket) -> dict[str, str]:
    """How the requester is reached, masked for those who may not see it all."""
    actor = request.actor  # type: ignore[attr-defined]
    email, phone = email_of(ticket.contact), phone_of(ticket.contact)
    return {
        "email": shown_address(actor, email) if email else "",
        "phone": shown_address(actor, phone) if phone else "",
    }


class TicketUpdate(UpdateView):
    permission = "tickets.update"
    model = Ticket
    lookup = "number"
    relations = RELATIONS
    form_class = TicketForm
    action = actions.update_ticket
    record_as = "ticket"

    def form_kwargs(self) -> dict[str, Any]:
        return {"ticket": self.object}

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("subject", "request_type", "impact", "urgency")}


class TicketDelete(ToRecycleBin, DeleteView):
    permission = "tickets.delete"
    model = Ticket
    lookup = "number"
    action = actions.delete_ticket
    record_as = "ticket"


class TicketOlder(DetailView):
    """Older messages of the conversation, for the button at its top."""

    permission = "tickets.view"
    model = Ticket
    lookup = "number"
    relations = RELATIONS

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        ticket = self.record()
        found = conversation_for_staff(self.actor, ticket, row_id(request.GET.get("before", "")))
        context = {"ticket": ticket, "conversation": found}
        if not self.is_fragment:
            self.object = ticket
            page = {"record": ticket, "detail": RecordContext(self, ticket, self.viewer), "view": self}
            return render(request, TicketDetail.template_name, {**page, **detail_context(request, ticket), **context})
        return render(request, "tickets/partials/_conversation.html", context)
