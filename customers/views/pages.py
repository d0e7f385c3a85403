"""Customers: list, page, create, edit, delete; their people and notes."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from crm.console.views.recycle_bin import ToRecycleBin
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import (
    ActionView,
    CreateView,
    DeleteView,
    DetailView,
    ListView,
    UpdateView,
)

from .. import actions
from ..forms import ContactFactsForm, ContactForm, CustomerForm, NoteForm
from ..lists import stage_tone
from ..models import Contact, Customer
from ..selectors import contacts_of, shown_address


class CustomerList(ListView):
    permission = "customers.view"
    page = "customer"


class CustomerDetail(DetailView):
    """One page for everything the viewer may know of a customer."""

    permission = "customers.view"
    model = Customer
    lookup = "number"
    relations = ("owner", "department", "brand")
    template_name = "customers/customer_detail.html"
    fields = (
        Field("label", gettext_lazy("Number")),
        Field("owner", gettext_lazy("Owner"), cells.person("owner")),
        Field("stage", gettext_lazy("Lifecycle stage"), cells.badge("get_stage_display", stage_tone)),
        Field("kind", gettext_lazy("Kind"), "get_kind_display"),
        Field("industry", gettext_lazy("Industry")),
        Field("website", gettext_lazy("Website")),
        Field("address", gettext_lazy("Address")),
        Field("language", gettext_lazy("Language"), lambda row, viewer: dict(settings.LANGUAGES).get(row.language, "")),
        Field("timezone", gettext_lazy("Time zone")),
        Field("source", gettext_lazy("Source"), "get_source_display"),
        Field("department", gettext_lazy("Department")),
        Field("created_at", gettext_lazy("Created"), cells.moment("created_at")),
        Field("note", gettext_lazy("Note")),
    )
    verbs = (
        Verb(gettext_lazy("Edit"), "customers:customer_update", "edit", "customers.update", primary=True),
        Verb(gettext_lazy("Add contact"), "customers:contact_create", "assign", "customers.update"),
        Verb(gettext_lazy("Delete"), "customers:customer_delete", "delete", "customers.delete", danger=True),
    )

    def extra(self) -> dict[str, Any]:
        people = contacts_of(self.actor, self.object)
        return {
            "customer": self.object,
            "people": [
                {
                    "contact": person,
                    "addresses": [shown_address(self.actor, row) for row in person.identities.all()],
                    "verified": any(row.verified_at for row in person.identities.all()),
                }
                for person in people
            ],
            "note_form": NoteForm(),
        }


class CustomerCreate(CreateView):
    permission = "customers.create"
    model = Customer
    form_class = CustomerForm
    action = actions.create_customer
    title = gettext_lazy("New customer")
    button = gettext_lazy("Create customer")


class CustomerUpdate(UpdateView):
    permission = "customers.update"
    model = Customer
    lookup = "number"
    form_class = CustomerForm
    action = actions.update_customer

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.update_customer(actor=self.actor, customer=self.object, values=values)


class CustomerDelete(ToRecycleBin, DeleteView):
    permission = "customers.delete"
    model = Customer
    lookup = "number"
    action = actions.delete_customer

    def perform(self, record: Any) -> Any:
        return actions.delete_customer(actor=self.actor, customer=record)


class CustomerNote(ActionView):
    """A note on the timeline."""

    permission = "customers.update"
    model = Customer
    lookup = "number"
    action = actions.add_note
    form_class = NoteForm
    title = gettext_lazy("Add a note to %(name)s")
    button = gettext_lazy("Add note")

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.add_note(actor=self.actor, customer=self.object, **values)


class ContactCreate(CreateView):
    """A further person of the customer in the address."""

    permission = "customers.update"
    model = Customer
    lookup = "number"
    form_class = ContactForm
    action = actions.add_contact
    title = gettext_lazy("Add a contact")
    button = gettext_lazy("Add contact")

    def perform(self, values: dict[str, Any]) -> Any:
        self.object = self.record()
        return actions.add_contact(actor=self.actor, customer=self.object, **values)

    def answer(self, record: Any) -> HttpResponse:
        return redirect(self.url_of(self.object))

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.object = self.record()
        return super().get(request, **kwargs)


class ContactUpdate(UpdateView):
    permission = "customers.update"
    model = Contact
    relations = ("customer",)
    form_class = ContactForm
    action = actions.update_contact

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated and not self.actor.can("customers.reveal"):
            self.form_class = ContactFactsForm  # type: ignore[misc]

    def initial(self) -> dict[str, Any]:
        identities = list(self.object.identities.order_by("-is_primary", "pk"))
        return {
            "name": self.object.name,
            "job_title": self.object.job_title,
            "language": self.object.language,
            "timezone": self.object.timezone,
            "emails": "\n".join(row.value for row in identities if row.kind == "email"),
            "phones": "\n".join(row.value for row in identities if row.kind == "phone"),
        }

    def perform(self, values: dict[str, Any]) -> Any:
        now = {**self.initial(), **values}
        for name in ("emails", "phones"):
            now[name] = now[name].splitlines() if isinstance(now[name], str) else now[name]
        return actions.update_contact(actor=self.actor, contact=self.object, **now)

    def url_of(self, record: Any) -> str:
        return cells.url_of(record.customer)
