"""Quotes for staff: list, page, editor, verbs and the PDF."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import money
from crm.core.errors import DomainError
from crm.core.sockets import facts
from crm.ui.generic import cells
from crm.ui.generic.form_errors import show_error
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DetailView, ListView
from crm.ui.views.generic.base import RecordView
from customers.models import Customer

from ..actions import quote_sending, quotes
from ..choices.quotes import QuoteState
from ..forms import quotes as forms
from ..lists.quotes import tone
from ..models import Opportunity, Quote
from ..paper.pdf import render as render_pdf
from ..quoting.diff import changes_between

RELATIONS = ("customer", "contact", "brand", "owner", "opportunity", "supersedes")


class QuoteList(ListView):
    permission = "quotes.view"
    page = "quote"


def _in(*states: str) -> Any:
    return lambda quote: quote.state in states


class QuoteDetail(DetailView):
    """What is offered, where it stands, and what was said about it."""

    permission = "quotes.view"
    model = Quote
    relations = RELATIONS
    template_name = "quotes/quote_detail.html"
    headline = (
        Field("state", _("State"), cells.badge("get_state_display", tone)),
        Field("gross", _("Total"), "total_text"),
        Field("valid_until", _("Valid until")),
        Field("customer", _("Customer"), lambda row, viewer: cells.link("name")(row.customer, viewer)),
        Field("owner", _("Owner"), "owner.name"),
    )
    fields = (
        Field("version", _("Version")),
        Field("contact", _("Contact")),
        Field("opportunity", _("Opportunity")),
        Field("language", _("Language")),
        Field("sent_to", _("Sent to")),
        Field("sent_at", _("Sent at"), cells.moment("sent_at")),
        Field("opened_count", pgettext_lazy("times", "Opened")),
        Field("last_opened_at", _("Last opened"), cells.moment("last_opened_at")),
        Field("decided_by_name", _("Decided by")),
        Field("decided_at", _("Decided"), cells.moment("decided_at")),
        Field("decided_from", _("From the address")),
        Field("decided_hash", _("Accepted content (SHA-256)")),
        Field("reason", _("Reason")),
    )
    verbs = (
        Verb(_("Submit"), "quotes:quote_submit", "approve", "quotes.update", primary=True, when=_in("draft")),
        Verb(_("Send"), "quotes:quote_send", "send", "quotes.send", primary=True, when=_in("approved")),
        Verb(_("Edit"), "quotes:quote_update", "edit", "quotes.update", when=_in("draft", "approved")),
        Verb(_("PDF"), "quotes:quote_pdf", "download", "quotes.view"),
        Verb(_("New version"), "quotes:quote_version", "copy", "quotes.create", post=True,
             when=_in("sent", "rejected", "expired")),
        Verb(_("Void"), "quotes:quote_void", "close", "quotes.void", danger=True,
             when=_in("draft", "approved", "sent", "rejected", "expired")),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        quote = self.object
        former = quote.supersedes
        return {
            "lines": _shown(quote),
            "totals": _totals(quote.net, quote.tax, quote.gross, quote.currency),
            "changes": changes_between(former, quote) if former else [],
            "messages_said": quote.conversation.messages.all() if quote.conversation_id else [],
            "page_url": quote_sending.page_url(quote) if quote.is_open else "",
        }


class QuoteEditor(RecordView):
    """The head and the lines in one form. Every change posts to it with `totals=1` and gets the sums back."""

    permission = "quotes.update"
    model = Quote
    relations = RELATIONS
    quote: Quote | None = None

    def load(self) -> tuple[Customer, dict[str, Any], list[dict[str, Any]]]:
        """The customer, the head's and the lines' first values."""
        quote = self.quote = self.object = self.record()
        names = ("name", "contact", "opportunity", "language", "currency", "tax_included", "valid_until", "terms")
        lines = [
            {
                "product": line.product_id, "name": line.name, "quantity": line.quantity.normalize(),
                "unit_price": money.rounded(line.unit_price, quote.currency),
                "discount_percent": line.discount_percent.normalize(), "tax_percent": line.tax_percent.normalize(),
            }
            for line in quote.lines.all()
        ]  # fmt: skip
        return quote.customer, {name: getattr(quote, name) for name in names}, lines

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        customer, head, rows = self.load()
        form = forms.QuoteForm(initial=head, customer=customer, actor=self.actor)
        return self.page(form, forms.QuoteLines(initial=rows, prefix="line"), customer)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        customer, _head, _rows = self.load()
        if "add_line" in request.POST:
            data = _one_more(request.POST)
            form = forms.QuoteForm(data, customer=customer, actor=self.actor)
            return self.page(form, forms.QuoteLines(data, prefix="line"), customer)
        form = forms.QuoteForm(request.POST, customer=customer, actor=self.actor)
        lines = forms.QuoteLines(request.POST, prefix="line")
        if "totals" in request.GET:
            return self.totals(lines)
        if form.is_valid() and lines.is_valid():
            try:
                quote = self.write(customer, form.cleaned_data, [row.line() for row in lines if row.is_filled])
            except DomainError as error:
                show_error(form, error)
            else:
                messages.success(request, _t("%(name)s is saved.") % {"name": quote})
                return redirect(cells.url_of(quote))
        return self.page(form, lines, customer, 422)

    def write(self, customer: Customer, values: dict[str, Any], lines: list[Any]) -> Quote:
        assert self.quote is not None
        return quotes.save_quote(actor=self.actor, quote=self.quote, values=values, lines=lines)

    def totals(self, lines: Any) -> HttpResponse:
        """The sums of what stands in the form now, rows with mistakes left out."""
        currency = self.request.POST.get("currency", "")
        currency = currency if currency in money.SIGNS else "CNY"
        lines.is_valid()
        rows = [(row.prefix, row.line()) for row in lines if row.is_valid() and row.is_filled]
        amounts = quotes.amounts_of(
            [line for _prefix, line in rows], currency=currency, tax_included="tax_included" in self.request.POST
        )
        total = money.total_of(amounts)
        named = [(prefix, money.shown(each.gross, currency)) for (prefix, _l), each in zip(rows, amounts, strict=True)]
        context = {"totals": _totals(total.net, total.tax, total.gross, currency), "line_totals": named}
        return render(self.request, "quotes/partials/_totals.html", context)

    def page(self, form: Any, lines: Any, customer: Customer, status: int = 200) -> HttpResponse:
        quote = self.quote
        sums = (quote.net, quote.tax, quote.gross) if quote else (Decimal(0),) * 3
        context = {
            "form": form, "lines": lines, "customer": customer, "quote": quote, "view": self,
            "totals": _totals(*sums, quote.currency if quote else customer.brand.currency),
            "warns": quote is not None and quote.state == QuoteState.APPROVED,
        }  # fmt: skip
        return render(self.request, "quotes/quote_form.html", context, status=status)


class QuoteCreate(QuoteEditor):
    """A new quote for the customer in the address; `?opportunity=` brings the lines of a deal."""

    permission = "quotes.create"

    def load(self) -> tuple[Customer, dict[str, Any], list[dict[str, Any]]]:
        customer = Customer.objects.visible_to(self.actor).select_related("brand").fetch(
            self.actor, pk=self.kwargs["customer"]
        )  # fmt: skip
        deal = self._deal(customer)
        lines = deal.lines.all() if deal else []
        rows = [
            {name: getattr(line, name) for name in ("name", "quantity", "unit_price", "discount_percent",
                                                    "tax_percent")} | {"product": line.product_id}
            for line in lines
        ]  # fmt: skip
        head = {
            "name": deal.name if deal else "", "opportunity": deal, "valid_until": quotes.usual_end(),
            "language": customer.language or customer.brand.language,
            "currency": deal.currency if deal else customer.brand.currency,
            "tax_included": deal.tax_included if deal else True,
            "contact": deal.contact if deal else customer.contacts.order_by("-is_primary", "sort_key").first(),
        }  # fmt: skip
        return customer, head, rows

    def _deal(self, customer: Customer) -> Opportunity | None:
        wanted = self.request.GET.get("opportunity", "")
        if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
            return None
        found: Opportunity | None = (
            Opportunity.objects.visible_to(self.actor).filter(pk=int(wanted), customer=customer).first()
        )
        return found

    def write(self, customer: Customer, values: dict[str, Any], lines: list[Any]) -> Quote:
        return quotes.create_quote(actor=self.actor, customer=customer, values=values, lines=lines)


class QuoteVerb(ActionView):
    model = Quote
    relations = RELATIONS

    def perform(self, values: dict[str, Any]) -> Any:
        return self.verb()(actor=self.actor, quote=self.object, **values)


class QuoteSubmit(QuoteVerb):
    permission = "quotes.update"
    action, form_class = quotes.submit_quote, forms.SubmitForm
    title, button = _("Submit %(name)s"), _("Submit")
    text = _("Where a flow asks for it, a colleague approves the quote first. Otherwise it can be sent at once.")


class QuoteSend(QuoteVerb):
    """The words, the address, and what speaks against sending now."""

    permission = "quotes.send"
    action, form_class = quote_sending.send_quote, forms.SendForm
    title, button, done = _("Send %(name)s"), _("Send"), _("%(name)s is on its way.")
    template_name = "quotes/quote_send.html"

    def form_kwargs(self) -> dict[str, Any]:
        quote = self.object
        known = quote.contact.identities.filter(kind="email").first() if quote.contact else None
        return {"initial": {"to_email": quote.sent_to or (known.value if known else "")}}

    @property
    def warnings(self) -> list[Any]:
        """What is known about the customer that the sender should know first."""
        found = []
        for fact in facts:
            may_know = not fact.permission or self.actor.can(fact.permission)
            if fact.on == "customer" and fact.tone in {"danger", "warning"} and may_know:
                found.append(fact.find(self.actor, self.object.customer))
        return [sentence for sentence in found if sentence]


class QuoteVoid(QuoteVerb):
    permission = "quotes.void"
    action, form_class, danger = quotes.void_quote, forms.VoidForm, True
    title, button = _("Void %(name)s?"), _("Void")


class QuoteVersion(QuoteVerb):
    permission = "quotes.create"
    action = quotes.new_version
    title, button = _("New version of %(name)s?"), _("New version")

    def perform(self, values: dict[str, Any]) -> Any:
        self.made = super().perform(values)

    def answer(self) -> HttpResponse:
        return redirect("quotes:quote_update", pk=self.made.pk)


class QuotePdf(RecordView):
    """The quote as it is printed."""

    permission = "quotes.view"
    model = Quote
    relations = RELATIONS

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return pdf_of(self.record())


def pdf_of(quote: Quote) -> HttpResponse:
    """The answer that downloads a quote's PDF."""
    response = HttpResponse(render_pdf(quote), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{quote.label}.pdf"'
    return response


def _shown(quote: Quote) -> list[tuple[Any, str, str]]:
    return [
        (line, money.shown(line.unit_price, quote.currency), money.shown(line.gross, quote.currency))
        for line in quote.lines.all()
    ]


def _totals(net: Any, tax: Any, gross: Any, currency: str) -> dict[str, str]:
    return {
        "net": money.shown(net, currency), "tax": money.shown(tax, currency), "gross": money.shown(gross, currency),
    }  # fmt: skip


def _one_more(sent: Any) -> Any:
    data = sent.copy()
    total = data.get("line-TOTAL_FORMS", "1")
    data["line-TOTAL_FORMS"] = (
        str(min(forms.MAX_LINES, int(total) + 1)) if total.isdecimal() and len(total) < 4 else "1"
    )
    return data
