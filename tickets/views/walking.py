"""Previous and next in the list a ticket was opened from, and where a sent reply leads."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.addresses import parts_of
from crm.ui.generic.neighbours import AT, VIEW, Neighbours, neighbours, walking
from crm.ui.lists import lists

from ..actions.desk import save_own_preferences
from ..choices import AfterSending
from ..models import Ticket
from ..selectors import after_sending_of


def walk_of(request: HttpRequest) -> tuple[str, str]:
    """The view and the place in it that this request comes with: in its address or form, else in the page before."""
    for given in (request.POST, request.GET):
        if given.get(VIEW):
            return given[VIEW], given.get(AT, "")
    before = parts_of(request.headers.get("Referer", ""))
    if before.netloc == request.get_host() and before.path.startswith(reverse("tickets:ticket_list")):
        found = parse_qs(before.query)
        return found.get(VIEW, [""])[0], found.get(AT, [""])[0]
    return "", ""


def neighbours_of(request: HttpRequest, ticket: Ticket) -> Neighbours | None:
    """Where the ticket stands in the view of this request; None without one."""
    view, at = walk_of(request)
    return neighbours(lists["ticket"], _actor(request), ticket, view, at)


def walk_context(request: HttpRequest, ticket: Ticket) -> dict[str, Any]:
    """What the ticket's page needs to walk on. walk_query: for links to the ticket's own forms."""
    found = neighbours_of(request, ticket)
    if found is None:
        return {"walk": None, "walk_query": ""}
    return {
        "walk": found,
        "walk_query": found.kept(""),
        "after_choices": AfterSending.choices,
        "after_sending": after_sending_of(_actor(request)),
    }


def back_to(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The ticket's page, within the view it was opened from."""
    view, at = walk_of(request)
    url = reverse("tickets:ticket_detail", args=[ticket.number])
    return redirect(walking(url, view, at) if view else url)


def onward(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Where a finished answer leads: the ticket, the next one of the view or its list, as the reader wants it.

    What the composer's own choice says is remembered. At the end of the view it is the list.
    """
    found = neighbours_of(request, ticket)
    if found is None:
        return back_to(request, ticket)
    wanted = _remembered(request)
    if wanted == AfterSending.STAY:
        return back_to(request, ticket)
    return redirect((found.next if wanted == AfterSending.NEXT else "") or found.list_url)


def _remembered(request: HttpRequest) -> str:
    actor, before = _actor(request), after_sending_of(_actor(request))
    chosen = request.POST.get("after", before)
    if chosen not in AfterSending.values or chosen == before:
        return before
    save_own_preferences(actor=actor, values={"after_sending": chosen})
    return chosen


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]
