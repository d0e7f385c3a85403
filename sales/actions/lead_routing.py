"""Where a new lead goes: the first assignment rule whose condition holds sends it to a pool, a person or a team.

Tickets rank agents by shift, skill and spare capacity; leads go to whoever of the team holds the fewest open ones, the
longest without a new one first. What both share is one `min()`, so there is no common engine; see docs/architecture/
decisions/0019-lead-assignment.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from crm.accounts.models import Team, User
from crm.accounts.selectors import absent_among
from crm.activity.recording import kind_of
from crm.conditions.language import parse
from crm.core import clock
from crm.core.actor import Actor
from crm.core.errors import Invalid
from customers.actions.recognition import lock_words

from ..choices.leads import RouteTo, SpanStart
from ..models import Lead, LeadDecision, LeadRule, OwnerSpan
from .holding import give, put_into_pools
from .lead_scores import answers_of

#: How many people a decision keeps.
KEPT = 50


def route_leads(actor: Actor, leads: Sequence[Lead]) -> dict[int, LeadDecision]:
    """Sends stored, locked leads without owner and pool where the rules say: id → decision, where a rule fits.

    One after the other, by rules that are read once. A rule that fits but leads nowhere now (a person who left, a team
    where everybody is away) is passed over, and the decision says so.
    """
    fitting = _fitting(leads)
    found = {lead.pk: _sent(actor, lead, fitting[lead.pk]) for lead in leads}
    decisions = {pk: decision for pk, decision in found.items() if decision is not None}
    put_into_pools(actor, [(lead, lead.pool) for lead in leads if lead.pool and lead.in_pool and lead.pk in decisions])
    LeadDecision.objects.bulk_create(decisions.values())
    return decisions


def _sent(actor: Actor, lead: Lead, rules: Sequence[LeadRule]) -> LeadDecision | None:
    passed: list[dict[str, Any]] = []
    for rule in rules:
        considered: list[dict[str, Any]] = []
        if rule.route == RouteTo.POOL and rule.pool is not None and rule.pool.is_active:
            lead.pool = rule.pool  # stored together with all others
            return _decide(lead, rule, passed, considered)
        person = _person(rule, considered)
        if person is not None:
            give(actor, lead, person, SpanStart.RULE, pool=rule.pool)
            return _decide(lead, rule, passed, considered)
        passed.append({"rule": rule.pk, "name": dict(rule.name), "considered": considered})
    return None


def _fitting(leads: Sequence[Lead]) -> dict[int, list[LeadRule]]:
    """Id → the active rules whose condition holds, in order; one whose condition no longer reads fits nothing."""
    rules = {str(rule.pk): rule for rule in LeadRule.objects.active().select_related("pool", "user", "team")}
    conditions = {}
    for key, rule in rules.items():
        if not rule.condition:
            continue
        try:
            conditions[key] = parse(rule.condition, on="lead", author=Actor.system(), stored=True)
        except Invalid:
            continue
    holds = answers_of(conditions, leads)
    return {
        lead.pk: [
            rule for key, rule in rules.items() if not rule.condition or holds.get(lead.pk, {}).get(key, False)
        ]
        for lead in leads
    }  # fmt: skip


def _person(rule: LeadRule, considered: list[dict[str, Any]]) -> User | None:
    if rule.route == RouteTo.USER and rule.user is not None:
        users = User.objects.active().filter(pk=rule.user_id)
    elif rule.route == RouteTo.TEAM and rule.team is not None:
        lock_words(f"lead-team:{rule.team_id}")
        users = _ranked(rule.team)
    else:
        return None
    people = list(users)
    absent = absent_among([user.pk for user in people], clock.now())
    for user in people[:KEPT]:
        load = getattr(user, "held", None)
        considered.append({"user": user.pk, "name": user.name, "held": load, "absent": user.pk in absent})
    return next((user for user in people if user.pk not in absent), None)


def _ranked(team: Team) -> Any:
    """The team's people, whoever holds the fewest open leads first, then the longest without a new one."""
    held = Lead.objects.open().filter(owner=OuterRef("pk")).order_by().values("owner").annotate(n=Count("pk"))
    spans = OwnerSpan.objects.filter(user=OuterRef("pk"), kind=kind_of(Lead).code).order_by().values("user")
    latest = spans.annotate(latest=Max("started_at"))
    return (
        User.objects.active()
        .filter(memberships__team=team)
        .annotate(held=Coalesce(Subquery(held.values("n")), 0), latest=Subquery(latest.values("latest")))
        .order_by("held", F("latest").asc(nulls_first=True), "pk")
    )


def _decide(lead: Lead, rule: LeadRule, passed: list[dict[str, Any]], considered: list[dict[str, Any]]) -> LeadDecision:
    return LeadDecision(
        lead=lead, rule=rule, user_id=lead.owner_id, pool_id=lead.pool_id,
        reasons={"v": 1, "name": dict(rule.name), "route": rule.route, "passed": passed, "considered": considered},
    )  # fmt: skip
