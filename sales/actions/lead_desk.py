"""Setting up pools, score rules, assignment rules and the numbers of the lead desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as record_activity
from crm.conditions.language import parse
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..choices.leads import RouteTo, ScoreGroup
from ..models import Lead, LeadRule, LeadSettings, Pool, ScoreRule


@action(permission="leads.manage")
def save_pool(*, actor: Actor, values: Mapping[str, Any], record: Pool | None = None) -> Pool:
    """Makes or changes a pool; returns of the leads that are held from it are reckoned anew. Raises `Invalid`."""
    row: Pool = _store(actor, Pool, record, values)
    if row.protect_days and row.idle_days is None and row.convert_days is None:
        raise Invalid(fields={"protect_days": _("Protection puts off a return: say after how many days one comes")})
    Lead.objects.filter(pool=row).reckon()
    return row


@action(permission="leads.manage")
def save_lead_rule(*, actor: Actor, values: Mapping[str, Any], record: LeadRule | None = None) -> LeadRule:
    """Makes or changes an assignment rule. Raises `Invalid` for a condition that cannot be, or a missing target."""
    row: LeadRule = _store(actor, LeadRule, record, _checked(actor, values))
    if getattr(row, f"{RouteTo(row.route)}_id") is None:
        raise Invalid(fields={str(row.route): _("Choose where the leads go")})
    return row


@action(permission="leads.manage")
def save_score_rule(*, actor: Actor, values: Mapping[str, Any], record: ScoreRule | None = None) -> ScoreRule:
    """Makes or changes a score rule; open leads are counted anew by the sweep. Raises `Invalid`."""
    values = _checked(actor, values)
    group = values.get("group", record.group if record else ScoreGroup.FIT)
    event = values.get("event", record.event if record else "")
    if group == ScoreGroup.ENGAGEMENT and not event:
        raise Invalid(fields={"event": _("Choose which event gives the points")})
    if group == ScoreGroup.FIT and event:
        values["event"] = ""
    row: ScoreRule = _store(actor, ScoreRule, record, values)
    _count_anew()
    return row


@action(permission="leads.manage")
def save_lead_settings(*, actor: Actor, values: Mapping[str, Any], record: LeadSettings) -> LeadSettings:
    """Sets the desk's numbers and the consent text, whose version grows with each new wording. Raises `Invalid`."""
    values = dict(values)
    present = LeadSettings.objects.select_for_update(no_key=True).get(pk=record.pk)
    if "consent_text" in values and values["consent_text"] != present.consent_text:
        values["consent_version"] = present.consent_version + 1
    row: LeadSettings = _store(actor, LeadSettings, record, values)
    _count_anew()
    return row


def _count_anew() -> None:
    """Lets the sweep count every open lead anew."""
    Lead.objects.open().update(scored_at=None)


def _checked(actor: Actor, values: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(values)
    if "condition" in values:
        values["condition"] = parse(values["condition"], on="lead", author=actor).tree if values["condition"] else {}
    return values


def _store(actor: Actor, model: type[models.Model], record: Any, values: Mapping[str, Any]) -> Any:
    """Checks, writes and records one row. Raises `Invalid`."""
    row = model._default_manager.select_for_update(no_key=True).get(pk=record.pk) if record is not None else model()
    many = {field.name for field in model._meta.many_to_many}
    before = {name: getattr(row, name, None) for name in values if name not in many and row.pk}
    for name, value in values.items():
        if name not in many:
            setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise Invalid(fields={name: texts[0] for name, texts in error.message_dict.items()}) from None
    row.save()
    for name in many & set(values):
        getattr(row, name).set(values[name])
    pairs = {name: [_plain(old), _plain(getattr(row, name))] for name, old in before.items()}
    what = f"{model._meta.verbose_name} {row}"
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    record_activity(actor=actor, type="leads.settings_changed", subject=row, data={"what": what, "changes": changes})
    return row


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool | dict | type(None)) else str(value)
