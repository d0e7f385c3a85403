"""What people do with a campaign's messages, with what machines do kept apart."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min, Q

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.sockets import kinds
from crm.core.text import row_id
from sales.models import Lead

from ..choices.campaigns import Machine, ResponseKind
from ..following import changed
from ..models import Campaign, CampaignLink, Recipient, Response
from ..tracking import AROUND_TRAP_SECONDS, MANY_LINKS, MANY_LINKS_SECONDS


@action()
def note_hit(
    *,
    actor: Actor,
    recipient: Recipient,
    kind: str,
    link: CampaignLink | None = None,
    machine: str = "",
    agent: str = "",
) -> Response:
    """Stores an opening or a click. machine: how a program gave itself away (`Machine`).

    A burst of links, and the trap, make machines of the hits around them too; what the recipient counts as having
    done follows.
    """  # fmt: skip
    row = Recipient.objects.lock().get(pk=recipient.pk)
    hit = Response.objects.create(
        campaign_id=row.campaign_id, customer_id=row.customer_id, contact_id=row.contact_id, recipient=row, kind=kind,
        link=link, is_machine=bool(machine), why=machine, agent=agent[:200],
    )  # fmt: skip
    if machine == Machine.TRAP:
        _expose(row, hit.at, AROUND_TRAP_SECONDS, Machine.TRAP)
    elif not machine:
        if _follows_trap(row, hit.at):
            _expose(row, hit.at, 0, Machine.TRAP)
        elif kind == ResponseKind.CLICK and _is_burst(row, hit.at):
            _expose(row, hit.at, MANY_LINKS_SECONDS, Machine.TIMING)
    _reckon(row)
    hit.refresh_from_db()
    return hit


def _around(row: Recipient, at: dt.datetime, seconds: int) -> Q:
    span = dt.timedelta(seconds=seconds)
    return Q(recipient=row, kind__in=[ResponseKind.OPEN, ResponseKind.CLICK], at__range=(at - span, at + span))


def _is_burst(row: Recipient, at: dt.datetime) -> bool:
    """Whether several different links were opened at once."""
    clicks = Response.objects.filter(_around(row, at, MANY_LINKS_SECONDS), kind=ResponseKind.CLICK, link__isnull=False)
    return clicks.order_by().values("link").distinct().count() >= MANY_LINKS


def _follows_trap(row: Recipient, at: dt.datetime) -> bool:
    return Response.objects.filter(_around(row, at, AROUND_TRAP_SECONDS), why=Machine.TRAP).exists()


def _expose(row: Recipient, at: dt.datetime, seconds: int, why: str) -> None:
    Response.objects.filter(_around(row, at, seconds), is_machine=False).update(is_machine=True, why=why)


def _reckon(row: Recipient) -> None:
    """When the person first opened and clicked; who clicks has opened, even where pictures are off."""
    human = Q(is_machine=False)
    found = row.responses.aggregate(
        opened=Min("at", filter=human & Q(kind__in=[ResponseKind.OPEN, ResponseKind.CLICK])),
        clicked=Min("at", filter=human & Q(kind=ResponseKind.CLICK)),
        scanned=Min("at", filter=Q(is_machine=True)),
    )
    before = row.opened_at, row.clicked_at
    row.opened_at, row.clicked_at, row.scanned_at = found["opened"], found["clicked"], found["scanned"]
    row.save(update_fields=["opened_at", "clicked_at", "scanned_at"])
    if before != (row.opened_at, row.clicked_at):
        changed([row.customer_id])


def touch(recipient: Recipient | None, kind: str, *, campaign_id: int, customer_id: int, contact_id: int) -> Response:
    """Notes what a person certainly did, inside the verb that tells of it."""
    return Response.objects.create(
        campaign_id=campaign_id, customer_id=customer_id, contact_id=contact_id, recipient=recipient, kind=kind,
        at=clock.now(),
    )  # fmt: skip


@action()
def note_lead(*, actor: Actor, lead_id: int) -> Response | None:
    """A lead that came by a campaign became a customer: the campaign touched them when it came. Once a lead."""
    lead = Lead.all_objects.filter(pk=lead_id, converted_customer__isnull=False).first()
    if lead is None or lead.converted_contact_id is None or lead.converted_customer_id is None:
        return None
    campaign = Campaign.objects.filter(pk=_campaign_of(lead)).first()
    if campaign is None:
        return None
    row, made = Response.objects.get_or_create(
        campaign=campaign, kind=ResponseKind.LEAD, contact_id=lead.converted_contact_id, at=lead.created_at,
        defaults={"customer_id": lead.converted_customer_id},
    )  # fmt: skip
    if made:
        changed([row.customer_id])
    return row


def _campaign_of(lead: Lead) -> int:
    """The campaign whose answer or link made the lead, 0 for none."""
    if lead.origin_kind == kinds["campaign"].code:
        return lead.origin_id or 0
    code = str(lead.utm.get("utm_campaign", ""))
    return row_id(code.removeprefix("c-")) or 0 if code.startswith("c-") else 0
