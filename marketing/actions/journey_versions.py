"""The draft of a journey: where it starts, its rules, new versions of one that started, and copies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid

from ..choices.journeys import StartKind, VersionState
from ..exceptions import JourneyNotEditable, WrongJourneyState
from ..journeys.dates import date_starts
from ..journeys.outline import Outline
from ..journeys.rights import ON
from ..journeys.starts import DEEDS
from ..models import Campaign, Journey, JourneyVersion, Step
from .copying import copy_name
from .journey_mails import copy_mail
from .journeys import create_journey, locked

from crm.conditions.language import parse  # isort: skip

START = ("start_kind", "segment", "deed", "date_key", "days_offset", "hour", "every_year", "condition")
RULES = ("reentry", "reentry_days", "goal_rule", "exit_rule")
_TREES = ("condition", "goal_rule", "exit_rule")


@action(permission="journeys.create")
def begin_version(*, actor: Actor, record: Journey) -> JourneyVersion:
    """A draft of the last live version, to be changed; the one that is being changed already, if there is one.

    That of a journey that ended starts it again once it is made live.
    """
    row = locked(actor, record)
    draft, live = row.draft, row.live
    if draft is not None:
        return draft
    assert live is not None, "a journey has a draft or a live version"
    number = row.versions.order_by("-number").values_list("number", flat=True)[0] + 1
    facts = {name: getattr(live, name) for name in (*START, *RULES)}
    draft = JourneyVersion.objects.create(journey=row, number=number, **facts)
    _copy_steps(live, draft)
    return draft


@action(permission="journeys.create")
def copy_journey(*, actor: Actor, record: Journey) -> Journey:
    """A new draft with the same start, rules, steps and words, owned by whoever copies; of the live version, if any."""
    row = locked(actor, record)
    source = row.live or row.draft
    assert source is not None, "a journey has a draft or a live version"
    copy = create_journey(
        actor=actor, values={"name": copy_name(row), "goal": row.goal, "timezone": row.timezone}
    )  # fmt: skip
    draft = copy.draft
    assert draft is not None
    for name in (*START, *RULES):
        setattr(draft, name, getattr(source, name))
    draft.save()
    _copy_steps(source, draft, own_mails=True)
    return copy


@action(permission="journeys.create")
def discard_version(*, actor: Actor, record: Journey) -> None:
    """Forgets the draft of a journey that has a live version. Raises `WrongJourneyState`."""
    row = locked(actor, record)
    draft = row.draft
    if draft is None or row.live is None:
        raise WrongJourneyState
    forget_version(draft)


@action(permission="journeys.create")
def set_version(*, actor: Actor, record: Journey, values: Mapping[str, Any]) -> JourneyVersion:
    """Sets the start or the rules of the draft. Raises `JourneyNotEditable`, `Invalid` with `fields`."""
    version = editable(actor, record)
    unknown = set(values) - {*START, *RULES}
    if unknown:
        raise Invalid(fields={name: _("This field cannot be set") for name in unknown})
    for name, value in values.items():
        setattr(version, name, parse(value, ON, actor).tree if name in _TREES else value)
    wrong = _wrong(version)
    if wrong:
        raise Invalid(fields=wrong)
    version.save()
    return version


def editable(actor: Actor, record: Journey) -> JourneyVersion:
    """The journey's draft, under its lock. Raises `JourneyNotEditable`, `NotFound`."""
    row = locked(actor, record)
    draft = row.draft
    if draft is None:
        raise JourneyNotEditable
    draft.journey = row
    return draft


def forget_version(version: JourneyVersion) -> None:
    """Deletes a draft with the mails that nothing else uses."""
    assert version.state == VersionState.DRAFT
    mails = list(version.steps.exclude(mail=None).values_list("mail", flat=True))
    version.delete()
    Campaign.objects.filter(pk__in=mails, journey_steps__isnull=True).delete()


def _wrong(version: JourneyVersion) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if version.start_kind not in StartKind.values:
        found["start_kind"] = _("Choose what starts it")
    if version.deed and version.deed not in DEEDS:
        found["deed"] = _("Choose what happens")
    if version.date_key and version.date_key not in date_starts():
        found["date_key"] = _("Choose a date")
    if not -365 <= version.days_offset <= 365:
        found["days_offset"] = _("Enter at most 365 days before or after")
    if not 0 <= version.hour <= 23:
        found["hour"] = _("Enter an hour from 0 to 23")
    if not 0 <= version.reentry_days <= 3650:
        found["reentry_days"] = _("Enter at most 3650 days")
    return found


def _copy_steps(source: JourneyVersion, target: JourneyVersion, *, own_mails: bool = False) -> None:
    """The same steps under the same keys; mails are shared until one is changed, unless they shall be its own."""
    made: dict[int, Step] = {}
    for row in Outline(source).rows():
        step = row.step
        parent = made[step.parent_id] if step.parent_id else None
        made[step.pk] = Step.objects.create(
            version=target, key=step.key, parent=parent, way=step.way, place=step.place, kind=step.kind,
            name=step.name, settings=step.settings, condition=step.condition, tag=step.tag,
            mail=copy_mail(step.mail, target.journey) if own_mails and step.mail else step.mail,
        )  # fmt: skip
