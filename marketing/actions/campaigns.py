"""Preparing campaigns: words, audience, time, and the way to the schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record as record_activity
from crm.approvals.actions import covers, request_approval, void_approval
from crm.approvals.models import Approval
from crm.blocks import merge
from crm.blocks.content import check_content
from crm.blocks.values import Place
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.models import Brand
from crm.core.text import clean_line
from crm.core.translated import Translated, in_all_languages, listed
from crm.fields.forms import PREFIX
from crm.fields.models import CustomField
from crm.fields.records import custom_values, store_answers, told
from crm.jobs.broker import enqueue_on_commit
from customers.segmenting.rights import require_reach

from ..choices.campaigns import BEGUN, CampaignKind, CampaignState
from ..exceptions import ChecksFail, NotEditable, WrongState
from ..models import Campaign
from ..rendering import ROOTS
from ..selectors.audience import counted
from ..selectors.checks import is_fresh, stands_in_the_way
from .copying import copy_name

#: What a person may set on a draft.
EDITABLE = (
    "name", "goal", "owner", "topic", "budget", "currency", "subject", "content", "body", "place", "starts_at", "link",
    "segments", "excluded", "one_per_customer", "holds_complaints", "cap_count", "cap_days", "answers_become",
    "window_days", "send_at", "timezone",
)  # fmt: skip
_SETS = ("segments", "excluded")
#: What may change at any time, since no reader sees it.
ALWAYS = ("name", "goal", "owner", "budget", "window_days", "answers_become")


@action(permission="campaigns.create")
def create_campaign(*, actor: Actor, values: Mapping[str, Any]) -> Campaign:
    """Begins a draft, owned by its author unless `values` names another. values: `EDITABLE`, kind, custom fields.

    Raises `Invalid` with `fields`.
    """
    given = _columns(values)
    kind = given.pop("kind", CampaignKind.MAIL)
    if kind not in BEGUN:
        raise Invalid(fields={"kind": _("Choose what it is")})
    brand = Brand.default()
    require_reach(actor, given.get("owner"))
    owner = given.pop("owner", None) or User.objects.filter(pk=actor.user_id or 0).first()
    campaign = Campaign(
        brand=brand, kind=kind, currency=brand.currency, timezone=brand.timezone, owner=owner,
        department_id=owner.department_id if owner else None,
    )  # fmt: skip
    sets = _fill(campaign, given)
    store_answers(campaign, custom_values(values))
    campaign.save()
    _store(campaign, sets)
    tell(actor, "campaigns.created", campaign)
    return campaign


@action(permission="campaigns.create")
def update_campaign(*, actor: Actor, record: Campaign, values: Mapping[str, Any]) -> Campaign:
    """Sets the given fields of a draft; `ALWAYS` and answers to custom fields may change later too.

    Another audience has to be counted anew. Raises `NotEditable`, `Invalid` with `fields`, `NotFound`.
    """
    row, given = locked(actor, record), _columns(values)
    if not row.is_editable and set(given) - set(ALWAYS):
        raise NotEditable
    if given.get("owner", row.owner) != row.owner:
        require_reach(actor, given["owner"])
    before = {name: _present(row, name) for name in given}
    sets = _fill(row, given)
    answered = store_answers(row, custom_values(values))
    if "owner" in given and row.owner is not None:
        row.department_id = row.owner.department_id
    _store(row, sets)
    changed = [name for name in given if _present(row, name) != before[name]]
    if not changed and not answered:
        return row
    if not set(changed).isdisjoint({"segments", "excluded", "one_per_customer", "holds_complaints", "cap_count",
                                    "cap_days", "topic"}):  # fmt: skip
        row.audience = {}
    row.save()
    if row.is_editable:
        void_approval(actor=actor, subject=row)
    tell(actor, "campaigns.updated", row, fields=_labels(changed, answered), changes=told(answered))
    return row


@action(permission="campaigns.create")
def copy_campaign(*, actor: Actor, record: Campaign) -> Campaign:
    """A new draft with the same words and audience, owned by whoever copies."""
    row = locked(actor, record)
    if row.is_step:
        raise WrongState
    owner = User.objects.filter(pk=actor.user_id or 0).first()
    facts = {name: getattr(row, name) for name in EDITABLE if name not in {*_SETS, "owner", "send_at", "name"}}
    copy = Campaign.objects.create(
        brand=row.brand, kind=row.kind, owner=owner, department_id=owner.department_id if owner else None,
        name=copy_name(row), custom=row.custom, **facts,
    )  # fmt: skip
    copy.segments.set(row.segments.all())
    copy.excluded.set(row.excluded.all())
    tell(actor, "campaigns.created", copy)
    return copy


@action(permission="campaigns.create")
def count_audience(*, actor: Actor, record: Campaign) -> Campaign:
    """Counts who would get the campaign now, and who not for which reason. Raises `NotEditable` once it is frozen."""
    row = locked(actor, record)
    if row.frozen_at is not None:
        raise NotEditable
    row.audience = counted(row)
    row.save(update_fields=["audience"])
    return row


@action(permission="campaigns.send")
def schedule_campaign(*, actor: Actor, record: Campaign, reason: str = "") -> Campaign:
    """Puts a draft on the schedule, to go out at `send_at` or at once; where a flow asks for it, approval comes first.

    A post goes nowhere: it counts as sent, to have its results entered. Raises `ChecksFail`, `WrongState`,
    `approvals.NoApprover`.
    """
    row = locked(actor, record)
    if row.state != CampaignState.DRAFT or row.is_step:
        raise WrongState
    if row.channel and not is_fresh(row.audience):
        row.audience = counted(row)
    wrong = stands_in_the_way(row)
    if wrong:
        raise ChecksFail(_("This stands in the way: %(what)s") % {"what": "; ".join(check.label for check in wrong)})
    asked = None if _is_approved(row) else request_approval(actor=actor, subject=row, reason=reason)
    if asked is not None:
        row.state = CampaignState.APPROVAL
        row.save()
        tell(actor, "campaigns.approval_asked", row)
        return row
    _put_on_schedule(actor, row)
    return row


@action(permission="campaigns.send")
def unschedule_campaign(*, actor: Actor, record: Campaign) -> Campaign:
    """Makes a scheduled campaign a draft again. Raises `WrongState` once it goes out."""
    row = locked(actor, record)
    if row.state != CampaignState.SCHEDULED:
        raise WrongState
    row.state = CampaignState.DRAFT
    row.save(update_fields=["state"])
    tell(actor, "campaigns.unscheduled", row)
    return row


@action()
def approve_campaign(*, actor: Actor, record: Campaign) -> None:
    """What follows the last consent: it is on the schedule. Called by the approvals, which have locked it."""
    if record.state == CampaignState.APPROVAL:
        tell(actor, "campaigns.approved", record)
        _put_on_schedule(actor, record)


@action()
def reopen_campaign(*, actor: Actor, record: Campaign) -> None:
    """What follows a refusal or withdrawal: a draft again. Called by the approvals, which have locked it."""
    if record.state == CampaignState.APPROVAL:
        record.state = CampaignState.DRAFT
        record.save(update_fields=["state"])


def locked(actor: Actor, campaign: Campaign) -> Campaign:
    """The campaign of the actor's set, locked. Raises `NotFound`."""
    rows = Campaign.objects.visible_to(actor).lock().select_related("brand")
    row: Campaign | None = rows.filter(pk=campaign.pk).first()
    if row is None:
        raise NotFound
    return row


