"""Setting up pools, score rules, assignment rules and the numbers of the lead desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activity.settings_rows import store_row
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..choices.leads import PoolHolds, RouteTo, ScoreGroup
from ..models import Lead, LeadRule, LeadSettings, Pool, PooledCustomer, ScoreRule
from .settings_rows import with_condition

TOLD = "leads.settings_changed"


@action(permission="leads.manage")
def save_pool(*, actor: Actor, values: Mapping[str, Any], record: Pool | None = None) -> Pool:
    """Makes or changes a pool; returns of the leads that are held from it are reckoned anew. Raises `Invalid`."""
    holds = values.get("holds", record.holds if record else PoolHolds.LEADS)
    if record is not None and holds != record.holds and _is_used(record):
        raise Invalid(fields={"holds": _("Something lies in this pool or is held under its rules. Make another pool")})
    row: Pool = store_row(actor, Pool, record, values, type=TOLD)
    if row.protect_days and row.idle_days is None and row.convert_days is None:
        raise Invalid(fields={"protect_days": _("Protection puts off a return: say after how many days one comes")})
    Lead.objects.filter(pool=row).reckon()
    PooledCustomer.objects.filter(pool=row).reckon()
    return row


def _is_used(pool: Pool) -> bool:
    return pool.leads.exists() or pool.pooled_customers.exists() or pool.lead_rules.exists()


@action(permission="leads.manage")
def save_lead_rule(*, actor: Actor, values: Mapping[str, Any], record: LeadRule | None = None) -> LeadRule:
    """Makes or changes an assignment rule. Raises `Invalid` for a condition that cannot be, or a missing target."""
    row: LeadRule = store_row(actor, LeadRule, record, with_condition(actor, values, on="lead"), type=TOLD)
    if getattr(row, f"{RouteTo(row.route)}_id") is None:
        raise Invalid(fields={str(row.route): _("Choose where the leads go")})
    return row


@action(permission="leads.manage")
def save_score_rule(*, actor: Actor, values: Mapping[str, Any], record: ScoreRule | None = None) -> ScoreRule:
    """Makes or changes a score rule; open leads are counted anew by the sweep. Raises `Invalid`."""
    values = with_condition(actor, values, on="lead")
    group = values.get("group", record.group if record else ScoreGroup.FIT)
    event = values.get("event", record.event if record else "")
    if group == ScoreGroup.ENGAGEMENT and not event:
        raise Invalid(fields={"event": _("Choose which event gives the points")})
    if group == ScoreGroup.FIT and event:
        values["event"] = ""
    row: ScoreRule = store_row(actor, ScoreRule, record, values, type=TOLD)
    _count_anew()
    return row


@action(permission="leads.manage")
def save_lead_settings(*, actor: Actor, values: Mapping[str, Any], record: LeadSettings) -> LeadSettings:
    """Sets the desk's numbers and the consent text, whose version grows with each new wording. Raises `Invalid`."""
    values = dict(values)
    present = LeadSettings.objects.select_for_update(no_key=True).get(pk=record.pk)
    if "consent_text" in values and values["consent_text"] != present.consent_text:
        values["consent_version"] = present.consent_version + 1
    row: LeadSettings = store_row(actor, LeadSettings, record, values, type=TOLD)
    _count_anew()
    return row


def _count_anew() -> None:
    """Lets the sweep count every open lead anew."""
    Lead.objects.open().update(scored_at=None)
