"""Customers: list, page, create, edit, delete; their people and notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.console.views.recycle_bin import ToRecycleBin
from crm.core.errors import NotFound
from crm.ui import html
from crm.ui.generic import cells
from crm.ui.generic.narrowing import Group
from crm.ui.lists import Viewer
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
from ..exceptions import ExistsAlready
from ..forms.customers import CustomerForm, NewCustomerForm, NoteForm
from ..lists.customers import bought_cell, risk_cell, stage_tone, value_cell
from ..models import Customer
from ..recognising.duplicates import Hit, find_duplicates
from ..recognising.registration import masked_registration_code
from ..selectors import contacts_of, merges_of, next_task, shown_account, shown_address, shown_number

#: What people said to one another, as staff logged it.
TALKS = ("customers.talked", "customers.noted")


def registration_cell(row: Customer, viewer: Viewer) -> str:
    """The registration code, whole for those who see addresses whole."""
    may = viewer.actor.can("customers.reveal")
    return row.registration_code if may else masked_registration_code(row.registration_code)


def value_glance(row: Customer, viewer: Viewer) -> Any:
    """The value level and what was bought in all; both open the orders."""
    bought = bought_cell(row, viewer)
    address = f"{reverse('customers:order_list')}?customer={row.number}"
    note = format_html(' <small><a href="{}">{}</a></small>', address, bought) if bought else ""
    return format_html("{}{}", value_cell(row, viewer), note) or ""


def last_talk_glance(row: Customer, viewer: Viewer) -> Any:
    """When somebody last talked with them; it opens what was said."""
    if row.last_interaction_at is None:
        return ""
    when = cells.moment("last_interaction_at")(row, viewer)
    return format_html('<a href="{}?show={}">{}</a>', cells.url_of(row), "-".join(TALKS), when)


def next_step_cell(row: Customer, viewer: Viewer) -> Any:
    """The next open task about the customer: when it is due and what is to be done."""
    task = next_task(viewer.actor, row)
    if task is None:
        return ""
    return format_html("{} <small>{}</small>", html.time(task.due_at, short=True) if task.due_at else "", task.title)


def _is_external(row: Customer) -> bool:
    return not row.is_internal


class CustomerList(ListView):
    permission = "customers.view"
    page = "customer"


class CustomerDetail(DetailView):
    """One page for everything the viewer may know of a customer."""

    permission = "customers.view"
    model = Customer
    watched = True
    reveals = "customers.reveal"
    lookup = "number"
    relations = ("owner", "department", "brand", "parent", "facts")
    template_name = "customers/customer_detail.html"
    timeline_groups = (
        Group(gettext_lazy("Talks"), TALKS),
        Group(gettext_lazy("Tickets"), ("tickets", "messaging")),
        Group(gettext_lazy("Sales"), ("leads", "opportunities", "quotes", "contracts", "pools")),
        Group(gettext_lazy("Money"), ("orders", "payments")),
        Group(gettext_lazy("Marketing"), ("campaigns", "landing", "journeys", "segments")),
        Group(gettext_lazy("Tasks"), ("planner",)),
    )
    headline = (
        Field("value", pgettext_lazy("customer", "Value"), value_glance, "orders.view"),
        Field("risk", pgettext_lazy("customer", "Risk"), risk_cell),
        Field("last_interaction_at", gettext_lazy("Last follow-up"), last_talk_glance),
        Field("next_step", gettext_lazy("Next step"), next_step_cell),
    )
    fields = (
        Field("owner", gettext_lazy("Owner"), cells.person("owner")),
        Field("stage", gettext_lazy("Lifecycle stage"), cells.badge("get_stage_display", stage_tone)),
        Field("label", gettext_lazy("Number")),
        Field("kind", gettext_lazy("Kind"), "get_kind_display"),
        Field(
            "parent",
            gettext_lazy("Parent company"),
            lambda row, viewer: cells.link("name")(row.parent, viewer) if row.parent else "",
        ),
        Field("registration_code", gettext_lazy("Registration code"), registration_cell),
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
        Verb(gettext_lazy("Log a talk"), "customers:interaction_create", "phone", "customers.update", primary=True),
        Verb(gettext_lazy("Edit"), "customers:customer_update", "edit", "customers.update"),
        Verb(gettext_lazy("Add contact"), "customers:contact_create", "assign", "customers.update"),
        Verb(gettext_lazy("Set value"), "customers:customer_value", "star", "customers.update"),
        Verb(gettext_lazy("Note a wish"), "customers:wish_create", "wish", "customers.update"),
        Verb(gettext_lazy("Set risk"), "customers:customer_risk", "risk", "customers.credit"),
        Verb(gettext_lazy("Set credit limit"), "customers:customer_credit", "credit", "customers.credit"),
        Verb(gettext_lazy("Merge"), "customers:customer_merge", "merge", "customers.merge", when=_is_external),
        Verb(gettext_lazy("Delete"), "customers:customer_delete", "delete", "customers.delete", danger=True),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; the address of a merged customer leads to the one it is part of."""
        try:
            return super().get(request, **kwargs)
        except NotFound:
            gone = Customer.all_objects.filter(number=kwargs["number"], merged_into__isnull=False).first()
            if gone is None:
                raise
            return redirect(self.url_of(Customer.objects.fetch(self.actor, pk=gone.merged_into_id)))

    def extra(self) -> dict[str, Any]:
        customer = self.object
        return {
            "merges": merges_of(self.actor, customer),
            "customer": customer,
            "people": [
                {
                    "contact": person,
                    "addresses": [(row, shown_address(self.actor, row)) for row in person.identities.all()],
                    "verified": any(row.verified_at for row in person.identities.all()),
                }
                for person in contacts_of(self.actor, customer)
            ],
            "collaborators": customer.collaborators.select_related("user").order_by("user__sort_key"),
            "places": [(row, shown_number(self.actor, row.phone)) for row in customer.addresses.all()],
            "billing_titles": [
                (row, shown_number(self.actor, row.phone), shown_account(self.actor, row.bank_account))
                for row in customer.billing_titles.all()
            ],
            "subsidiaries": Customer.objects.visible_to(self.actor).filter(parent=customer).order_by("sort_key")[:20],
            "note_form": NoteForm(),
        }


