"""What a record of an upper app, such as a ticket, is about."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.core.errors import DomainError, NotFound
from crm.core.sockets import kinds
from crm.ui.generic import cells
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import StaffView

from .. import actions
from ..forms.trade import ConcernForm
from ..panels import BESIDE, customer_of
from ..selectors import concern_of


class ConcernUpdate(StaffView):
    """GET, POST /customers/about/<kind>/<id>/: the customer's order, product or device that the record is about."""

    permission = "orders.view"

    def subject(self, kind: str, pk: int) -> Any:
        """The record, out of the actor's set. Raises `NotFound`."""
        if kind not in BESIDE or kind == "customer":
            raise NotFound
        model: Any = apps.get_model(kinds[kind].model)
        return model.objects.all().fetch(self.actor, pk=pk)

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        subject = self.subject(kind, pk)
        concern = concern_of(subject)
        names = ("wants", "severity", "order", "product", "equipment")
        said = {name: getattr(concern, name) for name in names} if concern else {}
        return self.page(subject, ConcernForm(customer=customer_of(subject), initial=said))

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        subject = self.subject(kind, pk)
        customer = customer_of(subject)
        form = ConcernForm(request.POST, customer=customer)
        if form.is_valid():
            try:
                actions.set_concern(actor=self.actor, subject=subject, customer=customer, **form.cleaned_data)
            except DomainError as error:
                show_error(form, error)
            else:
                messages.success(request, _("What it is about is saved."))
                return redirect(cells.url_of(subject))
        return self.page(subject, form, status=422)

    def page(self, subject: Any, form: Any, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "record": subject,
            "title": _("What %(name)s is about") % {"name": subject},
            "button": _("Save"),
            "back": cells.url_of(subject),
        }
        return render(self.request, "ui/generic/verb.html", context, status=status)
