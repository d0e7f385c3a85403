"""Joining duplicates, and parting them again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crm.activity.recording import record
from crm.calendars.actions.clocks import restart_clock
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import NotFound
from crm.planner.actions import move_tasks

from ..choices import UNRESOLVED, StatusCategory
from ..exceptions import CannotMerge, NotMerged
from ..models import MergedTicket, PendingReply, Status, Ticket, TicketFollower
from ..selectors import default_status
from .deadlines import clocks_of, pause_by_status, stop_clocks
from .spans import enter_status, leave_status


@action(permission="tickets.resolve")
def merge_tickets(
    *, actor: Actor, into: Ticket, duplicates: Sequence[Ticket], confirmed: bool = False
) -> list[MergedTicket]:
    """Joins duplicates with an open ticket, which reads their messages from now on and takes their followers,
    open tasks and parts. They are closed without a rating, and their clocks give no measure.

    confirmed: the actor knows that a duplicate belongs to another customer. Raises `CannotMerge`, `NotFound`.
    """
    ids = {into.pk, *(ticket.pk for ticket in duplicates)}
    rows = {row.pk: row for row in Ticket.objects.visible_to(actor).filter(pk__in=ids).lock()}
    if set(rows) != ids:
        raise NotFound
    target, others = rows[into.pk], [rows[pk] for pk in sorted(ids - {into.pk})]
    if not others:
        raise CannotMerge(CannotMerge.itself)
    _check_target(target)
    for row in others:
        _check_duplicate(row, target, confirmed)
    return [_merge(actor, row, target) for row in others]


@action(permission="tickets.resolve")
def undo_merge(*, actor: Actor, ticket: Ticket) -> Ticket:
    """Parts a duplicate from the ticket it was merged into: status, clocks, tasks, followers and parts as before.

    What was written on the target since stays there; the time in between does not count towards the deadlines.
    Raises `NotMerged`, `NotFound`.
    """
    found = Ticket.objects.visible_to(actor).filter(pk=ticket.pk).values_list("merged_into_id", flat=True).first()
    if found is None:
        raise NotMerged
    rows = {row.pk: row for row in Ticket.objects.filter(pk__in=[ticket.pk, found]).lock()}
    row, target = rows[ticket.pk], rows[found]
    memory = MergedTicket.objects.filter(ticket=row, into=target, undone_at=None).select_for_update().first()
    if memory is None or row.merged_into_id != target.pk:
        raise NotMerged
    _part(actor, row, target, memory)
    memory.undone_at = clock.now()
    memory.save(update_fields=["undone_at"])
    record(
        actor=actor, type="tickets.unmerged", subject=row, anchors=[target, row.customer],
        data={"number": row.number, "into": target.number, "into_id": target.pk},
    )  # fmt: skip
    return row


def _check_target(target: Ticket) -> None:
    if target.merged_into_id is not None:
        raise CannotMerge(CannotMerge.chain)
    if target.parent_id is not None:
        raise CannotMerge(CannotMerge.part)
    if target.status.category not in UNRESOLVED:
        raise CannotMerge(CannotMerge.closed)


def _check_duplicate(row: Ticket, target: Ticket, confirmed: bool) -> None:
    if row.merged_into_id is not None or Ticket.all_objects.filter(merged_into=row).exists():
        raise CannotMerge(CannotMerge.chain)
    if row.parent_id is not None:
        raise CannotMerge(CannotMerge.part)
    if row.brand_id != target.brand_id:
        raise CannotMerge(CannotMerge.brand)
    if row.customer_id != target.customer_id and not confirmed:
        raise CannotMerge(CannotMerge.customer)
    if PendingReply.objects.filter(ticket=row).exists():
        raise CannotMerge(CannotMerge.pending)


def _merge(actor: Actor, row: Ticket, target: Ticket) -> MergedTicket:
    now = clock.now()
    memory: dict[str, Any] = {
        "v": 1,
        "status": row.status_id,
        "closed_at": _iso(row.closed_at),
        "customer_waits": row.customer_waits,
        "was_open": row.status.category in UNRESOLVED,
        "target": {"customer_waits": target.customer_waits, "snippet": target.snippet,
                   "last_message_at": _iso(target.last_message_at)},
        "followers": _hand_followers(row, target),
        "tasks": move_tasks(actor=actor, source=row, to=target),
        "parts": _move_parts(Ticket.objects.filter(parent=row), target),
    }  # fmt: skip
    _take_over_waiting(row, target)
    memory["until"] = _iso(target.last_message_at)
    leave_status(row, now)
    stop_clocks(row)
    row.status, row.merged_into, row.customer_waits = default_status(StatusCategory.CLOSED), target, False
    row.closed_at = row.closed_at or now
    row.save()
    record(
        actor=actor, type="tickets.merged", subject=row, anchors=[target, row.customer],
        data={"number": row.number, "into": target.number, "into_id": target.pk},
    )  # fmt: skip
    return MergedTicket.objects.create(ticket=row, into=target, at=now, by_id=actor.user_id, memory=memory)


def _take_over_waiting(row: Ticket, target: Ticket) -> None:
    """The target waits for us when the duplicate did, and shows the newer words."""
    target.customer_waits = target.customer_waits or row.customer_waits
    if row.last_message_at > target.last_message_at:
        target.last_message_at, target.snippet = row.last_message_at, row.snippet
    known = [at for at in (row.last_customer_message_at, target.last_customer_message_at) if at is not None]
    target.last_customer_message_at = max(known, default=None)
    target.save()


def _hand_followers(row: Ticket, target: Ticket) -> list[int]:
    """Followers of the duplicate, and its assignee, follow the target. Returns who did not before."""
    wanted = {*TicketFollower.objects.filter(ticket=row).values_list("user_id", flat=True), row.assignee_id}
    known = {*TicketFollower.objects.filter(ticket=target).values_list("user_id", flat=True), target.assignee_id}
    gained = sorted(user_id for user_id in wanted - known if user_id is not None)
    TicketFollower.objects.bulk_create(
        [TicketFollower(ticket=target, user_id=user_id) for user_id in gained], ignore_conflicts=True
    )
    return gained


def _move_parts(parts: Any, to: Ticket) -> list[int]:
    ids = list(parts.values_list("pk", flat=True))
    Ticket.all_objects.filter(pk__in=ids).update(parent=to, parent_assignee_id=to.assignee_id)
    return ids


def _part(actor: Actor, row: Ticket, target: Ticket, memory: MergedTicket) -> None:
    kept, now = memory.memory, clock.now()
    status = Status.objects.get(pk=kept["status"])
    row.status = status if status.is_active else default_status(StatusCategory(status.category))
    row.merged_into, row.customer_waits = None, kept["customer_waits"]
    row.closed_at = _moment(kept["closed_at"])
    if row.assignee is not None and not row.assignee.is_active:
        row.assignee, row.accepted_at = None, None
    row.save()
    if row.status.category != StatusCategory.CLOSED:
        enter_status(row, now)
    if kept["was_open"]:
        for stopped in clocks_of(row):
            restart_clock(stopped, memory.at)
        pause_by_status(row, now)
        row.save()
    TicketFollower.objects.filter(ticket=target, user_id__in=kept["followers"]).delete()
    move_tasks(actor=actor, source=target, to=row, only=kept["tasks"])
    _move_parts(Ticket.objects.filter(parent=target, pk__in=kept["parts"]), row)
    if _iso(target.last_message_at) == kept["until"]:
        before = kept["target"]
        target.customer_waits, target.snippet = before["customer_waits"], before["snippet"]
        target.last_message_at = _moment(before["last_message_at"]) or target.last_message_at
        target.save()


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
