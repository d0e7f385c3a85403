"""One click from the mail to a verdict."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.core.actor import Actor
from crm.core.errors import Invalid

from ...actions import rate_ticket
from ...exceptions import NotResolved
from ...forms.public import RatingForm
from ...models import Rating, Ticket
from ...selectors import rating_by_token
from .base import TokenPage
from .tracking import customer_of


class TicketRate(TokenPage):
    """GET shows the stars with `?score=` chosen, which the page sends by itself where scripts run; POST stores."""

    template_name = "tickets/public/rate.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rating = self.load()
        asked = request.GET.get("score", "")
        score = int(asked) if asked in {"1", "2", "3", "4", "5"} else None
        form = RatingForm(initial={"score": score or rating.score, "comment": rating.comment})
        return self.show(rating, form, sends_itself=score is not None and score != rating.score)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        rating = self.load()
        form = RatingForm(request.POST)
        if not form.is_valid():
            return self.show(rating, form, status=422)
        try:
            rate_ticket(actor=self.writer(rating.ticket), rating=rating, **form.cleaned_data)
        except NotResolved:
            return self.show(rating, form, status=409)
        except Invalid as error:
            form.add_error(None, str(error))
            return self.show(rating, form, status=422)
        return redirect(self.address_of(rating))

    def address_of(self, rating: Rating) -> str:
        """This page."""
        return reverse("help:ticket_rate", args=[rating.token])

    def writer(self, ticket: Ticket) -> Actor:
        """Who rates."""
        return customer_of(ticket)

    def load(self) -> Rating:
        """The rating behind the link, in the customer's language. Raises `LinkInvalid`."""
        rating = rating_by_token(self.kwargs["token"])
        self.speak_to(rating.ticket)
        return rating

    def show(self, rating: Rating, form: RatingForm, *, sends_itself: bool = False, status: int = 200) -> HttpResponse:
        ticket = rating.ticket
        can_rate = ticket.resolved_at is not None and rating.cycle == ticket.cycle
        return self.page(
            rating=rating,
            rate_url=self.address_of(rating),
            ticket=ticket,
            form=form,
            can_rate=can_rate,
            sends_itself=sends_itself and can_rate,
            status=status,
        )
