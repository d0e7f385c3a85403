"""What a lead is worth a call, in points of 100, with every reason.

Fit: each rule whose condition holds gives its points. Engagement: each event of the rule's kind gives its points,
less `fade_percent` of them for each 30 days since (linear, so that 50 % a month is gone after two). The sum of a group
lies between 0 and its cap, the score between 0 and 100.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q

from crm.conditions.language import evaluate_many, parse
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
    settings = LeadSettings.objects.get(brand_id=lead.brand_id)
    rules = list(ScoreRule.objects.active())
    now = clock.now()
    reasons = [*_fit(lead, rules), *_engagement(lead, rules, settings, now)]
    caps = {ScoreGroup.FIT: settings.fit_cap, ScoreGroup.ENGAGEMENT: settings.engagement_cap}
    groups = []
    for group, cap in caps.items():
        own = [reason for reason in reasons if reason["group"] == group]
        counted = min(cap, max(0, round(sum(reason["points"] for reason in own))))
        groups.append({"group": str(group), "cap": cap, "points": counted, "reasons": own})
    lead.score = min(100, sum(group["points"] for group in groups))
    lead.score_reasons = {"v": 1, "groups": groups}
    lead.scored_at = now
    Lead.objects.filter(pk=lead.pk).update(score=lead.score, score_reasons=lead.score_reasons, scored_at=lead.scored_at)


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


def _fit(lead: Lead, rules: Iterable[ScoreRule]) -> list[dict[str, Any]]:
    """The rules of fit that hold: an empty condition always does, one that no longer reads gives nothing."""
    own = {str(rule.pk): rule for rule in rules if rule.group == ScoreGroup.FIT}
    conditions = {}
    for key, rule in own.items():
        if not rule.condition:
            continue
        try:
            conditions[key] = parse(rule.condition, on="lead", author=Actor.system(), stored=True)
        except Invalid:
            continue
    found = evaluate_many(conditions, lead)
    return [_reason(rule, rule.points) for key, rule in own.items() if not rule.condition or found.get(key, False)]


def _engagement(
    lead: Lead, rules: Iterable[ScoreRule], settings: LeadSettings, now: dt.datetime
) -> list[dict[str, Any]]:
    events = list(LeadEvent.objects.filter(lead=lead).order_by("-happened_at", "-pk")[:EVENTS])
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
