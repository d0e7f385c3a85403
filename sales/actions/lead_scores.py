"""What a lead is worth a call, in points of 100, with every reason.

Fit: each rule whose condition holds gives its points. Engagement: each event of the rule's kind gives its points,
less `fade_percent` of them for each 30 days since (linear, so that 50 % a month is gone after two). The sum of a group
lies between 0 and its cap, the score between 0 and 100.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, Q

from crm.conditions.language import Condition, evaluate_many, evaluate_rows, parse
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..choices.leads import LeadEventKind, ScoreGroup
from ..models import Lead, LeadEvent, LeadSettings, ScoreRule

MONTH_DAYS = 30
#: Scores are counted anew after this long, so that events fade on the page too.
STALE = dt.timedelta(days=1)
#: How many events of a lead are looked at, newest first; older ones have faded.
EVENTS = 50


def score_lead(lead: Lead) -> None:
    """Counts the score of a stored, locked lead and writes it with its reasons. Four queries."""
    score_leads([lead])


def score_leads(leads: Sequence[Lead]) -> None:
    """The same for many, in as few queries."""
    settings = {row.brand_id: row for row in LeadSettings.objects.filter(brand__in={lead.brand_id for lead in leads})}
    rules = list(ScoreRule.objects.active())
    fit = _fit(leads, rules)
    events: dict[int, list[LeadEvent]] = defaultdict(list)
    for event in LeadEvent.objects.filter(lead__in=leads).order_by("-happened_at", "-pk"):
        if len(events[event.lead_id]) < EVENTS:
            events[event.lead_id].append(event)
    now = clock.now()
    for lead in leads:
        own = settings[lead.brand_id]
        _count(lead, own, [*fit[lead.pk], *_engagement(events[lead.pk], rules, own, now)])
        lead.scored_at = now
    Lead.objects.bulk_update(leads, ["score", "score_reasons", "scored_at"])


def _count(lead: Lead, settings: LeadSettings, reasons: Sequence[dict[str, Any]]) -> None:
    caps = {ScoreGroup.FIT: settings.fit_cap, ScoreGroup.ENGAGEMENT: settings.engagement_cap}
    groups = []
    for group, cap in caps.items():
        own = [reason for reason in reasons if reason["group"] == group]
        counted = min(cap, max(0, round(sum(reason["points"] for reason in own))))
        groups.append({"group": str(group), "cap": cap, "points": counted, "reasons": own})
    lead.score = min(100, sum(group["points"] for group in groups))
    lead.score_reasons = {"v": 1, "groups": groups}


@action()
def note_event(*, actor: Actor, lead: Lead, kind: LeadEventKind) -> None:
    """Stores a sign of interest of a lead and counts its score anew. Raises `Invalid` for an unknown kind."""
    if kind not in LeadEventKind.values:
        raise Invalid
    row = Lead.objects.lock().get(pk=lead.pk)
    LeadEvent.objects.create(lead=row, kind=kind)
    score_lead(row)


def score_again(limit: int = 200) -> int:
    """Counts open leads anew whose score is a day old or was never counted. Returns how many."""
    due = Lead.objects.open().filter(Q(scored_at__isnull=True) | Q(scored_at__lt=clock.now() - STALE))
    ids = list(due.order_by(F("scored_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:limit])
    for pk in ids:
        rescore(actor=Actor.system(), lead_id=pk)
    return len(ids)


@action()
def rescore(*, actor: Actor, lead_id: int) -> None:
    """Counts one lead's score anew."""
    row = Lead.objects.lock().filter(pk=lead_id).first()
    if row is not None:
        score_lead(row)


def _fit(leads: Sequence[Lead], rules: Iterable[ScoreRule]) -> dict[int, list[dict[str, Any]]]:
    """Id → the rules of fit that hold: an empty condition always does, one that no longer reads gives nothing."""
    own = {str(rule.pk): rule for rule in rules if rule.group == ScoreGroup.FIT}
    conditions = {}
    for key, rule in own.items():
        if not rule.condition:
            continue
        try:
            conditions[key] = parse(rule.condition, on="lead", author=Actor.system(), stored=True)
        except Invalid:
            continue
    found = answers_of(conditions, leads)
    return {
        lead.pk: [
            _reason(rule, rule.points) for key, rule in own.items()
            if not rule.condition or found.get(lead.pk, {}).get(key, False)
        ]
        for lead in leads
    }  # fmt: skip


def answers_of(conditions: Mapping[str, Condition], leads: Sequence[Lead]) -> dict[int, dict[str, bool]]:
    """Id → key → whether the condition holds, in one query; one lead is asked by a statement that is kept."""
    if len(leads) == 1:
        return {leads[0].pk: evaluate_many(conditions, leads[0])}
    return evaluate_rows(conditions, Lead.objects.filter(pk__in=[lead.pk for lead in leads]))


def _engagement(
    events: Sequence[LeadEvent], rules: Iterable[ScoreRule], settings: LeadSettings, now: dt.datetime
) -> list[dict[str, Any]]:
    found = []
    for rule in rules:
        own = [event for event in events if event.kind == rule.event] if rule.group == ScoreGroup.ENGAGEMENT else []
        shares = [_left(event.happened_at, settings.fade_percent, now) for event in own]
        points = round(sum(rule.points * share for share in shares), 1)
        if points:
            found.append(_reason(rule, points, times=sum(1 for share in shares if share)))
    return found


def _left(happened_at: dt.datetime, fade_percent: int, now: dt.datetime) -> float:
    """The share of an event's points that is left, 1 to 0."""
    months = max(0.0, (now - happened_at) / dt.timedelta(days=MONTH_DAYS))
    return max(0.0, 1 - months * fade_percent / 100)


def _reason(rule: ScoreRule, points: float, *, times: int = 1) -> dict[str, Any]:
    return {"group": rule.group, "rule": rule.pk, "name": dict(rule.name), "points": points, "times": times}