def tell(
    actor: Actor, type: str, campaign: Campaign, *, anchors: Sequence[models.Model | None] = (), **data: Any
) -> Any:
    """The campaign's deed."""
    told = {"name": campaign.name, **data}
    return record_activity(actor=actor, type=type, subject=campaign, anchors=anchors, data=told)


def _put_on_schedule(actor: Actor, row: Campaign) -> None:
    if not row.channel:
        row.state, row.sent_at = CampaignState.SENT, clock.now()
        row.save()
        tell(actor, "campaigns.scheduled", row)
        return
    row.state, row.send_at = CampaignState.SCHEDULED, row.send_at or clock.now()
    row.save()
    tell(actor, "campaigns.scheduled", row)
    enqueue_on_commit("marketing.advance", row.pk, queue="bulk")


def _is_approved(campaign: Campaign) -> bool:
    return any(covers(row, campaign) for row in Approval.objects.on(campaign).filter(state="approved"))


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without the answers to custom fields."""
    return {name: value for name, value in values.items() if not name.startswith(PREFIX)}


def _fill(campaign: Campaign, values: Mapping[str, Any]) -> dict[str, Any]:
    """Sets checked columns; returns the sets, which need a stored row. Raises `Invalid`."""
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise Invalid(fields={name: _("This field cannot be set") for name in unknown})
    wrong: dict[str, object] = {}
    for name, value in values.items():
        if name in _SETS:
            continue
        if name in {"subject", "body"}:
            value = Translated(value or {})
            for text in value.values():
                try:
                    merge.check(text, ROOTS)
                except ValidationError as error:
                    wrong[name] = " ".join(error.messages)
        if name == "content":
            value = check_content(value, Place("mail", roots=ROOTS))
        setattr(campaign, name, value)
    campaign.name = clean_line(campaign.name, 200)
    if not campaign.name:
        wrong["name"] = _("Enter a name")
    if campaign.owner is not None and not campaign.owner.is_active:
        wrong["owner"] = _("Choose a colleague who still works here")
    if wrong:
        raise Invalid(fields=wrong)
    return {name: values[name] for name in _SETS if name in values}


def _store(campaign: Campaign, sets: Mapping[str, Any]) -> None:
    for name, rows in sets.items():
        getattr(campaign, name).set(rows)


def _present(campaign: Campaign, name: str) -> Any:
    if name in _SETS:
        return sorted(getattr(campaign, name).values_list("pk", flat=True)) if campaign.pk else []
    return getattr(campaign, name)


def _labels(names: list[str], answered: Mapping[CustomField, Any]) -> Translated:
    labels = [in_all_languages(_field(name).verbose_name) for name in names if name != "content"]
    labels += [in_all_languages(_("content"))] if "content" in names else []
    return listed([*labels, *(entry.name for entry in answered)])


def _field(name: str) -> models.Field[Any, Any]:
    return cast("models.Field[Any, Any]", Campaign._meta.get_field(name))
