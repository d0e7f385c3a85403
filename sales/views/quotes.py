"""Quotes for staff: list, page, editor, verbs and the PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DetailView, ListView
from crm.ui.views.generic.base import RecordView

from ..actions import quote_sending, quotes
from ..choices.quotes import QuoteState
from ..forms import quotes as forms
from ..lists.quotes import tone
from ..models import Quote
from ..paper.pdf import render as render_pdf
from ..quoting.diff import changes_between
from .line_editor import LineEditor, Start, language_name, shown_lines, shown_totals
from .sending import at_a_glance, warnings_about

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
        Field("language", _("Language"), language_name),
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
        Verb(_("Create contract"), "contracts:contract_of_quote", "contract", "contracts.create", post=True,
             primary=True, when=_in("accepted")),
        Verb(_("Create order"), "contracts:order_of_quote", "order", "orders.manage", post=True, when=_in("accepted")),
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
            "lines": shown_lines(quote),
            "totals": shown_totals(quote.net, quote.tax, quote.gross, quote.currency),
            "changes": changes_between(former, quote) if former else [],
            "messages_said": quote.conversation.messages.all() if quote.conversation_id else [],
            "page_url": quote_sending.page_url(quote) if quote.is_open else "",
            **at_a_glance(self.actor, quote.customer),
        }


class QuoteEditor(LineEditor):
    """A draft, or a quote that is ready to send; a change makes it a draft again."""

    permission = "quotes.update"
    model = Quote
    relations = RELATIONS
    form_class, names = forms.QuoteForm, quotes.FACTS
    template_name = "quotes/quote_form.html"

    def write(self, values: dict[str, Any], lines: list[Any]) -> Quote:
        return quotes.save_quote(actor=self.actor, quote=self.object, values=values, lines=lines, seen=self.seen)

    def extra(self) -> dict[str, Any]:
        quote = self.object
        return {"quote": quote, "warns": quote is not None and quote.state == QuoteState.APPROVED}


class QuoteCreate(QuoteEditor):
    """A new quote for the customer in the address; `?opportunity=` brings the lines of a deal."""

    permission = "quotes.create"

    def start(self) -> Start:
        return self.start_from_address({"valid_until": quotes.usual_end()})

    def write(self, values: dict[str, Any], lines: list[Any]) -> Quote:
        return quotes.create_quote(
            actor=self.actor, customer=self.customer, values=values, lines=lines, form_key=self.form_key
        )


class QuoteVerb(ActionView):
    model = Quote
    record_as = "quote"
    relations = RELATIONS


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
        with translation.override(quote.language):
            text = _t("Hello %(name)s,\n\nhere is our quote. If anything should be different, just answer this mail.")
            words = text % {"name": quote.contact.name if quote.contact else quote.customer.name}
        return {"initial": {"to_email": quote.sent_to or (known.value if known else ""), "text": words}}

    @property
    def warnings(self) -> list[Any]:
        """What is known about the customer that the sender should know first."""
        return warnings_about(self.actor, self.object.customer)


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
