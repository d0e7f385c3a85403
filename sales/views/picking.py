"""New quote and new contract from the Create menu: first for whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from crm.ui.views.generic.base import RecordView

from ..forms.contracts import CustomerPickForm
from ..models import Contract, Quote


class CustomerPick(RecordView):
    """A form with one field that leads to the editor of the customer's new record."""

    title: ClassVar[Any]
    target: ClassVar[str]

    def get(self, request: HttpRequest) -> HttpResponse:
        if "customer" not in request.GET:
            return self.page(CustomerPickForm(actor=self.actor))
        form = CustomerPickForm(request.GET, actor=self.actor)
        if not form.is_valid():
            return self.page(form, 422)
        return redirect(self.target, customer=form.cleaned_data["customer"].pk)

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        context = {"form": form, "title": self.title, "view": self}
        return render(self.request, "contracts/pick.html", context, status=status)


class QuotePick(CustomerPick):
    permission = "quotes.create"
    model, title, target = Quote, _("New quote"), "quotes:quote_create"


class ContractPick(CustomerPick):
    permission = "contracts.create"
    model, title, target = Contract, _("New contract"), "contracts:contract_create"
