"""The desk's lists of rules: how each row is saved in place, and what it decided lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, QuerySet
from django.urls import reverse

from crm.activity.models import Activity, Anchor
from crm.calendars.models import Clock
from crm.core import clock
from crm.core.actor import Actor
from crm.core.sockets import activity_types, clock_kinds, kinds
from crm.ui.rules import RECENT, RuleList, rule_lists

from .actions import desk
from .actions.canned import save_canned_reply
from .actions.macros import save_macro
from .models import StatusSpan, Ticket

_MANAGE = "tickets.manage"
Change = Callable[[Actor, Any, dict[str, Any]], Any]


def by(action: Callable[..., Any]) -> Change:
    """The verb `action(actor=…, values=…, record=…)` as a rule's `change`."""
    return lambda actor, row, values: action(actor=actor, values=values, record=row)


def may_manage(actor: Actor, row: Any) -> bool:
    """The desk's rows are its administrators'."""
    return actor.can(_MANAGE)


def may_write(actor: Actor, row: Any) -> bool:
    """One's own texts and macros, and shared ones for those who set up the desk."""
    return row.user_id == actor.user_id if row.user_id is not None else actor.can(_MANAGE)


def clocks_under(policy: Any, since: dt.datetime) -> QuerySet[Any]:
    """Resolution clocks that the policy set: one a ticket and cycle."""
    return Clock.objects.filter(policy_id=policy, kind=clock_kinds["tickets.resolution"].code, started_at__gte=since)


def runs_of(macro: Any, since: dt.datetime) -> QuerySet[Any]:
    """Runs of the macro, by the anchors they left on it."""
    before = Activity.objects.filter(at__lt=since).aggregate(newest=Max("pk"))["newest"] or 0
    return Anchor.objects.filter(
        kind=kinds["macro"].code, object_id=macro, type=activity_types["tickets.macro_run"].code, activity_id__gt=before
    )


def stays_in(status: Any, since: dt.datetime) -> QuerySet[Any]:
    """Stays in the status that ended lately."""
    return StatusSpan.objects.filter(status=status, left_at__gte=since)


def assigned_to(profile: Any, since: dt.datetime) -> QuerySet[Any]:
    """New tickets that the agent holds."""
    return Ticket.objects.filter(assignee__agent_profile=profile, created_at__gte=since)


def tickets_url(**filters: Any) -> str:
    """The list of all tickets with these filters."""
    return f"{reverse('tickets:ticket_list')}?{urlencode({'view': 'all', **filters})}"


def _since() -> str:
    return (clock.now() - RECENT).replace(microsecond=0).isoformat()


rule_lists.register(
    RuleList("request_type", by(desk.save_request_type), may_manage),
    RuleList(
        "status", by(desk.save_status), may_manage, hits=stays_in,
        hits_url=lambda row: tickets_url(stay_status=row.key, stay_from=_since()),
    ),
    RuleList(
        "sla_policy", by(desk.save_sla_policy), may_manage, hits=clocks_under,
        hits_url=lambda row: tickets_url(policy=row.pk, created_from=_since()),
    ),
    RuleList(
        "agent_profile", by(desk.save_agent_profile), may_manage, switch="takes_tickets", order="", hits=assigned_to,
        hits_url=lambda row: tickets_url(assignee=row.user_id, created_from=_since()),
    ),
    RuleList("canned_reply", by(save_canned_reply), may_write),
    RuleList("macro", by(save_macro), may_write, hits=runs_of),
)  # fmt: skip
