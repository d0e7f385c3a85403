"""One demo ticket's life: each method leaves what the verb of the same name leaves, without the database.

Deadlines, hours and figures come from the same functions that the verbs use. Rows are written by `finish`.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from crm.activity.demo import place
from crm.calendars.hours import Hours
from crm.calendars.models import Clock
from crm.core import names
from crm.core.actor import Actor, ActorKind
from crm.core.demo import token
from crm.core.text import excerpt
from customers.models import Contact, Customer

from ..actions.assignment import Candidate
from ..choices import ACTIVE, UNRESOLVED, Priority, StatusCategory
from ..models import SlaPolicy, Ticket
from .office import Agent
from .promises import Promises
from .tables import CONTACT
from .world import Draft, Figures, Span, World

_SYSTEM = Actor.system()
_CONSIDERED = 6
_CANDIDATE_FIELDS = tuple(entry.name for entry in fields(Candidate))
_SECOND = dt.timedelta(seconds=1)


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
    promises: Promises = field(init=False)
    agent: Agent | None = None
    spans: list[Span] = field(default_factory=list)
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
        self._promise(at)
        self._enter(at)
        self.row.answer_expected_at = self.promises.due_at("first_response")
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
        """Another priority: the clocks count anew. Left alone once a level is passed."""
        if priority == self.row.priority or not self.promises.retarget(priority, at):
            return
        words = self.world.priority_words
        data = {"before": words[self.row.priority], "after": words[priority], "priority": priority}
        self.row.impact, self.row.urgency, self.row.priority = impact, urgency, priority
        self._tell(at, self._me(), "tickets.priority_changed", data)

    def reply(self, at: dt.datetime, text: str, then: str = "") -> None:
        """A public answer, and the status chosen for afterwards."""
        message_id = self._say(at, "outbound", text)
        if self.row.first_response_at is None:
            self.row.first_response_at = at
            self.figures.first = self.promises.meet("first_response", at)
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
        self.promises.follow(after, at)
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
            self.figures.first = self.promises.meet("first_response", at)
        self.figures.handling = self.promises.meet("resolution", at)
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
        self.promises.write(self.world.now, self._passed)
        row = self.row
        row.status = self.world.statuses["in_progress"]
        row.cycle, row.reopened_count = row.cycle + 1, row.reopened_count + 1
        row.resolved_at = row.closed_at = row.first_response_at = None
        self.figures.first = self.figures.handling = (None, None, None)
        self._enter(at)
        self._promise(at)
        self._tell(at, self.contact, "tickets.reopened", {"cycle": row.cycle})

    def used(self, priority: int) -> float:
        """The share of the resolution target that would be used up now at another priority."""
        own = self.draft.type.target_minutes("resolution")
        minutes = own or self.policy.target_minutes(priority, "resolution") or 1
        return self.hours.between(self.draft.created_at, self.world.now) / 60 / minutes

    def finish(self) -> None:
        """Writes the ticket as it stands now with all that hangs on it."""
        self._write_rating()
        self.promises.write(self.world.now, self._passed)
        row, tables, figures = self.row, self.world.tables, self.figures
        next_due_at, sla_state = self.promises.mirrored()
        tables.tickets.add(
            row.pk, row.number, row.subject, names.search_key(row.subject), self.draft.type.pk, row.status.pk,
            row.impact, row.urgency, row.priority, row.team_id, row.assignee_id, row.created_by_id, row.customer_id,
            row.contact_id, self.draft.conversation_id, row.channel, row.language, row.timezone, row.reply_email,
            row.reply_phone, row.verified_at, row.access_token, row.guest_token, row.cycle, next_due_at,
            str(sla_state.value), row.answer_expected_at, row.accepted_at, row.first_response_at, row.resolved_at,
            row.closed_at, row.reopened_count, row.last_message_at, row.last_customer_message_at, row.customer_waits,
            row.snippet, row.cause, row.solution, self.draft.answers, row.created_at,
            max(row.last_message_at, self.spans[-1].entered_at),
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

    def _promise(self, at: dt.datetime) -> None:
        world = self.world
        self.promises = Promises(world.tables, world.codes, self.policy, self.hours, self.row, at)

    def _passed(self, clock: Clock, level: str, at: dt.datetime) -> None:
        """The history of a deadline that came near or passed."""
        holder = next((span.assignee_id for span in reversed(self.spans) if span.entered_at <= at), None)
        data = {
            "measure": self.world.words[clock.kind], "due_at": clock.due_at.isoformat(), "team_id": self.row.team_id,
            "assignee_id": holder,
        }  # fmt: skip
        key = "tickets.sla_at_risk" if level == "warning" else "tickets.sla_breached"
        self._tell(at, _SYSTEM, key, data, assignee_id=holder)

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
