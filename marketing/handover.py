"""The campaigns, landing pages and journeys that a leaver owns."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.core.actor import Actor
from crm.core.handing_over import owned
from crm.core.sockets import handovers

from .actions import update_campaign
from .actions.journeys import update_journey
from .actions.landing import update_page
from .choices.campaigns import CampaignKind, CampaignState
from .choices.journeys import JourneyState
from .choices.landing import PageStatus
from .models import Campaign, Journey, LandingPage


def _to_come(rows: Any) -> Any:
    """Campaigns that are not over; the mails of a journey go with it."""
    over = [CampaignState.FINISHED, CampaignState.CANCELLED]
    return rows.exclude(Q(state__in=over) | Q(kind=CampaignKind.STEP))


def _kept(rows: Any) -> Any:
    """Landing pages that are not put away."""
    return rows.exclude(status=PageStatus.ARCHIVED)


def _going(rows: Any) -> Any:
    """Journeys that are not over; without an owner they stand still."""
    return rows.exclude(state=JourneyState.ENDED)


def _by(update: Any) -> Any:
    """The owner as any other value of an update."""

    def give(actor: Actor, row: Any, to: Any) -> None:
        update(actor=actor, record=row, values={"owner": to})

    return give


handovers.register(
    owned("campaigns", _("Campaigns they own"), Campaign, _to_come, _by(update_campaign), order=70),
    owned("landing_pages", _("Landing pages they own"), LandingPage, _kept, _by(update_page), order=71),
    owned("journeys", _("Journeys they own"), Journey, _going, _by(update_journey), order=72),
)
