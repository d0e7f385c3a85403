"""The customer's verdict."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid
from crm.core.text import clean_text

from ..exceptions import NotResolved
from ..models import Rating


@action()
def rate_ticket(*, actor: Actor, rating: Rating, score: int, comment: str = "") -> Rating:
    """Stores a score of 1 to 5 and a comment; sending again changes the verdict of the same cycle.

    Raises `Invalid` for another score, `NotResolved` when the ticket was reopened since.
    """
    row = Rating.objects.select_for_update(no_key=True).select_related("ticket__customer").get(pk=rating.pk)
    if not 1 <= score <= 5:
        raise Invalid(fields={"score": _("Choose one to five stars")})
    if row.ticket.resolved_at is None or row.cycle != row.ticket.cycle:
        raise NotResolved
    text = clean_text(comment, 4000)
    if (row.score, row.comment) == (score, text):
        return row
    row.score, row.comment, row.rated_at = score, text, clock.now()
    row.save()
    record(
        actor=actor, type="tickets.rated", subject=row.ticket, anchors=[row.ticket.customer],
        data={"number": row.ticket.number, "score": score, "text": text},
    )  # fmt: skip
    return row
