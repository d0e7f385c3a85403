"""Customers and contacts."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.accounts.models import Department, User
from crm.core.actor import Actor
from crm.fields.forms import PREFIX
from crm.integrations.rest.fields import (
    CustomField,
    In,
    MomentField,
    NumberedOut,
    Out,
    PersonOut,
    PlaceOut,
    RowField,
    TagsField,
    TextField,
)
from crm.integrations.rest.tagging import set_tags
from crm.integrations.rest.verbs import verb
from crm.integrations.rest.views import Resource
from crm.ui.lists import ListPage
from crm.ui.preferences import known_zone

from .. import actions
from ..choices import CHATS, ContactRole, CustomerKind, IdentityKind, Source, Stage
from ..models import Contact, Customer, Identity
from ..recognising.registration import masked_registration_code
from ..selectors import figures_of, shown_address

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class ZoneField(TextField):
    """An IANA name such as Asia/Shanghai, "" for none."""

    def __init__(self, **kwargs: Any):
        super().__init__(max_length=60, allow_blank=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        name: str = super().to_internal_value(data)
        if name and not known_zone(name):
            raise serializers.ValidationError(_("Enter an IANA time zone such as Asia/Shanghai."))
        return name


class CustomerOut(Out):
    number = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(CustomerKind.choices)
    stage = serializers.ChoiceField(Stage.choices)
    source = serializers.ChoiceField(Source.choices)
    owner = PersonOut(allow_null=True)
    department = PlaceOut(allow_null=True)
    parent = NumberedOut(allow_null=True, help_text=_("The company it belongs to."))
    industry = serializers.CharField()
    website = serializers.CharField()
    address = serializers.CharField()
    language = serializers.CharField()
    timezone = serializers.CharField()
    registration_code = serializers.SerializerMethodField(help_text=_("Masked without the right to see addresses."))
    value = serializers.SerializerMethodField(help_text=_("high, medium or low; empty when not known."))
    note = serializers.CharField()
    last_interaction_at = MomentField(allow_null=True)
    created_at = MomentField()
    updated_at = MomentField()
    tags = TagsField()
    custom = CustomField()

    def get_registration_code(self, row: Customer) -> str:
        may = self.actor.can("customers.reveal")
        return row.registration_code if may else masked_registration_code(row.registration_code)

    def get_value(self, row: Customer) -> str:
        figures = figures_of(row) if self.actor.can("orders.view") else None
        return figures.value if figures else ""


class CustomerPatch(In):
    needs = frozenset()

    name = TextField()
    kind = serializers.ChoiceField(CustomerKind.choices)
    stage = serializers.ChoiceField(Stage.choices)
    source = serializers.ChoiceField(Source.choices)
    owner = RowField(lambda actor: User.objects.visible_to(actor).active(), allow_null=True)
    department = RowField(Department.objects.visible_to, allow_null=True)
    parent = RowField(Customer.objects.visible_to, "number", allow_null=True, help_text=_("Number of a customer."))
    industry = TextField(max_length=60, allow_blank=True)
    website = serializers.URLField(max_length=200, allow_blank=True)
    address = TextField(max_length=300, allow_blank=True)
    language = serializers.ChoiceField(LANGUAGES, allow_blank=True)
    timezone = ZoneField()
    registration_code = TextField(max_length=40, allow_blank=True)
    note = TextField(max_length=10_000, allow_blank=True)
    tags = TagsField()
    custom = CustomField()


class CustomerIn(CustomerPatch):
    needs = frozenset({"name"})


class NoteIn(In):
    text = TextField(max_length=4000, trim_whitespace=False)


class Customers(Resource):
    kind, path, permission, order = "customer", "customers", "customers.view", 20
    out, creates, updates = CustomerOut, CustomerIn, CustomerPatch
    create_permission, update_permission = "customers.create", "customers.update"
    orders = {"created": "created_at", "updated": "updated_at", "number": "number", "name": "sort_key"}

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("owner", "department", "parent", "facts")

    def perform_create(self, values: dict[str, Any]) -> Customer:
        tags = values.pop("tags", None)
        customer = actions.create_customer(actor=self.actor, values=with_answers(values))
        self.must_see(customer)
        set_tags(self.actor, customer, tags)
        return customer

    def perform_update(self, row: Customer, values: dict[str, Any]) -> Customer:
        tags = values.pop("tags", None)
        if values:
            row = actions.update_customer(actor=self.actor, customer=row, values=with_answers(values))
        set_tags(self.actor, row, tags)
        return row

    @verb(_("Put a note on the timeline"), asks=NoteIn, permission="customers.update", status=201)
    def note(self, row: Customer, values: dict[str, Any]) -> Customer:
        actions.add_note(actor=self.actor, customer=row, text=values["text"])
        return row


class ContactOut(Out):
    id = serializers.IntegerField()
    customer = NumberedOut()
    name = serializers.CharField()
    job_title = serializers.CharField()
    role = serializers.CharField()
    preferred_channel = serializers.CharField()
    language = serializers.CharField()
    timezone = serializers.CharField()
    is_primary = serializers.BooleanField()
    emails = serializers.SerializerMethodField(help_text=_("Masked without the right to see addresses."))
    phones = serializers.SerializerMethodField(help_text=_("Masked without the right to see addresses."))
    chats = serializers.SerializerMethodField()
    created_at = MomentField()
    updated_at = MomentField()
    tags = TagsField()
    custom = CustomField()

    def get_emails(self, row: Contact) -> list[str]:
        return self._addresses(row, IdentityKind.EMAIL)

    def get_phones(self, row: Contact) -> list[str]:
        return self._addresses(row, IdentityKind.PHONE)

    def get_chats(self, row: Contact) -> dict[str, str]:
        return {each.kind: self._shown(each) for each in row.identities.all() if each.kind in CHATS}

    def _addresses(self, row: Contact, kind: str) -> list[str]:
        found = [each for each in row.identities.all() if each.kind == kind]
        return [self._shown(each) for each in sorted(found, key=lambda each: not each.is_primary)]

    def _shown(self, identity: Identity) -> str:
        """As it is stored (mail in lower case, numbers as E.164), masked for those who may not see it."""
        return identity.value if self.actor.can("customers.reveal") else shown_address(self.actor, identity)


class ContactPatch(In):
    needs = frozenset()

    name = TextField()
    emails = serializers.ListField(child=TextField(max_length=254), max_length=20)
    phones = serializers.ListField(child=TextField(max_length=40), max_length=20)
    chats = serializers.DictField(child=TextField(max_length=100, allow_blank=True), help_text=", ".join(CHATS))
    job_title = TextField(max_length=80, allow_blank=True)
    role = serializers.ChoiceField(ContactRole.choices, allow_blank=True)
    preferred_channel = serializers.ChoiceField(IdentityKind.choices, allow_blank=True)
    language = serializers.ChoiceField(LANGUAGES, allow_blank=True)
    timezone = ZoneField()
    tags = TagsField()
    custom = CustomField()

    def validate_chats(self, value: dict[str, str]) -> dict[str, str]:
        if set(value) - set(CHATS):
            raise serializers.ValidationError(_("Choose one of the values"))
        return value


class ContactIn(ContactPatch):
    customer = RowField(Customer.objects.visible_to, "number", help_text=_("Number of a customer."))

    needs = frozenset({"name", "customer"})


class ContactFilters(df.FilterSet):
    customer = df.NumberFilter(label=_("Customer number"), field_name="customer__number")
    email = df.CharFilter(label=_("Email, whole"), method="by_email")
    phone = df.CharFilter(label=_("Phone, whole, E.164"), method="by_phone")

    class Meta:
        model = Contact
        fields: list[str] = []

    def by_email(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(identities__kind=IdentityKind.EMAIL, identities__value=value.lower())

    def by_phone(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(identities__kind=IdentityKind.PHONE, identities__value=value)


CONTACTS = ListPage(
    key="contact",
    model=Contact,
    label=_("Contacts"),
    permission="customers.view",
    url_name="",
    columns=[],
    base=lambda rows: rows.filter(customer__is_internal=False),
    filterset=ContactFilters,
    search=lambda rows, text, actor: rows.matching(text, pieces=actor.can("customers.reveal")),
)


class Contacts(Resource):
    kind, path, permission, order, lookup = "contact", "contacts", "customers.view", 21, "pk"
    page = CONTACTS
    out, creates, updates = ContactOut, ContactIn, ContactPatch
    create_permission = update_permission = "customers.update"
    orders = {"created": "created_at", "updated": "updated_at", "name": "sort_key"}

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("customer").prefetch_related("identities")

    def perform_create(self, values: dict[str, Any]) -> Contact:
        tags, answers = values.pop("tags", None), values.pop("custom", None)
        contact = actions.add_contact(actor=self.actor, answers=answers, **values)
        set_tags(self.actor, contact, tags)
        return contact

    def perform_update(self, row: Contact, values: dict[str, Any]) -> Contact:
        tags = values.pop("tags", None)
        if values:
            row = actions.update_contact(actor=self.actor, contact=row, **_whole(row, values))
        set_tags(self.actor, row, tags)
        return row


def with_answers(values: dict[str, Any]) -> dict[str, Any]:
    """The values with answers to custom fields named as actions want them."""
    return {**{PREFIX + key: answer for key, answer in values.pop("custom", {}).items()}, **values}


def _whole(row: Contact, values: dict[str, Any]) -> dict[str, Any]:
    """Everything `update_contact` replaces, with what was not sent as it stands."""
    present = {name: getattr(row, name) for name in ("name", "job_title", "role", "preferred_channel")}
    present |= {"language": row.language, "timezone": row.timezone}
    identities = sorted(row.identities.all(), key=lambda each: (not each.is_primary, each.pk))
    for name, kind in (("emails", IdentityKind.EMAIL), ("phones", IdentityKind.PHONE)):
        present[name] = [each.value for each in identities if each.kind == kind]
    if "chats" in values:
        present["chats"] = {each.kind: each.value for each in identities if each.kind in CHATS}
        values["chats"] = {**present["chats"], **values["chats"]}
    answers = values.pop("custom", None)
    return {**present, **values, "answers": answers}
