"""Writing canned replies: one's own, and with the right to set up the desk those of teams and of everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound

from ..canned import check_texts
from ..models import CannedReply
from .desk import store


@action(permission="tickets.reply")
def save_canned_reply(*, actor: Actor, values: Mapping[str, Any], record: CannedReply | None = None) -> CannedReply:
    """Makes or changes a canned reply. Without user and team it is everybody's.

    Raises `NotAllowed` where it is shared, before or after, and the actor may not set up the desk; `NotFound` for
    somebody else's own; `Invalid` for a placeholder that does not exist.
    """
    row = CannedReply.objects.fetch(actor, pk=record.pk) if record is not None else CannedReply()
    owner = values.get("user", row.user)
    if owner is None or (record is not None and row.user_id is None):
        actor.require("tickets.manage")
    elif owner.pk != actor.user_id:
        raise NotFound
    try:
        check_texts(values.get("body", {}))
    except ValidationError as error:
        raise Invalid(fields={"body": error.messages[0]}) from None
    return store(actor, CannedReply, record, values)
