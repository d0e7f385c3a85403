"""Work that moves because its holder is not there: out of office, or after the end of a shift.

Nothing moves to somebody who is not there either: without a substitute the team's queue decides, and a queue whose
whole team sleeps keeps its tickets where they are.
"""

from __future__ import annotations

import datetime as dt

from crm.accounts.choices import WhileAway
from crm.accounts.models import Absence, Team, User
from crm.accounts.selectors import absence_of, substitute_for
from crm.activity.recording import record
from crm.calendars.models import Calendar
from crm.calendars.shifts import next_shift_start, on_shift
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Conflict

from ..choices import ACTIVE, UNRESOLVED
from ..models import StandIn, Ticket
from ..querysets import TicketQuerySet
from .assignment import choose, consider, decide, hand_to, lock_agents

#: How many tickets one run of a sweep looks at.
BATCH = 200


@action()
def stand_in(*, actor: Actor, ticket: Ticket) -> bool:
    """Moves a ticket where the customer waits away from an assignee who is out of office, as their absence says.

    To the substitute, else to the team's queue. False where nothing is to be moved; repeating it changes nothing.
    """
    row = _waiting().select_related("assignee", "customer", "status").lock().filter(pk=ticket.pk).first()
    if row is None or row.assignee is None:
        return False
    now, absent = clock.now(), row.assignee
    absence = absence_of(absent.pk, now)
    if absence is None or absence.moves == WhileAway.STAY:
        return False
    holder = substitute_for(absence, now) if absence.moves == WhileAway.SUBSTITUTE else None
    hand_to(row, holder)
    decide(
        row, holder.pk if holder else None, None, [], rule="absence", absent=absent.name,
        until=absence.ends_at.isoformat(), holder=holder.name if holder else "",
    )  # fmt: skip
    _remember(row, absent, holder)
    record(
        actor=actor, type="tickets.stood_in", subject=row, anchors=[row.customer],
        data={"number": row.number, "absent": absent.name, "holder": holder.name if holder else dict(row.team.name),
              "assignee_id": holder.pk if holder else None},
    )  # fmt: skip
    return True


@action()
def announce_absence(*, actor: Actor, absence: Absence) -> list[Ticket]:
    """Marks that an absence has begun, once; returns the tickets that its substitute or a queue now gets."""
    row = Absence.objects.lock().filter(pk=absence.pk, moved_at=None).first()
    if row is None or not row.is_on():
        return []
    row.moved_at = clock.now()
    row.save(update_fields=["moved_at"])
    return list(_waiting().filter(assignee=row.user_id)) if row.moves != WhileAway.STAY else []


@action(permission="tickets.take")
def take_back_tickets(*, actor: Actor) -> int:
    """Gives the actor the open tickets back that others got while they were away. Returns how many.

    What somebody handed on or solved meanwhile stays where it is. Raises `Conflict` while the actor is still away.
    """
    if actor.user_id is None or absence_of(actor.user_id, clock.now()) is not None:
        raise Conflict
    person, taken = User.objects.get(pk=actor.user_id), 0
    for entry in StandIn.objects.filter(absent=person, ended_at=None).order_by("ticket_id"):
        rows = Ticket.objects.filter(status__category__in=UNRESOLVED, assignee=entry.holder_id)
        row = rows.select_related("customer", "status").lock().filter(pk=entry.ticket_id).first()
        StandIn.objects.filter(pk=entry.pk).update(ended_at=clock.now())
        if row is None:
            continue
        hand_to(row, person)
        record(
            actor=actor, type="tickets.taken_back", subject=row, anchors=[row.customer],
            data={"number": row.number, "assignee_id": person.pk},
        )  # fmt: skip
        taken += 1
    return taken


@action()
def hand_on(*, actor: Actor, ticket: Ticket) -> bool:
    """Gives a ticket whose holder's shift is over, and which is due before their next one, to whoever is on shift.

    The same choice as for a new ticket. False where nobody of the team is free, or nothing is to be moved any more.
    """
    lock_agents(ticket.team_id)
    rows = _waiting().select_related("assignee", "customer", "status", "request_type", "team")
    row = rows.lock().filter(pk=ticket.pk, team=ticket.team_id, next_due_at__isnull=False).first()
    if row is None or row.assignee is None or not _is_due_before_return(row, clock.now()):
        return False
    candidates = [candidate for candidate in consider(row) if candidate.user_id != row.assignee_id]
    chosen = choose(candidates, row)
    if chosen is None:
        return False
    before = row.assignee
    hand_to(row, User.objects.get(pk=chosen.user_id))
    decide(row, chosen.user_id, chosen, candidates, rule="shift_ended", absent=before.name)
    record(
        actor=actor, type="tickets.handed_on", subject=row, anchors=[row.customer],
        data={"number": row.number, "before": before.name, "assignee": chosen.name, "assignee_id": chosen.user_id},
    )  # fmt: skip
    return True


def move_for_absences(limit: int = BATCH) -> int:
    """Moves the waiting tickets of everybody whose absence has begun. Returns how many."""
    begun = Absence.objects.at(clock.database_now()).filter(moved_at=None)
    moved = 0
    for absence in begun.order_by("starts_at")[:limit]:
        for ticket in announce_absence(actor=Actor.system(), absence=absence):
            moved += stand_in(actor=Actor.system(), ticket=ticket)
    return moved


def move_after_shifts(limit: int = BATCH) -> int:
    """Hands on what waits for agents whose shift is over, in teams that want it. Returns how many."""
    moved = 0
    for team in Team.objects.active().filter(moves_at_shift_end=True):
        rows = _waiting().filter(team=team, assignee__isnull=False, next_due_at__isnull=False)
        held = list(rows.select_related("assignee").order_by("next_due_at")[:limit])
        working = on_shift({row.assignee_id for row in held}, clock.now(), Calendar.default()) if held else set()
        for row in held:
            if row.assignee_id not in working:
                moved += hand_on(actor=Actor.system(), ticket=row)
    return moved


def _waiting() -> TicketQuerySet:
    """Tickets where the ball is ours and the customer wrote last."""
    return Ticket.objects.filter(status__category__in=ACTIVE, customer_waits=True)  # type: ignore[no-any-return]


def _is_due_before_return(ticket: Ticket, now: dt.datetime) -> bool:
    holder, calendar = [ticket.assignee_id], Calendar.default()
    if on_shift(holder, now, calendar):  # type: ignore[arg-type]
        return False
    back = next_shift_start(holder, now, calendar)  # type: ignore[arg-type]
    return ticket.next_due_at is not None and (back is None or ticket.next_due_at < back)


def _remember(ticket: Ticket, absent: User, holder: User | None) -> None:
    """Who may take it back. Somebody who stood in and is away now too passes on whose ticket it was."""
    earlier = StandIn.objects.filter(ticket=ticket, ended_at=None).first()
    if earlier is not None and earlier.absent_id != absent.pk:
        StandIn.objects.filter(pk=earlier.pk).update(holder=holder, at=clock.now())
        return
    StandIn.objects.filter(ticket=ticket, ended_at=None).update(ended_at=clock.now())
    StandIn.objects.create(ticket=ticket, absent=absent, holder=holder, at=clock.now())
