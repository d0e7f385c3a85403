"""The open quotes of a leaver."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover

from ..actions.quotes import hand_over
from ..choices.quotes import QuoteState
from ..models import Quote


def held(actor: Actor, user: User) -> Any:
    """The open quotes of a leaver."""
    over = (QuoteState.ACCEPTED, QuoteState.REJECTED, QuoteState.EXPIRED, QuoteState.VOID)
    return Quote.objects.visible_to(actor).filter(owner=user).exclude(state__in=over)


def move(actor: Actor, row: Quote, to: User) -> dict[str, Any]:
    hand_over(actor=actor, quote=row, to=to)
    return {"to": to.pk}


def undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = Quote.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    hand_over(actor=actor, quote=row, to=user)


QUOTES = Handover("quotes", _("Open quotes"), held, move, undo, order=45)
