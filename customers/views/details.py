"""Places, billing titles and collaborators of a customer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.ui.generic import cells
from crm.ui.views.generic import ActionView, CreateView, UpdateView

from .. import actions
from ..forms.details import (
    AddressForm,
    AddressWithoutPhoneForm,
    BillingTitleForm,
    BillingTitleWithoutNumbersForm,
    CollaboratorsForm,
)
from ..models import Address, BillingTitle, Customer


class DetailCreate(CreateView):
    """A new row of the customer in the address; afterwards back to the customer."""

    permission = "customers.update"
    model = Customer
    lookup = "number"
    button = gettext_lazy("Save")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and self.actor.can(self.permission):
            self.object = self.record()
        return super().dispatch(request, *args, **kwargs)

    def perform(self, values: dict[str, Any]) -> Any:
        return self.verb()(actor=self.actor, customer=self.object, values=values)

    def answer(self, record: Any) -> HttpResponse:
        return redirect(self.url_of(self.object))


class DetailUpdate(UpdateView):
    """A row of a customer; afterwards back to the customer. masked_form: for who may not see numbers in full."""

    permission = "customers.update"
    relations = ("customer",)
    masked_form: ClassVar[Any] = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.masked_form and request.user.is_authenticated and not self.actor.can("customers.reveal"):
            self.form_class = self.masked_form

    def perform(self, values: dict[str, Any]) -> Any:
        return self.verb()(actor=self.actor, customer=self.object.customer, values=values, record=self.object)

    def url_of(self, record: Any) -> str:
        return cells.url_of(record.customer)


class DetailRemove(ActionView):
    """Takes a row of a customer away, after asking."""

    permission = "customers.update"
    relations = ("customer",)
    action = actions.remove_detail
    title = gettext_lazy("Remove %(name)s?")
    button = gettext_lazy("Remove")
    danger = True
    template_name: ClassVar[str] = "ui/generic/verb.html"

    def perform(self, values: dict[str, Any]) -> Any:
        self.customer = self.object.customer
        return actions.remove_detail(actor=self.actor, customer=self.customer, record=self.object)

    def answer(self) -> HttpResponse:
        return redirect(cells.url_of(self.customer))

    def url_of(self, record: Any) -> str:
        return cells.url_of(record.customer)


class AddressCreate(DetailCreate):
    form_class, action, title = AddressForm, actions.save_address, gettext_lazy("New address")


class AddressUpdate(DetailUpdate):
    model, form_class, action = Address, AddressForm, actions.save_address
    masked_form = AddressWithoutPhoneForm


class AddressRemove(DetailRemove):
    model = Address


class BillingTitleCreate(DetailCreate):
    form_class, action = BillingTitleForm, actions.save_billing_title
    title = gettext_lazy("New billing title")


class BillingTitleUpdate(DetailUpdate):
    model, form_class, action = BillingTitle, BillingTitleForm, actions.save_billing_title
    masked_form = BillingTitleWithoutNumbersForm


class BillingTitleRemove(DetailRemove):
    model = BillingTitle


class Collaborators(ActionView):
    """Who works with the customer beside its owner."""

    permission = "customers.update"
    model = Customer
    lookup = "number"
    action = actions.set_collaborators
    form_class = CollaboratorsForm
    title = gettext_lazy("Collaborators of %(name)s")
    button = gettext_lazy("Save")

    def form_kwargs(self) -> dict[str, Any]:
        present = User.objects.filter(pk__in=self.object.collaborators.values("user"))
        return {"customer": self.object, "initial": {"users": present}}

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.set_collaborators(actor=self.actor, customer=self.object, users=list(values["users"]))
