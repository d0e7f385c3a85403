"""Giving a ticket to the right person: team, shift, capacity, skill, seniority, load, round robin.

Zendesk calls the load rule "highest spare capacity", measured as a share, so that part-time and new agents
with a small capacity are not flooded. Every decision stores what it looked at.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from crm.accounts.choices import Availability
from crm.accounts.models import Team, User
from crm.accounts.selectors import absent_among
from crm.activity.recording import record
from crm.calendars.models import Calendar
from crm.calendars.shifts import next_shift_start, on_shift
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor

from ..choices import ACTIVE, Priority, Seniority
from ..mailing import tell_queued
from ..models import AgentProfile, AssignmentDecision, StandIn, StatusSpan, Ticket, TicketFacts
from .precedence import wants_senior
from .spans import enter_status


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent of the team as the decision saw them. excluded: why not, or empty. load: open / capacity."""

    user_id: int
    name: str
    open: int
    capacity: int
    load: float
    seniority: int
    has_skill: bool
    excluded: str


@action()
def assign_automatically(*, actor: Actor, ticket: Ticket) -> bool:
    """Assigns an unassigned, active ticket. False when nobody is free, and the ticket waits in the queue.

    One decision at a time per agent (their profiles are locked, in order), so that capacity and the round robin
    hold for somebody of two teams too. Repeating it on an assigned or deleted ticket does nothing and returns True.
    """
    lock_agents(ticket.team_id)
    row = (
        Ticket.objects.select_related("request_type", "status", "team", "customer").lock().filter(pk=ticket.pk).first()
    )
    if row is None or row.assignee_id is not None or row.status.category not in ACTIVE:
        return True
    if row.team_id != ticket.team_id:
        return False
    candidates = consider(row)
    chosen = choose(candidates, row)
    if chosen is None:
        _queue(actor, row, candidates)
        return False
    _give(actor, row, chosen, candidates)
    return True


