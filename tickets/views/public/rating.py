"""One click from the mail to a verdict."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crm.core.errors import Invalid

from ...actions import rate_ticket
from ...exceptions import NotResolved
from ...forms.public import RatingForm
from ...models import Rating
from ...selectors import rating_by_token
from .base import TokenPage
from .tracking import customer_of


class TicketRate(TokenPage):
    """GET shows the stars with `?score=` chosen, which the page sends by itself where scripts run; POST stores."""

    template_name = "tickets/public/rate.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        rating = self.load(token)
        asked = request.GET.get("score", "")
        score = int(asked) if asked in {"1", "2", "3", "4", "5"} else None
        form = RatingForm(initial={"score": score or rating.score, "comment": rating.comment})
        return self.show(rating, form, sends_itself=score is not None and score != rating.score)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        rating = self.load(token)
        form = RatingForm(request.POST)
        if not form.is_valid():
            return self.show(rating, form, status=422)
        try:
            rate_ticket(actor=customer_of(rating.ticket), rating=rating, **form.cleaned_data)
        except NotResolved:
            return self.show(rating, form, status=409)
        except Invalid as error:
            form.add_error(None, str(error))
            return self.show(rating, form, status=422)
        return redirect("help:ticket_rate", token=token)

    def load(self, token: str) -> Rating:
        """The rating behind the link, in the customer's language. Raises `LinkInvalid`."""
        rating = rating_by_token(token)
        self.speak_to(rating.ticket)
        return rating

    def show(self, rating: Rating, form: RatingForm, *, sends_itself: bool = False, status: int = 200) -> HttpResponse:
        ticket = rating.ticket
        can_rate = ticket.resolved_at is not None and rating.cycle == ticket.cycle
        return self.page(
            rating=rating,
            ticket=ticket,
            form=form,
            can_rate=can_rate,
            sends_itself=sends_itself and can_rate,
            status=status,
        )
