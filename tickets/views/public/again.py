"""The form for customers we recognise by the link in our mail: more is offered to them, and no name is asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ...choices import Audience
from ...exceptions import LinkInvalid
from ...mailing import requester_name
from ...selectors import ticket_by_token
from .base import TokenPage
from .submit import Known, TicketExpected, TicketSubmit


class Recognised(TokenPage):
    """Behind the mailed link of an earlier ticket, which proves the address."""

    audience = Audience.CUSTOMERS

    def recognise(self, token: str) -> None:
        """Raises `LinkInvalid` for a link that proves nothing, such as the one shown after sending."""
        ticket, is_mailed_link = ticket_by_token(token)
        if not is_mailed_link:
            raise LinkInvalid
        name = requester_name(ticket) or ticket.reply_email or ticket.reply_phone
        self.known = Known(name, ticket.reply_email, ticket.reply_phone)
        self.speak_to(ticket)


class TicketAskAgain(Recognised, TicketSubmit):
    def get(self, request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        self.recognise(token)
        return TicketSubmit.get(self, request)

    def post(self, request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        self.recognise(token)
        return TicketSubmit.post(self, request)

    def fragment_url(self) -> str:
        return reverse("help:ticket_expected_again", args=[self.kwargs["token"]])


class TicketExpectedAgain(Recognised, TicketExpected):
    def get(self, request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        self.recognise(token)
        return TicketExpected.get(self, request)
