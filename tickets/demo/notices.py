"""The bell of the last days: what `subscribers` would have told, one unread line a matter."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crm.accounts.demo import Staff
from crm.activity.recording import kind_of
from crm.core.actor import Actor
from crm.core.demo import Copy
from crm.notifications.models import Notification
from customers.demo.customers import Requester

from ..models import Ticket

_TO_ASSIGNEE = frozenset(
    {"tickets.assigned", "tickets.reassigned", "tickets.customer_replied", "tickets.reopened", "tickets.rated",
     "tickets.sla_at_risk", "tickets.sla_breached"}
)  # fmt: skip
_TO_SUPERVISORS = frozenset({"tickets.queued", "tickets.sla_breached"})
_DAYS = dt.timedelta(days=5)
#: What is older than this has been read.
_UNREAD = dt.timedelta(hours=44)


class Notices:
    """Collects lines while lives are played; `write` stores them."""

    def __init__(self, now: dt.datetime, staff: Staff):
        self._since, self._unread_since = now - _DAYS, now - _UNREAD
        self._kind = kind_of(Ticket).code
        self._supervisors = {
            staff.teams[key].pk: [member.user.pk for member in staff.members if key in member.person.leads]
            for key in staff.teams
        }
        self._lines: dict[tuple[int, str, int, bool], list[Any]] = {}

    def told(
        self, at: dt.datetime, actor: Actor, key: str, row: Ticket, data: dict[str, Any], who: Requester,
        assignee_id: int | None,
    ) -> None:  # fmt: skip
        """Takes note of a deed."""
        if at < self._since:
            return
        users = set()
        if key in _TO_ASSIGNEE and assignee_id:
            users.add(assignee_id)
        if key in _TO_SUPERVISORS:
            users |= set(self._supervisors.get(row.team_id, ()))
        unread = at >= self._unread_since
        values = {
            "v": 1, "actor": actor.label, "actor_kind": int(actor.kind), **data, "subject": row.subject,
            "customer": who.company or who.name,
        }  # fmt: skip
        for user_id in sorted(users - {actor.user_id}):
            line = self._lines.setdefault(
                (user_id, key, row.pk, unread), [at, at, 0, values, f"/tickets/{row.number}/"]
            )
            line[0], line[1], line[2] = min(line[0], at), max(line[1], at), line[2] + 1
            if line[1] == at:
                line[3] = values

    def write(self) -> None:
        """Stores the lines; read ones were read an hour after they came."""
        table = Copy(
            Notification,
            ("user_id", "kind", "object_id", "data", "url", "count", "unread", "created_at", "updated_at", "read_at"),
            {"subject_kind": self._kind},
        )
        for (user_id, key, ticket_id, unread), (first, last, count, values, url) in self._lines.items():
            read_at = None if unread else last + dt.timedelta(hours=1)
            table.add(user_id, key, ticket_id, values, url, count, unread, first, last, read_at)
        table.flush()
