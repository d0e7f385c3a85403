"""Setting up the service desk. Each save is checked, recorded with before and after, and safe to repeat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as record_activity
from crm.activity.settings_rows import store_row
from crm.conditions.language import parse
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..choices import Level, Priority
from ..models import AgentProfile, PriorityRule, RequestType, ServiceSettings, Skill, SlaPolicy, Status

TOLD = "tickets.settings_changed"
MEASURES = ("first_response", "resolution")


@action(permission="tickets.manage")
def save_request_type(*, actor: Actor, values: Mapping[str, Any], record: RequestType | None = None) -> RequestType:
    """Makes or changes what can be asked for; its own times get a new version. Raises `Invalid`."""
    values = dict(values)
    if record is not None and {"first_response_minutes", "resolution_minutes"} & set(values):
        present = RequestType.objects.select_for_update(no_key=True).get(pk=record.pk)
        if any(values.get(f"{name}_minutes", present.target_minutes(name)) != present.target_minutes(name)
               for name in MEASURES):  # fmt: skip
            values["targets_version"] = present.targets_version + 1
    return store(actor, RequestType, record, values)


@action(permission="tickets.manage")
def save_status(*, actor: Actor, values: Mapping[str, Any], record: Status | None = None) -> Status:
    """Makes or changes a status. Raises `Invalid` when the last active one of its meaning would go."""
    before = Status.objects.get(pk=record.pk).category if record is not None else None
    row = store(actor, Status, record, values)
    for category in {row.category, before} - {None}:
        if not Status.objects.filter(category=category, is_active=True).exists():
            name = "is_active" if category == row.category else "category"
            raise Invalid(fields={name: _("Keep at least one active status of this meaning")})
    if row.is_default:
        Status.objects.filter(category=row.category, is_default=True).exclude(pk=row.pk).update(is_default=False)
    return row


@action(permission="tickets.manage")
def save_skill(*, actor: Actor, values: Mapping[str, Any], record: Skill | None = None) -> Skill:
    """Makes or changes a skill. Raises `Invalid`."""
    return store(actor, Skill, record, values)


@action(permission="tickets.manage")
def save_agent_profile(*, actor: Actor, values: Mapping[str, Any], record: AgentProfile | None = None) -> AgentProfile:
    """Says how many tickets a user takes, with which seniority and skills. Raises `Invalid`."""
    return store(actor, AgentProfile, record, values)


@action(permission="tickets.reply")
def save_own_preferences(*, actor: Actor, values: Mapping[str, Any]) -> AgentProfile:
    """Sets what an agent chooses for themselves: undo_seconds, 0 to 30, and after_sending, an `AfterSending`.

    Who has no profile yet gets one that takes no part in automatic assignment. Raises `Invalid`.
    """
    if set(values) - {"undo_seconds", "after_sending"} or actor.user_id is None:
        raise Invalid
    record = AgentProfile.objects.filter(user_id=actor.user_id).first()
    if record is None:
        values = {**values, "user_id": actor.user_id, "takes_tickets": False}
    return store(actor, AgentProfile, record, values)


@action(permission="tickets.manage")
def save_sla_policy(*, actor: Actor, values: Mapping[str, Any], record: SlaPolicy | None = None) -> SlaPolicy:
    """Makes or changes a promise; its version grows, and clocks that already run keep theirs.

    targets are minutes of business time by priority. Raises `Invalid` for a condition or target that cannot be.
    """
    values = dict(values)
    if "condition" in values:
        values["condition"] = parse(values["condition"], on="ticket", author=actor).tree if values["condition"] else {}
    if "targets" in values:
        _check_targets(values["targets"])
    if record is not None:
        values["version"] = SlaPolicy.objects.select_for_update(no_key=True).get(pk=record.pk).version + 1
    return store(actor, SlaPolicy, record, values)


@action(permission="tickets.manage")
def save_matrix(*, actor: Actor, cells: Mapping[tuple[int, int], int], brand_settings: ServiceSettings) -> None:
    """Sets the priority of each impact and urgency; tickets that exist keep theirs. Raises `Invalid`."""
    wanted = {(impact, urgency) for impact in Level.values for urgency in Level.values}
    if set(cells) != wanted or not set(cells.values()) <= set(Priority.values):
        raise Invalid(_("Choose a priority in every cell of the matrix."))
    for (impact, urgency), priority in cells.items():
        PriorityRule.objects.update_or_create(impact=impact, urgency=urgency, defaults={"priority": priority})
    data = {"what": str(_("the priority matrix")), "changes": {}}
    record_activity(actor=actor, type=TOLD, subject=brand_settings, data=data)


@action(permission="tickets.manage")
def save_settings(*, actor: Actor, values: Mapping[str, Any], record: ServiceSettings) -> ServiceSettings:
    """Sets the desk's own numbers and the consent text, whose version grows with each new wording.

    Raises `Invalid` for a condition that cannot be.
    """
    values, row = dict(values), ServiceSettings.objects.select_for_update(no_key=True).get(pk=record.pk)
    if "consent_text" in values and values["consent_text"] != row.consent_text:
        values["consent_version"] = row.consent_version + 1
    for name in ("raise_when", "senior_when"):
        if values.get(name):
            checked = parse(values[name], on="ticket", author=actor)
            values[name] = {} if checked.always else checked.tree
    return store(actor, ServiceSettings, record, values)


def store(actor: Actor, model: type[models.Model], record: Any, values: Mapping[str, Any]) -> Any:
    """Checks, writes and records one row of the desk's settings. Raises `Invalid`."""
    return store_row(actor, model, record, values, type=TOLD)


def _check_targets(targets: Mapping[str, Mapping[str, Any]]) -> None:
    for priority, measures in targets.items():
        numbers = [measures.get(name) for name in MEASURES]
        if priority not in {str(value) for value in Priority.values} or any(
            number is not None and not 0 < number <= 525_600 for number in numbers
        ):
            raise Invalid(fields={"targets": _("Enter each time in minutes, from 1 to 525,600, or leave it empty")})
