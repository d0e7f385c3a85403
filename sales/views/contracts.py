"""Contracts for staff: list, page, editor, verbs and the PDF."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import clock, money
from crm.files.models import Attachment
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DeleteView, DetailView, ListView
from crm.ui.views.generic.base import RecordView

from ..actions import contract_bin, contract_quotes, contract_sending, contract_states, contracts
from ..actions.reminders import address_of
from ..choices.contracts import EDITABLE, OWING, ContractState
from ..forms import contracts as forms
from ..lists.contracts import tone
from ..models import Contract, Quote
from ..paper.contracts import render as render_pdf
from ..selectors.payments import credit_for, paid_on, plan_of
from .line_editor import LineEditor, Start, language_name, shown_lines, shown_totals
from .sending import at_a_glance, warnings_about

RELATIONS = ("customer", "contact", "brand", "owner", "opportunity", "quote", "renews")


class ContractList(ListView):
    permission = "contracts.view"
    page = "contract"


def _in(*states: str) -> Any:
    return lambda row: row.state in states


def _link(path: str) -> Any:
    def cell(row: Any, viewer: Any) -> Any:
        found = cells.read(row, path)
        return cells.link("__str__")(found, viewer) if found is not None else ""

    return cell


class ContractDetail(DetailView):
    """What was agreed, how far it is paid, and what was said about it."""

    permission = "contracts.view"
    model = Contract
    relations = RELATIONS
    template_name = "contracts/contract_detail.html"
    headline = (
        Field("state", _("State"), cells.badge("get_state_display", tone)),
        Field("amount", _("Amount"), "amount_text"),
        Field("customer", _("Customer"), lambda row, viewer: cells.link("name")(row.customer, viewer)),
        Field("ends", _("Ends")),
        Field("owner", _("Owner"), "owner.name"),
    )
    fields = (
        Field("contact", _("Contact")),
        Field("opportunity", _("Opportunity"), _link("opportunity")),
        Field("quote", _("Quote"), _link("quote")),
        Field("renews", _("Goes on from"), _link("renews")),
        Field("language", _("Language"), language_name),
        Field("starts", _("Starts")),
        Field("signed_on", _("Signed on")),
        Field("signed_by_name", _("Signed by")),
        Field("sent_to", _("Sent to")),
        Field("sent_at", _("Sent at"), cells.moment("sent_at")),
        Field("notice_days", _("Tell me before it ends (days)")),
        Field("reason", _("Reason")),
    )
    verbs = (
        Verb(_("Submit"), "contracts:contract_submit", "approve", "contracts.update", primary=True, when=_in("draft")),
        Verb(_("Sign"), "contracts:contract_sign", "done", "contracts.sign", primary=True, when=_in("approved")),
        Verb(_("Record payment"), "contracts:payment_create", "payment", "payments.record", primary=True,
             when=_in("active", "expired")),
        Verb(pgettext_lazy("verb", "Payment plan"), "contracts:contract_plan", "calendar", "contracts.update",
             when=_in("draft", "approved", "active", "expired")),
        Verb(_("Send"), "contracts:contract_send", "send", "contracts.update",
             when=_in("approved", "active", "completed")),
        Verb(_("Edit"), "contracts:contract_update", "edit", "contracts.update", when=_in(*EDITABLE)),
        Verb(_("PDF"), "contracts:contract_pdf", "download", "contracts.view"),
        Verb(_("Add a file"), "contracts:contract_file", "attachment", "contracts.update"),
        Verb(_("Renew"), "contracts:contract_renew", "copy", "contracts.create", when=_in(*OWING)),
        Verb(_("Complete"), "contracts:contract_complete", "done", "contracts.update", when=_in("active", "expired")),
        Verb(_("Cancel contract"), "contracts:contract_cancel", "close", "contracts.cancel", danger=True,
             when=_in("approved", "active", "expired")),
        Verb(_("Delete"), "contracts:contract_delete", "delete", "contracts.delete", danger=True,
             when=lambda row: not row.is_signed and row.state != ContractState.CANCELLED),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        row, actor = self.object, self.actor
        paid = paid_on(row)
        may_see_money = actor.can("payments.view")
        return {
            "lines": shown_lines(row),
            "totals": shown_totals(row.net, row.tax, row.amount, row.currency),
            "plan": plan_of(row),
            "paid_percent": int(100 * paid / row.amount) if row.amount else 0,
            "paid_text": money.shown(paid, row.currency),
            "open_text": money.shown(row.amount - paid, row.currency),
            "payments": list(row.payments.visible_to(actor).order_by("-received_on", "-pk")),
            "credits": credit_for(actor, row) if may_see_money and row.is_owing and paid < row.amount else [],
            "files": Attachment.objects.on("contract", row.pk),
            "messages_said": row.conversation.messages.all() if row.conversation_id else [],
            "suggests_win": self.suggests_win(),
            "may_remind": actor.can("payments.remind"),
            **at_a_glance(actor, row.customer),
        }  # fmt: skip

    def suggests_win(self) -> bool:
        """Whether the opportunity is open although the contract is signed; winning it stays a person's decision."""
        row = self.object
        return row.is_owing and row.opportunity is not None and row.opportunity.is_open


