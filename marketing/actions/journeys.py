"""Journeys: beginning them, making a version live, pausing and ending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.activity.recording import record as record_activity
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound
from crm.core.models import Brand
from crm.core.text import clean_line
from crm.core.translated import Translated, in_all_languages
from customers.segmenting.rights import require_reach

from ..choices.campaigns import CampaignState
from ..choices.journeys import EnrolmentState, JourneyState, VersionState
from ..exceptions import JourneyNotReady, WrongJourneyState
from ..journeys.changes import changes_between, starts_alike
from ..journeys.checks import stands_in_the_way
from ..journeys.moving import move_people
from ..journeys.starts import open_cursor
from ..models import Campaign, Journey, JourneyVersion
from .sending import prepare_words

#: What a person may set of the journey itself, at any time.
EDITABLE = ("name", "goal", "owner", "timezone")
#: States in which nobody comes in any more, until a new version goes live.
CLOSED = {JourneyState.RUNNING_OUT, JourneyState.ENDED}


@action(permission="journeys.create")
def create_journey(*, actor: Actor, values: Mapping[str, Any]) -> Journey:
    """Begins a draft with an empty first version, owned by its author. Raises `Invalid` with `fields`."""
    brand = Brand.default()
    given = dict(values)
    require_reach(actor, given.get("owner"))
    owner = given.pop("owner", None) or User.objects.filter(pk=actor.user_id or 0).first()
    journey = Journey(
        brand=brand, timezone=brand.timezone, owner=owner, department_id=owner.department_id if owner else None
    )
    _fill(journey, given)
    journey.save()
    JourneyVersion.objects.create(journey=journey)
    tell(actor, "journeys.created", journey)
    return journey


@action(permission="journeys.create")
def update_journey(*, actor: Actor, record: Journey, values: Mapping[str, Any]) -> Journey:
    """Sets name, goal, owner or zone; its mails follow the owner. Raises `Invalid` with `fields`, `NotFound`."""
    row = locked(actor, record)
    if values.get("owner", row.owner) != row.owner:
        require_reach(actor, values["owner"])
    before = {name: getattr(row, name) for name in values}
    _fill(row, values)
    if "owner" in values:
        row.department_id = row.owner.department_id if row.owner else None
    changed = [name for name in values if getattr(row, name) != before[name]]
    if not changed:
        return row
    row.save()
    if "owner" in changed:
        mails = Campaign.objects.filter(journey_steps__version__journey=row)
        Campaign.objects.filter(pk__in=mails.values("pk")).update(owner=row.owner, department=row.department_id)
    tell(actor, "journeys.updated", row, fields=_labels(changed))
    return row


@action(permission="journeys.run")
def publish_journey(*, actor: Actor, record: Journey, move: bool = False) -> Journey:
    """Makes the draft version live: the start of a journey, or what newcomers walk from now on.

    One that ended, or takes nobody in any more, starts again by it, for those who come from then on. move: whoever is
    inside goes on in the new version, before the step where they wait or, if that is gone, the next one that is left;
    otherwise they walk theirs to its end. Raises `JourneyNotReady`, `WrongJourneyState` without a draft.
    """
    row = locked(actor, record)
    draft, before = row.draft, row.live
    if draft is None:
        raise WrongJourneyState
    draft.journey = row
    wrong = stands_in_the_way(draft)
    if wrong:
        raise JourneyNotReady(_("This stands in the way: %(what)s") % {"what": "; ".join(one.label for one in wrong)})
    changes = changes_between(before, draft) if before else []
    if before is not None:
        before.state = VersionState.PAST
        before.save(update_fields=["state"])
    draft.state, draft.published_at, draft.published_by_id = VersionState.LIVE, clock.now(), actor.user_id
    draft.save(update_fields=["state", "published_at", "published_by"])
    _freeze_mails(actor, draft)
    again = row.state in CLOSED
    if before is None or again or not starts_alike(before, draft):
        open_cursor(draft)
    if before is None or again:
        row.state, row.started_at, row.ended_at = JourneyState.LIVE, row.started_at or clock.now(), None
    row.save()
    moved = move_people(draft) if move and before is not None else 0
    if before is None:
        tell(actor, "journeys.started", row)
    else:
        type = "journeys.started_again" if again else "journeys.published"
        tell(actor, type, row, number=draft.number, changes=len(changes), moved=moved)
    return row


@action(permission="journeys.run")
def pause_journey(*, actor: Actor, record: Journey) -> Journey:
    """Nobody comes in and nobody takes a step until it is resumed; mail on its way still arrives."""
    row = _in_state(actor, record, JourneyState.LIVE)
    return _to(actor, row, JourneyState.PAUSED, "journeys.paused")


@action(permission="journeys.run")
def resume_journey(*, actor: Actor, record: Journey) -> Journey:
    """People go on where they stood, those who are overdue at once; who came into the segment meanwhile comes in."""
    row = _in_state(actor, record, JourneyState.PAUSED)
    return _to(actor, row, JourneyState.LIVE, "journeys.resumed")


@action(permission="journeys.run")
def end_journey(*, actor: Actor, record: Journey, take_out: bool) -> Journey:
    """Nobody comes in any more. take_out: whoever is inside leaves at once; else they go on to the end.

    Raises `WrongJourneyState`.
    """
    row = _in_state(actor, record, JourneyState.LIVE, JourneyState.PAUSED, JourneyState.RUNNING_OUT)
    inside = row.enrolments.inside()
    count = inside.count()
    if count and not take_out:
        row.state = JourneyState.RUNNING_OUT
        row.save(update_fields=["state"])
        tell(actor, "journeys.closed", row, count=count)
        return row
    now = clock.now()
    inside.update(state=EnrolmentState.TAKEN_OUT, step=None, left_at=now, left_why="ended")
    row.state, row.ended_at = JourneyState.ENDED, now
    row.save(update_fields=["state", "ended_at"])
    tell(actor, "journeys.ended", row, count=count)
    return row


@action()
def close_journey(*, actor: Actor, record: Journey) -> bool:
    """Ends a journey that takes nobody in any more, once nobody is left in it. Whether it did."""
    row = Journey.objects.lock().filter(pk=record.pk, state=JourneyState.RUNNING_OUT).first()
    if row is None or row.enrolments.inside().exists():
        return False
    row.state, row.ended_at = JourneyState.ENDED, clock.now()
    row.save(update_fields=["state", "ended_at"])
    tell(actor, "journeys.ended", row, count=0)
    return True


def locked(actor: Actor, journey: Journey) -> Journey:
    """The journey of the actor's set, locked. Raises `NotFound`."""
    rows = Journey.objects.visible_to(actor).lock().select_related("brand", "owner")
    row: Journey | None = rows.filter(pk=journey.pk).first()
    if row is None:
        raise NotFound
    return row


