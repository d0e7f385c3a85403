"""Entering leads, one or many, and finding each a holder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import Deed, kind_of, record_many
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.models import Brand
from crm.core.numbering import next_numbers
from crm.core.translated import in_all_languages
from crm.fields.records import store_answers

from ..choices.leads import SpanStart
from ..models import Lead, Pool
from ..models.leads import NUMBER_SEQUENCE
from .holding import give_many, put_into_pools
from .lead_routing import route_leads
from .lead_scores import score_leads
from .leads import require_address, split_values

#: What somebody agreed to, as the lead keeps it until its person is a contact.
CONSENT = ("consent_text", "consented_at")


@action(permission="leads.create", leaves_scope=True)
def create_lead(*, actor: Actor, values: Mapping[str, Any], origin: models.Model | None = None) -> Lead:
    """Enters a lead. Without "owner" and "pool" among the values the assignment rules decide, else its creator has it.

    origin: the ticket or other record it comes from, whose timeline tells of it. Answers to custom fields are named
    "custom_" and their key. Raises `Invalid`, `NeedsAddress`, `BadEmail`, `BadPhone`, `BadChatId`.
    """
    return create_leads(actor=actor, rows=[values], origin=origin)[0]


@action(permission="leads.create", leaves_scope=True)
def create_leads(*, actor: Actor, rows: Sequence[Mapping[str, Any]], origin: models.Model | None = None) -> list[Lead]:
    """`create_lead` for many, all or none, written and told together. Raises as that does."""
    brand = Brand.default()
    entries = [_entry(brand, values, origin) for values in rows]
    leads = [entry.lead for entry in entries]
    for lead, number in zip(leads, next_numbers(NUMBER_SEQUENCE, len(leads)), strict=True):
        lead.number = number
        lead.fill_keys()
    Lead.objects.bulk_create(leads)
    deeds = [
        Deed("leads.created", lead, [origin], {
            "number": lead.number, "name": lead.name, "source": in_all_languages(lead.get_source_display()),
        })
        for lead in leads
    ]  # fmt: skip
    record_many(actor=actor, deeds=deeds)
    place_leads(actor, entries)
    return leads


@dataclass(frozen=True, slots=True)
class NewLead:
    """A stored lead that nobody holds yet, and who is to: a person, a pool, or whom the rules choose."""

    lead: Lead
    owner: User | None = None
    pool: Pool | None = None


def place_leads(actor: Actor, entries: Sequence[NewLead]) -> None:
    """Scores new leads and finds each a holder: the one named, the pool named, the rules, else whoever entered it."""
    score_leads([entry.lead for entry in entries])
    named: dict[tuple[int, int | None], list[NewLead]] = {}
    for entry in entries:
        if entry.owner is not None:
            named.setdefault((entry.owner.pk, entry.pool.pk if entry.pool else None), []).append(entry)
    put_into_pools(actor, [(row.lead, row.pool) for row in entries if row.owner is None and row.pool is not None])
    for group in named.values():
        owner, pool = group[0].owner, group[0].pool
        assert owner is not None
        start = SpanStart.CREATED if owner.pk == actor.user_id else SpanStart.ASSIGNED
        give_many(actor, [entry.lead for entry in group], owner, start, pool=pool)
    loose = [entry.lead for entry in entries if entry.owner is None and entry.pool is None]
    sent = route_leads(actor, loose) if loose else {}
    left = [lead for lead in loose if lead.pk not in sent]
    if left and actor.user_id is not None:
        give_many(actor, left, User.objects.get(pk=actor.user_id), SpanStart.CREATED, pool=None)
    given = [entry.lead for entry in entries if entry.lead.owner_id not in (None, actor.user_id)]
    record_many(actor=actor, deeds=[_assigned(lead) for lead in given])


def _assigned(lead: Lead) -> Deed:
    return Deed("leads.assigned", lead, data={
        "number": lead.number, "name": lead.name, "to": lead.owner.name,  # type: ignore[union-attr]
        "to_id": lead.owner_id, "from": "", "text": "",
    })  # fmt: skip


def _entry(brand: Brand, values: Mapping[str, Any], origin: models.Model | None) -> NewLead:
    values = dict(values)
    owner, pool, utm = values.pop("owner", None), values.pop("pool", None), values.pop("utm", {})
    agreed = {name: values.pop(name) for name in CONSENT if name in values}
    fields, answers = split_values(values)
    if not fields.get("name"):
        raise Invalid(fields={"name": _("Enter the person's name")})
    lead = Lead(brand=brand, utm=utm, **agreed, **fields)
    require_address(lead)
    if origin is not None:
        lead.origin_kind, lead.origin_id = kind_of(origin).code, origin.pk
    store_answers(lead, answers)
    return NewLead(lead, owner, pool)
