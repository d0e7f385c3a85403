"""Making and changing deals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import Deed, record_many
from crm.core import clock, money
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line, clean_text
from crm.fields.forms import PREFIX
from crm.fields.records import changed_in_words, custom_values, store_answers
from crm.jobs import idempotency
from customers.actions import link_records
from customers.models import Customer

from ..choices.opportunities import OpportunitySource, StageKind
from ..exceptions.opportunities import OpportunityIsClosed
from ..models import Collaborator, Opportunity, Pipeline, Stage, StageSpan
from ..selectors.opportunities import default_pipeline
from .lines import store_lines

#: What a person may set on a deal; anything else in `values` raises `Invalid`.
EDITABLE = (
    "name", "contact", "owner", "department", "amount", "currency", "probability", "expected_close", "source", "note",
)  # fmt: skip
#: What a deal that is won or lost keeps as it was.
_SETTLED = frozenset({"amount", "currency", "probability", "expected_close"})
#: A deal is expected to close this many days from now unless somebody says when.
USUAL_DAYS = 30


@action(permission="opportunities.create")
def create_opportunity(*, actor: Actor, values: Mapping[str, Any], form_key: str = "") -> Opportunity:
    """Makes a deal with a customer of the actor's set, in the first open stage of its pipeline.

    values: customer and any of `EDITABLE`, `pipeline`, `stage` (an open one), `lines` (of `NewLine`), `origin` (the
    record of the customer it comes from, such as a ticket), and answers to custom fields ("custom_" and the key). The
    owner is who `values` says, else the customer's owner, else the actor;
    an author who is not the owner becomes a collaborator and goes on seeing it. The same form_key gives the first
    row again. Raises `Invalid` with `fields`, and `NotFound` for a customer outside the actor's set.
    """
    facts = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    lines, origin = facts.pop("lines", None) or (), facts.pop("origin", None)
    customer = facts.pop("customer", None)
    owner_of = Customer.objects.visible_to(actor).select_related("brand", "owner").filter(pk=getattr(customer, "pk", 0))
    found: Customer | None = owner_of.first()
    if found is None:
        raise NotFound
    who, route = f"{actor.kind}:{actor.id}", "opportunities.create"
    sent = {"customer": found.pk, "name": str(facts.get("name", "")), "amount": str(facts.get("amount", ""))}
    earlier = idempotency.begin(route=route, actor=who, key=form_key, body=sent) if form_key else None
    if earlier is not None:
        return Opportunity.objects.get(pk=earlier.answer["opportunity"])
    stage = first_stage(facts.pop("pipeline", None), facts.pop("stage", None))
    deal = Opportunity(customer=found, brand=found.brand, stage=stage, pipeline_id=stage.pipeline_id)
    fill(actor, deal, facts)
    store_answers(deal, custom_values(values))
    deal.save()
    if lines:
        store_lines(deal, lines)
    StageSpan.objects.create(opportunity=deal, stage=stage, entered_at=deal.stage_entered_at, amount=deal.amount)
    if actor.user_id is not None and actor.user_id != deal.owner_id:
        Collaborator.objects.create(opportunity=deal, user_id=actor.user_id)
    if origin is not None:
        link_records(actor=actor, customer=found, source=origin, target=deal)
    tell(actor, "opportunities.created", deal, {"owner_id": deal.owner_id}, origin)
    if form_key:
        idempotency.finish(route=route, actor=who, key=form_key, answer={"opportunity": deal.pk})
    return deal


@action(permission="opportunities.update")
def update_opportunity(*, actor: Actor, opportunity: Opportunity, values: Mapping[str, Any]) -> Opportunity:
    """Sets any of `EDITABLE` and custom fields; nothing is written when none differs.

    Raises `Invalid`, `NotFound`, `OpportunityIsClosed` for money, chance or date of one that is won or lost.
    """
    facts = _checked({name: value for name, value in values.items() if not name.startswith(PREFIX)})
    row = locked(actor, opportunity)
    before = {name: getattr(row, name) for name in facts}
    changed = {name: value for name, value in facts.items() if before[name] != value}
    answered = store_answers(row, custom_values(values))
    if not changed and not answered:
        return row
    if not row.is_open and _SETTLED & set(changed):
        raise OpportunityIsClosed
    if {"amount", "currency"} & set(changed) and row.lines.exists():
        name = "amount" if "amount" in changed else "currency"
        raise Invalid(fields={name: _("The amount is the sum of the products. Change the products instead.")})
    _check_contact(row.customer_id, changed)
    for name, value in changed.items():
        setattr(row, name, value)
    if "owner" in changed and "department" not in changed and row.owner is not None:
        row.department_id = row.owner.department_id
    row.save()
    changes = {name: [_plain(before[name]), _plain(value)] for name, value in changed.items()}
    changes |= {PREFIX + entry.key: pair for entry, pair in answered.items()}
    data = {"fields": changed_in_words(Opportunity, changed, answered), "changes": changes}
    if "owner" in changed:
        data["owner_id"] = row.owner_id
    tell(actor, "opportunities.updated", row, data)
    return row


@action(permission="opportunities.update")
def add_note(*, actor: Actor, opportunity: Opportunity, text: str) -> None:
    """Puts a note on the deal's timeline and the customer's. Raises `Invalid` when it is empty, `NotFound`."""
    body = clean_text(text, 4000)
    if not body:
        raise Invalid(fields={"text": _("Enter the note")})
    tell(actor, "opportunities.noted", locked(actor, opportunity), {"text": body})


def locked(actor: Actor, opportunity: Opportunity) -> Opportunity:
    """The deal, fresh and locked, out of the actor's set. Raises `NotFound`."""
    rows = Opportunity.objects.visible_to(actor).lock().select_related("stage", "customer", "contact", "owner")
    row: Opportunity | None = rows.filter(pk=opportunity.pk).first()
    if row is None:
        raise NotFound
    return row


