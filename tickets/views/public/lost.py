"""A lost tracking link. The same answer for everybody: whether number and address fit is nobody's business here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crm.core import limits
from crm.core.actor import Actor
from crm.core.addresses import client_network
from crm.core.errors import TooMany
from crm.ui.public_forms import TRAP
from crm.ui.views.public import minutes_of

from ...actions import wish_for_link
from ...forms.public import LostLinkForm
from .base import PublicPage

WISHES_PER_ADDRESS, WISHES_PER_TICKET, WISHES_PER_NETWORK, HOUR = 5, 10, 30, 3600


class TicketLost(PublicPage):
    """GET asks for number and address; POST stores the wish, which a worker looks at, and says what follows."""

    template_name = "tickets/public/lost.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(form=LostLinkForm(), trap=TRAP)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.POST.get(TRAP):
            return redirect("help:ticket_lost_sent")
        form = LostLinkForm(request.POST)
        if not form.is_valid():
            return self.page(form=form, trap=TRAP, status=422)
        typed = form.cleaned_data
        try:
            address = typed["email"] or typed["phone"]
            network = client_network(request)
            limits.hit("lost.address", address, limit=WISHES_PER_ADDRESS, window_seconds=HOUR)
            limits.hit("lost.number", str(typed["number"]), limit=WISHES_PER_TICKET, window_seconds=HOUR)
            limits.hit("lost.network", network, limit=WISHES_PER_NETWORK, window_seconds=HOUR)
        except TooMany as error:
            words = _("Too many requests came in. Try again in %(minutes)s minutes.")
            form.add_error(None, words % {"minutes": minutes_of(error)})
            response = self.page(form=form, trap=TRAP, status=429)
            response["Retry-After"] = str(error.retry_after_seconds)
            return response
        wish_for_link(actor=Actor.guest(), **typed)
        return redirect("help:ticket_lost_sent")


class TicketLostSent(PublicPage):
    """What everybody is told who asked for a link."""

    template_name = "tickets/public/lost_sent.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()
