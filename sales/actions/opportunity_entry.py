"""Many deals at once, as files bring them, and taking back those that nobody worked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.activity.recording import Deed, record_many
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Conflict, NotFound
from crm.core.numbering import next_numbers
from crm.exchange.memory import images
from crm.fields.forms import PREFIX
from crm.fields.records import custom_values, store_answers
from crm.ui.generic.dependents import dependents_of
from customers.models import Customer

from ..exceptions.opportunities import InUse
from ..models import Collaborator, Opportunity, StageSpan
from ..models.opportunities import NUMBER_SEQUENCE
from .opportunities import deed, fill, first_stage


@action(permission="opportunities.create")
def create_opportunities(*, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[Opportunity]:
    """`create_opportunity` for many without products, all or none, written and told together. Raises as that does."""
    asked = {getattr(values.get("customer"), "pk", 0) for values in rows}
    customers = Customer.objects.visible_to(actor).select_related("brand", "owner").in_bulk(asked)
    if len(customers) < len(asked):
        raise NotFound
    deals = [_new(actor, customers[values["customer"].pk], values) for values in rows]
    for deal, number in zip(deals, next_numbers(NUMBER_SEQUENCE, len(deals)), strict=True):
        deal.number = number
        deal.fill_keys()
    Opportunity.objects.bulk_create(deals)
    StageSpan.objects.bulk_create(
        StageSpan(opportunity=deal, stage=deal.stage, entered_at=deal.stage_entered_at, amount=deal.amount)
        for deal in deals
    )
    if actor.user_id is not None:
        Collaborator.objects.bulk_create(
            Collaborator(opportunity=deal, user_id=actor.user_id) for deal in deals if deal.owner_id != actor.user_id
        )
    record_many(actor=actor, deeds=[deed("opportunities.created", deal, {"owner_id": deal.owner_id}) for deal in deals])
    return deals


@action(permission="opportunities.import")
def withdraw_opportunities(*, actor: Actor, kept: Mapping[int, Mapping[str, Any]]) -> None:
    """Moves deals that an import made to the recycle bin, all or none. kept: id → image that the import left.

    Raises `Conflict` when one changed since or is out of the actor's set, `InUse` while quotes or others need one.
    """
    seen = Opportunity.objects.visible_to(actor).lock().select_related("customer", "contact")
    rows: list[Opportunity] = list(seen.filter(pk__in=kept))
    if len(rows) < len(kept):
        raise Conflict(_("It is no longer there, or no longer yours to change"))
    now = images(rows, {name for image in kept.values() for name in image})
    if any(now[pk] != dict(image) for pk, image in kept.items()):
        raise Conflict(_("Somebody changed it since"))
    if dependents_of(*rows).blocked:
        raise InUse
    Opportunity.objects.filter(pk__in=kept).update(
        deleted_at=clock.now(), deleted_by_id=actor.user_id, updated_at=clock.now()
    )
    deeds: list[Deed] = [deed("opportunities.deleted", row) for row in rows]
    record_many(actor=actor, deeds=deeds)


def _new(actor: Actor, customer: Customer, values: Mapping[str, Any]) -> Opportunity:
    facts = {name: value for name, value in values.items() if not name.startswith(PREFIX) and name != "customer"}
    stage = first_stage(facts.pop("pipeline", None), facts.pop("stage", None))
    deal = Opportunity(customer=customer, brand=customer.brand, stage=stage, pipeline_id=stage.pipeline_id)
    fill(actor, deal, facts)
    store_answers(deal, custom_values(values))
    return deal
