"""Macros: several verbs in one transaction, with the rights of whoever runs them. All of it happens or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record as record_activity
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid, NotFound
from crm.jobs import idempotency

from ..canned import text_for
from ..exceptions import MacroStopped, SwitchedOff
from ..models import CannedReply, Macro, Ticket
from .answering import accept_ticket, add_note, reply
from .desk import store
from .editing import change_priority, reassign_ticket
from .statuses import change_status, locked

STEPS = ("takes", "priority", "note", "reply", "status", "hand_to")
RELATIONS = ("note", "reply", "status", "hand_to")


@action(permission="tickets.reply")
def save_macro(*, actor: Actor, values: Mapping[str, Any], record: Macro | None = None) -> Macro:
    """Makes or changes a macro. Without user and team it is everybody's.

    Raises `NotAllowed` where it is shared, before or after, and the actor may not set up the desk; `NotFound` for
    somebody else's own; `Invalid` without a step, or where a shared one would use a private canned reply.
    """
    row = Macro.objects.fetch(actor, pk=record.pk) if record is not None else Macro()
    after = {name: values.get(name, getattr(row, name)) for name in ("user", *STEPS)}
    owner = after["user"]
    if owner is None or (record is not None and row.user_id is None):
        actor.require("tickets.manage")
    elif owner.pk != actor.user_id:
        raise NotFound
    if not any(after[name] for name in STEPS):
        raise Invalid(_("Choose at least one step."))
    for name in ("note", "reply"):
        text: CannedReply | None = after[name]
        if text is not None and text.user_id is not None and text.user_id != (owner.pk if owner else None):
            raise Invalid(fields={name: _("Choose a canned reply that everybody who runs the macro may use")})
    return store(actor, Macro, record, values)


@action(permission="tickets.view", leaves_scope=True)
def run_macro(*, actor: Actor, ticket: Ticket, macro: Macro, form_key: str) -> Ticket:
    """Runs the steps in their order. The same form_key runs once.

    Raises `MacroStopped`, which names the step and its reason, when one cannot be done; then none was. `NotFound` for
    a macro that is not offered on this ticket.
    """
    row = locked(actor, ticket)
    offered = Macro.objects.offered(actor, row.team_id).select_related(*RELATIONS)
    chosen = offered.filter(pk=macro.pk).first()
    if chosen is None:
        raise NotFound
    route, who = f"tickets.macro.{row.pk}", f"{int(actor.kind)}:{actor.id}"
    if idempotency.begin(route=route, actor=who, key=form_key, body={"macro": chosen.pk}) is not None:
        return row
    names = dict(chosen.name)
    record_activity(
        actor=actor, type="tickets.macro_run", subject=row, anchors=[chosen],
        data={"number": row.number, "macro": names, "macro_id": chosen.pk},
    )  # fmt: skip
    for key, text in chosen.steps:
        try:
            _STEPS[key](actor, row, chosen, form_key)
        except DomainError as error:
            raise MacroStopped(_stopped(text, error)) from error
    return row


def _stopped(text: str, error: DomainError) -> str:
    values = {"step": text, "reason": error}
    return str(_("Nothing was changed: the step “%(step)s” cannot be done. %(reason)s") % values)


def _take(actor: Actor, ticket: Ticket, macro: Macro, form_key: str) -> None:
    row = locked(actor, ticket)
    if row.assignee_id in (None, actor.user_id):
        accept_ticket(actor=actor, ticket=row)
    else:
        me = User.objects.get(pk=actor.user_id)
        reassign_ticket(actor=actor, ticket=row, team=row.team, assignee=me)


def _set_priority(actor: Actor, ticket: Ticket, macro: Macro, form_key: str) -> None:
    change_priority(actor=actor, ticket=ticket, priority=macro.priority or 0)


def _note(actor: Actor, ticket: Ticket, macro: Macro, form_key: str) -> None:
    add_note(actor=actor, ticket=ticket, body=_text(macro.note, ticket, actor), form_key=f"{form_key}:note")


def _reply(actor: Actor, ticket: Ticket, macro: Macro, form_key: str) -> None:
    reply(actor=actor, ticket=ticket, body=_text(macro.reply, ticket, actor), form_key=f"{form_key}:reply")


def _set_status(actor: Actor, ticket: Ticket, macro: Macro, form_key: str) -> None:
    if macro.status is None or not macro.status.is_active:
        raise SwitchedOff
    change_status(actor=actor, ticket=ticket, status=macro.status)


def _hand_over(actor: Actor, ticket: Ticket, macro: Macro, form_key: str) -> None:
    if macro.hand_to is None or not macro.hand_to.is_active:
        raise SwitchedOff
    reassign_ticket(actor=actor, ticket=ticket, team=macro.hand_to, assignee=None)


def _text(reply: CannedReply | None, ticket: Ticket, actor: Actor) -> str:
    """The canned reply as it reads now: an earlier step may have changed what its placeholders stand for."""
    if reply is None or not reply.is_active:
        raise SwitchedOff
    return text_for(reply, Ticket.objects.select_related("status", "team", "brand").get(pk=ticket.pk), actor)


_STEPS = {
    "takes": _take, "priority": _set_priority, "note": _note, "reply": _reply, "status": _set_status,
    "hand_to": _hand_over,
}  # fmt: skip
