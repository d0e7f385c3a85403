"""Reads about leads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from crm.activity.recording import kind_of, record
from crm.core import limits
from crm.core.actor import Actor
from crm.core.errors import DomainError
from customers.recognising.identities import (
    masked_chat,
    masked_email,
    masked_phone,
    normal_email,
    normal_phone,
    shown_phone,
)

from ..choices.leads import OPEN
from ..models import Lead, LeadDecision, OwnerSpan
from ..querysets.leads import LeadQuerySet

#: Looks for duplicates that a person may make in an hour.
LOOKS_AN_HOUR = 300
MOST = 5


@dataclass(frozen=True, slots=True)
class LeadHit:
    """A lead that may be the same. lead is None outside the viewer's scope; owner is always told."""

    lead: Lead | None
    owner: str


def deleted_leads(viewer: Actor) -> LeadQuerySet:
    """What of the recycle bin is in the viewer's set."""
    return LeadQuerySet(Lead).filter(deleted_at__isnull=False).visible_to(viewer)


def sees_addresses(viewer: Actor, lead: Lead) -> bool:
    """Whether a lead's mail, phone and WeChat are shown in full: to its owner, and by right; never out of a pool.

    Who assigns leads sees them in the pool too, since they answer for it.
    """
    if viewer.is_system or viewer.can("leads.manage"):
        return True
    if lead.owner_id is None:
        return False
    return lead.owner_id == viewer.user_id or viewer.can("customers.reveal")


def shown_mail(viewer: Actor, lead: Lead) -> str:
    """The mail address as this viewer may read it."""
    return lead.email if not lead.email or sees_addresses(viewer, lead) else masked_email(lead.email)


def shown_number(viewer: Actor, lead: Lead) -> str:
    """The phone number as this viewer may read it."""
    if not lead.phone:
        return ""
    return shown_phone(lead.phone) if sees_addresses(viewer, lead) else masked_phone(lead.phone)


def shown_wechat(viewer: Actor, lead: Lead) -> str:
    """The WeChat id as this viewer may read it."""
    return lead.wechat if not lead.wechat or sees_addresses(viewer, lead) else masked_chat(lead.wechat)


def spans_of(lead: Lead) -> list[OwnerSpan]:
    """Who held the lead, newest first."""
    rows = OwnerSpan.objects.filter(kind=kind_of(Lead).code, object_id=lead.pk).select_related("user", "pool")
    return list(rows.order_by("-started_at", "-pk")[:20])


def decision_on(lead: Lead) -> LeadDecision | None:
    """The latest decision of the assignment rules."""
    return LeadDecision.objects.filter(lead=lead).select_related("rule", "user", "pool").order_by("-pk").first()


def leads_from(viewer: Actor, origin: Model) -> list[Lead]:
    """The leads that were made from a ticket or other record."""
    rows = Lead.objects.visible_to(viewer).filter(origin_kind=kind_of(origin).code, origin_id=origin.pk)
    return list(rows.select_related("owner").order_by("-pk")[:MOST])


def same_leads(
    *, email: str = "", phone: str = "", emails: Collection[str] = (), phones: Collection[str] = ()
) -> LeadQuerySet:
    """Open leads with one of these mail addresses or phone numbers, in normal form; none without any."""
    terms = Q(email__in={email, *emails} - {""}) | Q(phone__in={phone, *phones} - {""})
    return LeadQuerySet(Lead).filter(terms, deleted_at__isnull=True, status__in=OPEN)


def find_same_leads(*, actor: Actor, email: str = "", phone: str = "", leave_out: int | None = None) -> list[LeadHit]:
    """Open leads that may be the same, as typed; one outside the actor's scope tells its owner only (design law 4).

    Raises `NotAllowed` without the right to create leads, `TooMany` beyond `LOOKS_AN_HOUR`. Each look beyond the
    actor's scope is recorded.
    """
    actor.require("leads.create")
    limits.hit("lead_duplicates", f"{actor.kind}:{actor.id}", limit=LOOKS_AN_HOUR, window_seconds=3600)
    rows = same_leads(email=_normal(normal_email, email), phone=_normal(normal_phone, phone))
    found = list(rows.exclude(pk=leave_out).select_related("owner", "pool").order_by("-pk")[:MOST])
    visible = set(Lead.objects.visible_to(actor).filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True))
    hits = []
    for row in found:
        holder = row.owner.name if row.owner else str(row.pool or "")
        hits.append(LeadHit(row if row.pk in visible else None, holder))
        if row.pk not in visible:
            record(actor=actor, type="leads.duplicate_shown", subject=row, data={"owner": holder})
    return hits


def _normal(form: Any, raw: str) -> str:
    try:
        return str(form(raw)) if raw.strip() else ""
    except DomainError:
        return ""