def tell(actor: Actor, type: str, journey: Journey, **data: Any) -> None:
    """The journey's deed."""
    record_activity(actor=actor, type=type, subject=journey, data={"name": journey.name, **data})


def _in_state(actor: Actor, record: Journey, *states: str) -> Journey:
    row = locked(actor, record)
    if row.state not in states:
        raise WrongJourneyState
    return row


def _to(actor: Actor, row: Journey, state: str, type: str) -> Journey:
    row.state = state
    row.save(update_fields=["state"])
    tell(actor, type, row)
    return row


def _freeze_mails(actor: Actor, version: JourneyVersion) -> None:
    """The words of its mails never change again: links get their rows, answers a conversation."""
    mails = Campaign.objects.filter(journey_steps__version=version, state=CampaignState.DRAFT)
    for mail in mails.select_related("brand").order_by("pk").distinct():
        prepare_words(actor, mail)
        mail.state, mail.frozen_at = CampaignState.SENT, clock.now()
        mail.save()


def _fill(journey: Journey, values: Mapping[str, Any]) -> None:
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise Invalid(fields={name: _("This field cannot be set") for name in unknown})
    for name, value in values.items():
        setattr(journey, name, value)
    journey.name, journey.goal = clean_line(journey.name, 200), clean_line(journey.goal, 300)
    if not journey.name:
        raise Invalid(fields={"name": _("Enter a name")})
    if journey.owner is None or not journey.owner.is_active:
        raise Invalid(fields={"owner": _("Choose a colleague who still works here")})


def _labels(names: list[str]) -> Translated:
    fields = [cast("models.Field[Any, Any]", Journey._meta.get_field(name)) for name in names]
    labels = [in_all_languages(field.verbose_name) for field in fields]
    return Translated({code: ", ".join(label[code] for label in labels) for code in labels[0]})
