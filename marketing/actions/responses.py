"""What people do with a campaign's messages, with what machines do kept apart."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min, Q

from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor

from ..choices.campaigns import Machine, ResponseKind
from ..models import CampaignLink, Recipient, Response
from ..tracking import AROUND_TRAP_SECONDS, MANY_LINKS, MANY_LINKS_SECONDS


@action()
def note_hit(
    *, actor: Actor, recipient: Recipient, kind: str, link: CampaignLink | None = None, machine: str = "",
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
    row.opened_at, row.clicked_at, row.scanned_at = found["opened"], found["clicked"], found["scanned"]
    row.save(update_fields=["opened_at", "clicked_at", "scanned_at"])


def touch(recipient: Recipient | None, kind: str, *, campaign_id: int, customer_id: int, contact_id: int) -> Response:
    """Notes what a person certainly did, inside the verb that tells of it."""
    return Response.objects.create(
        campaign_id=campaign_id, customer_id=customer_id, contact_id=contact_id, recipient=recipient, kind=kind,
        at=clock.now(),
    )  # fmt: skip
