"""The people of a customer: page, making and changing, and what they agree to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from crm.core.errors import NotFound
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DetailView, UpdateView

from .. import actions
from ..choices import CHATS, ConsentChannel
from ..forms.people import ConsentForm, ContactFactsForm, ContactForm
from ..models import Contact, Customer, PortalAccess
from ..selectors import consents_of, merges_of, shown_address


class ContactDetail(DetailView):
    """One person: how they are reached, what they agree to, what happened with them."""

    permission = "customers.view"
    model = Contact
    watched = True
    reveals = "customers.reveal"
    relations = ("customer",)
    template_name = "customers/contact_detail.html"
    fields = (
        Field("customer", gettext_lazy("Customer"), cells.link("customer.name")),
        Field("job_title", gettext_lazy("Job title")),
        Field("role", gettext_lazy("Part in decisions"), "get_role_display"),
        Field("preferred_channel", gettext_lazy("Preferred way to be reached"), "get_preferred_channel_display"),
        Field("language", gettext_lazy("Language"), lambda row, viewer: dict(settings.LANGUAGES).get(row.language, "")),
        Field("timezone", gettext_lazy("Time zone")),
        Field("is_primary", gettext_lazy("Main contact")),
        Field("created_at", gettext_lazy("Created"), cells.moment("created_at")),
    )
    verbs = (
        Verb(gettext_lazy("Edit"), "customers:contact_update", "edit", "customers.update", primary=True),
        Verb(gettext_lazy("Merge"), "customers:contact_merge", "merge", "customers.merge"),
        Verb(gettext_lazy("Consent"), "customers:contact_consent", "ok", "customers.update"),
        Verb(gettext_lazy("Customer portal"), "customers:contact_portal", "security", "customers.update"),
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; the address of a merged contact leads to the person it is part of."""
        try:
            return super().get(request, **kwargs)
        except NotFound:
            gone = Contact.all_objects.filter(pk=kwargs["pk"], merged_into__isnull=False).first()
            if gone is None:
                raise
            return redirect(self.url_of(Contact.objects.fetch(self.actor, pk=gone.merged_into_id)))

    def extra(self) -> dict[str, Any]:
        person, said = self.object, consents_of(self.object)
        return {
            "merges": merges_of(self.actor, person),
            "addresses": [(row, shown_address(self.actor, row)) for row in person.identities.order_by("kind", "pk")],
            "consents": [(channel.label, said[channel]) for channel in ConsentChannel],
            "portal": PortalAccess.objects.filter(contact=person).first() or PortalAccess(contact=person),
        }


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
        return actions.add_contact(actor=self.actor, customer=self.object, **as_arguments(values))

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

    def form_kwargs(self) -> dict[str, Any]:
        return {"present": self.object.custom}

    def initial(self) -> dict[str, Any]:
        person, identities = self.object, list(self.object.identities.order_by("-is_primary", "pk"))
        facts = ("name", "job_title", "role", "preferred_channel", "language", "timezone")
        return {
            **{name: getattr(person, name) for name in facts},
            "emails": "\n".join(row.value for row in identities if row.kind == "email"),
            "phones": "\n".join(row.value for row in identities if row.kind == "phone"),
            **{kind: next((row.value for row in identities if row.kind == kind), "") for kind in CHATS},
        }

    def perform(self, values: dict[str, Any]) -> Any:
        now = {**self.initial(), **values}
        for name in ("emails", "phones"):
            now[name] = now[name].splitlines() if isinstance(now[name], str) else now[name]
        return actions.update_contact(actor=self.actor, contact=self.object, **as_arguments(now))

    def url_of(self, record: Any) -> str:
        return cells.url_of(record)


class ContactConsent(ActionView):
    """What the person told staff about being advertised to, channel by channel."""

    permission = "customers.update"
    model = Contact
    relations = ("customer",)
    action = actions.set_consents
    form_class = ConsentForm
    title = gettext_lazy("What %(name)s agrees to")
    button = gettext_lazy("Save consent")

    def form_kwargs(self) -> dict[str, Any]:
        return {"present": consents_of(self.object)}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.form: Any = None
        return super().post(request, **kwargs)

    def make_form(self) -> Any:
        self.form = super().make_form()
        return self.form

    def perform(self, values: dict[str, Any]) -> Any:
        return actions.set_consents(actor=self.actor, contact=self.object, granted=self.form.granted, how=values["how"])


def as_arguments(values: dict[str, Any]) -> dict[str, Any]:
    """The form's one field a chat, and one an answer, as mappings; the form without addresses has no chats."""
    answers = custom_values(values)
    given = {kind: values[kind] for kind in CHATS if kind in values}
    facts = {name: value for name, value in values.items() if name not in CHATS and not name.startswith(PREFIX)}
    chats = {str(kind): value for kind, value in given.items()} if given else None
    return {**facts, "chats": chats, "answers": answers}
