"""Leads: captured from anywhere, then worked on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.accounts.models import User
from crm.core import money
from crm.core.actor import Actor
from crm.core.text import clean_line
from crm.integrations.rest.fields import (
    CustomField,
    In,
    MomentField,
    MoneyField,
    NumberedOut,
    Out,
    PersonOut,
    PlaceOut,
    RowField,
    TextField,
)
from crm.integrations.rest.verbs import verb
from crm.integrations.rest.views import Resource
from customers.api.people import with_answers
from customers.models import Contact, Customer
from customers.recognising.identities import masked_chat

from .. import actions
from ..actions.capture import UTM
from ..choices.leads import DiscardReason, LeadSource, LeadStatus
from ..models import Lead, Opportunity, Pipeline, Pool
from ..selectors.leads import sees_addresses, shown_mail, shown_number

LANGUAGES = [code for code, _name in settings.LANGUAGES]
#: Converting and discarding have calls of their own.
_BY_HAND = [LeadStatus.NEW, LeadStatus.WORKING, LeadStatus.QUALIFIED]


class LeadOut(Out):
    number = serializers.IntegerField()
    name = serializers.CharField()
    company = serializers.CharField()
    job_title = serializers.CharField()
    email = serializers.SerializerMethodField(help_text=_("Masked without the right to see addresses."))
    phone = serializers.SerializerMethodField(help_text=_("Masked without the right to see addresses."))
    wechat = serializers.SerializerMethodField()
    status = serializers.ChoiceField(LeadStatus.choices)
    source = serializers.ChoiceField(LeadSource.choices)
    campaign = serializers.CharField()
    owner = PersonOut(allow_null=True)
    pool = PlaceOut(allow_null=True)
    region = serializers.CharField()
    industry = serializers.CharField()
    budget = MoneyField("budget")
    message = serializers.CharField()
    language = serializers.CharField()
    score = serializers.IntegerField()
    discard_reason = serializers.CharField()
    customer = NumberedOut(source="converted_customer", allow_null=True, help_text=_("What it was converted to."))
    contact = PersonOut(source="converted_contact", allow_null=True)
    opportunity = serializers.SerializerMethodField(help_text=_("Number of the opportunity it was converted to."))
    converted_at = MomentField(allow_null=True)
    last_touched_at = MomentField(allow_null=True)
    created_at = MomentField()
    updated_at = MomentField()
    custom = CustomField()

    def get_opportunity(self, row: Lead) -> int | None:
        return getattr(row, "deal_number", None)

    def get_email(self, row: Lead) -> str:
        return shown_mail(self.actor, row)

    def get_phone(self, row: Lead) -> str:
        return row.phone if sees_addresses(self.actor, row) else shown_number(self.actor, row)

    def get_wechat(self, row: Lead) -> str:
        return row.wechat if not row.wechat or sees_addresses(self.actor, row) else masked_chat(row.wechat)


class LeadPatch(In):
    needs = frozenset()

    name = TextField()
    company = TextField(max_length=120, allow_blank=True)
    job_title = TextField(max_length=80, allow_blank=True)
    email = TextField(max_length=254, allow_blank=True)
    phone = TextField(max_length=40, allow_blank=True)
    wechat = TextField(max_length=100, allow_blank=True)
    status = serializers.ChoiceField(_BY_HAND)
    source = serializers.ChoiceField(LeadSource.choices)
    campaign = TextField(max_length=120, allow_blank=True)
    region = TextField(max_length=60, allow_blank=True)
    industry = TextField(max_length=60, allow_blank=True)
    budget = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, allow_null=True)
    currency = serializers.ChoiceField(list(money.SIGNS))
    message = TextField(max_length=10_000, allow_blank=True)
    language = serializers.ChoiceField(LANGUAGES, allow_blank=True)
    custom = CustomField()


class LeadIn(LeadPatch):
    needs = frozenset({"name"})

    owner = RowField(
        lambda actor: User.objects.visible_to(actor).active(), help_text=_("Without owner and pool the rules decide.")
    )
    pool = RowField(Pool.objects.visible_to)
    utm = serializers.DictField(child=TextField(max_length=120), help_text=", ".join(UTM))

    def validate_utm(self, value: dict[str, str]) -> dict[str, Any]:
        if set(value) - set(UTM):
            raise serializers.ValidationError(_("Choose one of the values"))
        return {"v": 1, **{name: clean_line(text, 120) for name, text in value.items()}}


class DiscardIn(In):
    reason = serializers.ChoiceField(DiscardReason.choices)
    note = TextField(max_length=300, required=False, allow_blank=True)


class DealIn(In):
    """The opportunity that a conversion makes; customer, contact and owner are the lead's."""

    name = TextField()
    amount = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0, required=False)
    currency = serializers.ChoiceField(list(money.SIGNS), required=False)
    pipeline = RowField(Pipeline.objects.visible_to, required=False)
    expected_close = serializers.DateField(required=False)
    note = TextField(max_length=10_000, required=False, allow_blank=True)


class ConvertIn(In):
    customer = RowField(
        Customer.objects.visible_to, "number", required=False, help_text=_("Number of a customer; else one is made.")
    )
    contact = RowField(
        Contact.objects.visible_to, required=False, help_text=_("A person of that customer; else the lead's is added.")
    )
    customer_name = TextField(required=False, max_length=120, help_text=_("Of the new one; else the lead's company."))
    opportunity = DealIn(required=False, help_text=_("Without it there is no opportunity."))


class HolderIn(In):
    owner = RowField(lambda actor: User.objects.visible_to(actor).active())


class Leads(Resource):
    kind, path, permission, order = "lead", "leads", "leads.view", 40
    out, creates, updates = LeadOut, LeadIn, LeadPatch
    create_permission, update_permission = "leads.create", "leads.update"
    orders = {"created": "created_at", "updated": "updated_at", "number": "number", "score": "score"}

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        deals = Opportunity.objects.filter(pk=OuterRef("converted_opportunity_id")).values("number")
        rows = rows.annotate(deal_number=Subquery(deals))
        return rows.select_related("owner", "pool", "converted_customer", "converted_contact")

    def perform_create(self, values: dict[str, Any]) -> Lead:
        return actions.create_lead(actor=self.actor, values={"source": LeadSource.WEB_FORM, **with_answers(values)})

    def perform_update(self, row: Lead, values: dict[str, Any]) -> Lead:
        return actions.update_lead(actor=self.actor, lead=row, values=with_answers(values))

    @verb(_("Hand to a colleague"), asks=HolderIn, permission="leads.assign")
    def assign(self, row: Lead, values: dict[str, Any]) -> Lead:
        return actions.assign_lead(actor=self.actor, lead=row, owner=values["owner"])

    @verb(_("Convert to customer, contact and, if asked for, opportunity"), asks=ConvertIn, permission="leads.update")
    def convert(self, row: Lead, values: dict[str, Any]) -> Lead:
        return actions.convert_lead(actor=self.actor, lead=row, **values)

    @verb(_("Discard"), asks=DiscardIn, permission="leads.update")
    def discard(self, row: Lead, values: dict[str, Any]) -> Lead:
        return actions.discard_lead(actor=self.actor, lead=row, **values)