def tell(
    actor: Actor,
    type: str,
    deal: Opportunity,
    data: Mapping[str, Any] | None = None,
    origin: models.Model | None = None,
) -> None:
    """Writes the deed on the deal, its customer, its contact, and on what it came from."""
    record_many(actor=actor, deeds=[deed(type, deal, data, origin)])


def deed(
    type: str, deal: Opportunity, data: Mapping[str, Any] | None = None, origin: models.Model | None = None
) -> Deed:
    """What `tell` writes."""
    facts = {"number": deal.number, "name": deal.name, "amount": deal.amount_text, **(data or {})}
    return Deed(type, deal, [deal.customer, deal.contact, origin], facts)


def first_stage(pipeline: Pipeline | None, stage: Stage | None) -> Stage:
    """The open stage a new deal starts in. Raises `Invalid`."""
    if stage is not None:
        if stage.kind != StageKind.OPEN or (pipeline is not None and stage.pipeline_id != pipeline.pk):
            raise Invalid(fields={"stage": _("Choose an open stage of the pipeline")})
        return stage
    chosen = pipeline or default_pipeline()
    stages = Stage.objects.filter(pipeline=chosen, kind=StageKind.OPEN, is_active=True)
    first: Stage | None = stages.first()
    if first is None:
        raise Invalid(fields={"pipeline": _("This pipeline has no open stage. Set one up first.")})
    return first


def fill(actor: Actor, deal: Opportunity, facts: Mapping[str, Any]) -> None:
    """Sets the checked values of a new deal, and what follows where nobody said."""
    if not facts.get("name"):
        raise Invalid(fields={"name": _("Enter what the deal is about")})
    checked = {name: value for name, value in _checked(facts).items() if value is not None}
    _check_contact(deal.customer_id, checked)
    for name, value in checked.items():
        setattr(deal, name, value)
    if deal.owner is None:
        deal.owner = deal.customer.owner or User.objects.filter(pk=actor.user_id or 0).first()
    if deal.department_id is None:
        deal.department_id = deal.owner.department_id if deal.owner else deal.customer.department_id
    deal.currency = deal.currency or deal.brand.currency
    deal.amount = money.rounded(Decimal(deal.amount), deal.currency)
    if deal.expected_close is None:
        deal.expected_close = timezone.localtime(clock.now()).date() + dt.timedelta(days=USUAL_DAYS)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, cleaned. Raises `Invalid` with `fields`."""
    wrong: dict[str, object] = {name: _("This field cannot be set") for name in set(values) - set(EDITABLE)}
    facts = dict(values)
    if "name" in facts:
        facts["name"] = clean_line(facts["name"], 200)
        if not facts["name"]:
            wrong["name"] = _("Enter what the deal is about")
    if "note" in facts:
        facts["note"] = clean_text(facts["note"], 10_000)
    if facts.get("amount") is not None and not 0 <= facts["amount"] < 10**14:
        wrong["amount"] = _("Enter an amount of zero or more")
    if facts.get("currency", "CNY") not in money.SIGNS:
        wrong["currency"] = _("Choose a currency from the list")
    if facts.get("probability") is not None and not 0 <= facts["probability"] <= 100:
        wrong["probability"] = _("Enter a probability from 0 to 100")
    if facts.get("source", OpportunitySource.STAFF) not in OpportunitySource.values:
        wrong["source"] = _("Choose one of the values")
    owner: User | None = facts.get("owner")
    if owner is not None and not owner.is_active:
        wrong["owner"] = _("Choose a colleague who still works here")
    if wrong:
        raise Invalid(fields=wrong)
    return facts


def _check_contact(customer_id: int, values: Mapping[str, Any]) -> None:
    contact = values.get("contact")
    if contact is not None and contact.customer_id != customer_id:
        raise Invalid(fields={"contact": _("Choose a person of this customer")})


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | type(None)) else str(value)


def _field(name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", Opportunity._meta.get_field(name))
