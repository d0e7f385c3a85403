"""Leads: captured from anywhere, then worked on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
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
from customers.recognising.identities import masked_chat

from .. import actions
from ..actions.capture import UTM
from ..choices.leads import DiscardReason, LeadSource, LeadStatus
from ..models import Lead, Pool
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
    converted_at = MomentField(allow_null=True)
    last_touched_at = MomentField(allow_null=True)
    created_at = MomentField()
    updated_at = MomentField()
    custom = CustomField()

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


class HolderIn(In):
    owner = RowField(lambda actor: User.objects.visible_to(actor).active())


class Leads(Resource):
    kind, path, permission, order = "lead", "leads", "leads.view", 40
    out, creates, updates = LeadOut, LeadIn, LeadPatch
    create_permission, update_permission = "leads.create", "leads.update"
    orders = {"created": "created_at", "updated": "updated_at", "number": "number", "score": "score"}

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("owner", "pool", "converted_customer")

    def perform_create(self, values: dict[str, Any]) -> Lead:
        return actions.create_lead(actor=self.actor, values={"source": LeadSource.WEB_FORM, **with_answers(values)})

    def perform_update(self, row: Lead, values: dict[str, Any]) -> Lead:
        return actions.update_lead(actor=self.actor, lead=row, values=with_answers(values))

    @verb(_("Hand to a colleague"), asks=HolderIn, permission="leads.assign")
    def assign(self, row: Lead, values: dict[str, Any]) -> Lead:
        return actions.assign_lead(actor=self.actor, lead=row, owner=values["owner"])

    @verb(_("Discard"), asks=DiscardIn, permission="leads.update")
    def discard(self, row: Lead, values: dict[str, Any]) -> Lead:
        return actions.discard_lead(actor=self.actor, lead=row, **values)