class ContractEditor(LineEditor):
    """A draft, or a contract that is ready to sign; a change of what was approved makes it a draft again."""

    permission = "contracts.update"
    model = Contract
    relations = RELATIONS
    form_class, names = forms.ContractForm, contracts.FACTS
    template_name = "contracts/contract_form.html"

    def write(self, values: dict[str, Any], lines: list[Any]) -> Contract:
        return contracts.save_contract(
            actor=self.actor, contract=self.object, values=values, lines=lines, seen=self.seen
        )

    def extra(self) -> dict[str, Any]:
        row = self.object
        return {"contract": row, "warns": row is not None and row.state == ContractState.APPROVED}


class ContractCreate(ContractEditor):
    """A new contract for the customer in the address; `?opportunity=` brings the lines of a deal."""

    permission = "contracts.create"

    def start(self) -> Start:
        return self.start_from_address({"notice_days": 30, "starts": timezone.localdate(clock.now())})

    def write(self, values: dict[str, Any], lines: list[Any]) -> Contract:
        return contracts.create_contract(
            actor=self.actor, customer=self.customer, values=values, lines=lines, form_key=self.form_key
        )


class ContractVerb(ActionView):
    """A verb whose action takes the record as `contract`."""

    model = Contract
    record_as = "contract"
    relations = RELATIONS

    @property
    def warnings(self) -> list[Any]:
        """What is known about the customer that should be known before the contract goes out."""
        return warnings_about(self.actor, self.object.customer)


class ContractSubmit(ContractVerb):
    permission = "contracts.update"
    action, form_class = contracts.submit_contract, forms.ContractSubmitForm
    title, button = _("Submit %(name)s"), _("Submit")
    text = _("Where a flow asks for it, a colleague approves the contract first. Otherwise it can be signed at once.")


class ContractSend(ContractVerb):
    """The PDF with a few words, and what speaks against sending it now."""

    permission = "contracts.update"
    action, form_class = contract_sending.send_contract, forms.SendContractForm
    title, button, done = _("Send %(name)s"), _("Send"), _("%(name)s is on its way.")
    template_name = "quotes/quote_send.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"to_email": self.object.sent_to or address_of(self.object)}}


class ContractSign(ContractVerb):
    permission = "contracts.sign"
    action, form_class = contract_states.sign_contract, forms.SignForm
    title, button, done = _("Sign %(name)s"), _("It is signed"), _("%(name)s is active.")
    text = _("Both sides have signed: the contract gets its number, and its payment plan is owed from now on.")
    template_name = "quotes/quote_send.html"

    def form_kwargs(self) -> dict[str, Any]:
        row = self.object
        name = row.contact.name if row.contact else ""
        return {"initial": {"signed_on": timezone.localdate(clock.now()), "signed_by_name": name}}


class ContractFile(ContractVerb):
    permission = "contracts.update"
    action, form_class = contract_sending.add_file, forms.FileForm
    title, button, done = _("Add a file to %(name)s"), _("Add"), _("The file is added to %(name)s.")


class ContractComplete(ContractVerb):
    permission = "contracts.update"
    action = contract_states.complete_contract
    title, button = _("Complete %(name)s?"), _("Complete")
    text = _("Everything is delivered and paid. The contract stays as it is from then on.")


class ContractCancel(ContractVerb):
    permission = "contracts.cancel"
    action, form_class, danger = contract_states.cancel_contract, forms.CancelForm, True
    title, button = _("Cancel %(name)s?"), _("Cancel contract")
    text = _("Nothing more is owed on it then. What was paid stays recorded until you give it back.")


class ContractRenew(ContractVerb):
    permission = "contracts.create"
    action = contracts.renew_contract
    title, button = _("Renew %(name)s?"), _("Renew")
    text = _("Makes a draft with the same lines that goes on where this contract ends, for as long again.")
    template_name = "quotes/quote_send.html"

    def perform(self, values: dict[str, Any]) -> Any:
        self.made = super().perform(values)

    def answer(self) -> HttpResponse:
        return redirect("contracts:contract_update", pk=self.made.pk)


class ContractDelete(DeleteView):
    permission = "contracts.delete"
    model = Contract
    relations = RELATIONS
    action = contract_bin.delete_contract
    record_as = "contract"


class _FromQuote(ActionView):
    """One click on an accepted quote."""

    model = Quote
    relations = ("customer", "brand")

    def perform(self, values: dict[str, Any]) -> Any:
        self.made = self.verb()(actor=self.actor, quote=self.object)

    def answer(self) -> HttpResponse:
        messages.success(self.request, _t("%(name)s is created.") % {"name": self.made})
        return redirect(cells.url_of(self.made))


class ContractOfQuote(_FromQuote):
    permission = "contracts.create"
    action = contract_quotes.contract_of_quote
    title, button = _("Contract of %(name)s?"), _("Create contract")
    text = _("Makes a draft with the lines, terms and people of the quote.")


class OrderOfQuote(_FromQuote):
    permission = "orders.manage"
    action = contract_quotes.order_of_quote
    title, button = _("Order of %(name)s?"), _("Create order")
    text = _("Makes an order of everything on the quote that is no service.")


class ContractPdf(RecordView):
    """The contract as it is printed."""

    permission = "contracts.view"
    model = Contract
    relations = RELATIONS

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return pdf_of(self.record())


def pdf_of(contract: Contract) -> HttpResponse:
    """The answer that downloads a contract's PDF."""
    response = HttpResponse(render_pdf(contract), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{contract.label}.pdf"'
    return response
