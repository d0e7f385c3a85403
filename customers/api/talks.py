"""Interactions: calls, meetings, visits and messages that no machine saw, in the API."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.core.actor import Actor
from crm.integrations.rest.fields import In, MomentField, NumberedOut, Out, PersonOut, RowField, TextField
from crm.integrations.rest.views import Resource
from crm.ui.lists import ListPage

from .. import actions
from ..choices import InteractionKind, InteractionOutcome
from ..models import Contact, Customer, Interaction


class InteractionOut(Out):
    id = serializers.IntegerField()
    customer = NumberedOut()
    contact = PersonOut(allow_null=True)
    user = PersonOut(allow_null=True, help_text=_("Who talked; null for one who left no trace."))
    kind = serializers.ChoiceField(InteractionKind.choices)
    outcome = serializers.ChoiceField([("", ""), *InteractionOutcome.choices])
    text = serializers.CharField()
    happened_at = MomentField()
    minutes = serializers.IntegerField(help_text=_("How long it took; 0 when nobody said."))
    place = serializers.CharField(help_text=_("Where it was, as typed."))
    latitude = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    longitude = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    created_at = MomentField()
    updated_at = MomentField()


class InteractionIn(In):
    customer = RowField(Customer.objects.visible_to, "number", help_text=_("Number of a customer."))
    contact = RowField(Contact.objects.visible_to, required=False, allow_null=True)
    kind = serializers.ChoiceField(InteractionKind.choices)
    outcome = serializers.ChoiceField(InteractionOutcome.choices, required=False)
    text = TextField(max_length=10_000, trim_whitespace=False)
    happened_at = MomentField(required=False, help_text=_("Without it: now."))
    minutes = serializers.IntegerField(required=False, min_value=0, max_value=1440)
    place = TextField(max_length=300, required=False, help_text=_("Where it was."))
    latitude = serializers.DecimalField(max_digits=9, decimal_places=6, required=False, help_text=_("With longitude."))
    longitude = serializers.DecimalField(max_digits=9, decimal_places=6, required=False)
    follow_up_at = MomentField(required=False, help_text=_("A task waits for the caller then."))
    follow_up = TextField(required=False, help_text=_("The task's title."))

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if ("latitude" in values) != ("longitude" in values):
            raise serializers.ValidationError({"longitude": _t("Send latitude and longitude together.")})
        return values


class InteractionFilters(df.FilterSet):
    customer = df.NumberFilter(label=_("Customer number"), field_name="customer__number")
    kind = df.ChoiceFilter(label=_("Kind"), choices=InteractionKind.choices)
    happened_from = df.IsoDateTimeFilter(label=_("From"), field_name="happened_at", lookup_expr="gte")
    happened_to = df.IsoDateTimeFilter(label=_("Before"), field_name="happened_at", lookup_expr="lt")

    class Meta:
        model = Interaction
        fields: list[str] = []


class Interactions(Resource):
    kind, path, permission, order, lookup = "interaction", "interactions", "customers.view", 22, "pk"
    page = ListPage(
        key="interaction", model=Interaction, label=_("Interactions"), permission="customers.view", url_name="",
        columns=[], filterset=InteractionFilters,
    )  # fmt: skip
    out, creates = InteractionOut, InteractionIn
    create_permission = "customers.update"
    orders = {"created": "created_at", "updated": "updated_at", "happened": "happened_at"}

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("customer", "contact", "user")

    def perform_create(self, values: dict[str, Any]) -> Interaction:
        if "latitude" in values:
            values["position"] = values.pop("latitude"), values.pop("longitude")
        return actions.log_interaction(actor=self.actor, **values)
