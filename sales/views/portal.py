"""A contact's quotes in the customer portal. The pages are those of the mailed link, found in another way."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from crm.core import clock
from crm.core.actor import Actor
from customers.views.portal import PortalPage

from ..forms.quotes import AcceptForm, DeclineForm
from ..models import Quote
from ..portal import shown
from .quote_page import RELATIONS, QuoteAccept, QuoteDecline, QuotePage, QuotePublicPdf, QuoteShow

PAGE = 20


class PortalQuoteList(PortalPage):
    """What was sent to the contact, newest first; what was replaced by a later version is left out."""

    template_name = "quotes/portal/list.html"
    section = "quotes"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Quote.objects.visible_to(self.actor).exclude(state="void").order_by("-sent_at", "-pk")
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        today = timezone.localdate(clock.now())
        return self.page(number=page, quotes=[shown(quote, today) for quote in page])


class OwnQuote(PortalPage, QuotePage):
    """A quote of the portal by its id; accepting needs no name typed twice."""

    section = "quotes"

    def load(self) -> Quote:
        """The quote, of those the contact sees. Raises `NotFound`."""
        rows = Quote.objects.select_related(*RELATIONS)
        quote: Quote = rows.fetch(self.actor, pk=self.kwargs["pk"])
        return quote

    def address(self, verb: str = "") -> str:
        return reverse(f"offers:quote_{verb or 'detail'}", args=[self.kwargs["pk"]])

    def customer_of(self, quote: Quote) -> Actor:
        return self.actor

    def show(self, quote: Quote, *, status: int = 200, **forms: Any) -> HttpResponse:
        name = self.visit.contact.name
        known = {
            "accept": AcceptForm(initial={"content_hash": quote.content_hash, "name": name}),
            "decline": DeclineForm(prefix="no", initial={"name": name}),
        }
        return super().show(quote, status=status, **{**known, **forms})


class PortalQuote(OwnQuote, QuoteShow):
    pass


class PortalQuoteAccept(OwnQuote, QuoteAccept):
    pass


class PortalQuoteDecline(OwnQuote, QuoteDecline):
    pass


class PortalQuotePdf(OwnQuote, QuotePublicPdf):
    pass
