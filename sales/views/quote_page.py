"""The customer's page of a quote: read, download, accept, decline."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import clock, money
from crm.core.actor import Actor
from crm.core.addresses import client_address
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.limits import hit
from crm.ui.views.public import TOKEN, PublicView, SecretAddress

from ..actions.quote_answers import accept_quote, decline_quote, note_opened
from ..forms.quotes import AcceptForm, DeclineForm
from ..models import Quote
from .quotes import pdf_of

RELATIONS = ("customer", "contact", "brand", "owner")


class QuoteLinkInvalid(NotFound):
    default = _("There is no quote at this address. Copy the whole address from the email.")


class QuotePage(SecretAddress, PublicView):
    """A quote that was sent, in its own language. A wrong link says what to do."""

    template_name = "quotes/public/quote.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if not TOKEN.fullmatch(kwargs.get("token", "-")):
                raise QuoteLinkInvalid
            return super().dispatch(request, *args, **kwargs)
        except QuoteLinkInvalid as error:
            return render(request, "quotes/public/link_invalid.html", {"message": str(error)}, status=404)

    def load(self) -> Quote:
        """The quote behind the link. Raises `QuoteLinkInvalid`, also for one that was never sent."""
        rows = Quote.objects.select_related(*RELATIONS).filter(sent_at__isnull=False)
        quote = rows.filter(token=self.kwargs["token"]).first()
        if quote is None:
            raise QuoteLinkInvalid
        self.speak(quote.language, quote.brand.timezone)
        return quote

    def customer_of(self, quote: Quote) -> Actor:
        if quote.contact is not None:
            return Actor.contact(quote.contact.pk, quote.contact.name)
        return Actor.guest(quote.customer.name)

    def address(self, verb: str = "") -> str:
        """Where a verb of this quote is: "accept", "decline" or "pdf", "" for its page."""
        return reverse(f"quotes:public_{verb}" if verb else "quotes:public", args=[self.kwargs["token"]])

    def show(self, quote: Quote, *, status: int = 200, **forms: Any) -> HttpResponse:
        lapsed = quote.has_lapsed(timezone.localdate(clock.now()))
        context = {
            "quote": quote,
            "links": {verb: self.address(verb) for verb in ("accept", "decline", "pdf")},
            "lines": [
                (line, money.shown(line.unit_price, quote.currency), money.shown(line.gross, quote.currency))
                for line in quote.lines.all()
            ],
            "totals": {name: money.shown(getattr(quote, name), quote.currency) for name in ("net", "tax", "gross")},
            "may_decide": quote.is_open and not lapsed,
            "has_lapsed": quote.is_open and lapsed,
            "accept": forms.get("accept") or AcceptForm(initial={"content_hash": quote.content_hash}),
            "decline": forms.get("decline") or DeclineForm(prefix="no"),
            "problem": forms.get("problem", ""),
        }
        return self.page(status=status, **context)


class QuoteShow(QuotePage):
    """GET shows it and counts the look; a colleague who looks is not counted."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        quote = self.load()
        if not request.user.is_authenticated:
            note_opened(actor=self.customer_of(quote), quote=quote)
        return self.show(quote)


class QuoteAccept(QuotePage):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        quote = self.load()
        hit("quote", quote.token, limit=30, window_seconds=3600)
        form = AcceptForm(request.POST)
        if not form.is_valid():
            return self.show(quote, status=422, accept=form)
        try:
            accept_quote(
                actor=self.customer_of(quote), quote=quote, address=client_address(request), **form.cleaned_data
            )
        except Invalid as error:
            return self.show(quote, status=422, accept=form, problem=str(error))
        except Conflict as error:
            return self.show(self.load(), status=409, problem=str(error))
        return redirect(self.address())


class QuoteDecline(QuotePage):
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        quote = self.load()
        hit("quote", quote.token, limit=30, window_seconds=3600)
        form = DeclineForm(request.POST, prefix="no")
        if not form.is_valid():
            return self.show(quote, status=422, decline=form)
        try:
            decline_quote(
                actor=self.customer_of(quote), quote=quote, address=client_address(request), **form.cleaned_data
            )
        except Conflict as error:
            return self.show(self.load(), status=409, problem=str(error))
        return redirect(self.address())


class QuotePublicPdf(QuotePage):
    """The same quote on paper."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return pdf_of(self.load())
