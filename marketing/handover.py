"""The campaigns, journeys and landing pages that a leaver owns."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.actor import Actor
from crm.core.errors import Conflict
from crm.core.sockets import Handover, handovers

from .actions import update_campaign
from .actions.journeys import update_journey
from .actions.landing import update_page
from .choices.campaigns import CampaignKind, CampaignState
from .choices.journeys import JourneyState
from .choices.landing import PageStatus
from .models import Campaign, Journey, LandingPage


def _rows(actor: Actor, user: User) -> Any:
    """Those that are not over."""
    over = [CampaignState.FINISHED, CampaignState.CANCELLED]
    return Campaign.objects.visible_to(actor).filter(owner=user).exclude(Q(state__in=over) | Q(kind=CampaignKind.STEP))


def _move(actor: Actor, row: Campaign, to: User) -> dict[str, Any]:
    update_campaign(actor=actor, record=row, values={"owner": to})
    return {"to": to.pk}


def _undo(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = Campaign.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    update_campaign(actor=actor, record=row, values={"owner": user})


handovers.register(Handover("campaigns", _("Campaigns they own"), _rows, _move, _undo, order=70))


def _pages(actor: Actor, user: User) -> Any:
    """Landing pages that are not put away."""
    return LandingPage.objects.visible_to(actor).filter(owner=user).exclude(status=PageStatus.ARCHIVED)


def _move_page(actor: Actor, row: LandingPage, to: User) -> dict[str, Any]:
    update_page(actor=actor, record=row, values={"owner": to})
    return {"to": to.pk}


def _undo_page(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = LandingPage.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    update_page(actor=actor, record=row, values={"owner": user})


handovers.register(Handover("landing_pages", _("Landing pages they own"), _pages, _move_page, _undo_page, order=71))


def _journeys(actor: Actor, user: User) -> Any:
    """Journeys that are not over; without an owner they stand still."""
    return Journey.objects.visible_to(actor).filter(owner=user).exclude(state=JourneyState.ENDED)


def _move_journey(actor: Actor, row: Journey, to: User) -> dict[str, Any]:
    update_journey(actor=actor, record=row, values={"owner": to})
    return {"to": to.pk}


def _undo_journey(actor: Actor, user: User, row_id: int, memory: dict[str, Any]) -> None:
    row = Journey.objects.visible_to(actor).filter(pk=row_id, owner_id=memory["to"]).first()
    if row is None:
        raise Conflict
    update_journey(actor=actor, record=row, values={"owner": user})


handovers.register(Handover("journeys", _("Journeys they own"), _journeys, _move_journey, _undo_journey, order=72))
