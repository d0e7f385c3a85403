"""Settings › Exchange rates."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.errors import DomainError
from crm.core.models import ExchangeRate
from crm.core.rates import company_currency
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import ActionView, CreateView, ListView, UpdateView
from crm.ui.views.generic.base import StaffView

from ..actions.rates import import_rates, remove_rate, save_rate
from ..forms.rates import RateForm, RateImportForm
from .intro import intro

MANAGE = "console.manage_brand"


class RateListView(ListView):
    """GET /settings/exchange-rates/."""

    permission = MANAGE
    page = "exchange_rate"
    template_name = "console/rates.html"

    def extra(self) -> dict[str, Any]:
        return intro("exchange_rates")


class _Rate:
    """The form of one rate, back to the list afterwards."""

    permission = MANAGE
    model, form_class, action = ExchangeRate, RateForm, save_rate
    template_name = "console/rate.html"

    def form_kwargs(self) -> dict[str, Any]:
        return {"base": company_currency()}

    def url_of(self, record: Any) -> str:
        return reverse("console:rate_list")


class RateCreateView(_Rate, CreateView):
    title = _("New exchange rate")


class RateUpdateView(_Rate, UpdateView):
    pass


class RateRemoveView(ActionView):
    """POST /settings/exchange-rates/<pk>/remove/."""

    permission = MANAGE
    model, action = ExchangeRate, remove_rate
    title, text = _("Remove the rate %(name)s"), _("The rate before it holds again for those days.")
    button, done, danger = _("Remove"), _("%(name)s is removed."), True

    def url_of(self, record: Any) -> str:
        return reverse("console:rate_list")


class RateImportView(StaffView):
    """Pasted lines."""

    permission = MANAGE

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(RateImportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RateImportForm(request.POST)
        if form.is_valid():
            try:
                count = import_rates(actor=self.actor, text=form.cleaned_data["text"])
            except DomainError as error:
                show_error(form, error)
            else:
                said = ngettext("%(count)s rate is entered.", "%(count)s rates are entered.", count)
                messages.success(request, said % {"count": count})
                return redirect("console:rate_list")
        return self.page(form, 422)

    def page(self, form: RateImportForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form, "title": _("Paste exchange rates"), "button": _("Enter the rates"), "view": self,
            "base": company_currency(),
        }  # fmt: skip
        return render(self.request, "console/rate.html", context, status=status)

    @property
    def back_url(self) -> str:
        return reverse("console:rate_list")

    back_label = _("Exchange rates")
