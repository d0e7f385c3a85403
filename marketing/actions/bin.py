"""Campaigns, journeys and landing pages in the recycle bin: into it, out of it, and deleting for good.

Campaigns go there as long as nothing was sent, journeys as long as they never started, landing pages at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.activity.recording import record as note
from crm.approvals.actions import void_approval
from crm.core import clock
from crm.core.actions import action
from crm.core.actor import Actor
from crm.core.errors import Invalid, NotFound

from ..choices.journeys import JourneyState
from ..exceptions import NotEditable, WrongJourneyState
from ..models import Campaign, Journey, LandingPage
from ..selectors.binned import deleted_campaigns, deleted_journeys, deleted_pages

_FIELDS = ["deleted_at", "deleted_by_id"]


@action(permission="campaigns.create")
def delete_campaign(*, actor: Actor, record: Campaign) -> None:
    """Moves a draft to the recycle bin. Raises `NotEditable` for anything that was ever scheduled, `NotFound`."""
    row: Campaign = Campaign.objects.lock().fetch(actor, pk=record.pk)
    if not row.is_editable or row.is_step:
        raise NotEditable
    void_approval(actor=actor, subject=row)
    _put_in(actor, row, "campaigns.deleted")


@action(permission="campaigns.create")
def undelete_campaign(*, actor: Actor, record: Campaign) -> Campaign:
    """Takes a campaign out of the bin, a draft to be approved anew where that is asked for. Raises `NotFound`."""
    row: Campaign = _take_out(actor, record, deleted_campaigns, "campaigns.bin_restored")
    return row


@action(permission="console.erase")
def erase_campaign(*, actor: Actor, record: Campaign) -> None:
    """Removes a campaign of the bin for good, with its costs; landing pages that named it stay. Raises `NotFound`."""
    _erase(actor, record, deleted_campaigns, "campaigns.erased")


@action(permission="journeys.create")
def delete_journey(*, actor: Actor, record: Journey) -> None:
    """Moves a journey that never started to the recycle bin. Raises `WrongJourneyState`, `NotFound`."""
    row: Journey = Journey.objects.lock().fetch(actor, pk=record.pk)
    if row.state != JourneyState.DRAFT:
        raise WrongJourneyState(_("Only a journey that never started can be deleted. End this one instead."))
    _put_in(actor, row, "journeys.deleted")


@action(permission="journeys.create")
def undelete_journey(*, actor: Actor, record: Journey) -> Journey:
    """Takes a journey out of the bin, with its steps and mails. Raises `NotFound`."""
    row: Journey = _take_out(actor, record, deleted_journeys, "journeys.bin_restored")
    return row


@action(permission="console.erase")
def erase_journey(*, actor: Actor, record: Journey) -> None:
    """Removes a journey of the bin for good, with the mails that nothing else uses. Raises `NotFound`."""
    mails = list(Campaign.all_objects.filter(journey_steps__version__journey=record).values_list("pk", flat=True))
    _erase(actor, record, deleted_journeys, "journeys.erased")
    Campaign.all_objects.filter(pk__in=mails, journey_steps__isnull=True).delete()


@action(permission="landing.delete")
def delete_page(*, actor: Actor, record: LandingPage) -> None:
    """Moves a page to the recycle bin; its address answers no more and is free for another. Raises `NotFound`."""
    row: LandingPage = LandingPage.objects.lock().fetch(actor, pk=record.pk)
    _put_in(actor, row, "landing.deleted")


@action(permission="landing.delete")
def undelete_page(*, actor: Actor, record: LandingPage) -> LandingPage:
    """Takes a page out of the bin, published if it was. Raises `NotFound`, `Invalid` when its address has gone."""
    try:
        with transaction.atomic():
            row: LandingPage = _take_out(actor, record, deleted_pages, "landing.bin_restored")
    except IntegrityError:
        raise Invalid(_("Another landing page has this address by now. Give that one another address first.")) from None
    return row


@action(permission="console.erase")
def erase_page(*, actor: Actor, record: LandingPage) -> None:
    """Removes a page of the bin for good, with its visits and sent forms; the leads they made stay."""
    _erase(actor, record, deleted_pages, "landing.erased")


def _put_in(actor: Actor, row: Any, type: str) -> None:
    row.deleted_at, row.deleted_by_id = clock.now(), actor.user_id
    row.save(update_fields=_FIELDS)
    note(actor=actor, type=type, subject=row, data={"name": row.name})


def _take_out(actor: Actor, record: Any, binned: Callable[[Actor], Any], type: str) -> Any:
    row = _of_bin(actor, record, binned)
    row.deleted_at, row.deleted_by_id = None, None
    row.save(update_fields=_FIELDS)
    note(actor=actor, type=type, subject=row, data={"name": row.name})
    return row


def _erase(actor: Actor, record: Any, binned: Callable[[Actor], Any], type: str) -> None:
    row = _of_bin(actor, record, binned)
    note(actor=actor, type=type, subject=row, data={"name": row.name})
    row.delete()


def _of_bin(actor: Actor, record: Any, binned: Callable[[Actor], Any]) -> Any:
    row = binned(actor).lock().filter(pk=record.pk).first()
    if row is None:
        raise NotFound
    return row
