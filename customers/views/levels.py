"""Risk and credit of a customer by hand, and what an administrator decides about levels."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.errors import DomainError
from crm.core.sockets import settings_pages
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import ActionView, StaffView

from .. import actions
from ..figures.credit_sources import credit_source
from ..figures.levels import level_settings
from ..forms.customers import ValueForm
from ..forms.levels import CreditForm, LevelSettingsForm, RiskForm
from ..models import Credit, Customer
from ..selectors import figures_of


class LevelByHand(ActionView):
    """A level of the customer that somebody sets, with the reason. figure: "value" or "risk", as in the figures."""

    model = Customer
    lookup = "number"
    relations = ("facts",)
    record_as = "customer"
    button = gettext_lazy("Save")
    figure = ""

    def form_kwargs(self) -> dict[str, Any]:
        figures = figures_of(self.object)
        if figures is None:
            return {"initial": {}}
        level, note = (getattr(figures, f"{self.figure}_{part}") for part in ("by_hand", "note"))
        return {"initial": {"level": level, "note": note}}


class CustomerValue(LevelByHand):
    """What the customer is worth."""

    permission, figure = "customers.update", "value"
    action, form_class = actions.set_value, ValueForm
    title = gettext_lazy("What %(name)s is worth")


class CustomerRisk(LevelByHand):
    """How risky the customer is."""

    permission, figure = "customers.credit", "risk"
    action, form_class = actions.set_risk, RiskForm
    title = gettext_lazy("How risky %(name)s is")


class CustomerCredit(ActionView):
    """How much the customer may owe."""

    permission = "customers.credit"
    model = Customer
    lookup = "number"
    relations = ("brand",)
    action, form_class = actions.set_credit_limit, CreditForm
    record_as = "customer"
    title = gettext_lazy("Credit limit of %(name)s")
    button = gettext_lazy("Save")

    def form_kwargs(self) -> dict[str, Any]:
        credit = Credit.objects.filter(customer=self.object).first()
        if credit is None:
            return {"initial": {"currency": self.object.brand.currency}}
        return {"initial": {"limit": credit.limit, "currency": credit.currency}}


class CreditAsk(ActionView):
    """Asks the agency now."""

    permission = "customers.credit"
    model = Customer
    lookup = "number"
    action = actions.ask_for_credit_report
    record_as = "customer"
    title = gettext_lazy("Ask for a credit report of %(name)s?")
    text = gettext_lazy("The agency gets name, number and registration code. It may charge for the answer.")
    button = gettext_lazy("Ask")
    done = gettext_lazy("The agency is asked. Its answer comes in a moment.")


class LevelSetUp(StaffView):
    """GET, POST /customers/levels/: points, bounds, tasks."""

    permission = "customers.levels"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(LevelSettingsForm(instance=level_settings()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = LevelSettingsForm(request.POST, instance=level_settings())
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            actions.save_level_settings(actor=self.actor, points=form.points, values=form.values)
        except DomainError as error:
            show_error(form, error)
            return self.page(form, status=error.status)
        messages.success(request, _("Levels and flags are saved. They are computed anew now."))
        return redirect("customers:level_settings")

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        entry = settings_pages["levels"]
        context = {
            "form": form, "title": entry.label, "summary": entry.summary, "button": _("Save"),
            "source": credit_source(),
        }  # fmt: skip
        return render(self.request, "customers/level_settings.html", context, status=status)
