"""The open leads of a leaver."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover

from ..actions import assign_lead, release_lead
from ..models import Lead


def _rows(actor: Actor, user: User) -> Any:
    return Lead.objects.visible_to(actor).open().filter(owner=user)


def _move(actor: Actor, row: Lead, to: User | None) -> dict[str, Any]:
    if to is None:
        release_lead(actor=actor, lead=row, reason=_t("Its owner left"))
        return {"to": None}
    assign_lead(actor=actor, lead=row, owner=to)
    return {"to": to.pk}


def _undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    """A lead that somebody claimed, converted or handed on meanwhile stays where it is."""
    row = Lead.objects.visible_to(actor).open().filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    assign_lead(actor=actor, lead=row, owner=user)


LEADS = Handover("leads", _("Open leads"), _rows, _move, _undo, queue_label=_("Back to their pools"), order=30)
