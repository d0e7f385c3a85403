"""What the service desk knows of a customer's trouble: complaints, disputes about purchases, broken promises."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.sockets import kinds
from customers.figures.signs import Evidence, Ids, RiskSign, risk_signs
from customers.models import Concern

from .choices import SlaState, TicketKind
from .models import Ticket

_MOVES = (
    "tickets.submitted", "tickets.status_changed", "tickets.resolved", "tickets.closed", "tickets.reopened",
    "tickets.type_changed", "tickets.deleted", "tickets.restored", "tickets.merged", "tickets.unmerged",
    "tickets.sla_breached", "orders.concern_set",
)  # fmt: skip


def _open(ids: Ids) -> Any:
    rows = Ticket.objects.counted().unresolved().filter(customer__isnull=False)
    return rows if ids is None else rows.filter(customer__in=ids)


def _counted(rows: Any) -> dict[int, dict[str, int]]:
    """Customer → how many tickets. One query."""
    found = rows.order_by().values("customer_id").annotate(n=Count("pk"))
    return {row["customer_id"]: {"count": row["n"]} for row in found}


def _disputed() -> Any:
    """Whether a ticket is about an order."""
    about = Concern.objects.filter(kind=kinds["ticket"].code, object_id=OuterRef("pk"), order__isnull=False)
    return Exists(about.order_by())


def _complaints(ids: Ids) -> Any:
    return _open(ids).filter(request_type__kind=TicketKind.COMPLAINT)


def complaint_words(found: Evidence) -> str:
    """How many complaints are open."""
    return ngettext("%(count)s open complaint", "%(count)s open complaints", found["count"]) % found


def dispute_words(found: Evidence) -> str:
    """How many orders are disputed."""
    text = ngettext("%(count)s open complaint about an order", "%(count)s open complaints about orders", found["count"])
    return text % found


def breach_words(found: Evidence) -> str:
    """How many tickets are late."""
    return ngettext("%(count)s ticket overdue", "%(count)s tickets overdue", found["count"]) % found


def reopened_words(found: Evidence) -> str:
    """How many solutions did not hold."""
    text = ngettext(
        "%(count)s unresolved ticket was reopened", "%(count)s unresolved tickets were reopened", found["count"]
    )
    return text % found


risk_signs.register(
    RiskSign(
        "tickets.complaint", _("Open complaint"), _("They are unhappy now, and may leave."), 15,
        lambda ids: _counted(_complaints(ids)), complaint_words, watches=_MOVES, order=30,
    ),
    RiskSign(
        "tickets.dispute", _("Disputed order"),
        _("The complaint names an order, so its payment is in doubt; added to the sign before."), 15,
        lambda ids: _counted(_complaints(ids).filter(_disputed())), dispute_words, watches=_MOVES, order=31,
    ),
    RiskSign(
        "tickets.breached", _("Broken promise"), _("We are late with something we promised them."), 10,
        lambda ids: _counted(_open(ids).filter(sla_state=SlaState.BREACHED)), breach_words, watches=_MOVES, order=32,
    ),
    RiskSign(
        "tickets.reopened", _("Reopened ticket"), _("What we called solved was not."), 10,
        lambda ids: _counted(_open(ids).filter(reopened_count__gt=0)), reopened_words, watches=_MOVES, order=33,
    ),
)  # fmt: skip
