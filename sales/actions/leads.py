"""Changing, following up, discarding and reopening leads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import DomainError, Invalid
from crm.core.text import clean_line, clean_text, excerpt
from crm.core.translated import in_all_languages
from crm.fields.forms import PREFIX
from crm.fields.records import changed_in_words, custom_values, store_answers
from crm.planner.actions import add_task
from customers.recognising.identities import (
    masked_chat,
    masked_email,
    masked_phone,
    normal_chat,
    normal_email,
    normal_phone,
)

from ..choices.leads import (
    DiscardReason,
    LeadEventKind,
    LeadSource,
    LeadStatus,
    SpanEnd,
    SpanStart,
    TalkKind,
    TalkOutcome,
)
from ..exceptions.leads import NeedsAddress
from ..models import Lead, LeadEvent
from .holding import end_span, give, locked_lead, reckon, workable
from .lead_scores import score_lead

#: What a person may set on a lead; anything else in `values` raises `Invalid`.
EDITABLE = (
    "name", "company", "job_title", "email", "phone", "wechat", "source", "campaign", "message", "region", "industry",
    "budget", "currency", "language", "status",
)  # fmt: skip
_MASKED = {"email": masked_email, "phone": masked_phone, "wechat": masked_chat}
_LINES = ("name", "company", "job_title", "campaign", "region", "industry")
_BY_HAND = (LeadStatus.NEW, LeadStatus.WORKING, LeadStatus.QUALIFIED)


@action(permission="leads.update")
def update_lead(*, actor: Actor, lead: Lead, values: Mapping[str, Any]) -> Lead:
    """Sets the given fields and counts the score anew; nothing is written when none differs.

    Raises as `workable` and `create_lead`.
    """
    fields, answers = split_values(values)
    row = workable(actor, lead)
    before = {name: getattr(row, name) for name in fields}
    changed = {name: value for name, value in fields.items() if before[name] != value}
    answered = store_answers(row, answers)
    if not changed and not answered:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    require_address(row)
    row.save()
    score_lead(row)
    changes = {name: [_told(name, before[name]), _told(name, value)] for name, value in changed.items()}
    changes |= {PREFIX + entry.key: pair for entry, pair in answered.items()}
    record(
        actor=actor, type="leads.updated", subject=row,
        data={"number": row.number, "fields": changed_in_words(Lead, changed, answered), "changes": changes},
    )  # fmt: skip
    return row


@action(permission="leads.update")
def log_lead_talk(
    *,
    actor: Actor,
    lead: Lead,
    kind: str,
    text: str,
    outcome: str = "",
    follow_up_at: dt.datetime | None = None,
    follow_up: str = "",
) -> None:
    """Notes a follow-up, which puts off the return to the pool; a new lead becomes one that is worked on.

    With `follow_up_at` a task of that title waits for the actor. An answer of the lead scores as engagement.
    Raises `Invalid`, and as `workable`.
    """
    body = clean_text(text, 10_000)
    wrong: dict[str, object] = {}
    if kind not in TalkKind.values:
        wrong["kind"] = _("Choose what it was")
    if outcome and outcome not in TalkOutcome.values:
        wrong["outcome"] = _("Choose how it went")
    if not body:
        wrong["text"] = _("Write what was said")
    if follow_up_at is not None and follow_up_at < clock.now():
        wrong["follow_up_at"] = _("Enter a time to come")
    if wrong:
        raise Invalid(fields=wrong)
    row = workable(actor, lead)
    row.last_touched_at = clock.now()
    row.status = LeadStatus.WORKING if row.status == LeadStatus.NEW else row.status
    row.save(update_fields=["last_touched_at", "status"])
    reckon(row)
    if outcome in (TalkOutcome.REACHED, TalkOutcome.INTERESTED):
        LeadEvent.objects.create(lead=row, kind=LeadEventKind.TALK)
        score_lead(row)
    record(
        actor=actor, type="leads.talked", subject=row,
        data={"number": row.number, "what": in_all_languages(TalkKind(kind).label), "kind": kind, "outcome": outcome,
              "text": excerpt(body, 280)},
    )  # fmt: skip
    if follow_up_at is not None:
        title = clean_line(follow_up, 200) or str(_("Follow up with %(name)s") % {"name": row.name})
        assignee = User.objects.filter(pk=actor.user_id).first() or row.owner
        add_task(actor=actor, subject=row, title=title, due_at=follow_up_at, assignee=assignee, kind="call")


@action(permission="leads.update")
def discard_lead(*, actor: Actor, lead: Lead, reason: str, note: str = "") -> Lead:
    """Puts a lead aside with a reason; who held it stays on it. Raises `Invalid`, and as `workable`."""
    if reason not in DiscardReason.values:
        raise Invalid(fields={"reason": _("Choose a reason")})
    row = workable(actor, lead)
    row.status, row.discard_reason, row.discard_note = LeadStatus.DISCARDED, reason, clean_line(note, 300)
    row.returns_at = None
    row.save(update_fields=["status", "discard_reason", "discard_note", "returns_at"])
    end_span(row, SpanEnd.DISCARDED, row.discard_note)
    record(
        actor=actor, type="leads.discarded", subject=row,
        data={"number": row.number, "name": row.name, "reason": in_all_languages(DiscardReason(reason).label),
              "text": row.discard_note},
    )  # fmt: skip
    return row


@action(permission="leads.update")
def reopen_lead(*, actor: Actor, lead: Lead) -> Lead:
    """Works on a discarded or converted lead again; what it was converted to stays linked. Twice changes nothing."""
    row = locked_lead(actor, lead)
    if row.is_open:
        return row
    holder = row.owner
    row.status, row.discard_reason, row.discard_note = LeadStatus.WORKING, "", ""
    row.save(update_fields=["status", "discard_reason", "discard_note"])
    if holder is not None:
        give(actor, row, holder, SpanStart.ASSIGNED, pool=row.pool)
    record(actor=actor, type="leads.reopened", subject=row, data={"number": row.number, "name": row.name})
    return row


def split_values(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The checked columns, and the answers to custom fields by key. Raises `Invalid`."""
    answers = custom_values(values)
    fields = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise Invalid(fields={name: _("This field cannot be set") for name in unknown})
    for name in set(_LINES) & set(fields):
        fields[name] = clean_line(fields[name] or "", _field(name).max_length)
    if "name" in fields and not fields["name"]:
        raise Invalid(fields={"name": _("Enter the person's name")})
    if "message" in fields:
        fields["message"] = clean_text(fields["message"] or "", 10_000)
    for name, normal in (("email", normal_email), ("phone", normal_phone), ("wechat", normal_chat)):
        if fields.get(name):
            try:
                fields[name] = normal(fields[name])
            except DomainError as error:
                raise Invalid(fields={name: error.message}) from None
    if fields.get("source", LeadSource.STAFF) not in LeadSource.values:
        raise Invalid(fields={"source": _("Choose one of the values")})
    if fields.get("status", LeadStatus.NEW) not in _BY_HAND:
        raise Invalid(fields={"status": _("Convert or discard it by its own button")})
    if fields.get("budget") is not None and fields["budget"] < 0:
        raise Invalid(fields={"budget": _("Enter an amount of 0 or more")})
    return fields, answers


def require_address(lead: Lead) -> None:
    """Raises `NeedsAddress` for a lead whom nobody could answer."""
    if not (lead.email or lead.phone or lead.wechat):
        raise NeedsAddress(fields={"email": NeedsAddress.default})


def _told(name: str, value: Any) -> Any:
    """A value for the log of what was done, which many read and which outlives the lead: addresses masked."""
    if value and name in _MASKED:
        return _MASKED[name](value)
    return value if isinstance(value, str | int | bool | type(None)) else str(value)


def _field(name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", Lead._meta.get_field(name))
