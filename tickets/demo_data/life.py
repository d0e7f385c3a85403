"""One demo ticket's life: each method leaves what the verb of the same name leaves, without the database.

Deadlines, hours and figures come from the same functions that the verbs use. Rows are written by `finish`.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from crm.activity.demo import History, place
from crm.calendars.actions.clocks import mark_met, next_check, schedule
from crm.calendars.hours import Hours
from crm.calendars.models import Clock
from crm.calendars.models.clocks import PausedSpan
from crm.core import names
from crm.core.actor import Actor, ActorKind
from crm.core.demo import token
from crm.core.text import excerpt
from customers.demo import Requester
from customers.models import Contact, Customer

from ..actions.assignment import Candidate
from ..actions.deadlines import most_pressing
from ..choices import ACTIVE, UNRESOLVED, Priority, StatusCategory
from ..models import RequestType, SlaPolicy, Status, Ticket
from .office import Agent
from .tables import CONTACT, Tables

_SYSTEM = Actor.system()
_CONSIDERED = 6
_CANDIDATE_FIELDS = tuple(entry.name for entry in fields(Candidate))
_SECOND = dt.timedelta(seconds=1)


@dataclass
class World:
    """What every life needs. codes: measure → clock kind number; words: clock kind number → both languages."""

    now: dt.datetime
    tables: Tables
    history: History
    statuses: dict[str, Status]
    codes: dict[str, int]
    words: dict[int, dict[str, str]]
    priority_words: dict[int, dict[str, str]]
    consent: tuple[dict[str, str], int]
    policy_for: Callable[[RequestType, Requester], SlaPolicy]
    hours: Callable[[SlaPolicy], Hours]
    told: Callable[..., None]


@dataclass
class Draft:
    """A ticket before it begins. author: the agent who entered it for a caller."""

    id: int
    number: int
    conversation_id: int
    created_at: dt.datetime
    who: Requester
    type: RequestType
    subject: str
    text: str
    author: Agent | None = None


@dataclass
class Span:
    """A stay, as `StatusSpan` stores it."""

    status: Status
    assignee_id: int | None
    cycle: int
    entered_at: dt.datetime
    left_at: dt.datetime | None = None


@dataclass
class Figures:
    """What `TicketFacts` stores of the latest cycle."""

    first: tuple[int | None, int | None, bool | None] = (None, None, None)
    handling: tuple[int | None, int | None, bool | None] = (None, None, None)
    replies: int = 0
    customer_messages: int = 1
    assignments: int = 0


@dataclass
class Life:
    """The ticket as it stands at the last verb played."""

    world: World
    draft: Draft
    policy: SlaPolicy
    hours: Hours
    row: Ticket
    contact: Actor
    rng: random.Random
    agent: Agent | None = None
    spans: list[Span] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    figures: Figures = field(default_factory=Figures)
    rating: list[Any] | None = None
    opening_id: int = 0
    queued: bool = False

    @classmethod
    def begin(cls, world: World, draft: Draft, rng: random.Random) -> Life:
        """`submit_ticket`, or `create_ticket` for a caller."""
        who, at = draft.who, draft.created_at
        policy = world.policy_for(draft.type, who)
        author = draft.author
        row = Ticket(
            id=draft.id, number=draft.number, subject=draft.subject, request_type=draft.type,
            status=world.statuses["new"], impact=draft.type.impact, urgency=draft.type.urgency,
            team_id=draft.type.team_id, customer_id=who.customer_id, contact_id=who.contact_id,
            created_by_id=author.user.pk if author else None, channel="phone" if author else "web",
            language=who.language, timezone=who.timezone, reply_email=who.email, created_at=at, cycle=1,
            access_token=token(rng), guest_token=token(rng), verified_at=at if author else None,
            reply_phone=who.phone if author else "",
        )  # fmt: skip
        return cls(world, draft, policy, world.hours(policy), row, Actor.contact(who.contact_id, who.name), rng)

    def submit(self, at: dt.datetime, priority: int) -> None:
        """The customer's opening, the first span and the clocks."""
        draft, tables, who = self.draft, self.world.tables, self.draft.who
        self.row.priority = priority
        tables.conversations.add(draft.conversation_id, draft.subject, self.row.channel, who.language, at, at)
        self.opening_id = self._say(at, "inbound", draft.text)
        self.row.last_customer_message_at, self.row.customer_waits = at, True
        self._start_clocks(at)
        self._enter(at)
        first = next((clock for clock in self.clocks if clock.kind == self.world.codes["first_response"]), None)
        self.row.answer_expected_at = first.due_at if first else None
        actor = _staff(draft.author) if draft.author else self.contact
        self._tell(at, actor, "tickets.submitted", {"subject": draft.subject, "text": excerpt(draft.text, 280)}, True)
        if draft.author is None:
            text, version = self.world.consent
            tables.consents.add(who.contact_id, text[who.language], version, who.language, at, at)

    def queue(self, at: dt.datetime, candidates: Sequence[Candidate]) -> None:
        """Nobody is free; noted once a stay."""
        if self.queued:
            return
        self.queued = True
        self._decide(at, None, candidates)
        team = self.draft.type.team
        self._tell(at, _SYSTEM, "tickets.queued", {"team": dict(team.name), "team_id": team.pk, "next_shift": None})

    def assign(self, at: dt.datetime, agent: Agent, chosen: Candidate, candidates: Sequence[Candidate]) -> None:
        """`assign_automatically` chose somebody."""
        self._decide(at, chosen, candidates)
        self._hold(at, agent)
        data = {"assignee": chosen.name, "assignee_id": chosen.user_id}
        self._tell(at, _SYSTEM, "tickets.assigned", data)

    def verify(self, at: dt.datetime) -> None:
        """The customer opened the mailed link."""
        self.row.verified_at = at
        self._tell(at, self.contact, "tickets.verified", {})

    def accept(self, at: dt.datetime) -> None:
        """The assignee takes it."""
        self.row.accepted_at = at
        self.row.status = self.world.statuses["in_progress"]
        self._enter(at)
        self._tell(at, self._me(), "tickets.accepted", {})

    def prioritise(self, at: dt.datetime, impact: int, urgency: int, priority: int) -> None:
        """Another priority: the clocks count anew from their start. Not once a level of either target is passed."""
        measures = {code: measure for measure, code in self.world.codes.items()}
        targets = {
            clock.kind: self.policy.target_minutes(priority, measures[clock.kind]) or 0 for clock in self.clocks
        }
        if priority == self.row.priority or any(
            self._warns_by(clock, min(clock.target_seconds, targets[clock.kind] * 60), at) for clock in self.clocks
        ):
            return
        words = self.world.priority_words
        data = {"before": words[self.row.priority], "after": words[priority], "priority": priority}
        self.row.impact, self.row.urgency, self.row.priority = impact, urgency, priority
        for clock in self.clocks:
            clock.target_seconds = targets[clock.kind] * 60
        self._tell(at, self._me(), "tickets.priority_changed", data)

    def reply(self, at: dt.datetime, text: str, then: str = "") -> None:
        """A public answer, and the status chosen for afterwards."""
        message_id = self._say(at, "outbound", text)
        if self.row.first_response_at is None:
            self.row.first_response_at = at
            self._note_first(at)
        self.row.customer_waits = False
        self.figures.replies += 1
        data = {"text": excerpt(text, 280), "message_id": message_id}
        self._tell(at, self._me(), "tickets.replied", data, True)
        if then:
            self.move(at, then)

    def note(self, at: dt.datetime, text: str) -> None:
        """An internal note."""
        self._say(at, "internal", text)
        self._tell(at, self._me(), "tickets.noted", {"text": excerpt(text, 280)}, None)

    def customer_reply(self, at: dt.datetime, text: str) -> None:
        """The customer writes: waiting ends, a resolved ticket reopens."""
        self._say(at, "inbound", text)
        self.row.customer_waits, self.row.last_customer_message_at = True, at
        self.figures.customer_messages += 1
        self._tell(at, self.contact, "tickets.customer_replied", {"text": excerpt(text, 280)}, True)
        if self.row.status.category not in UNRESOLVED:
            self._reopen(at)
        elif self.row.status.category == StatusCategory.WAITING:
            self.move(at, "in_progress", self.contact)

    def move(self, at: dt.datetime, key: str, actor: Actor | None = None) -> None:
        """Another status before the solution."""
        before, after = self.row.status, self.world.statuses[key]
        if before.pk == after.pk:
            return
        self.row.status = after
        self._enter(at)
        self._pause_by_status(at)
        data = {"before": dict(before.name), "after": dict(after.name), "category": after.category}
        self._tell(at, actor or self._me(), "tickets.status_changed", data)

    def hand_over(self, at: dt.datetime, agent: Agent) -> None:
        """`reassign_ticket` to a colleague of the team."""
        actor = self._me()
        self._hold(at, agent)
        data = {"to": agent.user.name, "team_id": self.row.team_id, "assignee_id": agent.user.pk}
        self._tell(at, actor, "tickets.reassigned", data)

    def resolve(self, at: dt.datetime, cause: str, solution: str) -> None:
        """Cause, solution, met clocks, and the question for a rating."""
        self.row.cause, self.row.solution = cause, solution
        self._say(at, "outbound", solution, told=False)
        self.row.status, self.row.resolved_at, self.row.customer_waits = self.world.statuses["resolved"], at, False
        if self.row.first_response_at is None:
            self.row.first_response_at = at
            self._note_first(at)
        self.figures.handling = self._measure(at, "resolution")
        self._enter(at)
        self.rating = [self.row.cycle, token(self.rng), None, "", None, at]
        self._tell(at, self._me(), "tickets.resolved", {"cause": cause, "text": excerpt(solution, 280)}, True)

    def rate(self, at: dt.datetime, score: int, comment: str) -> None:
        """The customer's verdict on the present cycle."""
        if self.rating is not None:
            self.rating[2:5] = [score, comment, at]
        self._tell(at, self.contact, "tickets.rated", {"score": score, "text": comment})

    def close(self, at: dt.datetime) -> None:
        """The desk's time after the solution has passed."""
        self.row.status, self.row.closed_at = self.world.statuses["closed"], at
        self.spans[-1].left_at = at
        self._tell(at, _SYSTEM, "tickets.closed", {})

    def _reopen(self, at: dt.datetime) -> None:
        self._write_rating()
        self._write_clocks()
        row = self.row
        row.status = self.world.statuses["in_progress"]
        row.cycle, row.reopened_count = row.cycle + 1, row.reopened_count + 1
        row.resolved_at = row.closed_at = row.first_response_at = None
        self.figures.first = self.figures.handling = (None, None, None)
        self._enter(at)
        self._start_clocks(at)
        self._tell(at, self.contact, "tickets.reopened", {"cycle": row.cycle})

    def used(self, priority: int) -> float:
        """The share of the resolution target that would be used up now at another priority."""
        minutes = self.policy.target_minutes(priority, "resolution") or 1
        return self.hours.between(self.draft.created_at, self.world.now) / 60 / minutes

    def finish(self) -> None:
        """Writes the ticket as it stands now with all that hangs on it."""
        self._write_rating()
        self._write_clocks()
        row, tables, figures = self.row, self.world.tables, self.figures
        next_due_at, sla_state = most_pressing(self.clocks)
        tables.tickets.add(
            row.pk, row.number, row.subject, names.search_key(row.subject), self.draft.type.pk, row.status.pk,
            row.impact, row.urgency, row.priority, row.team_id, row.assignee_id, row.created_by_id, row.customer_id,
            row.contact_id, self.draft.conversation_id, row.channel, row.language, row.timezone, row.reply_email,
            row.reply_phone, row.verified_at, row.access_token, row.guest_token, row.cycle, next_due_at,
            str(sla_state.value), row.answer_expected_at, row.accepted_at, row.first_response_at, row.resolved_at,
            row.closed_at, row.reopened_count, row.last_message_at, row.last_customer_message_at, row.customer_waits,
            row.snippet, row.cause, row.solution, row.created_at, max(row.last_message_at, self.spans[-1].entered_at),
        )  # fmt: skip
        for span in self.spans:
            business = calendar = None
            if span.left_at is not None:
                business = self.hours.between(span.entered_at, span.left_at)
                calendar = int((span.left_at - span.entered_at).total_seconds())
            tables.spans.add(
                row.pk, span.status.pk, row.team_id, span.assignee_id, span.cycle, span.entered_at, span.left_at,
                business, calendar,
            )  # fmt: skip
        tables.facts.add(
            row.pk, *figures.first, *figures.handling, figures.replies, figures.customer_messages, figures.assignments
        )

    def active_spans(self) -> list[Span]:
        """Stays in which the ball was an agent's."""
        return [span for span in self.spans if span.assignee_id is not None and span.status.category in ACTIVE]

    def _start_clocks(self, at: dt.datetime) -> None:
        self.clocks = []
        for measure, code in self.world.codes.items():
            minutes = self.policy.target_minutes(self.row.priority, measure)
            if not minutes:
                continue
            clock = Clock(
                id=self.world.tables.clock_ids.next(), kind=code, object_id=self.row.pk, cycle=self.row.cycle,
                policy_id=self.policy.pk, policy_version=self.policy.version, policy_label=str(self.policy.name),
                calendar_id=self.policy.calendar_id, target_seconds=minutes * 60,
                warn_percent=self.policy.warn_percent, started_at=at, created_at=at, updated_at=at,
            )  # fmt: skip
            clock.due_at = self.hours.add(at, clock.target_seconds)
            self.clocks.append(clock)

    def _pause_by_status(self, at: dt.datetime) -> None:
        status = self.row.status
        for clock in self.clocks:
            first = clock.kind == self.world.codes["first_response"]
            pauses = status.pauses_first_response if first else status.pauses_resolution
            if pauses and clock.state == "running":
                clock.spans = [*clock.spans, PausedSpan(at, None, status.name)]
                clock.state = "paused"
            elif not pauses and clock.state == "paused":
                *before, last = clock.spans
                clock.spans = [*before, PausedSpan(last.start, at, last.reason)]
                clock.state = "running"

    def _measure(self, at: dt.datetime, measure: str) -> tuple[int, int, bool | None]:
        """Meets the clock; business and calendar seconds since the cycle began, and whether it was in time."""
        start = next(span.entered_at for span in self.spans if span.cycle == self.row.cycle)
        met = None
        for clock in self.clocks:
            if clock.kind == self.world.codes[measure]:
                mark_met(clock, self.hours, at)
                met = at <= clock.due_at
        return self.hours.between(start, at), int((at - start).total_seconds()), met

    def _note_first(self, at: dt.datetime) -> None:
        self.figures.first = self._measure(at, "first_response")

    def _warns_by(self, clock: Clock, target_seconds: int, at: dt.datetime) -> bool:
        share = max(1, target_seconds * clock.warn_percent // 100)
        return clock.state != "running" or self.hours.add(clock.started_at, share) <= at

    def _write_clocks(self) -> None:
        """Brings the cycle's clocks to where the sweep would have them now, and writes them."""
        now = self.world.now
        for clock in self.clocks:
            until = clock.met_at or now
            if clock.state == "paused":
                until = clock.spans[-1].start
            if clock.state != "met":
                schedule(clock, self.hours, now)
            for level, moment in (("warning", clock.warn_at), ("breach", clock.due_at)):
                if moment is not None and moment < until:
                    self._pass_level(clock, level, moment, until)
            clock.next_check_at = next_check(clock)
            self.world.tables.clocks.add(
                clock.pk, clock.kind, clock.object_id, clock.cycle, clock.policy_id, clock.policy_version,
                clock.policy_label, clock.calendar_id, clock.target_seconds, clock.warn_percent, str(clock.state),
                clock.started_at, clock.paused_spans, clock.due_at, clock.warn_at, clock.next_check_at,
                clock.warned_at, clock.breached_at, clock.met_at, clock.business_seconds, clock.calendar_seconds, 0,
                clock.created_at, clock.met_at or clock.started_at,
            )  # fmt: skip

    def _pass_level(self, clock: Clock, level: str, moment: dt.datetime, until: dt.datetime) -> None:
        if level == "warning":
            clock.warned_at = moment
        else:
            clock.breached_at = moment
        at = min(moment + _SECOND, until)
        self.world.tables.clock_events.add(clock.pk, clock.cycle, level, at)
        holder = next((span.assignee_id for span in reversed(self.spans) if span.entered_at <= at), None)
        self._tell(
            at,
            _SYSTEM,
            "tickets.sla_at_risk" if level == "warning" else "tickets.sla_breached",
            {
                "measure": self.world.words[clock.kind],
                "due_at": clock.due_at.isoformat(),
                "team_id": self.row.team_id,
                "assignee_id": holder,
            },
            assignee_id=holder,
        )

    def _write_rating(self) -> None:
        if self.rating is None:
            return
        cycle, link, score, comment, rated_at, asked_at = self.rating
        self.world.tables.ratings.add(
            self.row.pk, cycle, link, score, comment, self.row.assignee_id, self.row.team_id, rated_at, asked_at,
            rated_at or asked_at,
        )  # fmt: skip
        self.rating = None

    def _hold(self, at: dt.datetime, agent: Agent) -> None:
        self.agent, self.row.assignee_id = agent, agent.user.pk
        self._enter(at)
        self.figures.assignments += 1

    def _enter(self, at: dt.datetime) -> None:
        if self.spans and self.spans[-1].left_at is None:
            self.spans[-1].left_at = at
        self.spans.append(Span(self.row.status, self.row.assignee_id, self.row.cycle, at))

    def _say(self, at: dt.datetime, direction: str, text: str, told: bool = True) -> int:
        message_id = self.world.tables.message_ids.next()
        inbound = direction == "inbound"
        author = (CONTACT, self.row.contact_id, self.draft.who.name) if inbound else self._signature()
        sent = direction == "outbound" and told
        self.world.tables.messages.add(
            message_id, self.draft.conversation_id, direction, *author, self.row.reply_email if inbound else "", text,
            self.row.language, "sent" if sent else "stored", at + 3 * _SECOND if sent else None, at, at,
        )  # fmt: skip
        if direction != "internal":
            self.row.last_message_at, self.row.snippet = at, excerpt(text)
        return message_id

    def _signature(self) -> tuple[int, int | None, str]:
        me = self._me()
        return int(me.kind), me.id, me.label

    def _me(self) -> Actor:
        return _staff(self.agent)

    def _decide(self, at: dt.datetime, chosen: Candidate | None, candidates: Sequence[Candidate]) -> None:
        """As the verb stores it, but of a large team only the first few, or the year would weigh gigabytes."""
        seen = sorted(candidates, key=lambda candidate: candidate is not chosen)[:_CONSIDERED]
        self.world.tables.decisions.add(
            self.row.pk, at, self.row.team_id, chosen.user_id if chosen else None,
            {
                "v": 1,
                "skill": str(self.draft.type.skill_id or ""),
                "urgent": self.row.priority == Priority.URGENT,
                "chosen": _as_stored(chosen) if chosen else None,
                "considered": [_as_stored(candidate) for candidate in seen],
            },
        )  # fmt: skip

    def _tell(
        self,
        at: dt.datetime,
        actor: Actor,
        key: str,
        data: dict[str, Any],
        with_contact: bool | None = False,
        assignee_id: int | None = None,
    ) -> None:
        """History and notifications. with_contact: None anchors at the ticket alone, True at the contact too."""
        row = self.row
        anchors = [] if with_contact is None else [place(Customer, row.customer_id)]
        if with_contact:
            anchors.append(place(Contact, row.contact_id))
        data = {"number": row.number, **data}
        self.world.history.tell(at, actor, key, place(Ticket, row.pk), anchors, data)
        self.world.told(at, actor, key, row, data, self.draft.who, assignee_id or row.assignee_id)


def _as_stored(candidate: Candidate) -> dict[str, Any]:
    """`dataclasses.asdict` without its deep copies, which would take a tenth of the whole load."""
    return {name: getattr(candidate, name) for name in _CANDIDATE_FIELDS}


def _staff(agent: Agent | None) -> Actor:
    assert agent is not None, "a deed of staff needs an agent"
    return Actor(ActorKind.STAFF, agent.user.pk, agent.user.name)