def consider(ticket: Ticket) -> list[Candidate]:
    """Everybody of the ticket's team who takes tickets, with the reason that excludes them, if any."""
    now = clock.now()
    open_count = (
        Ticket.objects.filter(assignee_id=OuterRef("user_id"), status__category__in=ACTIVE)
        .order_by()
        .values("assignee_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    profiles = list(
        AgentProfile.objects.filter(user__is_active=True, user__memberships__team_id=ticket.team_id)
        .select_related("user")
        .annotate(
            open=Coalesce(Subquery(open_count), 0),
            skilled=Count("skills", filter=Q(skills=ticket.request_type.skill_id)),
        )
        .order_by(F("last_assigned_at").asc(nulls_first=True), "pk")
    )
    ids = [profile.user_id for profile in profiles]
    present, absent = on_shift(ids, now, Calendar.default()), absent_among(ids, now)
    return [_candidate(profile, profile.user_id in present, profile.user_id in absent) for profile in profiles]


def choose(candidates: list[Candidate], ticket: Ticket) -> Candidate | None:
    """The best of the free ones; the list's order (longest without a ticket first) breaks ties.

    A needed skill and, for urgent tickets and those that the desk's settings name, seniority narrow the choice while
    somebody has them. The settings are asked only where they would choose another than the load alone.
    """
    free = [candidate for candidate in candidates if not candidate.excluded]
    if ticket.request_type.skill_id:
        free = [candidate for candidate in free if candidate.has_skill] or free
    best = min(free, key=lambda candidate: candidate.load, default=None)
    if best is None or best.seniority >= Seniority.SENIOR:
        return best
    seniors = [candidate for candidate in free if candidate.seniority >= Seniority.SENIOR]
    if seniors and (ticket.priority == Priority.URGENT or wants_senior(ticket)):
        return min(seniors, key=lambda candidate: candidate.load)
    return best


def _candidate(profile: AgentProfile, present: bool, absent: bool) -> Candidate:
    excluded = ""
    if not profile.takes_tickets:
        excluded = "not_taking"
    elif absent:
        excluded = "absent"
    elif profile.user.availability != Availability.AVAILABLE:
        excluded = "away"
    elif not present:
        excluded = "off_shift"
    elif profile.open >= profile.capacity:  # type: ignore[attr-defined]
        excluded = "full"
    return Candidate(
        user_id=profile.user_id,
        name=profile.user.name,
        open=profile.open,  # type: ignore[attr-defined]
        capacity=profile.capacity,
        load=round(profile.open / profile.capacity, 3),  # type: ignore[attr-defined]
        seniority=profile.seniority,
        has_skill=bool(profile.skilled),  # type: ignore[attr-defined]
        excluded=excluded,
    )


def _give(actor: Actor, ticket: Ticket, chosen: Candidate, candidates: list[Candidate]) -> None:
    now = clock.now()
    ticket.assignee_id = chosen.user_id
    ticket.save(update_fields=["assignee"])
    enter_status(ticket, now)
    AgentProfile.objects.filter(user_id=chosen.user_id).update(last_assigned_at=now)
    TicketFacts.objects.filter(ticket=ticket).update(assignments=F("assignments") + 1)
    StandIn.objects.filter(ticket=ticket, ended_at=None, holder=None).update(holder=chosen.user_id)
    decide(ticket, chosen.user_id, chosen, candidates)
    record(
        actor=actor, type="tickets.assigned", subject=ticket, anchors=[ticket.customer],
        data={"number": ticket.number, "assignee": chosen.name, "assignee_id": chosen.user_id},
    )  # fmt: skip


def _queue(actor: Actor, ticket: Ticket, candidates: list[Candidate]) -> None:
    """Notes once a stay in the queue that nobody is free, and tells the customer when work goes on."""
    stay = StatusSpan.objects.filter(ticket=ticket, left_at__isnull=True).first()
    since = stay.entered_at if stay is not None else ticket.created_at
    if AssignmentDecision.objects.filter(ticket=ticket, team=ticket.team_id, user=None, at__gte=since).exists():
        return
    decide(ticket, None, None, candidates)
    opens = next_shift_start([c.user_id for c in candidates], clock.now(), Calendar.default())
    record(
        actor=actor, type="tickets.queued", subject=ticket, anchors=[ticket.customer],
        data={"number": ticket.number, "team": dict(ticket.team.name), "team_id": ticket.team_id,
              "next_shift": opens.isoformat() if opens else None},
    )  # fmt: skip
    tell_queued(actor=actor, ticket=ticket)


def hand_to(ticket: Ticket, holder: User | None) -> None:
    """Gives a locked ticket to somebody else, or back to its queue; nobody has taken it yet."""
    ticket.assignee, ticket.accepted_at = holder, None
    ticket.save(update_fields=["assignee", "accepted_at"])
    enter_status(ticket, clock.now())
    if holder is not None:
        TicketFacts.objects.filter(ticket=ticket).update(assignments=F("assignments") + 1)
        AgentProfile.objects.filter(user=holder).update(last_assigned_at=clock.now())


def decide(
    ticket: Ticket, user_id: int | None, chosen: Candidate | None, candidates: list[Candidate], **why: str
) -> None:
    """Keeps a decision with its inputs. why: what led to it, such as rule="shift_ended"."""
    AssignmentDecision.objects.create(
        ticket=ticket,
        at=clock.now(),
        team_id=ticket.team_id,
        user_id=user_id,
        reasons={
            "v": 1,
            **why,
            "skill": str(ticket.request_type.skill_id or ""),
            "urgent": ticket.priority == Priority.URGENT,
            "chosen": asdict(chosen) if chosen else None,
            "considered": [asdict(candidate) for candidate in candidates[:50]],
        },
    )


def lock_agents(team_id: int) -> None:
    """One decision at a time for each agent of the team."""
    profiles = AgentProfile.objects.filter(user__memberships__team_id=team_id)
    list(profiles.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def assign_waiting(limit: int = 200) -> int:
    """Assigns what waits in the queues of teams that have somebody free again. Returns how many were given."""
    given = 0
    waiting = Ticket.objects.filter(assignee__isnull=True, status__category__in=ACTIVE)
    for team in Team.objects.filter(pk__in=waiting.order_by().values("team_id").distinct()):
        for ticket in waiting.filter(team=team).order_by("-priority", "created_at")[:limit]:
            if not assign_automatically(actor=Actor.system(), ticket=ticket):
                break
            given += 1
    return given
