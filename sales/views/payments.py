"""What is due and what was paid: two lists, the page of a payment, and its verbs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core import money
from crm.core.models import Brand
from crm.core.sockets import settings_pages
from crm.core.tokens import new_token
from crm.files.models import Attachment
from crm.messaging.rendering import render_template
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, DetailView, ListView, UpdateView

from ..actions import payment_settings, payments, reminders
from ..forms import payments as forms
from ..lists.payments import payment_tone
from ..models import Contract, Payment, PaymentSettings, Reminder
from ..selectors.payments import today

RELATIONS = ("contract__customer", "contract__brand", "corrects", "recorded_by", "brand")


class InstalmentList(ListView):
    permission = "payments.view"
    page = "instalment"


class PaymentList(ListView):
    permission = "payments.view"
    page = "payment"


class PaymentCreate(ActionView):
    """Money that came in on a contract."""

    permission = "payments.record"
    model = Contract
    relations = ("customer", "brand")
    action = payments.record_payment
    form_class = forms.PaymentForm
    title, button, done = _("Record a payment on %(name)s"), _("Record payment"), _("The payment is recorded.")
    text = _("It falls on the open instalments, the oldest first, unless you say below how much falls where. "
             "What is too much is kept as credit.")  # fmt: skip

    def form_kwargs(self) -> dict[str, Any]:
        row = self.object
        parts = [part for part in row.instalments.order_by("due_on", "pk") if part.open_amount]
        for part in parts:
            part.contract = row
        first = parts[0].open_amount if parts else None
        initial = {"received_on": today(), "amount": first, "currency": row.currency, "form_key": new_token()}
        return {"parts": parts, "initial": initial}

    def make_form(self) -> Any:
        self.form = super().make_form()
        return self.form

    def perform(self, values: dict[str, Any]) -> Any:
        facts = {name: values[name] for name in payments.FACTS}
        return payments.record_payment(
            actor=self.actor, contract=self.object, values=facts, allocations=self.form.allocations(),
            file=values["file"], form_key=values["form_key"],
        )  # fmt: skip


class PaymentDetail(DetailView):
    """A row of the ledger: what it paid, and what was taken back of it."""

    permission = "payments.view"
    model = Payment
    relations = RELATIONS
    template_name = "contracts/payment_detail.html"
    headline = (
        Field("kind", _("Kind"), cells.badge("get_kind_display", payment_tone)),
        Field("amount", _("Amount"), "amount_text"),
        Field("received_on", _("Day")),
        Field("contract", _("Contract"), lambda row, viewer: cells.link("label")(row.contract, viewer)),
        Field("customer", _("Customer"), lambda row, viewer: cells.link("name")(row.contract.customer, viewer)),
    )
    fields = (
        Field("method", _("Method"), "get_method_display"),
        Field("reference", _("Reference")),
        Field("note", _("Note")),
        Field("credit", _("Credit"), lambda row, viewer: money.shown(row.credit, row.currency) if row.credit else ""),
        Field("taken_back", _("Taken back"),
              lambda row, viewer: money.shown(row.taken_back, row.currency) if row.taken_back else ""),
        Field("corrects", _("Takes back"),
              lambda row, viewer: cells.link("label")(row.corrects, viewer) if row.corrects else ""),
        Field("recorded_by", _("Recorded by"), "recorded_by.name"),
        Field("created_at", _("Recorded at"), cells.moment("created_at")),
    )  # fmt: skip
    verbs = (
        Verb(_("Use credit"), "contracts:payment_credit", "payment", "payments.record", primary=True,
             when=lambda row: row.credit > 0),
        Verb(_("Refund"), "contracts:payment_refund", "undo", "payments.reverse",
             when=lambda row: row.is_received and row.left > 0),
        Verb(_("Reverse"), "contracts:payment_reverse", "undo", "payments.reverse", danger=True,
             when=lambda row: row.is_received and row.left > 0),
    )  # fmt: skip

    def extra(self) -> dict[str, Any]:
        row = self.object
        parts = row.allocations.select_related("instalment__contract", "by")
        return {
            "allocations": [(part, money.shown(part.amount, row.currency)) for part in parts],
            "corrections": list(row.corrections.order_by("pk")),
            "files": Attachment.objects.on("payment", row.pk),
        }


class PaymentVerb(ActionView):
    """A verb whose action takes the record as `payment`."""

    model = Payment
    record_as = "payment"
    relations = RELATIONS

    def answer(self) -> HttpResponse:
        return redirect(cells.url_of(self.object.contract))


class PaymentCredit(PaymentVerb):
    permission = "payments.record"
    action, form_class = payments.use_credit, forms.CreditForm
    title, button, done = _("Use the credit of %(name)s"), _("Use credit"), _("The credit is used.")
    text = _("It falls on the open instalments of the contract, the oldest first.")

    def form_kwargs(self) -> dict[str, Any]:
        row = self.object
        mine = Contract.objects.visible_to(self.actor).owing()
        mine = mine.filter(customer=row.contract.customer_id, currency=row.currency)
        return {"contracts": mine, "initial": {"contract": self.request.GET.get("contract", row.contract_id)}}


class PaymentRefund(PaymentVerb):
    permission = "payments.reverse"
    action, form_class = payments.refund_payment, forms.RefundForm
    title, button, done = _("Refund %(name)s"), pgettext_lazy("verb", "Refund"), _("The refund is recorded.")
    text = _("Records money given back. It is taken from the credit first, then from the instalments it paid.")

    def form_kwargs(self) -> dict[str, Any]:
        amount = self.object.credit or self.object.left
        return {"initial": {"amount": amount, "refunded_on": today(), "form_key": new_token()}}


class PaymentReverse(PaymentVerb):
    permission = "payments.reverse"
    action, form_class, danger = payments.reverse_payment, forms.ReverseForm, True
    title, button, done = _("Reverse %(name)s?"), _("Reverse"), _("The payment is reversed.")
    text = _("For a payment that was recorded wrongly or bounced. Both rows stay; the instalments are open again.")


class ReminderSend(ActionView):
    """The reminder as the customer will read it; pressing "send" mails it."""

    permission = "payments.remind"
    model = Reminder
    relations = (
        "instalment__contract__customer", "instalment__contract__brand", "instalment__contract__contact",
    )  # fmt: skip
    action, form_class = reminders.send_reminder, forms.ReminderForm
    record_as = "reminder"
    title, button, done = _("Remind the customer"), _("Send"), _("The reminder is on its way.")
    template_name = "contracts/reminder_send.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"to_email": reminders.address_of(self.object.instalment.contract)}}

    def url_of(self, record: Any) -> str:
        return cells.url_of(record.instalment.contract)

    @property
    def preview(self) -> Any:
        """Subject and text of the mail."""
        row = self.object
        contract = row.instalment.contract
        return render_template(
            f"payments.reminder_{row.level}", brand=contract.brand, language=contract.language,
            values=reminders.reminder_values(row, self.actor.label),
        )  # fmt: skip


class PaymentDesk(UpdateView):
    """When customers are reminded, and whether by itself."""

    permission = "payments.manage"
    model = PaymentSettings
    form_class = forms.PaymentSettingsForm
    action = payment_settings.save_payment_settings
    title = _("Payments")
    template_name = "sales/desk_form.html"

    def record(self) -> PaymentSettings:
        return payment_settings.settings_of(Brand.default())

    def url_of(self, record: Any) -> str:
        return reverse("contracts:payment_settings")

    def extra(self) -> dict[str, Any]:
        return {"summary": settings_pages["payments"].summary}
