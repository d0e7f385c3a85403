"""Deals, the stages they go through, and why some are lost."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.accounts.models import User
from crm.core import money
from crm.core.actor import Actor
from crm.integrations.rest.fields import (
    CustomField,
    In,
    MomentField,
    MoneyField,
    NameField,
    NumberedOut,
    Out,
    PersonOut,
    PlaceOut,
    RowField,
    TextField,
)
from crm.integrations.rest.verbs import verb
from crm.integrations.rest.views import Resource
from crm.ui.lists import ListPage
from customers.api.lines import LineIn, LineOut, new_lines
from customers.api.people import with_answers
from customers.models import Contact, Customer

from .. import actions
from ..choices.opportunities import OpportunitySource, StageKind
from ..models import LostReason, Opportunity, Pipeline, Stage


class OpportunityOut(Out):
    number = serializers.IntegerField()
    name = serializers.CharField()
    customer = NumberedOut()
    contact = PersonOut(allow_null=True)
    owner = PersonOut(allow_null=True)
    pipeline = PlaceOut()
    stage = PlaceOut()
    state = serializers.ChoiceField(StageKind.choices)
    amount = MoneyField("amount")
    probability = serializers.IntegerField(source="chance", help_text=_("In per cent: its own, else the stage's."))
    expected_close = serializers.DateField()
    source = serializers.ChoiceField(OpportunitySource.choices)
    note = serializers.CharField()
    lines = LineOut(many=True)
    stage_entered_at = MomentField()
    won_at = MomentField(allow_null=True)
    lost_at = MomentField(allow_null=True)
    lost_reason = PlaceOut(allow_null=True)
    created_at = MomentField()
    updated_at = MomentField()
    custom = CustomField()


class OpportunityPatch(In):
    needs = frozenset()

    name = TextField()
    contact = RowField(Contact.objects.visible_to, allow_null=True)
    owner = RowField(lambda actor: User.objects.visible_to(actor).active(), allow_null=True)
    amount = serializers.DecimalField(max_digits=16, decimal_places=2, min_value=0)
    currency = serializers.ChoiceField(list(money.SIGNS))
    probability = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)
    expected_close = serializers.DateField()
    source = serializers.ChoiceField(OpportunitySource.choices)
    note = TextField(max_length=10_000, allow_blank=True)
    custom = CustomField()


class OpportunityIn(OpportunityPatch):
    needs = frozenset({"name", "customer"})

    customer = RowField(Customer.objects.visible_to, "number", help_text=_("Number of a customer."))
    pipeline = RowField(Pipeline.objects.visible_to)
    stage = RowField(Stage.objects.visible_to, help_text=_("An open stage; without it the first of the pipeline."))
    lines = LineIn(many=True, max_length=200, help_text=_("The amount is then their sum."))


class MoveIn(In):
    stage = RowField(Stage.objects.visible_to)


class LoseIn(In):
    reason = RowField(LostReason.objects.visible_to)
    note = TextField(max_length=400, required=False, allow_blank=True)


class Opportunities(Resource):
    kind, path, permission, order = "opportunity", "opportunities", "opportunities.view", 41
    out, creates, updates = OpportunityOut, OpportunityIn, OpportunityPatch
    create_permission, update_permission = "opportunities.create", "opportunities.update"
    orders = {
        "created": "created_at", "updated": "updated_at", "number": "number", "expected_close": "expected_close",
    }  # fmt: skip

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        related = rows.select_related("customer", "contact", "owner", "pipeline", "stage", "lost_reason")
        return related.prefetch_related("lines__product")

    def perform_create(self, values: dict[str, Any]) -> Opportunity:
        if "lines" in values:
            values["lines"] = new_lines(values["lines"])
        deal = actions.create_opportunity(actor=self.actor, values=with_answers(values))
        self.must_see(deal)
        return deal

    def perform_update(self, row: Opportunity, values: dict[str, Any]) -> Opportunity:
        return actions.update_opportunity(actor=self.actor, opportunity=row, values=with_answers(values))

    @verb(_("Move to another stage"), asks=MoveIn, permission="opportunities.update")
    def move(self, row: Opportunity, values: dict[str, Any]) -> Opportunity:
        return actions.move_stage(actor=self.actor, opportunity=row, stage=values["stage"])

    @verb(_("Won"), permission="opportunities.update")
    def win(self, row: Opportunity, values: dict[str, Any]) -> Opportunity:
        return actions.win_opportunity(actor=self.actor, opportunity=row)

    @verb(_("Lost"), asks=LoseIn, permission="opportunities.update")
    def lose(self, row: Opportunity, values: dict[str, Any]) -> Opportunity:
        return actions.lose_opportunity(actor=self.actor, opportunity=row, **values)


class StageOut(Out):
    id = serializers.IntegerField()
    name = NameField()
    pipeline = PlaceOut()
    kind = serializers.ChoiceField(StageKind.choices)
    probability = serializers.IntegerField()
    order = serializers.IntegerField()
    is_active = serializers.BooleanField()


class Stages(Resource):
    kind, path, permission, order, lookup = "stage", "stages", "opportunities.view", 42, "pk"
    page = ListPage(
        key="stage", model=Stage, label=_("Stages"), permission="opportunities.view", url_name="", columns=[]
    )
    out = StageOut

    @classmethod
    def prepared(cls, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
        return rows.select_related("pipeline")


class LostReasonOut(Out):
    id = serializers.IntegerField()
    name = NameField()
    needs_note = serializers.BooleanField()
    is_active = serializers.BooleanField()


class LostReasons(Resource):
    kind, path, permission, order, lookup = "lost_reason", "lost-reasons", "opportunities.view", 43, "pk"
    page = ListPage(
        key="lost_reason", model=LostReason, label=_("Lost reasons"), permission="opportunities.view", url_name="",
        columns=[],
    )  # fmt: skip
    out = LostReasonOut
