"""What the lives of demo tickets share, and the plain records they are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crm.activity.demo import History
from crm.calendars.hours import Hours
from customers.demo.customers import Requester

from ..models import RequestType, SlaPolicy, Status
from .office import Agent
from .tables import Tables


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
    answers: dict[str, Any] = field(default_factory=dict)


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