class CustomerCreate(CreateView):
    permission = "customers.create"
    model = Customer
    form_class = NewCustomerForm
    action = actions.enter_customer
    title = gettext_lazy("New customer")
    button = gettext_lazy("Create customer")
    template_name = "customers/customer_form.html"
    hits: Sequence[Hit] = ()

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def initial(self) -> dict[str, Any]:
        return {"owner": self.actor.user_id}

    def write(self, form: Any) -> Any:
        """Asks first when the same customer is certainly here, also where it may not be opened (design law 4)."""
        if not form.cleaned_data["reason"].strip():
            asked = {name: form.cleaned_data.get(name, "") for name in ("name", "email", "phone", "registration_code")}
            self.hits = [hit for hit in find_duplicates(actor=self.actor, **asked) if hit.certain]
            if self.hits:
                raise ExistsAlready(
                    fields={"reason": _("Say why this is another customer, or use the one that exists")}
                )
        return super().write(form)

    def perform(self, values: dict[str, Any]) -> Any:
        about = {name: values.pop(name, "") for name in ("contact_name", "email", "phone", "reason")}
        return actions.enter_customer(actor=self.actor, values=values, **about)

    def extra(self) -> dict[str, Any]:
        asks_why = bool(self.hits or self.request.POST.get("reason"))
        return {"hits": self.hits, "asks_why": asks_why}


class CustomerUpdate(UpdateView):
    permission = "customers.update"
    model = Customer
    lookup = "number"
    form_class = CustomerForm
    action = actions.update_customer
    record_as = "customer"

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}


class CustomerDelete(ToRecycleBin, DeleteView):
    permission = "customers.delete"
    model = Customer
    lookup = "number"
    action = actions.delete_customer
    record_as = "customer"


class CustomerNote(ActionView):
    """A note on the timeline."""

    permission = "customers.update"
    model = Customer
    lookup = "number"
    action = actions.add_note
    record_as = "customer"
    form_class = NoteForm
    title = gettext_lazy("Add a note to %(name)s")
    button = gettext_lazy("Add note")
