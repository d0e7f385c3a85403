"""What conditions may ask about the tickets of a customer: whoever sees a customer sees its tickets in outline."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from crm.conditions.expressions import count_of, first_of
from crm.conditions.registry import Field

from ..choices import UNRESOLVED, TicketKind
from ..models import Rating, RequestType, Status, Ticket

_SEE = "tickets.view"
_MOVES = (
    "tickets.submitted", "tickets.status_changed", "tickets.resolved", "tickets.closed", "tickets.reopened",
    "tickets.type_changed", "tickets.deleted", "tickets.restored", "tickets.merged", "tickets.unmerged",
    "tickets.updated",
)  # fmt: skip
_ROW, _ROW_ABOVE = OuterRef("pk"), OuterRef(OuterRef("pk"))


def _tickets(customer: Any) -> Any:
    return Ticket.objects.counted().filter(customer_id=customer)


def _open(customer: Any) -> Any:
    return _tickets(customer).filter(status__in=Status.objects.filter(category__in=UNRESOLVED).order_by().values("pk"))


def _complaints(customer: Any) -> Any:
    kinds = RequestType.objects.filter(kind=TicketKind.COMPLAINT).order_by().values("pk")
    return _open(customer).filter(request_type__in=kinds)


def _newest(customer: Any) -> Any:
    return _tickets(customer).order_by("-created_at")


def _ratings(customer: Any) -> Any:
    own = Ticket.objects.filter(pk=OuterRef("ticket_id"), customer_id=customer)
    return Rating.objects.filter(Exists(own), score__isnull=False).order_by("-rated_at")


CUSTOMER_FIELDS = (
    Field("customer.open_tickets", "customer", _("Open tickets"), "number", lambda: count_of(_open(_ROW)),
          python=lambda row: _open(row.pk).count(), permission=_SEE, watches=_MOVES, order=80),
    Field("customer.open_complaint", "customer", _("Has an open complaint"), "boolean",
          lambda: Exists(_complaints(_ROW)), python=lambda row: _complaints(row.pk).exists(), permission=_SEE,
          watches=_MOVES, order=81),
    Field("customer.last_ticket_at", "customer", _("Last ticket"), "datetime",
          lambda: first_of(_newest(_ROW), "created_at"),
          python=lambda row: _newest(row.pk).values_list("created_at", flat=True).first(), permission=_SEE,
          watches=_MOVES, order=82),
    Field("customer.last_rating", "customer", _("Last satisfaction, 1 to 5"), "number",
          lambda: first_of(_ratings(_ROW_ABOVE), "score"),
          python=lambda row: _ratings(row.pk).values_list("score", flat=True).first(), permission=_SEE,
          watches=("tickets.rated",), order=83),
)  # fmt: skip
